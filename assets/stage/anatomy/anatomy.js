// The Anatomy page's stage: the tape, and one cell or up to three beside each other at the time step under its head.
import { Cell } from "./cell.js";
import { Legends } from "./legends.js";
import { Tape } from "./tape.js";
import { element, swatch } from "../kit/dom.js";
import { change, look } from "../view/look.js";

const BESIDE = 3; // cells beside each other
const PAIR = 2; // in front of a hall
const CHOSEN = ["step", "model", "unit", "time"]; // of what is looked at, what the numbers below are of
const FIRST = 1; // the time step looked at first, from 0: the one before it has left a state

export class Anatomy {
  /** @param {object} scene  @param {string} convention in which cells are drawn that have it; "" for the usual one */
  constructor(scene, convention) {
    this.scene = scene;
    this.told = scene.anatomy;
    this.stepper = (by) => this.go(this.time + by);
    this.tape = new Tape((time) => this.go(time), this.stepper);
    this.cells = new Map();
    this.convention = convention;
    this.row = element("div", { class: "rv-anat-row st-key-diagram" });
    this.box = element("div", { class: "rv-anatomy" }, this.tape.box, this.row);
    this.left = ({ target }) => target.closest?.(".st-key-mode button") && this.box.closest("[data-testid=stMain]")?.scrollTo(0, 0);
    document.addEventListener("click", this.left, true); // the other part begins up here; the buttons let no click through
    if (!this.told) return;
    this.legends = new Legends(this.told.scales);
    this.box.append(this.legends.box);
    this.legends.box.prepend(this.unit());
    this.tools = element("div", { class: "rv-anat-tools" }, ...this.chips());
  }

  chips() {
    const { models } = this.scene;
    const chip = (text, title, onclick) => element("button", { type: "button", class: "rv-chip", title, onclick }, ...text);
    this.chip = models.map((model) => [model.label, chip([swatch(model), model.name], `Take the ${model.name} apart`, () => change({ model: model.label, shown: "" }))]);
    this.side = chip(["side by side"], "The same time step of several models", () => this.turn());
    if (models.length < 2) return [];
    return [element("div", { class: "rv-chips st-key-models", role: "group", "aria-label": "Models shown" }, ...this.chip.map(([, button]) => button), this.side)];
  }

  unit() {
    const most = Math.max(...this.scene.models.map((model) => model.units));
    this.select = element("select", { onchange: () => change({ unit: this.select.value === "" ? null : Number(this.select.value) }) });
    this.select.append(element("option", { value: "" }, "mean of all"), ...Array.from({ length: most }, (_, unit) => element("option", { value: String(unit) }, `unit ${unit + 1}`)));
    return element("label", {}, element("span", {}, "Values of"), this.select);
  }

  // What is looked at

  get times() {
    return this.told.tokens[look.probe].length;
  }

  get time() {
    return Math.min(this.times - 1, Math.max(0, look.time ?? FIRST));
  }

  go(time) {
    change({ time: Math.min(this.times - 1, Math.max(0, time)) });
  }

  /** The model whose numbers are told below. */
  get model() {
    return look.model || this.scene.models[0].label;
  }

  /** Labels of the cells that are shown. */
  get labels() {
    const beside = this.scene.models.map((model) => model.label).filter((label) => look.shown.split(",").includes(label));
    if (beside.length < 2) return [this.model];
    const most = look.big ? PAIR : BESIDE;
    const labels = beside.slice(0, most);
    return labels.includes(this.model) ? labels : [this.model, ...labels].slice(0, most);
  }

  /** Side by side, or one alone again. */
  turn() {
    if (this.labels.length > 1) return change({ shown: "" });
    change({ model: this.model, shown: this.scene.models.map(({ label }) => label).join() }); // all: elsewhere none is hidden
  }

  // What is shown

  draw(context) {
    if (!this.told || context.scene !== this.scene) return;
    context.hub.stepper = this.stepper;
    if (!this.hub && CHOSEN.some((name) => look[name] !== null && look[name] !== "")) context.hub.bar?.report(); // by a link, or on another page
    this.hub = context.hub;
    const { labels, time } = this;
    this.arrange(labels);
    this.mark(labels);
    this.read(context, time);
    this.legends.draw();
    for (const label of labels) this.cells.get(label).draw(context, time);
  }

  arrange(labels) {
    if (this.shown === labels.join()) return;
    this.shown = labels.join();
    for (const label of labels) if (!this.cells.has(label)) this.cells.set(label, new Cell(this.modelOf(label), this.told, this.convention));
    this.row.replaceChildren(...labels.map((label) => this.cells.get(label).box));
    this.row.style.setProperty("--rv-anat-row", labels.length);
    this.row.classList.toggle("rv-beside", labels.length > 1);
  }

  modelOf(label) {
    return this.scene.models.find((model) => model.label === label);
  }

  mark(labels) {
    for (const [label, chip] of this.chip) chip.setAttribute("aria-pressed", String(labels.includes(label)));
    this.side.setAttribute("aria-pressed", String(labels.length > 1));
    for (const [label, { box }] of this.cells) box.classList.toggle("rv-anat-now", labels.length > 1 && label === this.model);
    const unit = look.unit === null ? "" : String(look.unit);
    if (this.select.value !== unit) this.select.value = unit;
  }

  /** The tape, with what the chosen model answers at every step where there are such answers. */
  read({ scene, moment }, time) {
    const sequence = scene.sequences[look.probe];
    const answers = scene.answers === "sequence" || (scene.answers === "every" && !sequence.values);
    const tokens = this.told.tokens[look.probe];
    this.tape.show(tokens, sequence.read, answers);
    const right = scene.answers === "sequence" ? tokens : sequence.asked;
    this.tape.answer(moment?.models[this.model]?.cell.said ?? [], right);
    this.tape.move(time);
  }

  /** A value pointed at in a strip, or that of the chosen unit, for the line below. */
  pointed(point) {
    const label = point.label || this.model;
    const cells = [...this.cells.values()].filter((cell) => cell.box.isConnected && cell.model.label === label);
    return cells.map((cell) => [cell.model.name, cell.written(point)]);
  }

  close() {
    document.removeEventListener("click", this.left, true);
    if (this.hub?.stepper === this.stepper) this.hub.stepper = null;
    this.tape.close();
    for (const cell of this.cells.values()) cell.close();
  }
}
