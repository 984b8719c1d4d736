// One bar for each stored pattern: overlaps from −1 to 1, or weights from 0 to 1.
import { element, number, say } from "../kit/dom.js";
import { Grid, pixels } from "./grid.js";

export class Bars {
  /** @param {string} title  @param {{signed: boolean, most?: number}} kind whether values go below 0 */
  constructor(title, { signed }) {
    this.signed = signed;
    this.rows = element("div", { class: `hf-rows${signed ? " hf-signed" : ""}` });
    this.box = element("section", { class: "hf-bars" }, element("h4", {}, title), this.rows);
  }

  /** @param {string[]} stored patterns in digits */
  set(stored, side) {
    this.rows.style.setProperty("--hf-count", stored.length);
    this.made = stored.map((bits, at) => {
      const grid = new Grid({ side, label: `pattern ${at + 1}` });
      grid.show(pixels(bits));
      const [bar, value] = [element("i"), element("b")];
      return { bar, value, row: element("div", { class: "hf-row" }, grid.box, element("span", {}, String(at + 1)), element("span", { class: "hf-track" }, bar), value) };
    });
    this.rows.replaceChildren(...this.made.map(({ row }) => row));
  }

  show(values) {
    const largest = Math.max(...values.map(Math.abs));
    this.made.forEach(({ bar, value, row }, at) => {
      const share = this.signed ? 50 : 100;
      const size = Math.abs(values[at]) * share;
      bar.style.left = this.signed ? `${values[at] < 0 ? 50 - size : 50}%` : "0";
      bar.style.width = `${size}%`;
      row.classList.toggle("hf-most", Math.abs(values[at]) === largest && largest > 0);
      say(value, number(values[at], 2));
    });
  }
}
