// Where not all models fit one above the other: a button at the foot that names those further below, and goes there.
import { element, say } from "../kit/dom.js";

const SEEN = 0.85; // of a lane in sight: it is not further below

export class Below {
  /** @param {HTMLElement} rows with a lane for each model  @param {(label: string) => string} name of a model */
  constructor(rows, name) {
    Object.assign(this, { rows, name, labels: [] });
    this.box = element("button", { type: "button", class: "rv-chip rv-net-below", hidden: true, onclick: () => this.go() });
    rows.addEventListener("scroll", () => this.look(this.labels));
  }

  /** @param {string[]} labels of the lanes, from above */
  look(labels) {
    this.labels = labels;
    const foot = this.rows.getBoundingClientRect().bottom;
    this.hidden = [...this.rows.children].filter((lane) => {
      const { top, height } = lane.getBoundingClientRect();
      return height && foot - top < SEEN * height;
    });
    this.box.hidden = !this.hidden.length;
    if (this.hidden.length) say(this.box, `↓ ${labels.slice(-this.hidden.length).map(this.name).join(", ")}`);
  }

  go() {
    this.hidden.at(0)?.scrollIntoView({ block: "end" });
  }
}
