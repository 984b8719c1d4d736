// The gate that keeps, as lines over the sequence: the units that carry most, each named in its colour, and the mean of all.
import { drawn, element, number, say } from "../kit/dom.js";
import { VALUE } from "../kit/halves.js";

export class Strands {
  /** The gate of a picture's bands that has such lines; none for other pictures. */
  static gateOf(told) {
    return told.bands.find((band) => band.keeps);
  }

  constructor(told) {
    this.told = told;
    this.gate = Strands.gateOf(told);
    const line = { fill: "none", "vector-effect": "non-scaling-stroke" };
    const colours = [told.colour, ...this.gate.lines].slice(0, told.units);
    this.mean = drawn("polyline", { ...line, class: "rv-mean" });
    this.most = colours.map((stroke) => drawn("polyline", { ...line, class: "rv-most", stroke }));
    const svg = drawn("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", role: "img", "aria-label": `${this.gate.title}: the units that carry most, and the mean of all` }, this.mean, ...[...this.most].reverse());
    this.names = colours.map((colour) => new Name(colour, `unit ${told.units}`));
    this.all = new Name("", `mean of all ${told.units}`);
    const title = element("div", { class: "rv-title", title: "Chosen by what is left of their state at the end, times how much it varies over sequences" }, element("span", {}, this.gate.title), ...[...this.names, this.all].map((name) => name.box));
    this.box = element("div", { class: "rv-strands" }, title, element("div", { class: "rv-scale" }, element("span", {}, "1"), element("span", {}, "0")), element("div", { class: "rv-lines" }, svg));
    this.clear();
  }

  /** @param {object} values a model's, by name  @param {number[]} carry the units that carry most, from 0, the first before all others */
  draw(values, carry = []) {
    const bits = values?.[this.gate.name];
    if (this.bits === bits) return;
    this.bits = bits;
    if (!bits) return this.clear();
    const { units } = this.told;
    const times = bits.length / units;
    const at = (time, unit) => VALUE[bits[time * units + unit]];
    const mean = (time) => average(units, (unit) => at(time, unit));
    this.mean.setAttribute("points", points(times, mean));
    this.all.tell(`mean of all ${units}`, average(times, mean));
    this.most.forEach((line, i) => {
      const unit = carry[i];
      line.setAttribute("points", unit === undefined ? "" : points(times, (time) => at(time, unit)));
      if (unit === undefined) this.names[i].tell("");
      else this.names[i].tell(`unit ${unit + 1}`, average(times, (time) => at(time, unit)));
    });
  }

  clear() {
    for (const line of [this.mean, ...this.most]) line.setAttribute("points", "");
    for (const name of this.names) name.tell("");
    this.all.tell(`mean of all ${this.told.units}`);
  }
}

/** The name of a line beside a piece of it, and the line's mean; it has the room of the widest from the start. */
class Name {
  constructor(colour, widest) {
    this.text = element("span", { "data-widest": `${widest}: 0.00` });
    this.box = element("span", { class: `rv-strand${colour ? "" : " rv-strand-mean"}`, style: colour ? { "--rv-colour": colour } : {} }, element("i", { "aria-hidden": "true" }), this.text);
  }

  tell(name, mean) {
    say(this.text, mean === undefined ? name : `${name}: ${number(mean)}`);
    this.box.classList.toggle("rv-unnamed", !name);
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
