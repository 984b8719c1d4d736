// Pictures of a task's own field by their kinds: each is a class derived from Own.
import { Mastery } from "./mastery.js";

export const APPLICATIONS = { mastery: Mastery };
