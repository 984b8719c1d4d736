// What width and colour of the arrows stand for.
import { backwards, forwards, power, shade, width } from "./scale.js";
import { colours } from "../kit/colours.js";
import { drawn, element, say } from "../kit/dom.js";

const SAMPLES = 5;
const LONG = 20; // pixels of a sample

export class Legend {
  constructor(told) {
    this.told = told;
    this.title = element("span");
    this.low = element("span");
    this.high = element("span");
    this.lines = Array.from({ length: SAMPLES }, (_, at) => drawn("line", { x1: at * LONG, x2: (at + 1) * LONG, y1: 6, y2: 6 }));
    this.bar = drawn("svg", { width: SAMPLES * LONG, height: 12, viewBox: `0 0 ${SAMPLES * LONG} 12`, preserveAspectRatio: "none", "aria-hidden": "true" }, ...this.lines);
    this.grey = element("span", { class: "rv-net-grey" }, "grey: not measured");
    this.box = element("span", { class: "rv-net-legend" }, this.title, this.low, this.bar, this.high, this.grey);
  }

  draw(flow, measured) {
    const key = `${flow} ${measured} ${colours.dark}`;
    if (this.key === key) return;
    this.key = key;
    const sharing = flow === "sharing";
    for (const one of [this.low, this.bar, this.high]) one.style.display = sharing || !measured ? "none" : "";
    this.grey.style.display = flow === "backwards" && measured ? "" : "none";
    if (!measured) return say(this.title, sharing ? "" : "grey: nothing is measured yet – train to see what flows");
    if (sharing) return say(this.title, "bars: share of ∂L/∂W");
    const { most, gradient } = this.told;
    const scale = flow === "backwards" ? backwards(this.told) : forwards(this.told);
    say(this.title, flow === "backwards" ? "‖∂L/∂h‖" : "‖x‖, ‖h‖, ‖c‖ on this sequence");
    say(this.low, flow === "backwards" ? `≤ ${power(gradient.low)}` : "0");
    say(this.high, `≥ ${flow === "backwards" ? (gradient.high ? power(gradient.high) : "1") : most.toFixed(1)}`);
    this.lines.forEach((line, at) => {
      const share = at / (SAMPLES - 1);
      line.style.stroke = shade(share, scale.side);
      line.style.strokeWidth = width(share);
    });
  }
}
