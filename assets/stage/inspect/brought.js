// A model that somebody brought: states and gates of one of its layers as one picture, every row of it the same unit.
import { Axis } from "../parts/axis.js";
import { element, number } from "../kit/dom.js";
import { VALUE } from "../kit/halves.js";
import { change, look } from "../view/look.js";
import { Picture } from "../parts/picture.js";

const HIGH = 2; // variables under each other
const STRIDES = { ArrowLeft: -1, ArrowRight: 1 };
const NAMED = 4; // units of a row that are told by their numbers
const FINE = 200; // cells of a picture across or down, beyond which it is drawn smoothly: there are too few pixels for each

export class Brought extends Picture {
  /** @param {object} told the picture of a scene: see `rnnviz/live/inspect.py` */
  constructor(told) {
    super(told);
    for (const axis of this.axes) axis.close();
    this.axes = Array.from({ length: Math.ceil(told.bands.length / HIGH) }, () => new Words());
    this.bottom.firstChild.replaceChildren(...this.axes.map((axis) => axis.box));
    const said = [this.answer, this.head.verdict.parentNode, this.box.querySelector("h3")]; // elsewhere on the page
    for (const part of said) part.remove();
    if (told.groups.length) this.leaveStrands();
    this.box.style.setProperty("--rv-columns", this.axes.length);
    this.hall = element("button", { type: "button", class: "rv-chip", title: "Projector mode: large type (key P)", "aria-label": "Projector mode", onclick: () => change({ big: !look.big }) }, "P");
    this.tools = element("span", { class: "rv-chips" }, this.hall);
    this.key = (event) => this.press(event);
    document.addEventListener("keydown", this.key);
  }

  /** They are of single units, which are not here. */
  leaveStrands() {
    this.strands?.box.remove();
    this.strands = null;
  }

  draw(context) {
    super.draw(context);
    this.hall.setAttribute("aria-pressed", String(look.big));
  }

  show(sequence, scene) {
    super.show(sequence, scene);
    this.box.classList.toggle("rv-fine", sequence.tokens.length > FINE);
  }

  /** What it answers no file tells. */
  tell(model) {
    this.model = model;
  }

  found(band, event) {
    return this.named(super.found(band, event));
  }

  /** A row of several units is called by them. */
  named(point) {
    const units = this.told.groups[point.unit];
    if (!units) return point;
    const more = units.length > NAMED ? ", …" : "";
    return { ...point, named: `mean of ${units.length} units (${units.slice(0, NAMED).map((unit) => unit + 1).join(", ")}${more})` };
  }

  /** All variables at one place. */
  valueAt({ time, unit }) {
    const values = this.model?.values ?? {};
    const { bands, units } = this.told;
    return bands.map(({ name, title }) => `${title} ${number(VALUE[values[name]?.[time * units + unit]] ?? NaN)}`).join(" · ");
  }

  press({ key, target, altKey, ctrlKey, metaKey, defaultPrevented }) {
    const writes = target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
    if (writes || altKey || ctrlKey || metaKey || defaultPrevented || !this.box.isConnected) return;
    if (key in STRIDES) this.stride(STRIDES[key]);
  }

  /** What is pointed at, one time step on or back; at first that is the unit on top. */
  stride(by) {
    if (!this.model) return;
    const { time = by > 0 ? -1 : 1, unit = this.order[0] } = this.hub.point_ ?? {};
    const next = Math.min(this.sequence.tokens.length - 1, Math.max(0, time + by));
    this.hub.point(this.named({ time: next, unit, label: this.told.label, band: this.told.bands[0].name }));
  }

  close() {
    super.close();
    document.removeEventListener("keydown", this.key);
  }
}

/** The symbols as an axis; where they are too long for all of them to be read, as many as fit stand there. */
class Words extends Axis {
  layout(room) {
    super.layout(room);
    const { width, full } = room;
    if (!width || !this.rows.length) return;
    const [{ box, cells, words }] = this.rows;
    cells.forEach((cell, time) => {
      cell.hidden = false;
      cell.style.left = `${((time + 0.5) / words.length) * 100}%`;
    });
    if (!box.classList.contains("rv-unread")) return;
    box.classList.remove("rv-unread");
    box.style.fontSize = `${full}px`;
    this.spread(box, words, width, full);
  }
}
