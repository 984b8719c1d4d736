// Pictures of a task's own field by their kinds: each is a class derived from Own.
import { Flight } from "./flight.js";
import { Forecast } from "./forecast.js";
import { Keyboard } from "./keyboard.js";
import { Mastery } from "./mastery.js";
import { Roll } from "./roll.js";

export const APPLICATIONS = { flight: Flight, forecast: Forecast, keyboard: Keyboard, mastery: Mastery, roll: Roll };
