// The states in which recalls from random starts ended, with how often.
import { element } from "../kit/dom.js";
import { Grid, pixels } from "./grid.js";

const SHOWN = 24; // those that came most often

export class Ends {
  constructor() {
    this.list = element("ol", { class: "hf-ends" });
    this.more = element("p", { class: "rv-soft" });
    this.box = element("div", {}, this.list, this.more);
  }

  set({ ends, side }) {
    this.list.replaceChildren(
      ...ends.slice(0, SHOWN).map(({ bits, count, kind, name }) => {
        const grid = new Grid({ side, label: `${name}, found ${count} times` });
        grid.show(pixels(bits));
        const stored = kind === "pattern" || kind === "near";
        return element("li", { class: stored ? "hf-stored-one" : "" }, grid.box, element("b", {}, `${count}×`), element("span", {}, name));
      }),
    );
    const left = ends.slice(SHOWN);
    const times = left.reduce((sum, { count }) => sum + count, 0);
    this.more.textContent = left.length ? `And ${left.length} more states, found ${times} times together.` : "";
  }
}
