// Vega comes from Streamlit's own code, which the page has for its charts anyway.
import { CONFIG } from "./config.js";
import { at } from "./place.js";

const WARN = 2; // its level
const NO_ROWS = "Infinite extent"; // of a table that has no rows yet, or none at this moment: no fault
const LOG = {
  level: (given) => (given === undefined ? WARN : LOG),
  error: (...said) => (console.error(...said), LOG),
  warn: (...said) => (said.join(" ").startsWith(NO_ROWS) || console.warn(...said), LOG),
  info: () => LOG,
  debug: () => LOG,
};
let embedding;

/**
 * Build a chart. Specs are interpreted, never compiled to code (`ast`), and drawn as SVG.
 * @returns {Promise<{view: object, finalize: () => void}>}
 */
export async function embed(place, spec) {
  prepare();
  const run = await embedding;
  const options = { mode: "vega-lite", actions: false, ast: true, defaultStyle: false, tooltip: false, renderer: "svg", logger: LOG };
  return run(place, spec, options);
}

/** Begin to load it before the first chart is there. */
export function prepare() {
  embedding ??= load();
  embedding.catch(() => {}); // whoever draws a chart hears of it
}

/** vega-embed is the one async function that the chunk exports; tests/browser hold that. */
async function load() {
  const chunk = await import(at(CONFIG.vega));
  const found = Object.values(chunk).find((one) => one?.constructor?.name === "AsyncFunction");
  if (!found) throw new Error("charts cannot be drawn with this version of Streamlit");
  return found;
}

const SIZES = new Set(["labelFontSize", "titleFontSize", "fontSize", "symbolSize", "symbolStrokeWidth", "strokeWidth",
  "labelPadding", "titlePadding", "labelOffset", "columnPadding", "minExtent", "maxExtent", "titleY", "offset"]); // prettier-ignore

/** A spec whose letters, lines and margins are larger by a factor: for a hall. */
export function enlarged(spec, factor) {
  if (factor === 1) return spec;
  return JSON.parse(JSON.stringify(spec), (name, value) => {
    if (SIZES.has(name) && typeof value === "number") return value * factor;
    return value;
  });
}
