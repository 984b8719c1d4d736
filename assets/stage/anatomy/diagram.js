// The diagram of a cell: where everything stands is told in the scene, here it is fitted to its box and filled with values.
import { inkOn, shadeOf } from "../kit/shades.js";
import { drawn, element, say } from "../kit/dom.js";

const LEAST_WIDE = 350; // units of the drawing: narrower, the boxes would touch
const TALL = 560; // pixels, of a diagram whose boxes hold letters for a hall
const TALLEST = 1.5; // times as high as it is told, at most
const NAME = 14; // units, letters
const VALUE = 15;
const LETTER = 0.56; // width of a letter by its size
const ROOM = 19; // from the middle of a part to its upper edge, for letters of their usual size
const LONGEST = 7; // letters of a word that fit into a port
const LEAST = { page: 11.5, hall: 24 }; // pixels of a name's letters
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

export class Diagram {
  /** @param {object} wiring parts, wires, dots, frame  @param {object} told sizes and scales  @param {string} about */
  constructor(wiring, told, about) {
    Object.assign(this, { wiring, told });
    this.frame = drawn("rect", { class: "rv-anat-frame", rx: 18 });
    this.wires = wiring.wires.map((wire) => new WireLine(wire, told.scales));
    this.dots = wiring.dots.map(() => drawn("circle", { class: "rv-anat-dot" }));
    this.parts = wiring.parts.map((part) => new PartBox(part, told));
    const lines = ["edge", "line", "head"].flatMap((layer) => this.wires.flatMap((wire) => wire[layer] ?? []));
    const labels = this.wires.flatMap((wire) => (wire.label ? [wire.label] : []));
    this.svg = drawn("svg", { role: "img", "aria-label": about }, this.frame, ...lines, ...this.dots, ...this.parts.map((part) => part.node), ...labels);
    this.box = element("div", { class: "rv-anat-diagram" }, this.svg);
  }

  /** Fit everything to the box: a wider or taller one moves the parts apart, and all letters grow with it. @param {number} least pixels of letters */
  lay(width, height, big, least = LEAST[big && height >= TALL ? "hall" : "page"]) {
    const { high } = this.told.sizes;
    const scale = Math.min(width / LEAST_WIDE, height / high);
    const wide = width / scale;
    const tall = clamp(height / scale / high, 1, TALLEST);
    const letters = Math.max(clamp(wide / 600, 0.95, 1.2), least / NAME / scale);
    const growth = clamp(wide / 650, 0.6, 1.5);
    const at = {
      x: (across, pixels = 0, growing = 0) => (across * wide) / 100 + pixels * tall + growing * growth,
      y: (down) => down * tall,
      tall,
      growth,
      letters,
    };
    this.svg.setAttribute("viewBox", `0 0 ${wide} ${high * tall}`);
    const [left, right, upper, lower] = this.wiring.frame;
    place(this.frame, { x: at.x(left), width: at.x(right) - at.x(left), y: at.y(upper), height: at.y(lower) - at.y(upper) });
    for (const wire of this.wires) wire.lay(at);
    this.wiring.dots.forEach(([across, down], i) => place(this.dots[i], { cx: at.x(across), cy: at.y(down), r: 4.5 }));
    for (const part of this.parts) part.lay(at);
  }

  /** @param {object} numbers name → value  @param {object} texts name → as it is written  @param {object} names symbols other than the usual */
  show(numbers, texts, names) {
    for (const wire of this.wires) wire.show(numbers, texts);
    for (const part of this.parts) part.show(numbers, texts, names);
  }
}

class WireLine {
  constructor(wire, scales) {
    Object.assign(this, { wire, scale: wire.gate ? scales.gate : scales.signed });
    this.edge = drawn("path", { class: "rv-wire-edge" });
    this.line = drawn("path", { class: wire.value ? "rv-wire" : "rv-wire rv-whole" });
    this.head = wire.arrow ? drawn("path", { class: "rv-anat-dot" }) : null;
    this.label = wire.label && drawn("text", { class: "rv-wire-label" });
  }

  lay({ x, y, letters }) {
    const points = this.wire.path.map(([across, pixels, growing, down]) => [x(across, pixels, growing), y(down)]);
    const path = `M${points.map((point) => point.map((value) => value.toFixed(1)).join(" ")).join("L")}`;
    for (const line of [this.edge, this.line]) line.setAttribute("d", path);
    this.head?.setAttribute("d", arrow(...points.slice(-2)));
    if (!this.label) return;
    const [across, pixels, growing, down] = this.wire.label;
    place(this.label, { x: x(across, pixels * letters, growing), y: y(down), "font-size": NAME * letters });
  }

  show(numbers, texts) {
    const { value } = this.wire;
    if (value) this.line.style.stroke = shadeOf(numbers[value], this.scale);
    if (this.label) say(this.label, texts[value] ?? "");
  }
}

/** The head of an arrow, its tip where the wire ends. */
function arrow([fromX, fromY], [x, y]) {
  const along = [Math.sign(x - fromX), Math.sign(y - fromY)];
  const [dx, dy] = Math.abs(x - fromX) > Math.abs(y - fromY) ? [along[0], 0] : [0, along[1]];
  const corner = (side) => `${x - 9 * dx + side * 5.5 * dy} ${y - 9 * dy + side * 5.5 * dx}`;
  return `M${x} ${y}L${corner(1)}L${corner(-1)}Z`;
}

class PartBox {
  constructor(part, { sizes, scales }) {
    Object.assign(this, { part, sizes, scale: part.kind === "gate" ? scales.gate : scales.signed });
    this.sign = part.kind === "sign";
    this.shape = drawn(this.sign ? "circle" : "rect", { class: "rv-anat-part", rx: 6 });
    this.name = drawn("text", { class: "rv-anat-part-name" });
    this.value = drawn("text", { class: "rv-anat-part-value" });
    this.node = drawn("g", { "data-part": part.name }, this.shape, this.name, this.value);
  }

  lay({ x, y, tall, growth, letters }) {
    const { across, down, kind } = this.part;
    const [middle, level] = [x(across), y(down)];
    const [half, high] = (kind === "port" ? this.sizes.port : this.sizes.box).map((size, i) => (i ? Math.max(size * tall, ROOM * letters) : size * growth));
    if (this.sign) place(this.shape, { cx: middle, cy: level, r: this.sizes.radius * tall });
    else place(this.shape, { x: middle - half, width: 2 * half, y: level - high, height: 2 * high });
    const lines = this.part.value ? [-9 * letters, 10 * letters] : [0, 0];
    place(this.name, { x: middle, y: level + lines[0], "font-size": NAME * letters });
    place(this.value, { x: middle, y: level + lines[1] });
    Object.assign(this, { half, letters, fits: (2 * half) / (NAME * letters * LETTER) });
  }

  show(numbers, texts, names) {
    const { name, long, value } = this.part;
    const shade = this.sign ? shadeOf(NaN, this.scale) : shadeOf(numbers[value], this.scale);
    if (this.shade !== shade) {
      this.shade = shade;
      this.shape.style.fill = shade;
      this.name.style.fill = this.value.style.fill = inkOn(shade);
    }
    const known = names[name] ?? name;
    say(this.name, known === name && long && long.length <= this.fits ? long : known);
    if (!value) return;
    const text = shortened(texts[value] ?? "");
    say(this.value, text);
    place(this.value, { "font-size": Math.min(VALUE * this.letters, (2 * this.half - 3) / (LETTER * Math.max(1, text.length - 0.6))) });
  }
}

const shortened = (word) => (word.length <= LONGEST ? word : `${word.slice(0, LONGEST - 1)}…`);

function place(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, typeof value === "number" ? value.toFixed(1) : value);
}
