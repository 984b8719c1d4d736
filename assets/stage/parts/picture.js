// States or gates of one model: a canvas for each variable, units down, the sequence across.
import { Axis } from "./axis.js";
import { Curve } from "./curve.js";
import { colours } from "../kit/colours.js";
import { element, keyed, number, say } from "../kit/dom.js";
import { VALUE } from "../kit/halves.js";
import { Head } from "./head.js";
import { orderOf } from "./order.js";
import { Strands } from "./strands.js";

export class Picture {
  /** @param {object} told a picture of the scene */
  constructor(told) {
    this.told = told;
    this.strands = Strands.gateOf(told) ? new Strands(told) : null;
    this.head = new Head(told, ...(this.strands ? [this.strands.box] : []));
    this.bands = told.bands.map((band, at) => new Band(band, told, at === told.bands.findIndex((one) => sameScale(one, band))));
    this.axes = told.bands.length > 2 ? [new Axis(), new Axis()] : [new Axis()]; // one below each column of bands
    this.without = element("p", { class: "rv-without" });
    this.bands[0]?.field.append(this.without);
    this.answer = element("p", { class: "rv-answer" }, "\u00a0");
    const axes = element("div", { class: "rv-axes" }, ...this.axes.map((axis) => axis.box));
    this.bottom = element("div", { class: "rv-bottom" }, axes, this.answer);
    const middle = element("div", { class: "rv-bands", "data-count": told.bands.length }, ...this.bands.map((band) => band.box));
    this.box = element("section", { class: `rv-picture ${keyed(told.key)}`, "aria-label": told.name }, this.head.box, middle, this.bottom);
    for (const band of this.bands) this.listen(band);
  }

  draw(context) {
    const { scene, look, moment } = context;
    this.hub = context.hub;
    const sequence = scene.sequences[look.probe];
    const model = moment?.models[this.told.label];
    this.show(sequence, scene);
    this.box.classList.toggle("rv-untold", !model);
    if (this.model !== model) this.tell(model, sequence, scene);
    this.head.draw(context);
    const order = this.orders(context);
    for (const band of this.bands) band.paint(model?.values[band.told.name], order, sequence.tokens.length);
    say(this.without, model && !this.bands.some((band) => band.bits) ? lacking(scene, this.told.label, look) : "");
    this.strands?.draw(model?.values, model?.carry);
    this.point(context.point);
  }

  show(sequence, scene) {
    if (this.sequence === sequence) return;
    this.sequence = sequence;
    this.model = undefined;
    const curve = Boolean(sequence.values);
    for (const axis of this.axes) axis.show(sequence, scene.answers, curve);
    if (curve && !this.curve) {
      this.curve = new Curve(this.told.colour);
      this.bottom.prepend(this.curve.box);
    }
    this.curve?.right(sequence.values);
  }

  /** What the model answers. */
  tell(model, sequence, scene) {
    this.model = model;
    const { answered = [], right = [], said = "", values } = model?.answer ?? {};
    if (this.curve) this.curve.answered(values);
    if (scene.answers === "every") return say(this.answer, said || "\u00a0");
    this.answer.replaceChildren(...(model ? this.spoken(answered[0], right[0], sequence.asked[0], scene) : ["\u00a0"]));
  }

  spoken(answered, right, asked, { answers }) {
    const value = element("b", { class: right ? "rv-right" : "rv-wrong" }, answered || "nothing");
    if (answers === "sequence") return ["writes ", value, right ? " · right" : ` · right: ${asked}`];
    return ["answers ", value, ` · right: ${asked}`];
  }

  /** The units' order comes from the last moment of a run that is over, so that no row moves while one scrubs. */
  orders({ channel, look, moment }) {
    const sort = channel.over ? look.sort : "index";
    const last = channel.moments.get(channel.newest) ?? moment;
    const model = last?.models[this.told.label];
    if (this.sorted !== sort || this.sortedOn !== model) {
      const { name, keeps } = this.told.bands.find((band) => band.name === "hidden" || band.keeps) ?? this.told.bands[0];
      this.order = orderOf(model?.values[name], this.told.units, sort, keeps);
      Object.assign(this, { sorted: sort, sortedOn: model });
      this.hub.point(null); // another unit is under the pointer now
    }
    return this.order;
  }

  listen(band) {
    band.canvas.addEventListener("pointermove", (event) => this.hub?.point(this.found(band, event)));
    band.canvas.addEventListener("pointerleave", () => this.hub?.point(null));
    band.canvas.addEventListener("click", (event) => this.model && this.hub?.open(this.found(band, event)));
  }

  /** What is pointed at. */
  found(band, { offsetX, offsetY }) {
    const { clientWidth, clientHeight } = band.canvas;
    const time = Math.min(this.sequence.tokens.length - 1, Math.max(0, Math.floor((offsetX / clientWidth) * this.sequence.tokens.length)));
    const row = Math.min(this.told.units - 1, Math.max(0, Math.floor((offsetY / clientHeight) * this.told.units)));
    return { time, unit: this.order[row], row, label: this.told.label, band: band.told.name };
  }

  /** The same time step, and in the same model the same unit, in every picture of the page. */
  point(point) {
    for (const band of this.bands) band.mark(point, point && point.label === this.told.label ? this.order.indexOf(point.unit) : -1, this.sequence);
  }

  /** The value pointed at, in words; "" where there is none. */
  valueAt({ time, unit, band }) {
    const values = this.model?.values;
    const bits = values?.[band] ?? values?.[this.told.bands[0].name];
    const name = values?.[band] ? "" : `${this.told.bands[0].title} `;
    if (!bits || unit >= this.told.units) return "";
    return `${name}${number(VALUE[bits[time * this.told.units + unit]])}`;
  }

  close() {
    for (const axis of this.axes) axis.close();
  }
}

/** Why a model has nothing to show of what is chosen; "" where it has. */
function lacking(scene, label, { layer, direction }) {
  const { layers, directions } = scene.models.find((model) => model.label === label);
  if (directions < 2 && direction === "backward") return "reads forward only";
  return layer < layers ? "" : `has ${layers === 1 ? "one layer" : `${layers} layers`}`;
}

const sameScale = (one, other) => ["palette", "low", "high", "lowName"].every((name) => one[name] === other[name]);

/** One variable. */
class Band {
  /** @param {boolean} first whether it is the first of its scale, whose colours are named once */
  constructor(told, { units, name }, first = true) {
    Object.assign(this, { told, units });
    this.canvas = element("canvas", { width: 1, height: units, role: "img", "aria-label": `${told.title} of the ${name}: units down, time steps across` });
    this.across = element("i", { class: "rv-across" });
    this.along = element("i", { class: "rv-along" });
    this.legend = new Legend(told);
    const title = element("div", { class: "rv-title" }, element("span", {}, told.title), ...(first ? [this.legend.box] : []));
    this.field = element("div", { class: "rv-field" }, this.canvas, this.across, this.along);
    this.box = element("div", { class: "rv-band" }, title, this.field);
  }

  paint(bits, order, times) {
    const dark = colours.dark;
    if (this.bits === bits && this.order === order && this.dark === dark) return;
    Object.assign(this, { bits, order, dark });
    const { canvas, units } = this;
    this.legend.paint();
    if (canvas.width !== times) canvas.width = times;
    const context = canvas.getContext("2d");
    if (!bits) return context.clearRect(0, 0, times, units);
    const table = colours.table(this.told);
    const image = context.createImageData(times, units);
    const words = new Uint32Array(image.data.buffer);
    for (let row = 0; row < units; row++)
      for (let time = 0; time < times; time++) words[row * times + time] = table[bits[time * units + order[row]]];
    context.putImageData(image, 0, 0);
  }

  mark(point, row, sequence) {
    this.across.hidden = !point;
    this.along.hidden = row < 0;
    if (!point) return;
    const times = sequence.tokens.length;
    this.across.style.left = `${((point.time + 0.5) / times) * 100}%`;
    if (row >= 0) this.along.style.top = `${((row + 0.5) / this.units) * 100}%`;
  }
}

/** A bar of the colours with the names of its ends. */
export class Legend {
  constructor(told) {
    this.told = told;
    this.bar = element("canvas", { width: 64, height: 1, class: "rv-bar", "aria-hidden": "true" });
    this.box = element("span", { class: "rv-legend" }, told.lowName, this.bar, told.highName);
  }

  paint() {
    const context = this.bar.getContext("2d");
    const image = context.createImageData(64, 1);
    new Uint32Array(image.data.buffer).set(colours.shades(this.told, 64));
    context.putImageData(image, 0, 0);
  }
}
