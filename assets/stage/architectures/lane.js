// One model, unrolled: its boxes and arrows with what flows through them, forwards, backwards, or what each use of a
// shared matrix adds to its gradient.
import { Bars } from "./bars.js";
import { columns, shared } from "./columns.js";
import { ROOMY } from "./density.js";
import { Drawing, seen } from "./drawing.js";
import { Names } from "./names.js";
import { plan } from "./plan.js";
import { backwards, forwards, weights } from "./scale.js";
import { goesThrough, Values } from "./values.js";
import { counted, element, keyed, say, swatch } from "../kit/dom.js";

const LEAST = 54; // pixels of a column, by letters of 14 pixels
const MOST = 130;
const LONGEST = 8; // letters of a symbol that a column has room for
const NARROW = 700; // pixels: below, the labels at the left are letters alone
export const SHARING = "sharing";
const USED = 0.55; // of the scale: an arrow through the matrix looked at
const FINE = 0.25; // the same where arrows from many steps meet in one

export class Lane {
  constructor(model, scene, point) {
    Object.assign(this, { model, told: scene.unrolled, net: scene.unrolled.models[model.label], point });
    this.formula = element("span", { class: "rv-net-formula" });
    this.score = element("span", { class: "rv-score" });
    const head = element("h3", {}, swatch(model), element("b", {}, model.name), this.score, element("span", { class: "rv-net-parts" }, parted(this.net)), this.formula);
    this.drawing = new Drawing(`The ${model.name} unrolled in time`);
    this.bars = new Bars();
    this.names = new Names(this);
    this.dense = ROOMY;
    this.values = new Values(this.net, this.told);
    this.usual = { part: 0, layer: this.net.parts[0].layers - 1, direction: 0, matrix: "W_hh" };
    this.scroll = element("div", { class: "rv-net-scroll" }, this.drawing.svg);
    this.box = element("section", { class: `rv-net ${keyed(`unrolled-${model.label}`)}`, "aria-label": model.name }, head, this.scroll);
    this.listen();
  }

  listen() {
    const { svg } = this.drawing;
    svg.addEventListener("pointermove", ({ target }) => this.point(this.found(target)));
    svg.addEventListener("pointerleave", () => this.point(null));
  }

  found(target) {
    const of = [...this.drawing.boxes, ...this.drawing.links].find((one) => one.node?.contains(target) || one.line === target || one.base === target);
    if (!of) return this.bars.found(target);
    return of.told.time === undefined ? null : of.told;
  }

  // Where everything stands

  /** Height that it takes at least below its head, pixels. @param {string} flow  @param {number} font  @param {typeof ROOMY} dense */
  least(flow, font, dense) {
    const gap = flow === SHARING ? dense.near : dense.gap;
    const states = this.levels * (this.tall(font, dense) + gap) + gap + dense.box * font;
    return states + 5 + (flow === SHARING ? (dense.bars + dense.over) * font - gap : dense.answer * font);
  }

  /** Whether several time steps share a column. */
  get folded() {
    return this.cols.some((some) => some.some((one) => one.time === undefined));
  }

  get levels() {
    return Math.max(...this.net.parts.map((part) => part.layers * part.directions));
  }

  /** Pixels of a state's box: two arrows need more. */
  tall(font, dense) {
    return dense.box * font + (this.net.parts.some((part) => part.states.length > 1) ? 6 : 0);
  }

  /** @param {{probe: number, flow: string, whole: boolean}} looked  @param {number} wide @param {number} height @param {number} font  @param {typeof ROOMY} dense */
  lay(looked, wide, height, font, dense) {
    const key = `${Object.values(looked).join()} ${wide} ${height} ${font} ${dense.head}`;
    if (this.key === key) return;
    Object.assign(this, { key, looked, font, dense });
    const probe = this.told.probes[looked.probe];
    const label = wide < NARROW ? 2.2 * font : 9.9 * font;
    const long = Math.max(1, ...probe.read.flat().concat(probe.asked).map((word) => word.length));
    const two = this.net.parts.some((part) => part.directions > 1);
    const least = Math.max((LEAST / 14) * font * (two ? 1.25 : 1), Math.min(LONGEST, long) * 0.62 * font + 10);
    const spacer = this.net.parts.length > 1 ? 0.5 * least : 0;
    const room = Math.max(3, Math.floor((wide - label - spacer - 4) / least));
    const counts = probe.read.map((some) => some.length);
    this.cols = looked.whole ? counts.map((count) => columns(count, count)) : counts.length > 1 ? shared(counts, room, this.must(probe)) : [columns(counts[0], room, this.must(probe)[0])];
    const places = this.cols.reduce((sum, some) => sum + some.length, 0);
    const column = Math.max(least, Math.min((MOST / 14) * font, (wide - label - spacer - 4) / places));
    this.size = { left: label, wide: column, spacer, box: this.tall(font, dense), input: dense.box * font, answer: dense.answer * font, rows: this.rows(height, font, looked.flow) };
    this.draw(probe, height, font);
  }

  /** Steps that always have a column: those that are asked, where they are few. */
  must(probe) {
    const asked = probe.asked.flatMap((word, time) => (word ? [time] : []));
    const last = probe.read.length - 1;
    return probe.read.map((_, part) => (part === last && this.told.answers !== "last" && asked.length < 4 ? asked : []));
  }

  rows(height, font, flow) {
    const { dense } = this;
    const box = this.tall(font, dense);
    const [top, bottom] = flow === SHARING ? [0, dense.bars * font] : [dense.answer * font, 0];
    const x = height - bottom - (dense.box * font) / 2 - 4;
    const even = (x - (dense.box * font) / 2 - top - this.levels * box) / (this.levels + 1); // the same room everywhere
    const highest = flow === SHARING ? box / 2 + dense.over * font : top + Math.max(dense.gap, even) + box / 2; // of a state's middle, the least
    const each = flow === SHARING ? (x - highest) / this.levels : Math.min((x - highest) / this.levels, 2 * box + 2 * ROOMY.gap);
    const states = Array.from({ length: this.levels }, (_, level) => x - each * (level + 1));
    return { y: Math.max(top / 2 + 1, states.at(-1) - box / 2 - top / 2 - each + box), x, states, bars: x + (dense.box * font) / 2 };
  }

  draw(probe, height, font) {
    const { drawing, net, told, size } = this;
    const sharing = this.looked.flow === SHARING;
    const found = plan({ parts: net.parts, answers: sharing ? "none" : told.answers, asked: sharing ? [] : probe.asked, attends: Boolean(net.attention) && !sharing, averages: net.averages }, this.cols, size);
    this.wide = found.width;
    drawing.lay(found, height, font);
    for (const box of drawing.boxes) if (box.told.kind === "x") box.say([probe.read[box.told.part][box.told.time]]);
    this.bars.lay(this);
    this.painted = null;
    if (this.looked.whole && told.answers === "last") this.scroll.scrollLeft = found.width; // to the answer, where the way back begins
  }

  // What flows

  /** @param {object} moment of this model, or nothing  @param {object} given what its shared matrices were asked for  @param {number|null} time pointed at */
  paint(model, given, pointed, dark, step) {
    this.step = step;
    say(this.score, model?.verdict ?? "");
    this.score.dataset.verdict = model?.verdict ?? "";
    const key = [this.key, pointed?.time ?? -1, pointed?.part ?? -1, dark, given?.key ?? "", step].join(" ");
    if (this.painted === key && this.shown === model) return;
    Object.assign(this, { painted: key, shown: model });
    const { flow, probe } = this.looked;
    this.values.set(model?.unrolled, probe, flow);
    const scale = flow === "backwards" ? backwards(this.told) : forwards(this.told);
    const use = flow === SHARING ? given : null;
    this.use = use?.share.length ? use : null;
    const { part, layer, direction, matrix } = this.use ?? this.usual;
    this.through = { part, layer, direction, matrix };
    for (const link of this.drawing.links) this.paintLink(link, flow, scale, pointed);
    for (const box of this.drawing.boxes) this.paintBox(box, flow, scale, pointed);
    this.bars.paint(this.use, flow === SHARING);
    this.names.write(this.through, flow === SHARING);
    this.tell(flow === SHARING ? this.sentence(use, Boolean(model)) : this.net.formula.replace(/^(.*) = ([\d,]+)$/, "$2 parameters = $1"));
  }

  /** At the end of the head: how many parameters there are, or what was found of the shared ones. */
  tell(text) {
    say(this.formula, text);
    if (this.formula.title !== text) this.formula.title = text;
  }

  sentence(use, measured) {
    if (!measured) return "Train to measure what each use of the matrix adds to its gradient.";
    if (!use) return "Each use gets a copy of the matrix of its own; the worker is asked what each adds …";
    return use.step === undefined ? use.text : `${use.text}${use.step === this.step ? "" : ` (Training step ${counted(use.step)}.)`}`;
  }

  get used() {
    return this.net.parts[this.through.part].span > 1 ? FINE : USED;
  }

  paintLink(link, flow, scale, pointed) {
    const { told } = link;
    if (told.kind === "look") return this.paintLook(link, flow, pointed);
    if (flow === SHARING) return link.paint(goesThrough(told, this.through) ? this.used : NaN, -1, false);
    link.paint(scale.share(this.values.arrow(told)), scale.side, flow === "backwards");
  }

  /** The weights of one output step at a time: the one pointed at, else the first. */
  paintLook(link, flow, pointed) {
    const chosen = pointed?.part === 1 ? pointed.time : Math.min(this.cols[1][0].time, 0);
    link.hide(link.told.to !== chosen);
    link.paint(flow === "backwards" ? NaN : weights.share(this.values.weight(link.told)), weights.side, flow === "backwards");
  }

  paintBox(box, flow, scale, pointed) {
    const { told } = box;
    if (told.kind === "gap") return;
    box.node.classList.toggle("rv-net-now", pointed?.time === told.time && pointed?.part === told.part);
    if (told.kind === "y") return this.answer(box, flow);
    if (told.kind !== "h" || flow === SHARING) return box.fill(NaN);
    box.fill(scale.share(this.values.state(told)), scale.side);
  }

  /** What is answered, and how sure that is; backwards its loss, where the gradient begins. */
  answer(box, flow) {
    const { unrolled } = this.values;
    const at = box.told.answer;
    const right = this.told.probes[this.looked.probe].asked[at];
    if (!unrolled) return box.say(["?", `→ ${seen(right)}`], "");
    const sure = unrolled.sure[at];
    const wrong = unrolled.right.length ? !unrolled.right[at] : false;
    const second = flow === "backwards" ? `L ${unrolled.loss[at].toFixed(2)}` : wrong ? `≠ ${seen(right)}` : Number.isNaN(sure) ? `→ ${right}` : `${Math.round(100 * sure)} %`;
    box.say([unrolled.said[at], second], wrong ? "wrong" : "");
  }

  /** What is pointed at, as this model has it, in words. */
  value(told) {
    return told.kind === "use" ? this.bars.value(told) : this.values.words(told);
  }
}

/** The recurrent layers of a network, in words. */
function parted({ parts, attention }) {
  const said = parts.map(({ name, cell, units, layers, directions, skip }) => {
    const how = [units, ...(layers > 1 ? [`${layers} layers${skip ? " with skip connections" : ""}`] : []), ...(directions > 1 ? ["both directions"] : [])].join(", ");
    return parts.length > 1 ? `${name} ${cell}, ${how}` : how;
  });
  return [...said, ...(attention ? [attention] : [])].join(" · ");
}
