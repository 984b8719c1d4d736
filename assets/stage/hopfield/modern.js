// The modern form: the same start, the state after one update, where it comes to rest, and the weights of the patterns.
import { element, say } from "../kit/dom.js";
import { Bars } from "./bars.js";
import { Grid, pixels } from "./grid.js";

const STATES = ["start", "after one update", "at rest"];

export class Modern {
  constructor({ side }) {
    this.side = side;
    this.grids = STATES.map((label) => new Grid({ side, label }));
    this.titles = STATES.map((text) => element("h4", {}, text));
    this.below = STATES.map(() => element("p", { class: "rv-soft" }));
    this.bars = new Bars("weight of each pattern, softmax(β Xᵀξ)", { signed: false });
    const states = this.grids.map((grid, at) => element("section", {}, this.titles[at], grid.box, this.below[at]));
    this.box = element("div", { class: "hf-modern" }, ...states, this.bars.box);
  }

  set({ start, after, last, updates, weights, stored, energies }) {
    [pixels(start), after, last].forEach((values, at) => {
      this.grids[at].show(values);
      say(this.below[at], `E = ${energies[at]}`);
    });
    say(this.titles[2], `at rest, after ${updates} update${updates === 1 ? "" : "s"}`);
    if (JSON.stringify(stored) !== this.stored) this.bars.set(stored, this.side);
    this.stored = JSON.stringify(stored);
    this.bars.show(weights);
  }
}
