// The training as a line to move along: the loss of all models as small curves, a mark where something was measured.
import { counted, drawn, element } from "../kit/dom.js";

const HIGH = 40; // units of the drawing, from its top to its bottom
const WIDE = 1000;

export class Timeline {
  /** @param {(step: number) => void} moved  @param {() => void} rested */
  constructor(moved, rested) {
    this.marks = drawn("path", { class: "rv-marks", "vector-effect": "non-scaling-stroke" });
    this.lines = drawn("g", {});
    this.svg = drawn("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", "aria-hidden": "true" }, this.lines, this.marks);
    this.slider = element("input", { type: "range", min: 0, max: 1, value: 0, step: 1, "aria-label": "Training step shown" });
    this.box = element("div", { class: "rv-timeline" }, this.svg, this.slider);
    this.slider.addEventListener("input", () => moved(Number(this.slider.value)));
    this.slider.addEventListener("change", rested);
  }

  draw({ channel, scene }, step) {
    if (this.slider.max !== String(scene.steps)) this.slider.max = scene.steps;
    if (this.channel !== channel || this.version !== channel.version) this.curves(channel, scene);
    if (this.slider.value !== String(step)) this.slider.value = step;
    this.slider.setAttribute("aria-valuetext", `training step ${counted(step)} of ${counted(scene.steps)}`);
    this.slider.disabled = channel.steps.length < 2;
  }

  curves(channel, scene) {
    Object.assign(this, { channel, version: channel.version });
    const x = (step) => (step / scene.steps) * WIDE;
    this.marks.setAttribute("d", channel.steps.map((step) => `M${x(step).toFixed(1)} ${HIGH - 4}v4`).join(""));
    const { ghost } = channel;
    const known = channel.numbers.loss ?? [];
    const heights = scaled([...known, ...(ghost?.numbers.loss ?? [])]);
    const curve = (steps, from, kind) => ({ colour }, model) => {
      const points = steps.map((step, place) => [x(step), heights[from + place]?.[model]]).filter(([at, y]) => at <= WIDE && Number.isFinite(y));
      const path = points.map(([at, y]) => `${at.toFixed(1)},${(3 + y * (HIGH - 10)).toFixed(1)}`).join(" ");
      return drawn("polyline", { points: path, stroke: colour, class: kind, fill: "none", "vector-effect": "non-scaling-stroke" });
    };
    const before = ghost ? scene.models.map(curve(ghost.steps, known.length, scene.branch ? "rv-ghost" : "rv-ghost rv-last")) : [];
    this.lines.replaceChildren(...before, ...scene.models.map(curve(channel.steps, 0, "")));
  }
}

/** Losses (moment, model) as heights from 0 (the largest) to 1 (the least), by their logarithm. */
function scaled(losses) {
  const logs = losses.map((row) => Array.from(row, (loss) => Math.log(Math.max(loss, 1e-12))));
  const all = logs.flat().filter(Number.isFinite);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return logs.map((row) => row.map((log) => (high > low ? (high - log) / (high - low) : 0.5)));
}
