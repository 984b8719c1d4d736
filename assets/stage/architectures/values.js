// What was measured of one model, found for the boxes and arrows of a plan, as numbers and in words.
import { written } from "./scale.js";

export class Values {
  /** @param {object} net the model as the scene tells of it  @param {object} told the scene's whole of unrolled networks */
  constructor(net, told) {
    Object.assign(this, { net, told });
  }

  /** @param {object | undefined} unrolled of one moment  @param {number} probe  @param {string} flow */
  set(unrolled, probe, flow) {
    Object.assign(this, { unrolled, probe: this.told.probes[probe], back: flow === "backwards" });
  }

  /** The norm of a state, or backwards of the loss's gradient by it; NaN where there is none. */
  state({ part, layer, direction, time }, letter = "h") {
    const values = this.unrolled?.parts[part][`${this.back ? "d" : ""}${letter}`];
    if (!values) return NaN;
    const ways = Math.max(...this.net.parts.map((one) => one.directions));
    const times = values.length / this.net.parts[0].layers / ways;
    return values[(layer * ways + direction) * times + time];
  }

  /** The norm of what goes through an arrow; NaN where that was not measured. */
  arrow(told) {
    if (!this.unrolled) return NaN;
    if (told.kind === "in") return this.back ? NaN : this.unrolled.parts[told.part].x[told.time];
    if (told.kind === "on" || told.kind === "over") return this.state(told, told.letter);
    if (this.back) return this.only(told) ? this.state(told) : NaN;
    if (this.net.parts[told.part].skip && told.layer) return NaN; // what the layer read is added on the way
    if (told.kind !== "both") return this.state(told);
    return Math.hypot(...[0, 1].map((direction) => this.state({ ...told, direction })));
  }

  /** Whether all of the gradient by a state comes through this arrow: nothing else reads the state, in any sequence. */
  only({ kind, part, layer, direction, time }) {
    const of = this.net.parts[part];
    const last = this.told.same_end && part === this.net.parts.length - 1 && time === (direction ? 0 : this.probe.read[part].length - 1);
    return (last || !of.states.length) && (kind === "out" ? layer === of.layers - 1 : kind === "up" && of.directions === 1 && of.span === 1 && !of.skip);
  }

  /** The weight of attention on one step of the input, of a gap that of all in it. */
  weight({ span, to }) {
    if (!this.unrolled?.attention) return NaN;
    let sum = 0;
    for (let time = span.from; time <= span.to; time++) sum += this.unrolled.attention[to * this.probe.read[0].length + time];
    return sum;
  }

  /** What is pointed at, in words; "" where this model has no such thing. */
  words(told) {
    const { unrolled, net, back } = this;
    if (!unrolled) return "";
    if (told.kind === "look") return net.attention ? `weight ${this.weight(told).toFixed(2)}` : "";
    if (told.kind === "y") return this.answer(told.answer);
    const of = net.parts[told.part];
    if (!of || (told.layer ?? 0) >= of.layers || (told.direction ?? 0) >= of.directions) return "";
    if (told.kind === "x") return back ? "not measured" : `‖x‖ ${written(unrolled.parts[told.part].x[told.time])}`;
    if (told.kind !== "h") return written(this.arrow(told));
    const letters = of.states.length ? of.states : ["h"];
    return letters.map((letter) => `${back ? `‖∂L/∂${letter}‖` : `‖${letter}‖`} ${written(this.state(told, letter))}`).join(", ");
  }

  answer(at) {
    const { said, sure, loss } = this.unrolled;
    return `${said[at] ?? ""}${Number.isNaN(sure[at]) ? "" : ` (${Math.round(100 * sure[at])} %)`}, loss ${written(loss[at])}`;
  }
}

/** Whether an arrow goes through a matrix. @param {{part: number, layer: number, direction: number, matrix: string}} use */
export function goesThrough({ kind, part, layer, direction, letter = "h" }, use) {
  if (part !== use.part || letter !== "h" || direction !== use.direction) return false;
  if (use.matrix === "W_hh") return kind === "on" && layer === use.layer;
  return kind === "in" ? !use.layer : (kind === "up" || kind === "both") && layer === use.layer - 1;
}
