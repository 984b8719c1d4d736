// The cell's diagram at one time step, with numbers of its own to drag: the input, the first states, and below each gate its weights.
import { Diagram } from "../anatomy/diagram.js";
import { written } from "../anatomy/values.js";
import { drawn, element, number, say } from "../kit/dom.js";
import { look } from "../view/look.js";
import { Handle } from "./handle.js";

const INPUT = "x";
const LEAST = 14; // pixels of letters; in front of a hall those of the page
const WEIGHT = { low: -10, high: 10, fine: 0.02 };
export const RANGES = { x: { low: -2, high: 2, fine: 0.01 }, h: { low: -1, high: 1, fine: 0.01 }, c: { low: -3, high: 3, fine: 0.01 } };
const ROWS = [["w", "w·x"], ["u", "u·h"], ["b", "bias"]]; // prettier-ignore

export class HandCell {
  /** @param {object} told of the cell  @param {object} owner of the numbers */
  constructor(told, owner) {
    this.told = told;
    this.diagram = new Diagram(told.wiring, told, `Diagram of the ${told.title}: one unit at one time step, every wire and gate in the colour of its value.`);
    this.diagram.svg.setAttribute("role", "group"); // there are sliders in it
    this.ports = new Map();
    for (const { part, node } of this.diagram.parts) {
      const name = part.value === INPUT ? INPUT : told.states.find(({ letter }) => part.value === `${letter}0`)?.letter;
      if (name) this.ports.set(name, this.port(node, owner));
    }
    const across = new Map(told.wiring.parts.map((part) => [part.value, part.across]));
    this.gates = told.blocks.map((block, at) => ({ ...block, at, across: across.get(block.letter) })).sort((one, other) => one.across - other.across);
    this.weights = this.gates.flatMap((gate) => ROWS.map(([name], column) => this.weight(gate, name, column, owner)));
    this.box = element("div", { class: "bh-cell" }, this.diagram.box, this.rows());
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(this.diagram.box);
  }

  port(node, owner) {
    const grip = drawn("path", { class: "bh-grip", "aria-hidden": "true" });
    node.append(grip);
    return new Handle(node, null, owner);
  }

  weight({ letter, title, at, across }, name, column, owner) {
    const value = element("span");
    const node = element("div", { class: "bh-weight", style: { "--bh-row": column + 1, left: `${across}%` } }, value);
    const place = { ...WEIGHT, name: `${name}_${letter}`, label: `${title}, ${this.told.columns[column]}` };
    return { node, value, at, column, handle: new Handle(node, place, owner) };
  }

  /** Under each gate its weights: a column of the page's own, at the gate's place. */
  rows() {
    const gap = Math.min(...this.gates.slice(1).map(({ across }, at) => across - this.gates[at].across));
    const heads = this.gates.map(({ across, symbol }) => element("b", { class: "bh-symbol", "aria-hidden": "true", style: { left: `${across}%` } }, symbol));
    const names = ROWS.map(([, title], row) => element("span", { class: "bh-row-name", "aria-hidden": "true", style: { "--bh-row": row + 1 } }, title));
    return element("div", { class: "bh-weights", role: "group", "aria-label": "Weights and biases", style: { "--bh-gap": `${gap}%` } }, ...heads, ...names, ...this.weights.map(({ node }) => node));
  }

  /** @param {{xs: number[], at: number}} numbers  @param {object} values of the step that is shown */
  show(numbers, values) {
    const { at, weights } = numbers;
    if (this.at !== at) this.turn(at);
    this.values = values;
    if (!this.fit()) this.fill();
    for (const { value, at: block, column, handle } of this.weights) {
      say(value, number(weights[block][column]));
      handle.show();
    }
    for (const port of this.ports.values()) port.show();
  }

  fill() {
    if (this.values) this.diagram.show(this.values, { ...written(this.values, this.told.wiring), y: "" }, { "yₜ": "out" });
  }

  /** The input is that of the step; states can be set before the first one, later they follow. */
  turn(at) {
    this.at = at;
    for (const [letter, port] of this.ports) {
      if (letter === INPUT) port.turn({ ...RANGES.x, name: `x${at + 1}`, label: `Input x at time step ${at + 1}` });
      else port.turn(at ? null : { ...(RANGES[letter] ?? RANGES.h), name: `${letter}0`, label: `${this.titleOf(letter)} before the first time step` });
    }
  }

  titleOf(letter) {
    const { title } = this.told.states.find((state) => state.letter === letter);
    return title[0].toUpperCase() + title.slice(1);
  }

  /** Fit the diagram to a box of another size; whether that was so. */
  fit() {
    const { clientWidth, clientHeight } = this.diagram.box;
    if (!clientWidth || !clientHeight) return false;
    const least = look.big ? parseFloat(getComputedStyle(this.box).fontSize) : LEAST;
    const size = `${clientWidth} ${clientHeight} ${least}`;
    if (this.laid === size) return false;
    this.laid = size;
    this.diagram.lay(clientWidth, clientHeight, look.big, least);
    for (const { node } of this.ports.values()) this.grip(node);
    this.fill();
    return true;
  }

  /** Two arrowheads at the sides of a port. */
  grip(node) {
    const box = node.querySelector("rect");
    const [x, y, wide, high] = ["x", "y", "width", "height"].map((name) => Number(box.getAttribute(name)));
    const head = (at, way) => `M${at} ${y + high / 2 - 6}L${at + 7 * way} ${y + high / 2}L${at} ${y + high / 2 + 6}Z`;
    node.querySelector(".bh-grip").setAttribute("d", `${head(x - 3, -1)}${head(x + wide + 3, 1)}`);
  }

  close() {
    this.sizes.disconnect();
  }
}
