// Pictures of a task's own field by their kinds: each is a class derived from Own.
import { Drawing } from "./drawing.js";
import { Film } from "./film.js";
import { Flight } from "./flight.js";
import { Forecast } from "./forecast.js";
import { Keyboard } from "./keyboard.js";
import { Looked } from "../drawing/looked.js";
import { Mastery } from "./mastery.js";
import { Pad } from "../drawing/pad.js";
import { Roads } from "./roads.js";
import { Roll } from "./roll.js";
import { Typed } from "../writer/typed.js";
import { Typing } from "./typing.js";
import { Writer } from "../writer/writer.js";

export const APPLICATIONS = {
  drawing: Drawing,
  film: Film,
  flight: Flight,
  forecast: Forecast,
  keyboard: Keyboard,
  mastery: Mastery,
  roads: Roads,
  roll: Roll,
  writer: Writer,
};
export const PARTS = { looked: Looked, pad: Pad, typed: Typed, typing: Typing }; // of pages, by their kinds: what stands below the stage
