// The vectors of one time step, one strip each: a cell for every unit, the chosen unit marked in all of them.
import { valuesOf } from "./values.js";
import { bitsOf, colours } from "../kit/colours.js";
import { element, number, say } from "../kit/dom.js";
import { change, look } from "../view/look.js";

const READ = { letter: "x", symbol: "xₜ", palette: "blueorange", low: -1, high: 1 };

export class Strips {
  /** @param {object[]} vectors letter, symbol and scale of each  @param {(point: object | null) => void} point */
  constructor(vectors, units, point) {
    this.rows = [READ, ...vectors].map((told) => new Strip(told, told === READ ? 0 : units, point));
    const ends = element("div", { class: "rv-strip-ends", "aria-hidden": "true" }, element("span", {}, "unit 1"), element("span", {}, `unit ${units}`));
    this.box = element("div", { class: "rv-strips" }, ...this.rows.map((row) => row.box), ends);
  }

  /** @param {object} vectors name → (unit,)  @param {Uint16Array} x (time, input), of this half  @param {number} steps of it */
  show(vectors, numbers, unit, { x, steps, time, backward }) {
    const read = x ? valuesOf(x, x.length / steps, time) : [];
    for (const row of this.rows) {
      const { letter } = row.told;
      row.show(letter === "x" ? read : (vectors[letter] ?? []), letter === "x" ? "" : number(numbers[letter] ?? NaN), unit, backward);
    }
  }
}

class Strip {
  constructor(told, units, point) {
    Object.assign(this, { told, units, point });
    this.symbol = element("span", { class: "rv-strip-name" }, told.symbol);
    this.canvas = element("canvas", { width: 1, height: 1, role: "img" });
    this.mark = element("i", { class: "rv-strip-mark" });
    this.value = element("span", { class: "rv-strip-value" });
    this.box = element("div", { class: "rv-strip", "data-letter": told.letter }, this.symbol, element("div", { class: "rv-field" }, this.canvas, this.mark), this.value);
    if (units) this.listen();
  }

  listen() {
    const unitAt = ({ offsetX }) => Math.min(this.units - 1, Math.max(0, Math.floor((offsetX / this.canvas.clientWidth) * this.units)));
    this.canvas.style.cursor = "pointer";
    this.canvas.title = "Click a unit to see its values; click it again for the mean of all";
    this.canvas.addEventListener("pointermove", (event) => this.point({ unit: unitAt(event), band: this.told.letter }));
    this.canvas.addEventListener("pointerleave", () => this.point(null));
    this.canvas.addEventListener("click", (event) => change({ unit: look.unit === unitAt(event) ? null : unitAt(event) }));
  }

  show(values, text, unit, backward) {
    say(this.symbol, backward ? this.told.symbol.replace("₋₁", "₊₁") : this.told.symbol);
    say(this.value, text);
    this.canvas.setAttribute("aria-label", `${this.told.symbol}: ${values.length} values`);
    this.mark.hidden = unit === null || !this.units;
    if (!this.mark.hidden) {
      const at = Math.min(unit, this.units - 1);
      this.mark.style.left = `${(at / this.units) * 100}%`;
      this.mark.style.width = `${100 / this.units}%`;
    }
    this.paint(values);
  }

  paint(values) {
    const count = Math.max(1, values.length);
    if (this.canvas.width !== count) this.canvas.width = count;
    const context = this.canvas.getContext("2d");
    const image = context.createImageData(count, 1);
    const table = colours.table(this.told);
    const words = new Uint32Array(image.data.buffer);
    values.forEach((value, place) => (words[place] = Number.isFinite(value) ? table[bitsOf(value)] : 0));
    context.putImageData(image, 0, 0);
  }
}
