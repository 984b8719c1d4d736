// Below the time steps: what each use of the shared matrix adds to its gradient, as a share of the whole.
import { written } from "./scale.js";
import { drawn } from "../kit/dom.js";

const ABOVE = 0.15; // letters: over the bars and their numbers
const LINES = 2.7; // letters: two lines of words have room beside the bars
const NAMED = 0.0095; // smaller shares have no number
const percent = (share) => `${share < 0 ? "−" : ""}${Math.abs(100 * share) < 9.5 ? Math.abs(100 * share).toFixed(Math.abs(100 * share) < 0.95 ? 1 : 0) : Math.round(Math.abs(100 * share))} %`;

export class Bars {
  constructor() {
    this.node = drawn("g", { class: "rv-net-bars" });
  }

  /** @param {object} lane whose columns they stand under */
  lay(lane) {
    this.lane = lane;
    lane.drawing.svg.append(this.node);
    this.painted = undefined;
  }

  /** The use whose bar this is. */
  found(target) {
    const time = Number(target.dataset?.time ?? -1);
    return this.use && time >= 0 && target.classList.contains("rv-net-bar") ? { kind: "use", part: this.use.part, layer: this.use.layer, direction: this.use.direction, time } : null;
  }

  value({ part, time }) {
    if (!this.use || part !== this.use.part) return "";
    const { share, norm, cosine } = this.use;
    return `${percent(share[time])}, norm ${written(norm[time])}, cosine ${cosine[time].toFixed(2).replace("-", "−")}`;
  }

  /** @param {{part: number, share: number[], matrix: string} | null} use */
  paint(use, shown) {
    const { drawing, size, font } = this.lane;
    this.node.replaceChildren();
    this.use = shown ? use : null;
    if (!shown) return;
    const tall = (this.lane.dense.bars - ABOVE) * font;
    const base = size.rows.bars + tall;
    const boxes = drawing.boxes.filter(({ told }) => told.part === (use?.part ?? 0) && (told.kind === "x" || told.kind === "gap"));
    const line = (y) => drawn("line", { x1: size.left, x2: this.lane.wide, y1: y, y2: y, class: "rv-net-axis" });
    if (!use) return this.node.append(line(base));
    const shares = boxes.map(({ told }) => sum(use.share, told.from ?? told.time, told.to ?? told.time));
    const [low, high] = [Math.min(0, ...shares), Math.max(0.01, ...shares)];
    const under = low < -NAMED && tall > LINES * font ? 1.1 * font : 0; // for numbers below bars; they stand above these where it is tight
    const room = tall - 1.1 * font - under;
    const scale = room / (high - low);
    const zero = base - under + low * scale;
    this.node.append(line(zero));
    boxes.forEach(({ told }, at) => {
      const long = Math.abs(shares[at]) * scale;
      const wide = Math.min(0.6 * size.wide, 3.3 * font);
      const y = shares[at] >= 0 ? zero - long : zero;
      const kind = told.kind === "gap" ? " rv-net-summed" : shares[at] < 0 ? " rv-net-against" : "";
      this.node.append(drawn("rect", { x: told.x - wide / 2, y, width: wide, height: Math.max(0.5, long), class: `rv-net-bar${kind}`, "data-time": told.time ?? -1 }));
      if (!(Math.abs(shares[at]) >= NAMED)) return;
      const text = drawn("text", { x: told.x, y: shares[at] >= 0 || !under ? y - 0.5 * font : y + long + 0.65 * font, "text-anchor": "middle", "font-size": font }, percent(shares[at]));
      this.node.append(text);
    });
    const lines = tall > LINES * font ? ["share of", `∂L/∂${use.matrix}`] : [`∂L/∂${use.matrix}`];
    const label = size.left > 5 * font ? lines : [];
    label.forEach((text, line) => this.node.append(drawn("text", { x: 0, y: base - (1.1 * (label.length - line) - 0.45) * font, "font-size": font, class: "rv-net-name" }, text)));
  }
}

function sum(values, from, to) {
  let found = 0;
  for (let at = from; at <= to; at++) found += values[at];
  return found;
}
