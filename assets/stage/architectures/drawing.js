// A network unrolled in time as SVG: boxes and arrows where a plan puts them, coloured by what was measured.
import { inkOn } from "../kit/shades.js";
import { drawn, say } from "../kit/dom.js";
import { shade, width } from "./scale.js";

const VISIBLE = { " ": "␣", "\n": "↵", "\t": "⇥" };
const LETTER = 0.55; // width of a letter by its size
const LOW = "₀₁₂₃₄₅₆₇₈₉";
/** How the state after a time step, from 0, is called. */
export const state = (time) => `h${sub(time + 1)}`;
const sub = (number) => [...String(number)].map((digit) => LOW[digit]).join("");
export const seen = (word) => VISIBLE[word] ?? word;
const round = (value) => Math.round(value * 10) / 10;

export class Drawing {
  /** @param {string} about what it is a picture of  @param {{bare?: boolean}} how bare: without a word, as a sign of its shape */
  constructor(about, { bare = false } = {}) {
    this.bare = bare;
    this.layer = ["links", "heads", "boxes", "words"].map((name) => drawn("g", { class: `rv-net-${name}` }));
    this.svg = drawn("svg", { role: "img", "aria-label": about }, ...this.layer);
    this.boxes = [];
    this.links = [];
  }

  /** @param {object} found what `plan` gives  @param {number} height @param {number} font pixels */
  lay({ boxes, links, width: wide }, height, font) {
    this.font = font;
    this.svg.setAttribute("width", round(wide));
    this.svg.setAttribute("height", round(height));
    this.links = links.map((told) => new Link(told));
    this.boxes = boxes.map((told) => new Box(told, font, this.bare));
    const [lines, heads, shapes, words] = this.layer;
    lines.replaceChildren(...this.links.flatMap((link) => [link.base, link.line]));
    heads.replaceChildren(...this.links.filter((link) => !link.told.bare).map((link) => link.head));
    shapes.replaceChildren(...this.boxes.map((box) => box.node));
    words.replaceChildren();
  }

  /** A word anywhere in it. */
  word(text, x, y, kind = "", anchor = "start") {
    const node = drawn("text", { x: round(x), y: round(y), class: kind, "text-anchor": anchor, "font-size": round(this.font) }, text);
    this.layer[3].append(node);
    return node;
  }
}

class Link {
  constructor(told) {
    this.told = told;
    this.path = told.curve ? curve(told.curve) : `M${told.points.map((point) => point.map(round).join(" ")).join("L")}`;
    this.base = drawn("path", { d: this.path, class: "rv-net-base" });
    this.line = drawn("path", { d: this.path, class: "rv-net-line" });
    this.head = drawn("path", { class: "rv-net-head" });
    this.line.dataset.kind = told.kind;
    if (told.time !== undefined) this.line.dataset.time = told.time;
    this.paint(NaN, -1, false);
  }

  /** @param {number} share of the scale, 0 to 1; NaN where nothing was measured  @param {boolean} back the arrow points against time */
  paint(share, side, back) {
    const known = Number.isFinite(share);
    const [colour, wide] = [known ? shade(share, side) : "", known ? width(share) : 1.5];
    const key = `${colour} ${wide.toFixed(1)} ${back}`;
    if (this.key === key) return;
    this.key = key;
    this.line.classList.toggle("rv-net-unknown", !known);
    this.head.classList.toggle("rv-net-unknown", !known);
    this.line.style.stroke = this.head.style.fill = colour;
    this.line.style.strokeWidth = wide;
    const points = this.told.curve ?? this.told.points;
    const ends = back ? [points[1], points[0]] : points.slice(-2);
    this.head.setAttribute("d", tip(...ends, 3 + 0.7 * wide));
  }

  hide(hidden) {
    this.base.style.display = this.line.style.display = this.head.style.display = hidden ? "none" : "";
  }
}

const curve = ([from, one, two, to]) => `M${from.map(round).join(" ")}C${[one, two, to].map((point) => point.map(round).join(" ")).join(" ")}`;

/** The head of an arrow whose tip is at its end. */
function tip([fromX, fromY], [x, y], size) {
  const length = Math.hypot(x - fromX, y - fromY) || 1;
  const [dx, dy] = [(x - fromX) / length, (y - fromY) / length];
  const corner = (side) => `${round(x - 1.5 * size * dx - side * size * dy)} ${round(y - 1.5 * size * dy + side * size * dx)}`;
  return `M${round(x)} ${round(y)}L${corner(1)}L${corner(-1)}Z`;
}

class Box {
  constructor(told, font, bare) {
    Object.assign(this, { told, font });
    const { kind, x, y } = told;
    this.node = drawn("g", { class: `rv-net-box rv-net-${kind}` });
    if (told.time !== undefined) this.node.dataset.time = told.time;
    if (kind === "gap") return this.gap(bare);
    this.shape = drawn("rect", { x: round(x - told.half), y: round(y - told.high), width: round(2 * told.half), height: round(2 * told.high), rx: kind === "h" ? 6 : 4 });
    this.node.append(this.shape);
    if (bare) return;
    this.lines = (kind === "y" ? [-0.42, 0.52] : [0]).map((line) => drawn("text", { x: round(x), y: round(y + line * told.high), "text-anchor": "middle", "font-size": round(font) }));
    this.node.append(...this.lines);
    if (kind === "h") this.say([state(told.time)]);
  }

  /** In place of several steps: dots at every layer, and how many there are. */
  gap(bare) {
    const { x, y, wide, levels, from, to } = this.told;
    const word = (text, at, size) => drawn("text", { x: round(x), y: round(at), "text-anchor": "middle", "font-size": round(size) }, text);
    this.node.append(...levels.map((level) => word("…", level - 0.25 * this.font, 1.4 * this.font)));
    if (bare) return;
    const count = `${to - from + 1}`;
    if ((count.length + 5) * this.font * LETTER <= wide + 8) return this.node.append(word(`${count} more`, y, this.font));
    this.node.append(word(count, y - 0.5 * this.font, this.font), word("more", y + 0.55 * this.font, this.font));
  }

  /** One text for each line, as large as fits. @param {string[]} texts  @param {string} kind */
  say(texts, kind = "") {
    const key = `${texts.join("\n")} ${kind}`;
    if (this.said === key || !this.lines) return;
    this.said = key;
    const fits = Math.max(2, Math.floor((2 * this.told.half - 2) / (this.font * LETTER)));
    this.lines.forEach((line, at) => {
      const whole = seen(texts[at] ?? "");
      const text = whole.length > fits ? whole.replace(/^([→≠]) /, "$1") : whole;
      say(line, text.length <= fits ? text : `${text.slice(0, fits - 1)}…`);
    });
    this.node.classList.toggle("rv-wrong", kind === "wrong");
  }

  fill(share, side) {
    const known = Number.isFinite(share);
    const colour = known ? shade(share, side) : "";
    if (this.colour === colour) return;
    this.colour = colour;
    this.shape.style.fill = colour;
    for (const line of this.lines ?? []) line.style.fill = known ? inkOn(colour) : "";
  }
}
