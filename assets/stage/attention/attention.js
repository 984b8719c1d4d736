// Where one decoder looks: input symbols across, output symbols down, and what it writes by itself below.
import { colours } from "../kit/colours.js";
import { element, keyed, number, say, swatch } from "../kit/dom.js";
import { empty, place } from "./empty.js";
import { fitted, LETTER } from "./letters.js";
import { VALUE } from "../kit/halves.js";
import { change } from "../view/look.js";
import { Before } from "../parts/branched.js";
import { Legend } from "../parts/picture.js";

const TITLE = "weights while fed the right symbols";
const MANY = 0.05; // a smaller weight is not named
const MOST = 3; // weights named of a row
const ROOM = 1.4; // letters beside a symbol of the tape: its mark and what parts it from the next
const READABLE = 7; // pixels of letters
const NARROW = 17; // times the size of a letter: there only the most important is said
const pointing = { row: null, column: null }; // of all models at once

export class Attention {
  /** @param {object} told a picture of the scene */
  constructor(told) {
    this.told = told;
    this.verdict = element("span", { class: "rv-verdict" });
    this.score = element("span", { class: "rv-score" });
    this.spread = element("span", { class: "rv-score" });
    const name = element("h3", {}, swatch(told), element("b", {}, told.name), element("span", { class: "rv-score" }, told.attention));
    const doing = element("p", { class: "rv-doing" }, this.verdict, this.score, this.spread);
    this.before = new Before(told.label);
    this.middle = told.attention ? this.matrix() : this.nothing();
    this.tape = element("span", { class: "rv-tape" });
    this.judged = element("b", {}, element("span"), " ", element("span"));
    this.bottom = element("p", { class: "rv-answer rv-alone" }, element("span", { class: "rv-by" }, "writes by itself"), this.tape, this.judged);
    this.box = element("section", { class: `rv-picture rv-attention ${keyed(told.key)}`, "aria-label": told.name },
      element("div", { class: "rv-head" }, name, doing, this.before.box), this.middle, this.bottom); // prettier-ignore
    this.sizes = new ResizeObserver(() => this.layout());
    this.sizes.observe(this.middle);
  }

  frame(title, ...inside) {
    this.across = element("div", { class: "rv-symbols rv-inputs" });
    this.down = element("div", { class: "rv-symbols rv-outputs" });
    this.field = element("div", { class: "rv-field" }, ...inside);
    for (const box of [this.field, this.down]) {
      box.addEventListener("pointermove", (event) => this.point(this.found(event)));
      box.addEventListener("pointerleave", () => this.point(null));
      box.addEventListener("click", (event) => this.choose(this.found(event)));
    }
    return element("div", { class: "rv-looks" }, title, this.across, this.down, this.field);
  }

  matrix() {
    const label = `weights of attention of the ${this.told.name}: input symbols across, output symbols down`;
    this.canvas = element("canvas", { width: 1, height: 1, role: "img", "aria-label": label });
    this.row = element("i", { class: "rv-chosen", hidden: true });
    this.cell = element("i", { class: "rv-cell", hidden: true });
    this.legend = new Legend(this.told);
    this.reading = element("span", {}, TITLE);
    const title = element("div", { class: "rv-title" }, this.reading, this.legend.box);
    return this.frame(title, this.canvas, this.row, this.cell);
  }

  /** A model without attention has the place of a picture, and says why it is empty. */
  nothing() {
    this.reading = element("span");
    this.row = element("i", { class: "rv-chosen", hidden: true });
    this.empty = empty(this.told);
    return this.frame(element("div", { class: "rv-title" }, this.reading), this.empty.box, this.row);
  }

  draw(context) {
    const { scene, look, moment } = context;
    this.hub = context.hub;
    this.read = scene.sequences[look.probe].read;
    this.pairs = scene.pairs;
    const pair = scene.pairs[look.probe];
    const model = moment?.models[this.told.label];
    if (this.pair !== pair) this.show(pair);
    if (this.model !== model || this.shown !== pair) this.tell(model);
    this.shown = pair;
    this.before.draw(context);
    if (this.canvas) this.paint(model?.weights);
    this.mark(look.time === null ? null : look.time - this.read);
  }

  show(pair) {
    const { inputs, asked } = (this.pair = pair);
    this.columns = inputs.map((symbol, at) => element("span", { style: { left: place(at, inputs.length) } }, symbol));
    this.rows = asked.map((symbol, at) => {
      const other = element("i", { class: "rv-wrong" });
      const row = element("span", { style: { top: place(at, asked.length) } }, other, element("b", {}, symbol));
      return { row, other };
    });
    this.across.replaceChildren(...this.columns);
    this.down.replaceChildren(...this.rows.map(({ row }) => row));
    this.empty?.show(inputs.length);
    this.layout();
  }

  /** How the model is doing, and what it writes by itself. */
  tell(model) {
    this.model = model;
    const { verdict = "", scored = [], spread, written = [], right = [] } = model ?? {};
    const { inputs, asked } = this.pair;
    say(this.verdict, verdict);
    this.verdict.dataset.verdict = verdict;
    say(this.score, scored.filter(Boolean).join(" "));
    say(this.spread, spread === undefined ? "" : `· looks at about ${Math.round(spread)} of the ${inputs.length} symbols`);
    this.rows.forEach(({ other }, at) => say(other, model && !right[at] ? `×${this.short ? (written[at] ?? "") : ""}` : ""));
    this.tape.replaceChildren(...written.map((symbol, at) => signed(symbol, right[at])));
    const exact = written.length === asked.length && right.every(Boolean);
    say(this.judged.firstChild, model ? (exact ? "✓" : "×") : "");
    say(this.judged.lastChild, model ? (exact ? "right" : "wrong") : "");
    this.judged.className = exact ? "rv-right" : "rv-wrong";
    this.spell();
  }

  // Sizes

  layout() {
    const { clientWidth: width, clientHeight: height } = this.middle;
    if (!width || !this.pair) return;
    const font = parseFloat(getComputedStyle(this.box).fontSize);
    this.box.classList.toggle("rv-narrow", width < NARROW * font);
    const { left, top, down, across, upright, short } = fitted(this.pair, width, height, font);
    this.middle.style.setProperty("--rv-left", `${left}px`);
    this.middle.style.setProperty("--rv-top", `${top}px`);
    this.down.style.fontSize = `${down}px`;
    this.across.style.fontSize = `${across}px`;
    this.across.classList.toggle("rv-upright", upright);
    this.across.style.visibility = this.told.unit === "place" && across < READABLE ? "hidden" : ""; // the names of places need not be read
    const told = this.short !== short;
    this.short = short;
    if (told && this.shown === this.pair) this.tell(this.model);
    this.spell();
  }

  /** The tape's letters as large as fit, were all of them wrong and as many as in the longest pair. */
  spell() {
    const all = [...this.pairs.map(({ asked }) => asked), this.model?.written ?? []];
    const letters = Math.max(...all.map((symbols) => symbols.reduce((sum, one) => sum + one.length + ROOM, 0)));
    const font = parseFloat(getComputedStyle(this.box).fontSize);
    const room = this.bottom.clientWidth - this.judged.offsetWidth - this.bottom.firstElementChild.offsetWidth - 2 * font;
    this.tape.style.fontSize = `${Math.max(0.6 * font, Math.min(1.5 * font, room / letters / LETTER))}px`;
  }

  // Weights

  paint(bits) {
    const dark = colours.dark;
    if (this.bits === bits && this.dark === dark && this.drawn === this.pair) return;
    Object.assign(this, { bits, dark, drawn: this.pair });
    this.legend.paint();
    const { canvas, pair } = this;
    const [width, height] = [pair.inputs.length, pair.asked.length];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const context = canvas.getContext("2d");
    if (bits?.length !== width * height) return context.clearRect(0, 0, width, height);
    const table = colours.table(this.told);
    const image = context.createImageData(width, height);
    new Uint32Array(image.data.buffer).set(Array.from(bits, (one) => table[one]));
    context.putImageData(image, 0, 0);
  }

  weight(row, column) {
    return this.bits ? VALUE[this.bits[row * this.pair.inputs.length + column]] : NaN;
  }

  // What is pointed at and chosen

  found({ clientX, clientY }) {
    const { left, top, width, height } = this.field.getBoundingClientRect();
    const { inputs, asked } = this.pair;
    const row = Math.min(asked.length - 1, Math.max(0, Math.floor(((clientY - top) / height) * asked.length)));
    const column = clientX < left ? null : Math.min(inputs.length - 1, Math.floor(((clientX - left) / width) * inputs.length));
    return { row, column };
  }

  point(found) {
    Object.assign(pointing, found ?? { row: null, column: null });
    this.hub?.ask();
  }

  /** A row is the time step at which the decoder writes it; chosen once more it is chosen no longer. */
  choose({ row }) {
    const time = this.read + row;
    change({ time: this.chosen === row ? null : time });
  }

  mark(chosen) {
    this.chosen = chosen !== null && chosen >= 0 && chosen < this.pair.asked.length ? chosen : null;
    const { row, column } = pointing.row === null || pointing.row >= this.pair.asked.length ? { row: this.chosen, column: null } : pointing;
    const high = 100 / this.pair.asked.length;
    this.row.hidden = this.chosen === null;
    Object.assign(this.row.style, { top: `${(this.chosen ?? 0) * high}%`, height: `${high}%` });
    if (this.cell) this.frameCell(row, column, high);
    say(this.reading, row === null ? (this.canvas ? TITLE : "") : this.said(row, column));
  }

  frameCell(row, column, high) {
    const wide = 100 / this.pair.inputs.length;
    this.cell.hidden = column === null || column >= this.pair.inputs.length;
    Object.assign(this.cell.style, { left: `${(column ?? 0) * wide}%`, top: `${(row ?? 0) * high}%`, width: `${wide}%`, height: `${high}%` });
  }

  /** The weight pointed at; of a row without a column the largest ones. */
  said(row, column) {
    const symbol = this.pair.asked[row];
    if (!this.bits) return this.alone(row);
    const named = (at) => `${this.pair.inputs[at]} ${number(this.weight(row, at))}`;
    if (column !== null && column < this.pair.inputs.length) return `${row + 1}: writing ${symbol} it looks at ${named(column)}`;
    const order = this.pair.inputs.map((_, at) => at).sort((a, b) => this.weight(row, b) - this.weight(row, a));
    const large = order.slice(0, MOST).filter((at, place) => !place || this.weight(row, at) >= MANY);
    return `${row + 1}: writing ${symbol} it looks at ${large.map(named).join(", ")}`;
  }

  alone(row) {
    const own = this.model?.written[row];
    return own ? `${row + 1}: right ${this.pair.asked[row]}, by itself ${own}` : `${row + 1}: right ${this.pair.asked[row]}`;
  }

  /** Its values stand above the picture itself. */
  valueAt() {
    return "";
  }

  close() {
    this.sizes.disconnect();
  }
}

/** A symbol that was written, marked where it is wrong. */
function signed(symbol, right) {
  const mark = right ? [] : [element("i", {}, "×")];
  return element("span", { class: right ? "rv-right" : "rv-wrong" }, symbol, ...mark);
}
