// Through the updates of a recall: one unit or one sweep at a time, by hand or played.
import { element, say } from "../kit/dom.js";

const STEPS = { unit: "one unit", sweep: "one sweep" };
const PACE = { unit: 24, sweep: 1.25 }; // steps a second

export class Player {
  /** @param {(step: number) => void} show */
  constructor(show) {
    this.tell = show;
    this.by = "unit";
    const button = (text, title, onclick) => element("button", { type: "button", title, "aria-label": title, onclick }, text);
    this.first = button("|◀", "Back to the start", () => this.turn(0));
    this.back = button("◀", "Back (←)", () => this.stride(-1));
    this.play = element("button", { type: "button", class: "hf-play", title: "Play (space)", onclick: () => this.toggle() }, "Play");
    this.on = button("▶", "On (→)", () => this.stride(1));
    this.end = button("▶|", "To the end", () => this.turn(this.last));
    this.slider = element("input", { type: "range", min: 0, step: 1, "aria-label": "Update", oninput: () => this.turn(Number(this.slider.value)) });
    const options = Object.entries(STEPS).map(([value, text]) => element("option", { value }, text));
    this.size = element("select", { "aria-label": "Move by", onchange: () => (this.by = this.size.value) }, ...options);
    this.box = element("div", { class: "hf-player" }, element("span", { class: "hf-buttons" }, this.first, this.back, this.play, this.on, this.end), this.slider, element("label", {}, element("span", {}, "move by "), this.size));
  }

  /** @param {number} last the last update  @param {number} sweep updates of one sweep */
  set(last, sweep, step) {
    this.stop();
    Object.assign(this, { last, sweep, step: undefined });
    this.slider.max = last;
    this.show(step);
  }

  turn(step) {
    this.stop();
    this.show(step);
  }

  stride(by) {
    this.stop();
    this.show(this.next(by));
  }

  next(by) {
    if (this.by === "unit") return this.step + by;
    const sweep = this.step / this.sweep;
    return (by > 0 ? Math.floor(sweep) + 1 : Math.ceil(sweep) - 1) * this.sweep;
  }

  show(step) {
    const now = Math.min(this.last, Math.max(0, step));
    if (now === this.step) return;
    this.step = now;
    this.slider.value = now;
    this.first.disabled = this.back.disabled = now === 0;
    this.on.disabled = this.end.disabled = now === this.last;
    this.play.disabled = this.last === 0;
    this.tell(now);
  }

  toggle() {
    if (this.timer) return this.stop();
    if (!this.last) return undefined;
    if (this.step === this.last) this.show(0);
    const tick = () => {
      this.show(this.next(1));
      if (this.step === this.last) this.stop();
      else this.timer = setTimeout(tick, 1000 / PACE[this.by]);
    };
    this.timer = setTimeout(tick, 1000 / PACE[this.by]);
    say(this.play, "Pause");
    return undefined;
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = 0;
    say(this.play, "Play");
  }
}
