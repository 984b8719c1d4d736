// The words on the drawing of one model: what its rows are, and which letter is on which arrow.
import { goesThrough } from "./values.js";

const PARTED = 2.2; // letters from row to row, and two lines of words have room beside each

export class Names {
  /** @param {object} lane whose drawing it is */
  constructor(lane) {
    this.lane = lane;
    this.words = [];
  }

  /** @param {{part: number, layer: number, direction: number, matrix: string}} through the matrix looked at  @param {boolean} sharing its uses are what is shown */
  write(through, sharing) {
    const key = `${this.lane.key} ${JSON.stringify(through)}`;
    if (this.key === key) return;
    Object.assign(this, { key, through, sharing });
    for (const word of this.words) word.remove();
    this.words = [];
    this.rows();
    this.letters();
  }

  say(text, x, y, kind, anchor) {
    this.words.push(this.lane.drawing.word(text, x, y, kind, anchor));
  }

  /** At the left of every row. */
  rows() {
    const { net, size, told } = this.lane;
    const full = size.left > 5 * this.lane.font;
    if (!this.sharing) this.say(full ? `y · ${net.answer}` : "y", 0, size.rows.y, "rv-net-name");
    for (let layer = 0; layer < net.parts.at(-1).layers; layer++) full ? this.states(layer) : this.letter(layer);
    const embedded = net.embedded ? ` → ${net.embedded}` : "";
    this.say(full ? `x · ${net.reads}${embedded}` : "x", 0, size.rows.x, "rv-net-name");
    if (net.parts.length > 1 && !this.sharing && told) this.half();
  }

  letter(layer) {
    const { net, size } = this.lane;
    this.say(net.parts.at(-1).layers > 1 ? `h${layer + 1}` : "h", 0, size.rows.states[(layer + 1) * this.ways - 1], "rv-net-name");
  }

  get ways() {
    return Math.max(...this.lane.net.parts.map((part) => part.directions));
  }

  /** How many states a layer has, and the size of a matrix; or which way each of its rows is read. */
  states(layer) {
    const { net, font, size } = this.lane;
    const { ways } = this;
    const last = net.parts.at(-1);
    const { states } = size.rows;
    const parted = size.rows.x - states[0] > PARTED * font;
    const name = `${last.layers > 1 ? `layer ${layer + 1}` : "h"} · ${last.units}`;
    const y = states[(layer + 1) * ways - 1];
    if (ways > 1 && !parted) {
      this.say(`${name} ←`, 0, y, "rv-net-name");
      return this.say(`${name} →`, 0, states[layer * ways], "rv-net-name");
    }
    const under = ways === 1 && (parted || last.layers === 1) ? this.under(layer) : "";
    this.say(name, 0, y - (under ? 0.55 * font : 0), "rv-net-name");
    if (under) this.say(under, 0, y + 0.6 * font, "rv-soft");
    if (ways === 1) return;
    this.say("← backward", 0, y + 1.15 * font, "rv-soft");
    this.say("forward →", 0, states[layer * ways], "rv-soft");
  }

  /** The matrix by which the states are multiplied, where uses are shown the chosen one; or what a cell has instead. */
  under(layer) {
    const { net } = this.lane;
    const { part, matrix } = this.through;
    const { weights, span } = this.sharing ? net.parts[part] : net.parts.at(-1);
    if (this.sharing && layer !== this.through.layer) return "";
    const shown = this.sharing ? matrix : "W_hh";
    const sizes = weights[layer]?.[shown];
    return sizes ? `${shown} ${sizes}` : `reads the last ${span}`;
  }

  /** Over the first half of an encoder–decoder what it is: the other one has answers there. */
  half() {
    const { drawing, net, size, font } = this.lane;
    const first = drawing.boxes.filter((box) => box.told.part === 0 && box.told.kind === "x").map((box) => box.told.x);
    this.say(net.parts[0].name, Math.min(...first) - 0.3 * size.wide, size.rows.y - 0.5 * font, "rv-soft");
  }

  /** Which letter is on which arrow, where that would be a riddle. */
  letters() {
    const { links } = this.lane.drawing;
    if (this.sharing) return links.filter(({ told }) => goesThrough(told, this.through)).forEach(({ told }) => this.used(told));
    const first = new Set();
    for (const { told } of links) {
      const key = [told.part, told.layer, told.direction, told.letter].join();
      if (told.kind !== "on" || this.lane.net.parts[told.part].states.length < 2 || first.has(key)) continue;
      first.add(key);
      this.carried(told);
    }
  }

  used({ kind, points, part }) {
    const { font } = this.lane;
    const [[x, from], [, to]] = points.slice(-2);
    if (kind === "on") return this.say("W", this.beside(points, part), from - 0.8 * font, "rv-net-w", "middle");
    if (points.at(-1)[0] === x && from - to > font) this.say("W", x + 0.9 * font, (from + to) / 2, "rv-net-w", "middle");
  }

  carried({ points, part, letter }) {
    const { dense, font } = this.lane;
    this.say(letter, this.beside(points, part), points[0][1] + (letter === "h" ? 1 : -1) * dense.letter * font, "rv-net-w", "middle");
  }

  /** Between two directions an arrow crosses the middle of another one. */
  beside([[from], [to]], part) {
    return from + (this.lane.net.parts[part].directions > 1 ? 0.78 : 0.5) * (to - from);
  }
}
