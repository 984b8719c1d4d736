// The energy against the updates: drawn up to the one that is looked at.
import { drawn, element, number, say } from "../kit/dom.js";

const LEFT = 3; // letters' heights, for the numbers of the axis
const BOTTOM = 1.5; // the same, for the sweeps
const RIGHT = 8;
const TOP = 8;

export class Energy {
  constructor() {
    this.line = drawn("polyline", { class: "hf-line" });
    this.dot = drawn("circle", { class: "hf-dot", r: 5 });
    this.rest = drawn("g");
    this.svg = drawn("svg", { role: "img", "aria-label": "Line chart: energy against updates" }, this.rest, this.line, this.dot);
    this.now = element("b");
    this.key = element("span", { class: "hf-key" }, element("i", { class: "hf-dash" }), "stored patterns");
    this.field = element("div", { class: "hf-plot" }, this.svg);
    this.box = element("section", { class: "hf-energy" }, element("h4", {}, "energy E ", this.now, this.key), this.field);
    this.watch = new ResizeObserver(() => this.layout());
    this.watch.observe(this.field);
  }

  /** @param {{energies: number[], levels: number[], side: number}} told */
  set(told) {
    Object.assign(this, { told, step: undefined }); // until it is said again
    this.key.hidden = !told.levels.length;
    this.layout();
  }

  show(step) {
    this.step = step;
    this.trace();
  }

  layout() {
    if (!this.told) return;
    const { energies, levels, side } = this.told;
    const { clientWidth: width, clientHeight: height } = this.field;
    if (!width || !height) return;
    const letter = parseFloat(getComputedStyle(this.svg).fontSize);
    const [left, foot] = [LEFT * letter, height - BOTTOM * letter];
    const all = [...energies, ...levels];
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const room = (high - low || 1) * 0.06;
    const last = Math.max(1, energies.length - 1);
    this.x = (step) => left + ((width - left - RIGHT) * step) / last;
    this.y = (value) => TOP + ((foot - TOP) * (high + room - value)) / (high - low + 2 * room || 1);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const marks = [drawn("path", { class: "hf-axis", d: `M${left} ${TOP}V${foot}H${width - RIGHT}` })];
    const sweeps = (energies.length - 1) / (side * side);
    const every = Math.ceil((sweeps * 5 * letter) / (width - left));
    for (let sweep = 0; sweep < sweeps; sweep += every) {
      const at = this.x(sweep * side * side);
      marks.push(drawn("path", { class: "hf-axis", d: `M${at} ${foot}v4` }), drawn("text", { x: at + 3, y: height - 0.3 * letter, "text-anchor": "start" }, `sweep ${sweep + 1}`));
    }
    for (const value of new Set([low, high])) marks.push(drawn("text", { x: left - 7, y: this.y(value) + 0.35 * letter, "text-anchor": "end" }, number(value, Math.abs(value) < 9.95 ? 1 : 0)));
    for (const level of levels) marks.push(drawn("path", { class: "hf-level", d: `M${left} ${this.y(level)}H${width - RIGHT}` }));
    this.rest.replaceChildren(...marks);
    this.trace();
  }

  trace() {
    if (!this.x || this.step === undefined) return;
    const { energies } = this.told;
    const points = [];
    for (let step = 0; step <= this.step; step++) {
      if (step && energies[step] !== energies[step - 1]) points.push(`${this.x(step)},${this.y(energies[step - 1])}`);
      if (!step || step === this.step || energies[step] !== energies[step - 1]) points.push(`${this.x(step)},${this.y(energies[step])}`);
    }
    this.line.setAttribute("points", points.join(" "));
    this.dot.setAttribute("cx", this.x(this.step));
    this.dot.setAttribute("cy", this.y(energies[this.step]));
    say(this.now, number(energies[this.step], 2));
  }

  close() {
    this.watch.disconnect();
  }
}
