// The gradient over training and time steps: a raster for each model, a column for each moment, drawn where it was measured.
import { colours } from "../kit/colours.js";
import { drawn, element, keyed, swatch } from "../kit/dom.js";
import { VALUE } from "../kit/halves.js";

const COLUMNS = 480; // pixels across, of a raster
const TITLE = "Gradient ∂L/∂h at each time step, over training";
const THOUSANDTH = 3; // in powers of ten

export class History {
  constructor(scene) {
    this.rasters = scene.models.map((model) => new Raster(model, scene));
    this.bar = element("canvas", { width: 64, height: 1, class: "rv-bar", "aria-hidden": "true" });
    const { lowName, highName } = scene.history;
    const legend = element("span", { class: "rv-legend" }, lowName, this.bar, highName);
    const title = element("div", { class: "rv-title" }, element("span", {}, scene.history.read ? TITLE : `${TITLE} · white: 1/1000 is left`), legend);
    const ends = element("div", { class: "rv-ends" }, element("span", {}, "training step 0"), element("span", {}, scene.steps.toLocaleString("en-US")));
    this.box = element("section", { class: `rv-history ${keyed("gradient-history")}` }, title, ...this.rasters.map((one) => one.box), ends);
  }

  draw(context) {
    const { channel, moment, scene } = context;
    const { palette, low, high } = scene.history;
    if (this.dark !== colours.dark) {
      const across = this.bar.getContext("2d");
      const image = across.createImageData(64, 1);
      new Uint32Array(image.data.buffer).set(colours.shades({ palette, low, high }, 64));
      across.putImageData(image, 0, 0);
    }
    const anew = this.channel !== channel || this.version !== channel.version || this.dark !== colours.dark;
    Object.assign(this, { channel, version: channel.version, dark: colours.dark });
    for (const raster of this.rasters) raster.draw(context, anew, moment);
  }

  close() {}
}

class Raster {
  constructor(model, scene) {
    this.label = model.label;
    this.times = scene.times;
    this.canvas = element("canvas", { width: COLUMNS, height: scene.times, role: "img", "aria-label": `gradient of the ${model.name}: training steps across, time steps up` });
    this.now = element("i", { class: "rv-across" });
    this.line = drawn("polyline", { fill: "none", "vector-effect": "non-scaling-stroke" });
    this.reached = drawn("svg", { class: "rv-reached", viewBox: `0 0 ${scene.steps} ${scene.times}`, preserveAspectRatio: "none", "aria-hidden": "true" }, this.line);
    const name = element("h4", {}, swatch(model), model.name);
    const ends = element("div", { class: "rv-times" }, element("span", {}, `t = ${scene.times}`), element("span", {}, "t = 1"));
    this.box = element("div", { class: "rv-raster" }, name, ends, element("div", { class: "rv-field" }, this.canvas, this.reached, this.now));
  }

  draw({ channel, scene, following }, anew, moment) {
    const columns = channel.gradients[this.label];
    this.now.hidden = !moment || following;
    if (moment) this.now.style.left = `${(moment.step / scene.steps) * 100}%`;
    if (!anew) return;
    this.paint(columns ?? [], channel.steps, scene);
    this.line.setAttribute("points", scene.history.read ? "" : this.reach(columns ?? [], channel.steps));
  }

  paint(columns, steps, { steps: last, history }) {
    const context = this.canvas.getContext("2d");
    const image = context.createImageData(COLUMNS, this.times);
    const words = new Uint32Array(image.data.buffer);
    const table = colours.table(history);
    let place = 0;
    const [begin, end] = steps.length ? [steps[0], steps.at(-1)].map((step) => (step / last) * COLUMNS) : [0, 0];
    for (let x = Math.floor(begin); x < end; x++) {
      const step = ((x + 0.5) / COLUMNS) * last;
      while (place + 1 < steps.length && Math.abs(steps[place + 1] - step) <= Math.abs(steps[place] - step)) place++;
      const column = columns[place];
      if (!column) continue;
      for (let time = 0; time < this.times; time++) words[(this.times - 1 - time) * COLUMNS + x] = table[column[time]];
    }
    context.putImageData(image, 0, 0);
  }

  /** How far back, at every moment, more than a thousandth of the gradient at the last step is left. */
  reach(columns, steps) {
    const points = [];
    columns.forEach((column, place) => {
      const last = VALUE[column[this.times - 1]];
      if (!Number.isFinite(last)) return;
      let time = this.times - 1;
      while (time > 0 && VALUE[column[time - 1]] > last - THOUSANDTH) time--;
      const top = this.times - time;
      points.push(`${steps[place]},${top}`);
    });
    return points.join(" ");
  }
}
