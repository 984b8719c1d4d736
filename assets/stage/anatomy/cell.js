// One model taken apart: its diagram at one time step, and the vectors of that step.
import { Diagram } from "./diagram.js";
import { Strips } from "./strips.js";
import { numbersOf, vectorsAt, written } from "./values.js";
import { element, keyed, number, say, swatch } from "../kit/dom.js";
import { Before } from "../parts/branched.js";
import { change } from "../view/look.js";

const [BEFORE, AHEAD] = ["ₜ₋₁", "ₜ₊₁"]; // read from the end, the state before is that of the next step
const START = "start"; // what a decoder is fed first

export class Cell {
  /** @param {object} model of the scene  @param {object} told the scene's anatomy  @param {string} convention as for the page */
  constructor(model, told, convention) {
    Object.assign(this, { model, told });
    this.halves = told.cells[model.label].map((cell, half) => this.half(cell, convention, half));
    this.verdict = element("span", { class: "rv-verdict" });
    this.score = element("span", { class: "rv-score" });
    this.where = element("span", { class: "rv-anat-where" });
    const name = element("h3", {}, swatch(model), element("b", {}, model.name), this.where);
    this.before = new Before(model.label);
    const doing = element("div", { class: "rv-anat-doing" }, element("p", { class: "rv-doing" }, this.verdict, this.score), this.before.box);
    this.head = element("div", { class: "rv-anat-head", onclick: () => change({ model: model.label }) }, name, doing);
    this.none = element("p", { class: "rv-note", hidden: true }, "This model has no such layer or direction.");
    this.body = element("div", { class: "rv-anat-body" });
    this.box = element("section", { class: `rv-anat ${keyed(`anatomy-${model.label}`)}`, "aria-label": model.name }, this.head, this.none, this.body);
    this.sizes = new ResizeObserver(() => (this.laid = null) ?? this.hub?.ask());
    this.sizes.observe(this.body);
  }

  half({ kind, vectors, note }, convention, half) {
    const wiring = this.told.wirings[`${kind}-${convention}`] ?? this.told.wirings[kind];
    const name = this.told.cells[this.model.label].length > 1 ? `${["encoder", "decoder"][half]} of the ${this.model.name}` : this.model.name;
    const diagram = new Diagram(wiring, this.told, `Diagram: one time step of the ${name}, every wire and gate in the colour of its value.`);
    if (note) diagram.box.replaceChildren(element("p", { class: "rv-note" }, note));
    const strips = new Strips(vectors, this.model.units, (point) => this.hub?.point(point && { ...point, label: this.model.label, time: this.time }));
    return { wiring, diagram, strips };
  }

  draw(context, time) {
    const { hub, scene, moment, look } = context;
    Object.assign(this, { hub, time });
    this.before.draw(context);
    const model = moment?.models[this.model.label];
    say(this.verdict, model?.verdict ?? "");
    say(this.score, (model?.scored ?? []).filter(Boolean).join(" "));
    this.verdict.dataset.verdict = model?.verdict ?? "";
    const sequence = scene.sequences[look.probe];
    const second = sequence.read > 0 && time >= sequence.read ? 1 : 0;
    say(this.where, this.halves.length > 1 ? ["encoder: reads", "decoder: writes"][second] : "");
    const cell = model?.cell;
    const lacks = Boolean(model) && !cell.letters;
    this.none.hidden = !lacks;
    this.body.hidden = lacks;
    if (!lacks) this.fill(cell, second, look, sequence);
  }

  fill(cell, second, look, sequence) {
    const half = this.halves[second];
    if (this.shown !== half) this.turn(half);
    this.fit(half, look.big);
    const vectors = cell ? vectorsAt(cell.letters, half.wiring, this.model.units, this.time) : {};
    const numbers = numbersOf(vectors, look.unit);
    this.vectors = vectors;
    const words = { x: this.reads(look, sequence, second), y: cell?.said[this.time] ?? "" };
    half.diagram.show(numbers, { ...written(numbers, half.wiring), ...words }, this.names(look, second, half.wiring));
    const backward = look.direction === "backward";
    const [begin, end] = second ? [sequence.read, this.told.tokens[look.probe].length] : [0, sequence.read || this.told.tokens[look.probe].length];
    half.strips.show(vectors, numbers, look.unit, { x: cell?.x[second], steps: end - begin, time: this.time - begin, backward });
  }

  turn(half) {
    this.shown = half;
    this.laid = null;
    this.body.replaceChildren(half.diagram.box, half.strips.box);
  }

  fit({ diagram }, big) {
    const { clientWidth, clientHeight } = diagram.box;
    const size = `${clientWidth} ${clientHeight} ${big}`;
    if (this.laid === size || !clientWidth || !clientHeight) return;
    this.laid = size;
    diagram.lay(clientWidth, clientHeight, big);
  }

  /** What xₜ is, in words. */
  reads(look, { read }, second) {
    const layer = this.layer(look);
    if (layer) return `layer ${layer}`;
    const tokens = this.told.tokens[look.probe];
    if (!second) return tokens[this.time];
    return this.time === read ? START : tokens[this.time - 1];
  }

  layer({ layer }) {
    return layer < 0 ? this.model.layers - 1 : layer;
  }

  names(look, second, { parts }) {
    const top = this.layer(look) === this.model.layers - 1;
    const answers = this.halves.length === 1 || second === 1;
    const before = look.direction === "backward" ? parts.filter(({ name }) => name.endsWith(BEFORE)) : [];
    const names = Object.fromEntries(before.map(({ name }) => [name, name.replace(BEFORE, AHEAD)]));
    if (!top || !answers) names["yₜ"] = top ? "out" : "above";
    return names;
  }

  /** A value pointed at, with its symbol; "" where there is none. */
  written({ unit, band }) {
    const letter = band === "hidden" ? "h" : band;
    const value = this.vectors?.[letter]?.[unit];
    const told = this.told.cells[this.model.label].flatMap((cell) => cell.vectors).find((vector) => vector.letter === letter);
    return told && Number.isFinite(value) ? `${told.symbol} = ${number(value)}` : "";
  }

  close() {
    this.sizes.disconnect();
  }
}
