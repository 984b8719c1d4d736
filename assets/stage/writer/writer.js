// What a model writes by itself at a moment of its training: every character with the colour of its surprise, and of the
// one that is pointed at the probabilities from which it was drawn and the state after it.
import { asking, TOP } from "./asking.js";
import { Wishes } from "./wishes.js";
import { colours } from "../kit/colours.js";
import { counted, element, say, swatch } from "../kit/dom.js";
import { Own } from "../parts/own.js";
import { Legend } from "../parts/picture.js";
import { look } from "../view/look.js";

const LINE = "↵", SPACE = "␣", TAB = "⇥";
const LEAST = 0.01; // a probability whose surprise has the full colour

export class Writer extends Own {
  constructor(told) {
    super(told);
    this.text = element("p", { class: "rv-written", role: "group", tabindex: 0, "aria-label": `What the ${told.name} writes; arrow keys move along its characters` });
    this.at = 0; // the character that was chosen; null for none
    this.over = null; // the one that is pointed at
    this.field.classList.add("rv-writer");
    this.field.append(this.legend(), this.text, this.panel());
    if (told.leads) this.tools = (this.wishes = new Wishes(told, () => (asking.draw++, this.hub.ask()))).box;
    const place = (event) => event.target.closest?.("[data-at]")?.dataset.at;
    this.text.addEventListener("click", (event) => this.press(place(event)));
    this.text.addEventListener("pointermove", (event) => event.pointerType === "mouse" && this.hover(place(event)));
    this.text.addEventListener("pointerleave", () => this.hover());
    this.text.addEventListener("keydown", (event) => this.move(event));
  }

  legend() {
    return element("p", { class: "rv-writer-legend", title: "Each character is coloured by the probability that the model gave it before it was drawn" }, element("span", {}, "likely"), element("i", { class: "rv-surprises", "aria-hidden": "true" }), element("span", {}, "unlikely (1 % or less)"));
  }

  panel() {
    this.hint = element("p", { class: "rv-writer-hint" });
    this.asked = element("p", { class: "rv-writer-asked" });
    this.chances = new Chances(this.told.colour);
    this.bars = Array.from({ length: TOP }, () => new Bar(this.told.colour));
    this.apart = element("button", { type: "button", class: "rv-apart", title: "What the cell does when it reads this character, behind all before it", onclick: () => this.takeApart() }, "This time step on Anatomy →");
    this.strip = element("canvas", { width: this.told.units, height: 1, role: "img", "aria-label": `Hidden state of the ${this.told.name} after the character: a column for each unit` });
    this.shades = this.told.band ? new Legend(this.told.band) : null;
    const state = element("p", { class: "rv-writer-state" }, element("span", {}, `state after it, ${this.told.units} units`), ...(this.shades ? [this.shades.box] : []));
    return element("div", { class: "rv-writer-at" }, this.hint, this.asked, this.chances.box, ...this.bars.map((bar) => bar.box), state, this.strip, this.apart);
  }

  // What changes

  paint(_, context) {
    const found = asking.of(context.hub, context.moment, this.told.begins);
    this.wishes?.draw(found?.refused);
    const model = found?.models?.[this.told.label];
    this.field.classList.toggle("rv-waits", Boolean(found?.waits));
    const other = this.found?.key !== found?.key;
    this.found = found;
    if (other || this.dark !== colours.dark) this.write(found, model);
    this.dark = colours.dark;
    this.point();
  }

  write(found, model) {
    this.model = model?.trouble ? undefined : model;
    this.marks = [];
    const trouble = found?.refused ?? model?.trouble;
    if (!this.model) return this.text.replaceChildren(...(trouble ? [element("span", { class: "rv-refused", role: "alert" }, trouble)] : []));
    const { prefix, written, sure } = this.model;
    const { symbols } = this.told;
    this.marks = [...written].map((symbol, at) => this.mark(symbols[symbol], at, sure[at]));
    const begun = element("span", { class: "rv-begun", title: "What the model read first" }, ...[...prefix].flatMap((symbol) => shown(symbols[symbol])));
    this.text.replaceChildren(begun, ...this.marks.flatMap((mark) => (mark.textContent === LINE ? [mark, "\n"] : [mark])));
  }

  mark(symbol, at, sure) {
    const surprise = Math.min(1, Math.log(Math.max(sure, LEAST)) / Math.log(LEAST));
    const [visible] = shown(symbol);
    return element("span", { "data-at": at, class: symbol === LINE ? "rv-line-end" : "", style: { "--rv-surprise": `${Math.round(100 * surprise)}%` } }, visible);
  }

  /** Of one character, in the panel below. */
  point() {
    const at = this.over ?? this.at;
    const here = this.model && at !== null && at < this.model.written.length;
    this.marks.forEach((mark, place) => mark.classList.toggle("rv-at", here && place === at));
    this.field.classList.toggle("rv-none-at", !here);
    this.say(!this.model ? "" : `after ${counted(this.found.step)} training steps`);
    say(this.hint, this.model ? "Click a character: its probability, and the state after it." : "");
    if (here) this.tell(at);
  }

  tell(at) {
    const { symbols } = this.told;
    const { prefix, written, sure, drawn, top, own, draws } = this.model;
    const before = [...prefix, ...written.subarray(0, at)].slice(-8).map((place) => symbols[place]).join("");
    say(this.asked, `after “${before}” → “${symbols[written[at]]}”`);
    this.chances.show(sure[at], drawn[at]);
    this.bars.forEach((bar, row) => {
      const place = at * TOP + row;
      bar.show(symbols[top[place]], own[place], draws[place], top[place] === written[at]);
    });
    this.paintState(at);
  }

  paintState(at) {
    const { units, band } = this.told;
    if (!band) return;
    this.shades.paint();
    const context = this.strip.getContext("2d");
    const image = context.createImageData(units, 1);
    const words = new Uint32Array(image.data.buffer);
    const table = colours.table(band);
    for (let unit = 0; unit < units; unit++) words[unit] = table[this.model.states[at * units + unit]];
    context.putImageData(image, 0, 0);
  }

  /** All up to this character as a sequence of one's own. */
  takeApart() {
    const { symbols, label } = this.told;
    const whole = [...this.model.prefix, ...this.model.written.subarray(0, (this.over ?? this.at) + 1)];
    this.hub.apart?.(whole.map((place) => symbols[place].replace(SPACE, " ")).join(""), label);
  }

  // What is pointed at

  press(said) {
    const at = said === undefined ? null : Number(said);
    this.at = at === this.at ? null : at;
    this.over = null;
    this.point();
  }

  hover(said) {
    const over = said === undefined ? null : Number(said);
    if (over === this.over) return;
    this.over = over;
    this.point();
  }

  move(event) {
    const last = (this.model?.written.length ?? 0) - 1;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || last < 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.over = null;
    this.at = this.at === null ? (by > 0 ? 0 : last) : Math.max(0, Math.min(last, this.at + by));
    this.point();
    this.marks[this.at].scrollIntoView({ block: "nearest" });
  }

  close() {
    this.wishes?.close();
    super.close();
  }
}

/** A symbol as it stands in a text: a space is one, and after the end of a line comes the next. */
function shown(symbol) {
  if (symbol === SPACE) return [" "];
  if (symbol === LINE) return [LINE, "\n"];
  return symbol === TAB ? ["\t"] : [symbol];
}

const sharpened = () => Number(look.temperature) !== 1 || look.top_k !== "";

function likely(chance) {
  if (chance > 0 && chance < 0.005) return "< 1 %";
  return `${Math.round(100 * chance)} %`;
}

/** Of the character that was drawn: the model's own probability, and the one it was drawn with, as the bars show them. */
class Chances {
  constructor(colour) {
    [this.own, this.drawn] = [element("span"), element("span")];
    this.tick = element("i", { class: "rv-tick" });
    this.chosen = element("span", {}, swatch({ colour }), this.drawn);
    this.box = element("p", { class: "rv-writer-chances" }, element("span", {}, this.tick, this.own), this.chosen);
  }

  show(own, drawn) {
    const sharp = sharpened();
    this.tick.hidden = this.chosen.hidden = !sharp;
    say(this.own, `${sharp ? "model" : "probability"} ${likely(own)}`);
    say(this.drawn, `drawn ${likely(drawn)}`);
    this.box.title = sharp ? "Tick: the model’s own probability. Bar: the probability of the draw, after temperature and top-k" : "";
  }
}

/** One of the likeliest symbols: the column is what it is drawn with, the mark the model's own probability. */
class Bar {
  constructor(colour) {
    this.symbol = element("b");
    this.fill = element("i", { class: "rv-fill" });
    this.own = element("i", { class: "rv-own-chance" });
    this.chance = element("span");
    this.box = element("div", { class: "rv-writer-bar", style: { "--rv-colour": colour } }, this.symbol, element("div", { class: "rv-track" }, this.fill, this.own), this.chance);
  }

  show(symbol, own, drawn, chosen) {
    say(this.symbol, symbol || "\u00a0");
    say(this.chance, symbol ? likely(drawn) : "\u00a0");
    this.fill.style.width = `${100 * drawn}%`;
    this.own.style.left = `${100 * own}%`;
    this.own.hidden = !symbol || !sharpened();
    this.box.classList.toggle("rv-is-drawn", Boolean(chosen));
    this.box.title = symbol ? `“${symbol}”: the model gives it ${likely(own)}${sharpened() ? `, it is drawn with ${likely(drawn)}` : ""}` : "";
  }
}
