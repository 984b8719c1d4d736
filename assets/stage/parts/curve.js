// Answers that are numbers at every step: the right ones as a dashed line, the model's in its colour.
import { drawn } from "../kit/dom.js";

export class Curve {
  constructor(colour) {
    const line = { fill: "none", "vector-effect": "non-scaling-stroke" };
    this.asked = drawn("polyline", { ...line, class: "rv-asked" });
    this.said = drawn("polyline", { ...line, class: "rv-said", stroke: colour });
    this.svg = drawn("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", role: "img", "aria-label": "answers at every time step: right dashed, the model's as a line" }, this.asked, this.said);
    this.box = document.createElement("div");
    this.box.className = "rv-curve";
    this.box.append(this.svg);
  }

  right(values) {
    if (!values) return;
    const known = values.filter((value) => value !== null);
    this.low = Math.min(...known);
    this.high = Math.max(...known);
    const room = (this.high - this.low) * 0.15 || 1;
    this.low -= room;
    this.high += room;
    this.asked.setAttribute("points", this.points(values));
  }

  answered(values) {
    this.said.setAttribute("points", values ? this.points(values) : "");
  }

  points(values) {
    const y = (value) => Math.min(100, Math.max(0, (100 * (this.high - value)) / (this.high - this.low)));
    const at = (value, time) => `${(((time + 0.5) / values.length) * 100).toFixed(2)},${y(value).toFixed(2)}`;
    return Array.from(values, (value, time) => (value === null ? "" : at(value, time))).join(" ").trim();
  }
}
