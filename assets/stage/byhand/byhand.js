// A gated cell by hand. Every number is found here, at once, when one of them is dragged; the page hears of it on release.
import { Legends } from "../anatomy/legends.js";
import { colours } from "../kit/colours.js";
import { element, number, say } from "../kit/dom.js";
import { onLook } from "../view/look.js";
import { HandCell } from "./cell.js";
import { exact, titled } from "./handle.js";
import { keep, kept } from "./kept.js";
import { unroll } from "./rules.js";
import { below, Strip } from "./strip.js";

const REST = 400; // ms after the last key at which the page hears of it
const AGAIN = 2500; // ms after which an act is told of again
const MOST = 200; // moments to go back to
const COLUMNS = ["w", "u", "b"];
const HINT = "Drag a framed number, or choose it and use the arrow keys (Shift: larger). Enter, or a second press: type it.";
const SMALLEST = 1e-3; // that is written without its power of ten
const before = new Map(); // cell → what its numbers were, the newest last

/** A derivative, however small it is. */
const small = (value) => (value && Math.abs(value) < SMALLEST ? value.toExponential(1).replaceAll("-", "−") : number(value, 4));

export class ByHand {
  constructor() {
    this.tab = crypto.getRandomValues(new Uint32Array(2)).join("-");
    this.number = 0;
    this.box = element("div", { class: "rv-board bh" });
    this.box.addEventListener("focusout", () => this.told && this.settle());
    this.unheard = onLook(() => this.cell?.fit());
  }

  // What the page says

  set(data, _hub, _setState, setTrigger) {
    this.trigger = setTrigger;
    colours.refresh();
    const { heard } = data;
    if (this.act && heard.tab === this.tab && heard.number >= this.act.number) this.hush();
    if (this.told?.cell !== data.cell) this.begin(data);
    else if (data.told !== this.edition) this.adopt(data.numbers);
    else if (this.dark !== colours.dark) this.redraw();
    this.edition = data.told;
  }

  /** Another cell, or the first. */
  begin(told) {
    this.settle();
    this.told = told;
    this.numbers = this.settled = told.numbers;
    this.about = null;
    this.largest = told.largest;
    this.past = before.get(told.cell) ?? [];
    before.set(told.cell, this.past);
    this.cell?.close();
    this.cell = new HandCell(told, this);
    this.strip = new Strip(told, this);
    this.legends = new Legends(told.scales, "grey wires: x and h to every gate");
    this.build();
    const old = !told.heard.tab && !told.told && kept(told.cell, told.begin); // a page that was loaded again
    if (old) this.change(old);
    else this.redraw();
  }

  build() {
    const { presets, longest } = this.told;
    const button = (text, title, onclick) => element("button", { type: "button", title, onclick }, text);
    this.preset = element("select", { "aria-label": "Weights that do one thing", onchange: () => this.choose() }, element("option", { value: "" }, "Choose weights …"), ...presets.map(([title], at) => element("option", { value: String(at) }, title)));
    this.undo = button("Undo", "Take back the last change", () => this.goBack());
    this.again = button("Start values", "The numbers that were begun with", () => this.change({ ...this.told.begin }));
    this.length = element("input", { type: "range", min: 1, max: longest, step: 1, "aria-label": "Time steps", oninput: () => this.lengthen(Number(this.length.value)), onchange: () => this.settle() });
    this.count = element("span", { class: "bh-count" });
    this.line = element("p", { class: "bh-told" }, "Press a framed number for all its digits and its gradient.");
    this.refusal = element("p", { class: "bh-refused", role: "alert" });
    const tools = element("div", { class: "bh-tools" }, this.preset, this.undo, this.again, element("label", {}, this.count, this.length));
    this.box.replaceChildren(tools, element("div", { class: "bh-said" }, this.line, this.refusal), element("div", { class: "bh-both" }, this.cell.box, element("div", { class: "bh-side" }, this.strip.box, this.legends.box)), element("p", { class: "bh-hint" }, HINT));
  }

  /** Numbers of the page's own: typed there, or begun again. */
  adopt(numbers) {
    this.past.push(this.settled);
    this.numbers = this.settled = numbers;
    keep(this.told.cell, numbers);
    this.redraw();
  }

  // The numbers

  /** By its name: x1, x2, …, h0, c0, or w_f, u_f, b_f of block f. */
  value(name) {
    const { weights, xs, ...first } = this.numbers;
    const [what, letter] = name.split("_");
    if (letter) return weights[this.blockOf(letter)][COLUMNS.indexOf(what)];
    return name.startsWith("x") ? xs[Number(name.slice(1)) - 1] : first[name.slice(0, -1)];
  }

  put(name, value) {
    const { weights, xs } = this.numbers;
    const [what, letter] = name.split("_");
    const changed = (list, at, made) => list.map((one, place) => (place === at ? made(one) : one));
    if (letter) this.numbers = { ...this.numbers, weights: changed(weights, this.blockOf(letter), (row) => changed(row, COLUMNS.indexOf(what), () => value)) };
    else if (name.startsWith("x")) this.numbers = { ...this.numbers, xs: changed(xs, Number(name.slice(1)) - 1, () => value) };
    else this.numbers = { ...this.numbers, [name.slice(0, -1)]: value };
    this.redraw();
  }

  blockOf(letter) {
    return this.told.blocks.findIndex((block) => block.letter === letter);
  }

  look(at) {
    if (at === this.numbers.at) return;
    this.numbers = { ...this.numbers, at };
    this.redraw();
    this.settle(true);
  }

  lengthen(length) {
    this.numbers = { ...this.numbers, length, at: Math.min(this.numbers.at, length - 1) };
    this.redraw();
  }

  choose() {
    const [, weights] = this.told.presets[this.preset.value] ?? [];
    if (weights) this.change({ ...this.numbers, weights });
  }

  change(numbers) {
    this.settle();
    this.numbers = numbers;
    this.redraw();
    this.settle();
  }

  goBack() {
    this.settle();
    const { at } = this.numbers;
    const numbers = this.past.pop();
    if (!numbers) return;
    this.numbers = this.settled = { ...numbers, at: Math.min(at, numbers.length - 1) };
    this.redraw();
    this.say();
  }

  // What is shown

  redraw() {
    const { numbers, told } = this;
    this.dark = colours.dark;
    this.found = unroll(told, numbers);
    this.cell.show(numbers, this.found.steps[numbers.at]);
    this.strip.show(numbers, this.found);
    this.legends.draw();
    say(this.count, `${numbers.length} time step${numbers.length === 1 ? "" : "s"}`);
    if (this.length.value !== String(numbers.length)) this.length.value = String(numbers.length);
    const chosen = told.presets.findIndex(([, weights]) => JSON.stringify(weights) === JSON.stringify(numbers.weights));
    this.preset.value = chosen < 0 ? "" : String(chosen);
    this.mark();
    if (this.about) this.tell(this.about);
  }

  mark() {
    this.undo.disabled = !this.past.length && this.numbers === this.settled;
  }

  /** A number in full, and what hangs on it. */
  tell(handle) {
    if (!handle.place) return;
    this.about = handle;
    say(this.refusal, "");
    this.line.hidden = false;
    const { name, label } = handle.place;
    const last = this.told.states[0].symbol + below(this.numbers.length);
    const slope = this.found.gradients[name];
    say(this.line, `${titled(label)} = ${exact(handle.value)}${slope === undefined ? "" : ` · gradient of ${last} by it: ${small(slope)}`}`);
  }

  refuse(sentence) {
    say(this.refusal, sentence);
    this.line.hidden = true;
  }

  // What the page hears

  /** The end of a change; with `wait` another may follow at once. */
  settle(wait = false) {
    clearTimeout(this.rest);
    if (wait) {
      this.rest = setTimeout(() => this.settle(), REST);
      return this.mark();
    }
    if (!this.told || JSON.stringify(this.numbers) === JSON.stringify(this.settled)) return;
    if (JSON.stringify({ ...this.numbers, at: 0 }) !== JSON.stringify({ ...this.settled, at: 0 })) this.past.push(this.settled);
    this.past.splice(0, this.past.length - MOST);
    this.settled = this.numbers;
    this.mark();
    this.say();
  }

  say() {
    keep(this.told.cell, this.settled);
    this.act = { tab: this.tab, number: ++this.number, cell: this.told.cell, numbers: this.settled };
    this.repeat();
  }

  repeat() {
    clearTimeout(this.patience);
    this.trigger("act", this.act);
    this.patience = setTimeout(() => this.repeat(), AGAIN);
  }

  hush() {
    clearTimeout(this.patience);
    this.act = null;
  }

  draw() {} // it has no moments

  close() {
    this.settle();
    this.hush();
    clearTimeout(this.rest);
    this.unheard();
    this.cell?.close();
    this.box.remove();
  }
}
