// A road over time: its sensors from where traffic comes (below) to where it goes (above), each step a column. What came,
// and under it what a model foretold for the same times. A jam is a band that falls to the right: it travels upstream.
import { drawn, element } from "../kit/dom.js";
import { colours } from "../kit/colours.js";

const HOUR = 3.3; // letters' widths of a time below
const SHADES = 256;

export class Strips {
  /** @param {object} told as of the picture  @param {(time: number) => void} choose */
  constructor(told, choose) {
    this.told = told;
    this.canvases = ["what came", "what is foretold"].map((said) => element("canvas", { role: "img", "aria-label": `Speeds along a road over time: ${said}` }));
    this.svg = drawn("svg", { role: "img", tabindex: 0, "aria-label": "When it is foretold: dragged, or moved with the arrow keys" });
    this.box = element("div", { class: "rv-roads-strips" }, ...this.canvases, this.svg);
    const timeOf = (event) => Math.floor((event.clientX - this.svg.getBoundingClientRect().left - this.left) / this.step);
    this.svg.addEventListener("pointerdown", (event) => choose(timeOf(event)));
    this.svg.addEventListener("pointermove", (event) => event.buttons && choose(timeOf(event)));
    this.svg.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      choose(this.at + by);
    });
  }

  make(probe, letter) {
    this.probe = probe;
    this.letter = letter;
    const { clientWidth: width, clientHeight: height } = this.box;
    this.left = 1.9 * letter;
    this.step = (width - this.left - 1) / probe.clock.length;
    this.high = Math.max(8, (height - 3.7 * letter) / 2);
    this.tops = [1.25 * letter, 2.5 * letter + this.high];
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.canvases.forEach((canvas, at) => {
      canvas.width = probe.clock.length;
      const where = { left: this.left, top: this.tops[at], width: this.step * probe.clock.length, height: this.high };
      for (const [name, value] of Object.entries(where)) canvas.style[name] = `${value}px`;
    });
  }

  paint({ numbers, at, later, ahead, road }) {
    this.at = at;
    const route = this.told.routes[road], count = this.told.sensors.length, length = this.told.ahead.length;
    const { unasked } = this.told;
    const shades = colours.shades(this.told.scales.speed, SHADES);
    this.fill(this.canvases[0], route, shades, (time, sensor) => this.probe.seen[time * count + sensor]);
    const times = numbers ? numbers.forecast.length / (count * length) : 0;
    this.fill(this.canvases[1], route, shades, (time, sensor) => {
      const from = time - later;
      return from >= unasked && from < times ? numbers.forecast[(from * count + sensor) * length + ahead] : undefined;
    });
    this.svg.replaceChildren(...this.words(route, ahead), ...this.hours(), ...this.cursor(at, later));
  }

  fill(canvas, route, shades, speed) {
    const { low, high } = this.told.scales.speed;
    if (canvas.height !== route.length) canvas.height = route.length;
    const context = canvas.getContext("2d"), image = context.createImageData(canvas.width, route.length);
    const pixels = new Uint32Array(image.data.buffer);
    route.forEach((sensor, place) => {
      const row = (route.length - 1 - place) * canvas.width;
      for (let time = 0; time < canvas.width; time++) {
        const value = speed(time, sensor);
        if (value !== undefined) pixels[row + time] = shades[Math.round(Math.min(1, Math.max(0, (value - low) / (high - low))) * (SHADES - 1))];
      }
    });
    context.putImageData(image, 0, 0);
  }

  /** What each strip is, and the sensors at both ends of the road. */
  words(route, ahead) {
    const { sensors } = this.told, minutes = this.told.ahead[ahead];
    const said = [`what came, ${sensors[route[0]].name} to ${sensors[route.at(-1)].name}`, `foretold ${minutes} min before`];
    return said.flatMap((title, at) => {
      const top = this.tops[at];
      const end = (sensor, y) => text(this.left - 4, y, sensors[sensor].name, "end");
      return [text(this.left, top - 0.3 * this.letter, title, "start"), end(route.at(-1), top + 0.8 * this.letter), end(route[0], top + this.high - 0.1 * this.letter)];
    });
  }

  hours() {
    const { clock } = this.probe, y = this.tops[1] + this.high + 1.1 * this.letter;
    const full = clock.map((said, time) => [said, time]).filter(([said]) => said.endsWith(":00"));
    const every = Math.max(1, Math.ceil((HOUR * this.letter) / (this.step * (60 / this.told.every))));
    const last = this.left + this.step * clock.length - 1.3 * this.letter;
    return full.filter((_, at) => at % every === 0).map(([said, time]) => text(Math.min(last, Math.max(this.left + 1.3 * this.letter, this.x(time))), y, said, "middle"));
  }

  x(time) {
    return this.left + (time + 0.5) * this.step;
  }

  /** When it is foretold, and for when. */
  cursor(at, later) {
    const line = (time, top, kind) => drawn("line", { class: `rv-roads-now ${kind}`, x1: this.x(time), x2: this.x(time), y1: top, y2: top + this.high });
    return this.tops.flatMap((top) => [line(at, top, "rv-is-behind"), line(at, top, ""), line(at + later, top, "rv-is-behind"), line(at + later, top, "rv-is-later")]);
  }
}

function text(x, y, words, anchor) {
  return drawn("text", { x, y, "text-anchor": anchor }, words);
}
