// Before a run is looked at for the first time: who will learn the task, and what is left of a gradient on its way back?
// Until that is said, or skipped, it is not told.
import { counted, element, say, swatch } from "../kit/dom.js";
import { experimentOf } from "../view/channel.js";
import { look } from "../view/look.js";
import { asksNever, guessAt, keep, never, OPEN } from "./kept.js";
import { Sketch } from "./sketch.js";

const ASKED = new Set(["none", "shipped"]); // a run of somebody's is shown at once

export class Guess {
  constructor(scene, stage) {
    Object.assign(this, { scene, stage, said: {} });
    this.rows = scene.models.map((model) => new Row(model, (learns) => this.choose(model.label, learns)));
    this.done = element("button", { type: "button", class: "rv-primary", disabled: true, onclick: () => this.go() });
    this.skip = element("button", { type: "button", class: "rv-quiet", onclick: () => this.goWithout() });
    const stop = element("button", { type: "button", class: "rv-quiet", onclick: () => (never(), this.settle(this.before())) }, "Never ask");
    stop.title = "No guess is asked any more in this browser";
    this.who = [
      element("p", { class: "rv-guess-app" }, "Small recurrent networks learn a task. All pictures are measured on them."),
      element("h3", {}, "Guess first: which of them will learn it?"),
      element("p", { class: "rv-guess-task" }, scene.asks),
      element("div", { class: "rv-guess-rows" }, ...this.rows.map((row) => row.box)),
      element("p", { class: "rv-guess-what" }, `${scene.learned} after ${counted(scene.steps)} training steps.`),
    ];
    this.back = scene.back ? this.drawing(scene.models.find(({ label }) => label === scene.back.label)) : [];
    this.box = element("section", { class: "rv-guess", "aria-label": "Your guess", hidden: true }, ...this.who, ...this.back, element("div", { class: "rv-guess-done" }, this.done, this.skip, stop));
  }

  /** The second question. */
  drawing(model) {
    this.sketch = new Sketch(model, this.scene.times, () => this.ready());
    return [
      element("h3", {}, "Now draw: what is left of the gradient?"),
      element("p", { class: "rv-guess-what" }, `The loss sends its gradient back from the last time step. How much of it is left in the ${model.name}, after training? Drag the curve, or use the arrow keys.`),
      this.sketch.box,
    ];
  }

  draw({ hub, channel }) {
    this.hub = hub;
    const { state } = channel.status;
    const known = state === undefined && !this.box.hidden; // a moment without a status: as it was
    const asks = known || (ASKED.has(state) && this.wanted(state));
    this.box.hidden = !asks;
    if (asks) this.turn();
    this.stage.classList.toggle("rv-guessing", asks && state === "shipped");
    document.documentElement.classList.toggle("rv-guessing", asks && state === "shipped");
    const reveals = (state ?? this.state) === "none" ? "Train and see" : "Show what happened";
    if (asks) say(this.done, this.sketch && !this.draws ? "Next" : reveals);
    this.state = state;
  }

  /** To the question that is open. */
  turn() {
    const draws = Boolean(this.sketch) && this.known()?.gradient === OPEN;
    if (this.draws === draws) return;
    const first = this.draws === undefined;
    this.draws = draws;
    for (const part of this.who) part.hidden = draws;
    for (const part of this.back) part.hidden = !draws;
    say(this.skip, draws ? "Skip the drawing" : "Skip");
    this.ready();
    if (draws && !first) this.sketch.plot.focus({ preventScroll: true });
  }

  ready() {
    this.done.disabled = this.draws ? !this.sketch.set.size : this.rows.some(({ model }) => this.said[model.label] === undefined);
  }

  known() {
    return guessAt(experimentOf(this.hub.run));
  }

  /** What was guessed so far, without a drawing. */
  before() {
    const { gradient, ...said } = this.known() ?? {};
    return said;
  }

  wanted(state) {
    const linked = state === "shipped" && look.step !== null; // a link to one moment is followed
    return !asksNever() && !linked && !this.scene.branch && (this.known() === undefined || (this.scene.back && this.known().gradient === OPEN));
  }

  choose(label, learns) {
    this.said[label] = learns;
    this.ready();
  }

  go() {
    if (this.draws) this.reveal({ ...this.before(), gradient: this.sketch.values() });
    else if (this.sketch) this.settle({ ...this.said, gradient: OPEN });
    else this.reveal(this.said);
  }

  goWithout() {
    if (this.draws) this.reveal(this.before());
    else this.settle({});
  }

  reveal(guess) {
    const { state } = this;
    this.settle(guess);
    if (state === "none") this.hub.bar?.go();
  }

  settle(guess) {
    keep(experimentOf(this.hub.run), { ...guess });
    this.hub.ask();
  }

  close() {
    document.documentElement.classList.remove("rv-guessing");
    this.box.remove();
  }
}

/** One model with two answers, of which one is pressed. */
class Row {
  constructor(model, chosen) {
    this.model = model;
    this.buttons = [true, false].map((learns) =>
      element("button", { type: "button", role: "radio", "aria-checked": "false", class: "rv-chip", onclick: () => this.press(learns, chosen) }, learns ? "learns it" : "does not"),
    );
    this.box = element("div", { class: "rv-guess-row", role: "radiogroup", "aria-label": model.title }, element("span", { class: "rv-guess-name" }, swatch(model), model.title), ...this.buttons);
  }

  press(learns, chosen) {
    this.buttons.forEach((button, at) => button.setAttribute("aria-checked", String((at === 0) === learns)));
    chosen(learns);
  }
}
