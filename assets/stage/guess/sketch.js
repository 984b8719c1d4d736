// A small plot to draw in: what will be left of a gradient, back from the last time step. By pointer, or by arrow keys.
import { counted, drawn, element, say } from "../kit/dom.js";
import { backs, HIGH, LOW, said } from "./drawn.js";

const FINE = 0.25; // powers of ten for one press of a key, and for Page Up and Page Down
const COARSE = 1;
const LABELLED = [0, -2, -4, -6]; // powers of ten

export class Sketch {
  /** @param {{name: string, colour: string}} model  @param {number} times  @param {() => void} changed */
  constructor({ name, colour }, times, changed) {
    Object.assign(this, { changed, backs: backs(times) });
    this.set = new Map(); // point → power of ten, of those that were drawn
    this.at = 1;
    this.line = drawn("polyline", { fill: "none", stroke: colour, "stroke-width": 3, "vector-effect": "non-scaling-stroke" });
    const grid = LABELLED.map((power) => drawn("line", { x1: 0, x2: 100, y1: height(power), y2: height(power), class: "rv-sketch-grid", "vector-effect": "non-scaling-stroke" }));
    this.svg = drawn("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", "aria-hidden": "true" }, ...grid, this.line);
    this.dots = this.backs.map(() => element("i", { style: { "--rv-colour": colour } }));
    const slider = { role: "slider", tabindex: "0", "aria-label": `What is left of the ${name}’s gradient`, "aria-orientation": "vertical", "aria-valuemin": LOW, "aria-valuemax": HIGH };
    this.plot = element("div", { class: "rv-sketch-plot", ...slider }, this.svg, ...this.dots);
    this.read = element("p", { class: "rv-sketch-read" });
    const marks = LABELLED.map((power) => element("span", { style: { top: `${height(power)}%` } }, power ? `1/${counted(10 ** -power)}` : "all"));
    const ends = [`${this.backs.at(-1)} time steps back`, "last time step"].map((text) => element("span", {}, text));
    this.box = element("div", { class: "rv-sketch" }, element("div", { class: "rv-sketch-up" }, ...marks), this.plot, element("div", { class: "rv-sketch-along" }, ...ends), this.read);
    this.plot.addEventListener("pointerdown", (event) => this.press(event));
    this.plot.addEventListener("pointermove", (event) => this.plot.hasPointerCapture(event.pointerId) && this.drag(event));
    this.plot.addEventListener("keydown", (event) => this.key(event));
    this.show();
  }

  /** The powers of ten of what is left, at the last time step first; what was not drawn stays as what is before it. */
  values() {
    const found = [0];
    for (let at = 1; at < this.backs.length; at++) found.push(Math.round(100 * (this.set.get(at) ?? found[at - 1])) / 100);
    return found;
  }

  press(event) {
    this.plot.setPointerCapture(event.pointerId);
    this.before = null;
    this.drag(event);
  }

  /** To the pointer; points that a quick hand leaves out lie on the way to it. */
  drag({ clientX, clientY }) {
    const { left, top, width, height: high } = this.plot.getBoundingClientRect();
    const back = (1 - (clientX - left) / width) * this.backs.at(-1);
    const away = (at) => Math.abs(this.backs[at] - back);
    const at = this.backs.reduce((best, _, one) => (one && away(one) < away(best) ? one : best), 1);
    const value = within(HIGH - ((clientY - top) / high) * (HIGH - LOW));
    const from = this.before ?? { at, value };
    const count = Math.max(1, Math.abs(at - from.at));
    for (let step = 0; step <= count; step++) {
      const part = step / count;
      this.set.set(Math.round(from.at + part * (at - from.at)), from.value + part * (value - from.value));
    }
    this.before = { at, value };
    this.at = at;
    this.show();
    this.changed();
  }

  key(event) {
    const by = { ArrowUp: FINE, ArrowDown: -FINE, PageUp: COARSE, PageDown: -COARSE }[event.key];
    const along = { ArrowLeft: 1, ArrowRight: -1 }[event.key];
    if (!by && !along) return;
    event.preventDefault();
    if (along) this.at = Math.min(this.backs.length - 1, Math.max(1, this.at + along));
    else this.set.set(this.at, within(this.values()[this.at] + by));
    this.show();
    if (by) this.changed();
  }

  show() {
    const values = this.values();
    const x = (at) => 100 * (1 - this.backs[at] / this.backs.at(-1));
    this.line.setAttribute("points", values.map((value, at) => `${x(at).toFixed(2)},${height(value).toFixed(2)}`).join(" "));
    this.dots.forEach((dot, at) => {
      dot.style.left = `${x(at)}%`;
      dot.style.top = `${height(values[at])}%`;
      dot.classList.toggle("rv-here", at === this.at);
    });
    const text = `${this.backs[this.at]} time steps back: ${said(10 ** values[this.at])} is left`;
    this.plot.setAttribute("aria-valuenow", values[this.at].toFixed(2));
    this.plot.setAttribute("aria-valuetext", text);
    say(this.read, text);
  }
}

const height = (power) => (100 * (HIGH - power)) / (HIGH - LOW);
const within = (power) => Math.min(HIGH, Math.max(LOW, power));
