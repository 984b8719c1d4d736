// The Architectures page's stage: every model of the experiment unrolled in time, one above the other at one scale.
import { Below } from "./below.js";
import { ROOMY, TIGHT } from "./density.js";
import { Lane, SHARING } from "./lane.js";
import { Legend } from "./legend.js";
import { colours } from "../kit/colours.js";
import { element, say, swatch } from "../kit/dom.js";
import { givenOf } from "../parts/given.js";
import { change, FLOWS, look, shownOf, toggle } from "../view/look.js";

const LEAST = { page: 14, hall: 24 }; // pixels of letters
const LARGEST = 19; // pixels of letters, but in front of a hall
const MARGIN = 4; // pixels below the lanes
const WIDE = 70; // times as wide as its letters is a stage on which these may grow

const OPPOSED = "Time steps can point against each other and cancel: one can exceed 100 %.";
const OF_BATCH = "Arrows: training batch. Words, answers, L: this sequence.";

const HELP = {
  forwards: "How large the states are, and what enters them",
  backwards: "How large the gradient of the loss of the training batch is at every state",
  sharing: "What every use of one matrix adds to its gradient",
};

export class Architectures {
  constructor(scene) {
    this.scene = scene;
    this.told = scene.unrolled;
    this.lanes = new Map();
    this.legend = new Legend(this.told);
    this.shape = element("b", { class: "rv-net-shape" });
    this.steps = element("span", { class: "rv-net-steps" });
    this.top = element("div", { class: "rv-net-top" }, element("span", { class: "rv-net-what" }, this.shape, this.steps, this.fold()), this.matrices(), this.legend.box);
    this.rows = element("div", { class: "rv-net-lanes" });
    this.below = new Below(this.rows, (label) => this.lanes.get(label).model.short);
    this.box = element("div", { class: "rv-nets" }, this.top, this.rows, this.below.box);
    this.tools = element("div", { class: "rv-net-tools" }, this.flows(), this.chips());
    this.sizes = new ResizeObserver(() => this.hub?.ask());
    this.sizes.observe(this.rows);
    this.stepper = (by) => this.stride(by);
    this.matrix = "";
    this.opened = ({ target }) => target.closest?.(".st-key-shapes button") && this.box.scrollIntoView({ block: "center" });
    document.addEventListener("click", this.opened); // another shape is drawn up here
  }

  chips() {
    const { models } = this.scene;
    const chip = (model) => element("button", { type: "button", class: "rv-chip", title: `Show or hide the ${model.name}`, onclick: () => toggle(model.label, models) }, swatch(model), model.short);
    this.chip = models.map((model) => [model.label, chip(model)]);
    return element("div", { class: "rv-chips", role: "group", "aria-label": "Models shown" }, ...(models.length > 1 ? this.chip.map(([, one]) => one) : []));
  }

  flows() {
    this.flow = Object.entries(FLOWS).map(([name, text]) => [name, element("button", { type: "button", class: "rv-chip", title: HELP[name], onclick: () => change({ flow: name }) }, text)]);
    return element("div", { class: "rv-chips rv-net-flows", role: "group", "aria-label": "What is shown" }, ...this.flow.map(([, one]) => one));
  }

  /** Whether every time step has a column. */
  fold() {
    this.whole = false;
    this.all = element("button", { type: "button", class: "rv-chip", title: "A column for every time step: the drawing then scrolls", onclick: () => this.unfold() }, "all time steps");
    return this.all;
  }

  unfold() {
    this.whole = !this.whole;
    this.hub?.ask();
  }

  /** Which matrix it is whose uses are looked at. */
  matrices() {
    this.select = element("select", { onchange: () => ((this.matrix = this.select.value), this.hub?.ask()) });
    this.choice = element("label", { hidden: true }, element("span", {}, "Matrix"), this.select);
    return this.choice;
  }

  // What is looked at

  get read() {
    return this.told.probes[look.probe].read;
  }

  stride(by) {
    const times = this.read.reduce((sum, some) => sum + some.length, 0);
    const time = Math.min(times - 1, Math.max(0, (look.time ?? (by > 0 ? -1 : times)) + by));
    change({ time });
  }

  /** The box of a time step on the axis through all parts. */
  boxAt(time) {
    const first = this.read[0].length;
    return time < first ? { part: 0, time } : { part: 1, time: time - first };
  }

  pointing(told) {
    this.aimed = told;
    this.hub.point(told && { time: told.part ? told.time + this.read[0].length : told.time, unit: 0, named: this.name(told), told });
  }

  name({ kind, letter = "h", part, layer, direction }) {
    const back = look.flow === "backwards";
    const deep = Math.max(...this.scene.models.map((model) => model.layers)) > 1 && layer !== undefined ? `, layer ${layer + 1}` : "";
    const way = direction ? ", backward" : "";
    const half = this.read.length > 1 ? (part ? "decoder" : "encoder") : "";
    const names = { use: "share of the gradient", x: "input", in: "input", y: "answer", look: "attention", h: back ? "gradient of the training batch at the states" : "states", skip: "past the layer above", up: "to the layer above", out: "to the readout", over: "handed to the decoder", both: "to the layer above", on: `${back ? "gradient" : "state"} ${letter} handed ${back ? "back" : "on"}` };
    return [half, `${names[kind] ?? kind}${deep}${way}`].filter(Boolean).join(" ");
  }

  // What is shown

  draw(context) {
    const { scene, hub, moment } = context;
    if (!this.told || scene !== this.scene) return;
    this.hub = hub;
    hub.stepper = this.stepper;
    const labels = shownOf(scene.models);
    this.arrange(labels);
    this.box.classList.toggle("rv-net-sharing", look.flow === SHARING);
    this.legend.draw(look.flow, Boolean(moment));
    const uses = this.uses(givenOf(hub, "sharing") ?? {}, labels);
    this.explain(Boolean(moment), Object.values(uses));
    this.lay(labels);
    this.mark(labels);
    const pinned = look.time === null ? null : this.boxAt(Math.min(look.time, this.read.flat().length - 1));
    const pointed = this.aimed ?? pinned;
    for (const label of labels) this.lanes.get(label).paint(moment?.models[label], uses[label], pointed, colours.dark, moment?.step);
    if (!this.aimed) this.pin(pinned);
  }

  /** What is drawn: the shape of the sequence, or what has to be known to read it. */
  explain(measured, uses) {
    const odd = look.flow === SHARING && uses.some((use) => use?.opposed);
    const note = odd ? OPPOSED : look.flow === "backwards" && measured ? OF_BATCH : "";
    say(this.shape, `${this.told.shape}:`);
    this.shape.hidden = Boolean(note);
    say(this.steps, note || this.told.probes[look.probe].said);
    this.steps.classList.toggle("rv-net-note", Boolean(note));
  }

  /** The step chosen by key is told of like one pointed at. */
  pin(pinned) {
    const told = pinned && { kind: "h", layer: 0, direction: 0, ...pinned };
    const key = JSON.stringify([told, look.flow]);
    if (this.pinned === key) return;
    const before = this.pinned;
    this.pinned = key;
    if (told) this.hub.point({ time: look.time, unit: 0, named: this.name(told), told });
    else if (before) this.hub.point(null);
  }

  arrange(labels) {
    if (this.shown === labels.join()) return;
    this.shown = labels.join();
    for (const label of labels) {
      const model = this.scene.models.find((one) => one.label === label);
      if (this.lanes.has(label)) continue;
      const lane = new Lane(model, this.scene, (told) => this.pointing(told));
      lane.scroll.addEventListener("scroll", () => this.along(lane.scroll.scrollLeft));
      this.lanes.set(label, lane);
    }
    this.rows.replaceChildren(...labels.map((label) => this.lanes.get(label).box));
  }

  /** The same time steps of all models are in sight. */
  along(left) {
    for (const { scroll } of this.lanes.values()) if (Math.abs(scroll.scrollLeft - left) > 1) scroll.scrollLeft = left;
  }

  mark(labels) {
    const press = (one, on) => one.setAttribute("aria-pressed", String(on));
    for (const [label, one] of this.chip) press(one, labels.includes(label));
    for (const [name, one] of this.flow) press(one, name === look.flow);
    press(this.all, this.whole);
    this.all.hidden = !this.whole && !labels.some((label) => this.lanes.get(label).folded);
  }

  /** What was asked of the shared matrices, of the chosen one: label → what `Lane.paint` takes. */
  uses(given, labels) {
    const names = [...new Set(labels.flatMap((label) => Object.keys(given.models?.[label]?.uses ?? {})))].sort((one, other) => other.endsWith("hh") - one.endsWith("hh")); // those of states first
    this.choice.hidden = look.flow !== SHARING || names.length < 2;
    if (this.names !== names.join()) {
      this.names = names.join();
      this.select.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
      if (!names.includes(this.matrix)) this.matrix = names[0] ?? "";
      this.select.value = this.matrix;
    }
    if (["probe", "layer", "direction"].some((name) => given[name] !== look[name])) return {}; // the answer is on its way
    const of = (label) => {
      const model = given.models?.[label];
      const use = model?.uses?.[this.matrix];
      if (use) return { ...use, key: `${given.key} ${this.matrix}` };
      const why = model?.trouble ?? (model?.uses && `It has no ${this.matrix}: nothing is handed on.`);
      return why ? { text: why, share: [], matrix: "", part: -1, key: why } : undefined;
    };
    return Object.fromEntries(labels.map((label) => [label, of(label)]));
  }

  lay(labels) {
    const { clientWidth: width, clientHeight: height } = this.rows;
    if (!width) return;
    const lanes = labels.map((label) => this.lanes.get(label));
    const large = this.font(lanes, width, height);
    const dense = this.needs(lanes, large, ROOMY) + MARGIN <= height ? ROOMY : TIGHT;
    const font = dense === TIGHT ? this.smallest : large;
    this.box.classList.toggle("rv-net-tight", dense === TIGHT);
    const least = lanes.map((lane) => lane.least(look.flow, font, dense));
    const spare = Math.max(0, height - MARGIN - this.needs(lanes, font, dense)) / lanes.length;
    const looked = { probe: look.probe, flow: look.flow, whole: this.whole };
    lanes.forEach((lane, at) => lane.lay(looked, width - 2, Math.floor(Math.min(least[at] + spare, 2 * least[at])), font, dense));
    this.below.look(labels);
  }

  /** Pixels that all lanes take at least, with their heads. */
  needs(lanes, font, dense) {
    return lanes.reduce((sum, lane) => sum + lane.least(look.flow, font, dense) + dense.head * font, 0);
  }

  get smallest() {
    return LEAST[look.big ? "hall" : "page"];
  }

  /** Pixels of its letters: on a large screen as large as leaves every lane its place. */
  font(lanes, width, height) {
    let font = Math.max(this.smallest, parseFloat(getComputedStyle(this.box).fontSize) * 0.94);
    while (font < LARGEST && width > WIDE * (font + 1) && 1.15 * this.needs(lanes, font + 1, ROOMY) < height) font++;
    return font;
  }

  /** What is pointed at, in words, of every model that is shown. */
  pointed({ told }) {
    if (!told) return [];
    return shownOf(this.scene.models).map((label) => [this.lanes.get(label).model.name, this.lanes.get(label).value(told)]);
  }

  close() {
    if (this.hub?.stepper === this.stepper) this.hub.stepper = null;
    this.sizes.disconnect();
    document.removeEventListener("click", this.opened);
  }
}
