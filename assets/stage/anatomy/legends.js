// What the colours of a diagram stand for.
import { colours } from "../kit/colours.js";
import { element } from "../kit/dom.js";

const TITLES = { signed: "signed values", gate: "gates" };

export class Legends {
  constructor(scales, note = "grey wires: whole vectors") {
    this.bars = Object.entries(scales).map(([name, scale]) => [scale, element("canvas", { width: 64, height: 1, class: "rv-bar", "aria-hidden": "true" }), name]);
    const legend = ([scale, bar, name]) => element("span", { class: "rv-legend" }, `${TITLES[name]}: ${scale.lowName}`, bar, scale.highName);
    const grey = element("span", { class: "rv-anat-grey" }, note);
    this.box = element("div", { class: "rv-anat-legends" }, ...this.bars.map(legend), grey);
  }

  draw() {
    if (this.dark === colours.dark) return;
    this.dark = colours.dark;
    for (const [scale, bar] of this.bars) {
      const context = bar.getContext("2d");
      const image = context.createImageData(64, 1);
      new Uint32Array(image.data.buffer).set(colours.shades(scale, 64));
      context.putImageData(image, 0, 0);
    }
  }
}
