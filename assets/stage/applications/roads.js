// A network of motorways at one time: its sensors with the speed that a model foretells and the one that came, or how
// far it is off, or what it remembers there; below one road over time, in which jams travel against the traffic, and the
// errors on all days that are held out.
import { drawn, element, number } from "../kit/dom.js";
import { shadeOf } from "../kit/shades.js";
import { colours } from "../kit/colours.js";
import { Own } from "../parts/own.js";
import { Legend } from "../parts/picture.js";
import { ErrorTable } from "../roads/table.js";
import { Strips } from "../roads/strips.js";

const START = 0.7; // of the sequence, where one looks before anybody chose a time
const RADIUS = 0.62; // km of a sensor on the map,
const TALLEST = 1.25; // so much more than it is
const LARGEST = 15; // and pixels at most
const APART = 0.48; // of the pixels between two sensors, at most
const INSIDE = 0.62; // of it: the forecast, within what came
const KINDS = { speed: "ring: came, inside: foretold", error: "by which it is off", state: "mean over a sensor’s units" };
const choice = { kind: "speed", ahead: 1, road: "M" }; // the same in the pictures of all models

export class Roads extends Own {
  constructor(told) {
    super(told);
    this.kind = this.select(Object.keys(KINDS).map((kind) => [kind, kind]), "What colours a sensor. speed: the speed foretold, within a ring of the speed that came. error: how far these are apart. state: the mean of |h| over its units", (value) => ({ kind: value }));
    this.ahead = this.select(told.ahead.map((minutes, at) => [at, `${minutes} min ahead`]), "How far ahead", (value) => ({ ahead: Number(value) }));
    this.legend = element("p", { class: "rv-roads-legend" });
    this.legends = Object.fromEntries(Object.entries(told.scales).map(([kind, scale]) => [kind, new Legend(scale)]));
    this.map = drawn("svg", { role: "img", "aria-label": `Map of the roads with what the ${told.name} foretells at each sensor` });
    this.strips = new Strips(told, (time) => this.choose(Math.max(0, Math.min(this.sequence.tokens.length - 1, time))));
    this.table = new ErrorTable(told);
    this.field.classList.add("rv-roads");
    this.field.append(element("p", { class: "rv-roads-chosen" }, this.kind, this.ahead), this.legend, element("div", { class: "rv-roads-map" }, this.map), this.strips.box, this.table.box);
    this.watch(this.map.parentElement, this.strips.box);
    this.map.addEventListener("pointermove", (event) => this.hub?.point(this.found(event)));
    this.map.addEventListener("pointerleave", () => this.hub?.point(null));
    this.map.addEventListener("click", (event) => this.set({ road: this.told.sensors[this.nearest(event)].road }));
  }

  select(options, title, changed) {
    const made = element("select", { title, "aria-label": title, onchange: () => this.set(changed(made.value)) }, ...options.map(([value, said]) => element("option", { value }, said)));
    return made;
  }

  set(changes) {
    Object.assign(choice, changes);
    this.hub?.ask();
  }

  /** The step after which it is foretold. */
  get at() {
    return this.time ?? Math.round(START * (this.sequence.tokens.length - 1));
  }

  /** Steps from there to what is foretold. */
  get later() {
    return this.told.ahead[choice.ahead] / this.told.every;
  }

  // What stands still

  make(probe) {
    this.probe = this.told.probes[probe];
    this.painted = undefined;
    this.letter = parseFloat(getComputedStyle(this.field).fontSize);
    this.table.make(this.field.clientHeight / this.letter);
    const { clientWidth: width, clientHeight: height } = this.map.parentElement;
    if (!width || !height) return;
    this.map.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.place(width, height);
    const { sensors, links } = this.told;
    this.rings = sensors.map((one) => this.disc(one, 1, "rv-roads-ring"));
    this.discs = sensors.map((one) => this.disc(one, INSIDE, "rv-roads-disc"));
    this.map.replaceChildren(...links.flatMap(([a, b]) => this.road(sensors[a], sensors[b])), ...this.letters(), ...this.rings, ...this.discs);
    this.strips.make(this.probe, this.letter);
  }

  /** Kilometres to pixels: as wide as there is room for, and not much taller than it is. */
  place(width, height) {
    const [x, y] = ["x", "y"].map((way) => this.told.sensors.map((one) => one[way]));
    const [left, low, high] = [Math.min(...x), Math.min(...y), Math.max(...y)];
    this.radius = Math.min(LARGEST, (RADIUS * width) / (Math.max(...x) - left));
    const edge = this.radius + 1, head = edge + 1.1 * this.letter; // the letter of a road
    const across = (width - 2 * edge) / (Math.max(...x) - left);
    const up = Math.min((height - head - edge) / (high - low), across * TALLEST);
    const top = head + (height - head - edge - up * (high - low)) / 2;
    this.x = (km) => edge + (km - left) * across;
    this.y = (km) => top + (high - km) * up;
    this.radius = Math.min(this.radius, APART * this.closest());
  }

  /** Pixels between the two sensors that lie closest to each other. */
  closest() {
    const { sensors } = this.told;
    const away = sensors.flatMap((one, at) => sensors.slice(at + 1).map((other) => Math.hypot(this.x(one.x) - this.x(other.x), this.y(one.y) - this.y(other.y))));
    return Math.min(...away);
  }

  disc({ x, y }, share, kind) {
    return drawn("circle", { class: kind, cx: this.x(x), cy: this.y(y), r: share * this.radius });
  }

  /** A line as wide as its lanes, and an arrow along the traffic. */
  road(from, to) {
    const [x1, y1, x2, y2] = [this.x(from.x), this.y(from.y), this.x(to.x), this.y(to.y)];
    const turn = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
    return [
      drawn("line", { class: "rv-roads-road", x1, y1, x2, y2, "stroke-width": 1.2 * Math.min(from.lanes, to.lanes) }),
      drawn("path", { class: "rv-roads-arrow", d: "M-2.5 -3.5 L2.5 0 L-2.5 3.5", transform: `translate(${(x1 + x2) / 2} ${(y1 + y2) / 2}) rotate(${turn})` }),
    ];
  }

  /** The letter of each road above its first sensor, or above its last where it begins at another road. */
  letters() {
    const { sensors, links, roads } = this.told;
    return Object.entries(roads).map(([letter, meaning]) => {
      const own = sensors.flatMap(({ road }, at) => (road === letter ? [at] : []));
      const { x, y } = sensors[links.some(([, to]) => to === own[0]) ? own.at(-1) : own[0]];
      const text = drawn("text", { class: "rv-roads-letter", x: this.x(x), y: this.y(y) - this.radius - 0.3 * this.letter, "text-anchor": "middle", "data-road": letter }, letter);
      text.append(drawn("title", {}, meaning));
      return text;
    });
  }

  // What changes

  paint(numbers, { point }) {
    if (!this.rings) return;
    const { kind, ahead, road } = choice;
    const now = [numbers, this.at, kind, ahead, road, point, colours.dark];
    if (this.painted?.every((one, at) => one === now[at])) return;
    this.painted = now;
    this.numbers = numbers;
    this.kind.value = kind;
    this.ahead.value = ahead;
    this.legend.replaceChildren(this.legends[kind].box, element("span", { class: "rv-roads-key" }, KINDS[kind]));
    this.legends[kind].paint();
    this.told.sensors.forEach((_, sensor) => this.paintSensor(sensor, kind));
    for (const text of this.map.querySelectorAll(".rv-roads-letter")) text.classList.toggle("rv-is-chosen", text.dataset.road === road);
    this.strips.paint({ numbers, at: this.at, later: this.later, ahead, road });
    this.table.paint(numbers, ahead);
    this.say(this.inWords());
  }

  paintSensor(sensor, kind) {
    const { scales } = this.told;
    const ring = this.rings[sensor], disc = this.discs[sensor];
    const value = this.value(sensor, kind);
    ring.setAttribute("fill", kind === "speed" ? shadeOf(this.came(sensor), scales.speed) : value === undefined ? "var(--st-background-color)" : shadeOf(value, scales[kind]));
    disc.style.display = kind === "speed" ? "" : "none";
    disc.setAttribute("fill", value === undefined ? "var(--st-background-color)" : shadeOf(value, scales.speed));
  }

  /** What is shown at a sensor; undefined where there is nothing. */
  value(sensor, kind) {
    if (!this.numbers) return undefined;
    const { sensors, ahead, placed } = this.told;
    if (kind === "state") return placed ? this.numbers.state[this.at * sensors.length + sensor] : undefined;
    if (this.at < this.told.unasked) return undefined;
    const said = this.numbers.forecast[(this.at * sensors.length + sensor) * ahead.length + choice.ahead];
    return kind === "error" ? Math.abs(said - this.came(sensor)) : said;
  }

  /** The speed measured at a sensor when that comes which is foretold, or now. */
  came(sensor, later = this.later) {
    return this.probe.seen[(this.at + later) * this.told.sensors.length + sensor];
  }

  /** When it is foretold, for when, and how far it is off. */
  inWords() {
    const { clock } = this.probe, { sensors, placed } = this.told;
    const times = `At ${clock[this.at]} for ${clock[this.at + this.later]}`;
    if (choice.kind === "state" && !placed) return "Its units belong to no single sensor";
    if (this.at < this.told.unasked) return `${times}: not asked in the first hour`;
    const mean = (of) => number(sensors.reduce((sum, _, sensor) => sum + of(sensor), 0) / sensors.length, 1);
    const stays = mean((sensor) => Math.abs(this.came(sensor) - this.came(sensor, 0)));
    return this.numbers ? `${times}: off by ${mean((sensor) => this.value(sensor, "error"))} km/h, as now ${stays}` : `${times}: as now is off by ${stays} km/h`;
  }

  // What is pointed at

  nearest({ clientX, clientY }) {
    const { left, top } = this.map.getBoundingClientRect();
    const away = this.told.sensors.map(({ x, y }) => Math.hypot(this.x(x) - clientX + left, this.y(y) - clientY + top));
    return away.indexOf(Math.min(...away));
  }

  found(event) {
    const unit = this.nearest(event), { name } = this.told.sensors[unit], { clock } = this.probe;
    const named = `${name}: ${this.came(unit, 0)} km/h at ${clock[this.at]}, ${this.came(unit)} at ${clock[this.at + this.later]}; foretold`;
    return { time: this.at, unit, row: unit, label: this.told.label, band: "roads", named };
  }

  valueAt({ unit, band }) {
    const value = band === "roads" ? this.value(unit, "speed") : undefined;
    return value === undefined ? "" : `${number(value, 0)} km/h`;
  }
}
