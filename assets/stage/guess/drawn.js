// What is left of a gradient on its way back through the time steps: as it was drawn, and beside it as it was measured.
import { counted, element } from "../kit/dom.js";
import { rows } from "../kit/wire.js";
import { experimentOf } from "../view/channel.js";
import { ended, guessAt } from "./kept.js";

const POINTS = 8; // at most, that are drawn, beside the last time step, at which all is left
const TOLD = 10; // time steps back, of which the sentence speaks
export const HIGH = 1; // powers of ten of what is left, at the top of the drawing
export const LOW = -6; // and at its bottom, which stands for all that is less

/** How many time steps back each point stands, the last time step first: evenly, but perhaps for the furthest. */
export function backs(times) {
  const apart = Math.ceil((times - 1) / POINTS);
  const count = Math.ceil((times - 1) / apart);
  return Array.from({ length: count + 1 }, (_, at) => Math.min(times - 1, at * apart));
}

/** A share as people say it. */
export function said(share) {
  if (share >= 1.5) return `${counted(Math.round(share))} times as much`;
  if (share > 0.75) return "all of it";
  if (share <= 10 ** LOW * 1.001) return `less than 1/${counted(10 ** -LOW)}`;
  const parts = Math.max(2, Math.round(1 / share));
  const rough = 10 ** Math.floor(Math.log10(parts));
  return `1/${counted(Math.round(parts / rough) * rough)}`;
}

/** Whether the curve that was drawn is laid over the measured one: at the end, where that is of the top layer. */
export function isLaid(context) {
  const { layer, direction } = context.look;
  return Boolean(ended(context) && layer === -1 && direction === "forward" && curve(context) && last(context));
}

/** What the dashed line is, beside the title of the chart. */
export function laidKey() {
  return element("span", { class: "rv-guess-key", hidden: true, title: "Drawn as a share of the last time step: there the line begins at the measured norm" }, "your guess, drawn as a share");
}

/** Its points on the chart: at the last time step it is what was measured there. */
export function laid(context) {
  const { times, back } = context.scene;
  return Array.from({ length: times }, (_, at) => ({ time: at + 1, value: Math.max(back.least, last(context) * shareAt(curve(context), times, times - 1 - at)) }));
}

/** What was drawn and what was measured, in one sentence; "" before the end. */
export function measured(context) {
  if (!context.scene.back || !isLaid(context)) return "";
  const { times, models, back } = context.scene;
  const steps = Math.min(TOLD, times - 1);
  const found = norms(context)[times - steps];
  if (!found) return "";
  const share = found / last(context);
  const there = found <= back.least && share > 10 ** LOW ? `less than ${said(share)}` : said(share);
  const { name } = models.find(({ label }) => label === back.label);
  return `The ${name}’s gradient ${steps} time steps back: you drew ${said(shareAt(curve(context), times, steps))}; measured ${there}.`;
}

/** The drawn share at so many time steps back: between two points straight, by its logarithm. */
function shareAt(values, times, steps) {
  const places = backs(times);
  const next = Math.max(1, places.findIndex((place) => place >= steps));
  const part = (steps - places[next - 1]) / (places[next] - places[next - 1]);
  return 10 ** (values[next - 1] + part * (values[next] - values[next - 1]));
}

/** The powers of ten that were drawn, one for each of `backs`; undefined where there are none. */
function curve({ hub, scene }) {
  const found = guessAt(experimentOf(hub.run))?.gradient;
  return Array.isArray(found) && found.length === backs(scene.times).length && found.every(Number.isFinite) ? found : undefined;
}

const read = new WeakMap(); // moment → its norms

/** Time step → measured norm. */
function norms({ moment, scene: { models, back } }) {
  if (!read.has(moment)) {
    const { name } = models.find(({ label }) => label === back.label);
    const lines = rows(moment.tables.gradient?.lines ?? {}).filter(({ series }) => series === name);
    read.set(moment, Object.fromEntries(lines.map(({ time, value }) => [time, value])));
  }
  return read.get(moment);
}

function last(context) {
  const { times, back } = context.scene;
  const found = norms(context)[times];
  return found > back.least ? found : 0;
}
