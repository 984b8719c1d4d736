// Going through an output symbol by symbol: each press changes what is looked at here, so each counts once.
import { element, keyed, say } from "../kit/dom.js";
import { change, look } from "../view/look.js";

export class Steps {
  /** @param {boolean} own whether the input is the visitor's own: how much is written to it is not known here */
  constructor({ own }) {
    this.own = own;
    const button = (text, by) => element("button", { type: "button", onclick: () => this.stride(by) }, text);
    this.step = element("output");
    const hint = element("span", { class: "rv-score" }, "or keys ← and →, or a click on a row above; with Shift they go along the training");
    this.box = element("div", { class: `rv-steps ${keyed("steps")}` }, button("◀ Previous symbol", -1), button("Next symbol ▶", 1), this.step, hint);
    this.stepper = (by) => this.stride(by);
  }

  draw({ hub, scene, moment }) {
    Object.assign(this, { hub, scene, moment });
    hub.stepper = this.stepper;
    say(this.step, `output position ${this.now() + 1}`);
  }

  /** Output steps that there may be. */
  last() {
    if (this.own) return 2 * (this.scene.times - 1);
    const written = Object.values(this.moment?.models ?? {}).map((model) => model.written.length);
    return Math.max(...written, this.scene.pairs[look.probe].asked.length);
  }

  now() {
    const { read } = this.scene.sequences[look.probe];
    return look.time === null ? 0 : Math.min(this.last() - 1, Math.max(0, look.time - read));
  }

  stride(by) {
    if (!this.scene) return;
    const at = Math.min(this.last() - 1, Math.max(0, this.now() + by));
    change({ time: this.scene.sequences[look.probe].read + at });
  }

  close() {
    if (this.hub?.stepper === this.stepper) this.hub.stepper = null;
  }
}
