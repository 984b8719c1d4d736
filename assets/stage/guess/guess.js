// Before a run is looked at for the first time: who will learn the task? Until that is said, or skipped, it is not told.
import { counted, element, say, swatch } from "../kit/dom.js";
import { experimentOf } from "../view/channel.js";
import { look } from "../view/look.js";
import { asksNever, guessAt, keep, never } from "./kept.js";

const ASKED = new Set(["none", "shipped"]); // a run of somebody's is shown at once

export class Guess {
  constructor(scene, stage) {
    Object.assign(this, { scene, stage, said: {} });
    this.rows = scene.models.map((model) => new Row(model, (learns) => this.choose(model.label, learns)));
    this.done = element("button", { type: "button", class: "rv-primary", disabled: true, onclick: () => this.reveal(this.said) });
    const skip = element("button", { type: "button", class: "rv-quiet", onclick: () => this.settle({}) }, "Skip");
    const stop = element("button", { type: "button", class: "rv-quiet", onclick: () => (never(), this.settle({})) }, "Never ask");
    stop.title = "No guess is asked any more in this browser";
    this.box = element(
      "section",
      { class: "rv-guess", "aria-label": "Your guess", hidden: true },
      element("p", { class: "rv-guess-app" }, "Small recurrent networks learn a task. All pictures are measured on them."),
      element("h3", {}, "Guess first: which of them will learn it?"),
      element("p", { class: "rv-guess-task" }, scene.asks),
      element("div", { class: "rv-guess-rows" }, ...this.rows.map((row) => row.box)),
      element("p", { class: "rv-guess-what" }, `Learned: the task is solved, or nearly, on new sequences after ${counted(scene.steps)} training steps.`),
      element("div", { class: "rv-guess-done" }, this.done, skip, stop),
    );
  }

  draw({ hub, channel }) {
    this.hub = hub;
    const { state } = channel.status;
    const known = state === undefined && !this.box.hidden; // a moment without a status: as it was
    const asks = known || (ASKED.has(state) && this.wanted(state));
    this.box.hidden = !asks;
    this.stage.classList.toggle("rv-guessing", asks && state === "shipped");
    document.documentElement.classList.toggle("rv-guessing", asks && state === "shipped");
    if (asks) say(this.done, state === "none" ? "Train and see" : "Show what happened");
    this.state = state;
  }

  wanted(state) {
    const linked = state === "shipped" && look.step !== null; // a link to one moment is followed
    return !asksNever() && !linked && !this.scene.branch && guessAt(experimentOf(this.hub.run)) === undefined;
  }

  choose(label, learns) {
    this.said[label] = learns;
    this.done.disabled = this.rows.some(({ model }) => this.said[model.label] === undefined);
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
