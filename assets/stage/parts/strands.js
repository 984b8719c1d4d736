// The gate that keeps, as lines over the sequence: the units that keep most in colour, the mean of all in grey.
import { drawn, element } from "../kit/dom.js";
import { VALUE } from "../kit/halves.js";

const MOST = 3; // units with a line of their own

export class Strands {
  /** The gate of a picture's bands that has such lines; none for other pictures. */
  static gateOf(told) {
    return told.bands.find((band) => band.keeps);
  }

  constructor(told) {
    this.told = told;
    this.gate = Strands.gateOf(told);
    const line = { fill: "none", "vector-effect": "non-scaling-stroke" };
    this.mean = drawn("polyline", { ...line, class: "rv-mean" });
    this.most = Array.from({ length: MOST }, () => drawn("polyline", { ...line, class: "rv-most", stroke: told.colour }));
    const svg = drawn("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", role: "img", "aria-label": `${this.gate.title}: the most open units, and the mean of all` }, this.mean, ...this.most);
    this.names = element("span", { class: "rv-soft rv-cut" });
    const title = element("div", { class: "rv-title" }, element("span", {}, `${this.gate.title}: the ${MOST} most open units, mean dashed`), this.names);
    this.box = element("div", { class: "rv-strands" }, title, element("div", { class: "rv-scale" }, element("span", {}, "1"), element("span", {}, "0")), element("div", { class: "rv-lines" }, svg));
  }

  draw(values) {
    const bits = values?.[this.gate.name];
    if (this.bits === bits) return;
    this.bits = bits;
    if (!bits) return this.clear();
    const { units } = this.told;
    const times = bits.length / units;
    const at = (time, unit) => VALUE[bits[time * units + unit]];
    const all = Array.from({ length: units }, (_, unit) => unit);
    const means = all.map((unit) => average(times, (time) => at(time, unit)));
    const best = all.sort((a, b) => means[b] - means[a]).slice(0, MOST);
    this.mean.setAttribute("points", points(times, (time) => average(units, (unit) => at(time, unit))));
    this.most.forEach((line, i) => line.setAttribute("points", best[i] === undefined ? "" : points(times, (time) => at(time, best[i]))));
    this.names.textContent = best.map((unit) => `unit ${unit + 1}: ${means[unit].toFixed(2)}`).join(" · ");
  }

  clear() {
    for (const line of [this.mean, ...this.most]) line.setAttribute("points", "");
    this.names.textContent = "";
  }
}

function average(count, value) {
  let sum = 0;
  let seen = 0;
  for (let i = 0; i < count; i++) {
    const one = value(i);
    if (Number.isNaN(one)) continue;
    sum += one;
    seen++;
  }
  return sum / seen;
}

function points(times, value) {
  const found = [];
  for (let time = 0; time < times; time++) {
    const y = value(time);
    if (!Number.isNaN(y)) found.push(`${(((time + 0.5) / times) * 100).toFixed(2)},${(100 - 100 * y).toFixed(2)}`);
  }
  return found.join(" ");
}
