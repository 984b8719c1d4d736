// Time steps side by side: what is read, the states, and below them what comes back to each from the last one.
import { element, number, say } from "../kit/dom.js";
import { shadeOf } from "../kit/shades.js";
import { RANGES } from "./cell.js";
import { Handle } from "./handle.js";

const SMALL = "₀₁₂₃₄₅₆₇₈₉"; // digits below the line
const LONGEST = 5; // letters that fit
const FEW = 1; // a scale is no smaller

/** A whole number below the line. */
export const below = (whole) => [...String(whole)].map((digit) => SMALL[digit]).join("");

/** With two digits after the point, where there is room for them. */
function shortened(value) {
  const text = number(value);
  return text.length > LONGEST ? number(value, 1) : text;
}

export class Strip {
  /** @param {object} told of the cell  @param {object} owner of the numbers */
  constructor(told, owner) {
    Object.assign(this, { told, owner });
    this.grid = element("div", { class: "bh-grid" });
    this.box = element("div", { class: "bh-strip" }, this.grid);
    this.grid.addEventListener("keydown", (event) => this.press(event));
  }

  /** What stands in each row: its name, what it is, and the key of its numbers. */
  rows(length) {
    const states = [...this.told.states].reverse();
    return [
      { name: "x", about: "input", kind: "x" },
      ...states.map(({ letter, symbol, title }) => ({ name: symbol, about: title, kind: "state", letter })),
      ...states.map(({ letter, symbol }) => ({ name: `∂${symbol}${below(length)}/∂${symbol}ₜ`, about: `gradient of ${symbol} at time step ${length}`, kind: "back", letter })),
    ];
  }

  build(length) {
    this.length = length;
    const focused = document.activeElement?.dataset?.at;
    this.steps = Array.from({ length }, (_, at) => {
      const button = element("button", { type: "button", role: "radio", class: "bh-step", "data-at": at, "aria-label": `Time step ${at + 1}`, onclick: () => this.owner.look(at) }, String(at + 1));
      return button;
    });
    const head = element("div", { class: "bh-head", role: "radiogroup", "aria-label": "Time step in the diagram" }, element("span", { class: "bh-name" }, "time step"), element("span", { class: "bh-begin" }, "start"), ...this.steps);
    this.lines = this.rows(length).map((row) => this.line(row, length));
    this.grid.style.setProperty("--bh-columns", length + 1);
    const back = element("p", { class: "bh-way" }, element("span", {}, `← back from time step ${length}: how much its state depends on each earlier one`));
    const boxes = this.lines.map(({ box }) => box);
    const forth = this.lines.filter(({ row }) => row.kind !== "back").length;
    this.grid.replaceChildren(head, ...boxes.slice(0, forth), back, ...boxes.slice(forth));
    if (focused !== undefined) this.steps[Math.min(focused, length - 1)].focus();
  }

  line(row, length) {
    const cells = Array.from({ length: length + 1 }, (_, at) => this.cell(row, at));
    const box = element("div", { class: `bh-line bh-${row.kind}`, role: "group", "aria-label": row.about }, element("span", { class: "bh-name", title: row.about }, row.name), ...cells.map(({ node }) => node));
    return { row, cells, box };
  }

  cell(row, at) {
    if (row.kind === "x" && !at) return { node: element("span") };
    const [bar, value] = [element("i", { class: "bh-bar" }), element("span", { class: "bh-value" })];
    const node = element("div", { class: "bh-column" }, element("span", { class: "bh-track", "aria-hidden": "true" }, bar), value);
    if (at) node.addEventListener("click", () => this.owner.look(at - 1));
    const place = this.place(row, at);
    return { node, bar, value, handle: place && new Handle(node, { ...place, down: true }, this.owner) };
  }

  /** The number that is dragged there, if one is. */
  place({ kind, letter, about }, at) {
    if (kind === "x") return { ...RANGES.x, name: `x${at}`, label: `Input x at time step ${at}, bar` };
    const title = about[0].toUpperCase() + about.slice(1);
    return kind === "state" && !at ? { ...(RANGES[letter] ?? RANGES.h), name: `${letter}0`, label: `${title} before the first time step, bar` } : null;
  }

  show(numbers, found) {
    const other = this.at !== undefined && this.at !== numbers.at;
    this.at = numbers.at;
    if (this.length !== numbers.length) this.build(numbers.length);
    this.steps.forEach((button, at) => {
      button.setAttribute("aria-checked", String(at === numbers.at));
      button.tabIndex = at === numbers.at ? 0 : -1;
    });
    if (other) this.steps[numbers.at].scrollIntoView({ block: "nearest", inline: "nearest" });
    for (const { row, cells } of this.lines) this.fill(cells, this.valuesOf(row, numbers, found), row, numbers.at + 1);
  }

  valuesOf({ kind, letter }, { xs, length, ...first }, { steps, sensitivities }) {
    if (kind === "x") return [NaN, ...xs.slice(0, length)];
    return kind === "back" ? sensitivities[letter] : [first[letter], ...steps.map((step) => step[letter])];
  }

  fill(cells, values, { kind }, now) {
    const most = kind === "x" ? RANGES.x.high : Math.max(FEW, ...values.map(Math.abs));
    cells.forEach(({ node, bar, value, handle }, at) => {
      node.classList.toggle("bh-now", at === now);
      if (!bar) return;
      const size = Math.min(1, Math.abs(values[at]) / most) * 50;
      Object.assign(bar.style, { height: `${size}%`, top: `${values[at] < 0 ? 50 : 50 - size}%`, background: shadeOf(values[at], this.told.scales.signed) });
      say(value, shortened(values[at]));
      handle?.show();
    });
  }

  /** Arrow keys in the row of time steps choose one. */
  press(event) {
    const { key } = event;
    const at = Number(event.target.dataset?.at ?? NaN);
    if (!(at >= 0)) return;
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: this.length - 1 }[key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = Math.min(this.length - 1, Math.max(0, to));
    this.owner.look(next);
    this.steps[next].focus();
  }
}
