// What a visitor guessed of an experiment, kept in this browser alone; and whether it came true.
const PREFIX = "rnnviz-guess ";
const NEVER = "rnnviz-guess";

/** What stands in place of a drawn gradient while that is still asked for. */
export const OPEN = "open";

/**
 * The guess at an experiment: label → whether it will learn, and perhaps gradient: the curve that was drawn, or OPEN.
 * {} where it was skipped, undefined where none was made.
 */
export function guessAt(experiment) {
  if (!experiment) return undefined;
  return kept[experiment] ?? stored(PREFIX + experiment);
}

/** Keep it. @param {string} experiment  @param {Object<string, boolean | number[] | string>} guess */
export function keep(experiment, guess) {
  kept[experiment] = guess;
  put(PREFIX + experiment, JSON.stringify(guess));
}

/** From now on nobody asks in this browser. */
export function never() {
  silent = true;
  put(NEVER, "never");
}

export function asksNever() {
  return silent || taken(NEVER) === "never";
}

/** Whether the last moment of a run that is over is shown. */
export const ended = ({ channel, moment }) => Boolean(moment && channel.over && moment.place === channel.newest);

const kept = {}; // also where the browser keeps nothing
let silent = false;

function stored(name) {
  try {
    const found = JSON.parse(taken(name));
    return found && typeof found === "object" ? found : undefined;
  } catch {
    return undefined;
  }
}

function taken(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function put(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // a private window, or no room: it is kept until the page is closed
  }
}
