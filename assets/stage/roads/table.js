// Errors on all days that are held out, as papers on traffic print them: by how far ahead, and of forecasts that need no
// network too. Where there is little room, for the one time ahead that is chosen.
import { element, number, say } from "../kit/dom.js";

const TALL = 40; // letters' heights of the picture from which on all times ahead stand in it
const MEANING = {
  mae: "Mean absolute error, km/h",
  rmse: "Root of the mean squared error, km/h",
  mape: "Mean absolute error as a share of the speed, where that is above 10 km/h",
};

export class ErrorTable {
  constructor(told) {
    this.told = told;
    this.box = element("table", { class: "rv-roads-table", title: "Measured on all days that are held out, at this training step" });
  }

  /** @param {number} height of the picture, in letters' heights */
  make(height) {
    const { ahead, measures, simple } = this.told;
    if (this.tall === height > TALL) return; // its rows keep what stands in them: what is measured beside them is right
    this.tall = height > TALL;
    this.blocks = (this.tall ? ahead : [0]).map((_, block) => {
      const title = element("th", { scope: "col" }, `${ahead[block]} min`);
      const head = element("tr", {}, title, ...measures.map((one) => element("th", { scope: "col", title: MEANING[one] }, one.toUpperCase())));
      const rows = ["this model", ...simple.map(([said]) => said)].map((said) => element("tr", {}, element("th", { scope: "row" }, said), ...measures.map(() => element("td", {}, "–"))));
      return { title, block, rows, body: element("tbody", {}, head, ...rows) };
    });
    this.box.replaceChildren(...this.blocks.map(({ body }) => body));
  }

  paint(numbers, chosen) {
    for (const { title, block, rows } of this.blocks ?? []) {
      const at = this.tall ? block : chosen;
      say(title, `${this.told.ahead[at]} min`);
      [numbers, ...this.told.simple.map(([, found]) => found)].forEach((found, row) => {
        this.told.measures.forEach((one, column) => say(rows[row].children[column + 1], found ? written(one, found[one][at]) : "–"));
      });
    }
  }
}

/** Kilometres per hour with one digit, and shares. */
const written = (measure, value) => (measure === "mape" ? `${number(value, value < 10 ? 1 : 0)} %` : number(value, 1));
