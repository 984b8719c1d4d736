// Pictures of a task's own field by their kinds: each is a class derived from Own.
import { Film } from "./film.js";
import { Flight } from "./flight.js";
import { Forecast } from "./forecast.js";
import { Mastery } from "./mastery.js";
import { Roll } from "./roll.js";

export const APPLICATIONS = { film: Film, flight: Flight, forecast: Forecast, mastery: Mastery, roll: Roll };
