// The picture of a model in its task's own field: its head, a field that a kind of picture fills, and a line below.
// A kind lies in ../applications: it makes what stands still for a sequence, and paints the numbers of a moment.
import { element, keyed, say } from "../kit/dom.js";
import { Head } from "./head.js";
import { change, look } from "../view/look.js";

export class Own {
  /** @param {object} told a picture of the scene: what every picture has, and what the module of its kind in rnnviz/live/applications tells */
  constructor(told) {
    this.told = told;
    this.head = new Head(told);
    this.field = element("div", { class: "rv-own" });
    this.answer = element("p", { class: "rv-answer" }, "\u00a0");
    this.box = element("section", { class: `rv-picture rv-applied ${keyed(told.key)}`, "aria-label": told.name }, this.head.box, this.field, element("div", { class: "rv-bottom" }, this.answer));
    this.sizes = new ResizeObserver(() => this.resized());
    this.watch(this.field);
  }

  /** Pixels of these parts are measured by `make`: it is called again whenever one of them has others. */
  watch(...parts) {
    for (const part of parts) this.sizes.observe(part);
  }

  draw(context) {
    const { scene, moment } = context;
    this.hub = context.hub;
    this.context = context;
    this.head.draw(context);
    const sequence = scene.sequences[look.probe];
    if (this.sequence !== sequence) {
      this.sequence = sequence;
      this.make(look.probe, scene);
    }
    this.bring(moment?.models[this.told.label]);
  }

  bring(model) {
    this.box.classList.toggle("rv-untold", !model);
    this.paint(model?.own, this.context);
  }

  /** Drawn anew with what is known, in one go: nothing half made is measured. */
  resized() {
    if (!this.context || !this.field.clientWidth) return;
    this.make(look.probe, this.context.scene);
    this.bring(this.context.moment?.models[this.told.label]);
    this.hub.ask();
  }

  /** The time step chosen by the visitor, or none: at most the last of the sequence. */
  get time() {
    return look.time === null ? null : Math.min(look.time, this.sequence.tokens.length - 1);
  }

  choose(time) {
    change({ time });
  }

  /** The line below the picture. */
  say(text) {
    say(this.answer, text || "\u00a0");
  }

  /** What stands still as long as the same sequence is looked at. */
  make() {}

  /** The numbers of a moment; `undefined` before the first. */
  paint() {}

  /** The value pointed at, in words; "" where there is none. */
  valueAt() {
    return "";
  }

  close() {
    this.sizes.disconnect();
  }
}
