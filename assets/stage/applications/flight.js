// A throw at a basket from the side, with the ball where the camera saw it, and below it the chance to go in over time.
import { drawn, element, percent, say } from "../kit/dom.js";
import { shadeOf } from "../kit/shades.js";
import { colours } from "../kit/colours.js";
import { Own } from "../parts/own.js";
import { Legend } from "../parts/picture.js";

const SHARE = 0.56; // of the height, for the flight at most; the chart has the rest
const GAP = 8; // pixels between them
const ROOM = { left: 0.4, right: 0.5, up: 0.35, down: 1.1 }; // metres around the hand, the board, the top and below the ring
const LEAST = 14; // pixels of its letters
const TICK = 0.25; // seconds

export class Flight extends Own {
  constructor(told) {
    super(told);
    this.legend = new Legend(told.scale);
    this.svg = drawn("svg", { class: "rv-flight", role: "img", "aria-label": `A throw from the side, and the chance that the ${told.name} gives it to go in, after each frame` });
    this.field.append(this.svg, element("div", { class: "rv-flight-legend" }, this.legend.box));
    for (const kind of ["pointerdown", "pointermove"]) this.svg.addEventListener(kind, (event) => (kind === "pointerdown" || event.buttons) && this.drag(event));
  }

  // What stands still

  make(probe) {
    const { clientWidth: width, clientHeight: height } = this.field;
    this.throw = this.told.throws[probe];
    this.painted = undefined;
    if (!width || !height) return;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.letter = Math.max(LEAST, parseFloat(getComputedStyle(this.box).fontSize) * 0.9);
    this.svg.style.fontSize = `${this.letter}px`;
    this.place(width, height);
    this.svg.replaceChildren(...this.basket(), ...this.balls(), ...this.chart());
    this.legend.paint();
  }

  /** Metres to pixels above, seconds and chances to pixels below. */
  place(width, height) {
    const { ring, board, throws } = this.told;
    const top = Math.max(board.high, ...throws.flatMap(({ seen, asked }) => seen.slice(0, asked).map(([, y]) => y))) + ROOM.up;
    const low = ring.y - ROOM.down;
    const across = board.x + ROOM.left + ROOM.right;
    const head = 1.3 * this.letter; // the legend
    const scale = Math.min(width / across, (height * SHARE - head) / (top - low));
    this.middle = Math.round(head + scale * (top - low));
    const left = (width - across * scale) / 2 + ROOM.left * scale;
    this.x = (metres) => left + metres * scale;
    this.y = (metres) => this.middle - (metres - low) * scale;
    this.scale = scale;
    const axis = { left: 4.4 * this.letter, right: width - 4, top: this.middle + GAP + 1.6 * this.letter, bottom: height - 1.5 * this.letter };
    const times = Math.max(...throws.map(({ asked }) => asked));
    this.axis = axis;
    this.t = (frame) => axis.left + (frame / (times - 1)) * (axis.right - axis.left);
    this.frameAt = (pixels) => Math.round(((pixels - axis.left) / (axis.right - axis.left)) * (times - 1));
    this.p = (chance) => axis.bottom - chance * (axis.bottom - axis.top);
    this.times = times;
  }

  basket() {
    const { ring, board } = this.told;
    const [near, far, height] = [this.x(ring.x - ring.radius), this.x(ring.x + ring.radius), this.y(ring.y)];
    const net = 0.4 * this.scale;
    const line = (x1, y1, x2, y2, width) => drawn("line", { x1, y1, x2, y2, stroke: "currentColor", "stroke-width": width });
    const inset = (far - near) * 0.22;
    return [
      line(this.x(board.x), this.y(board.low), this.x(board.x), this.y(board.high), 4),
      line(far, height, this.x(board.x), height, 2),
      line(near, height, far, height, 4),
      drawn("path", { d: `M${near} ${height} L${near + inset} ${height + net} H${far - inset} L${far} ${height}`, fill: "none", stroke: "currentColor", opacity: 0.4 }),
    ];
  }

  balls() {
    const { seen, asked } = this.throw;
    this.dots = seen.slice(0, asked).map(([x, y]) => drawn("circle", { cx: this.x(x), cy: this.y(y), r: Math.max(2.5, 0.035 * this.scale) }));
    this.ball = drawn("circle", { r: this.told.ball * this.scale, stroke: "currentColor", "stroke-width": 2 });
    return [...this.dots, this.ball];
  }

  chart() {
    const { left, right, top, bottom } = this.axis;
    const { sure, rate } = this.told;
    const text = (x, y, words, anchor = "end") => {
      const made = drawn("text", { x, y, "text-anchor": anchor });
      made.textContent = words;
      return made;
    };
    const flat = (chance, dash) => drawn("line", { x1: left, x2: right, y1: this.p(chance), y2: this.p(chance), stroke: "currentColor", opacity: dash ? 0.35 : 0.6, "stroke-dasharray": dash });
    const seconds = [];
    for (let s = 0; s * rate < this.times; s += TICK) if (this.t(s * rate) < right - 2 * this.letter) seconds.push(text(this.t(s * rate), bottom + 1.15 * this.letter, s % 0.5 ? "" : s.toFixed(1), "middle"));
    this.known = drawn("polyline", { class: "rv-asked", fill: "none", points: this.points(this.throw.known) });
    this.line = drawn("polyline", { class: "rv-said", fill: "none", stroke: this.told.colour });
    this.rule = drawn("line", { y1: top, y2: bottom, stroke: "currentColor", "stroke-width": 1.5 });
    this.value = text(0, 0, "", "middle");
    this.value.setAttribute("class", "rv-flight-value");
    this.marks = [drawn("path", { fill: "currentColor", opacity: 0.7 }), drawn("path", { fill: this.told.colour })];
    return [
      text(left - 6, this.p(1) + 0.35 * this.letter, "goes in"),
      text(left - 6, this.p(0) + 0.1 * this.letter, "misses"),
      text(left - 6, this.p(sure) + 0.35 * this.letter, `${Math.round(100 * sure)} %`),
      text(left - 6, this.p(1 - sure) + 0.35 * this.letter, `${Math.round(100 - 100 * sure)} %`),
      text(right, bottom + 1.15 * this.letter, "s"),
      flat(0, ""), flat(1, ""), flat(sure, "2 4"), flat(1 - sure, "2 4"), ...seconds,
      drawn("line", { class: "rv-asked", x1: left + 4, x2: left + 2.2 * this.letter, y1: top - 0.9 * this.letter, y2: top - 0.9 * this.letter }),
      text(left + 2.5 * this.letter, top - 0.55 * this.letter, "knowable", "start"),
      this.known, this.line, this.rule, ...this.marks, this.value,
    ]; // prettier-ignore
  }

  points(chances) {
    return Array.from(chances, (chance, frame) => (Number.isFinite(chance) ? `${this.t(frame).toFixed(1)},${this.p(chance).toFixed(1)}` : "")).join(" ");
  }

  // What changes

  paint(numbers) {
    if (!this.dots) return;
    const frame = Math.min(this.time ?? this.throw.asked - 1, this.throw.asked - 1);
    const now = [numbers, frame, colours.dark];
    if (this.painted?.every((one, at) => one === now[at])) return;
    this.painted = now;
    this.legend.paint();
    const chances = numbers?.chances;
    const shade = (at) => (chances ? shadeOf(chances[at], this.told.scale) : "currentColor");
    this.dots.forEach((dot, at) => {
      dot.setAttribute("fill", shade(at));
      dot.setAttribute("opacity", at <= frame ? 1 : 0.25);
    });
    const [x, y] = this.throw.seen[frame];
    for (const [name, value] of Object.entries({ cx: this.x(x), cy: this.y(y), fill: chances ? shade(frame) : "none" })) this.ball.setAttribute(name, value);
    this.line.setAttribute("points", chances ? this.points(chances) : "");
    for (const name of ["x1", "x2"]) this.rule.setAttribute(name, this.t(frame));
    this.tell(numbers, frame);
    this.mark(this.marks[0], this.throw.knownFrom, this.axis.bottom, -1);
    this.mark(this.marks[1], numbers?.from, this.axis.top, 1);
  }

  /** A small triangle at the edge of the chart where somebody begins to be sure. */
  mark(path, from, edge, way) {
    const size = 0.55 * this.letter;
    const x = this.t(from ?? 0);
    path.setAttribute("d", from === null || from === undefined ? "" : `M${x} ${edge + way * size} L${x - size} ${edge - 0.6 * way * size} H${x + size} Z`);
  }

  /** In words: since when it is known, and beside the rule how likely it is at this frame. */
  tell(numbers, frame) {
    const { rate } = this.told;
    this.say(numbers ? sureInWords(numbers.from, this.throw.knownFrom, rate) : "");
    const chance = numbers?.chances[frame];
    say(this.value, chance === undefined ? "" : percent(chance));
    const x = Math.min(this.axis.right - 1.8 * this.letter, this.t(frame) + 2 * this.letter);
    for (const [name, value] of Object.entries({ x, y: Math.min(this.axis.bottom - 0.3 * this.letter, Math.max(this.axis.top + 1.1 * this.letter, this.p(chance || 0) + 0.35 * this.letter)) })) this.value.setAttribute(name, value);
  }

  drag(event) {
    const { left, width } = this.svg.getBoundingClientRect();
    const [x, y] = [((event.clientX - left) / width) * this.svg.viewBox.baseVal.width, event.offsetY];
    const near = y > this.middle ? this.frameAt(x) : this.nearest(x);
    this.choose(Math.max(0, Math.min(this.throw.asked - 1, near)));
  }

  /** The frame at which the ball is closest to a place across. */
  nearest(x) {
    const away = this.throw.seen.slice(0, this.throw.asked).map(([metres]) => Math.abs(this.x(metres) - x));
    return away.indexOf(Math.min(...away));
  }
}

/** Since which frame a model is sure and right, beside the one from which the outcome can be known; null for never. */
function sureInWords(from, knownFrom, rate) {
  const at = (frame) => `${(frame / rate).toFixed(2)} s`;
  const known = knownFrom === null ? "cannot be known in time" : `can be known from ${at(knownFrom)}`;
  if (from === null) return `never sure; ${known}`;
  if (knownFrom !== null && from >= knownFrom) return `sure from ${at(from)}; ${known}`;
  return `sure from ${at(from)}, too soon: ${known}`;
}
