// A film frame by frame, what a model makes of it, and its gates and states: as images where they stand at places.
import { VALUE } from "../kit/halves.js";
import { bitsOf, colours } from "../kit/colours.js";
import { counted, drawn, element, number, percent, say } from "../kit/dom.js";
import { Own } from "../parts/own.js";
import { Legend } from "../parts/picture.js";
import { change, look } from "../view/look.js";
import { greysOf, hollow, paintImage, rangeOf, tiled, within } from "./images.js";

const GAP = 6; // pixels between images
const LARGEST = 36; // pixels of a frame in the row of all frames
const STRIP = 22; // pixels of a unit without a place
const WIDE = 20; // letters across, from which on rows have their names beside them
const NARROW = 11; // and below which they are short
const LARGE = 0.58; // of the height below the rows, for the large frames
const SILENT = "says nothing before the end: it also reads from there";
const MEANINGS = { off: "What is foreseen, minus what came" };

export class Film extends Own {
  constructor(told) {
    super(told);
    this.next = !told.kinds.length; // the next frame is asked, not the kind of motion
    this.canvas = element("canvas", { "aria-hidden": "true" });
    const asked = this.next ? "the next frame that it foresees" : "how likely it finds each kind of motion";
    this.svg = drawn("svg", { role: "img", "aria-label": `A film, ${asked}, and the gates and states of the ${told.name} at the frame that is chosen` });
    this.plot = element("div", { class: "rv-film-plot" }, this.canvas, this.svg);
    this.field.classList.add("rv-film");
    this.field.append(this.legend(), this.plot);
    this.watch(this.plot);
    this.svg.addEventListener("pointermove", (event) => (event.buttons ? this.press(event) : this.hub?.point(this.found(event))));
    this.svg.addEventListener("pointerleave", () => this.hub?.point(null));
    this.svg.addEventListener("pointerdown", (event) => this.press(event));
  }

  legend() {
    const { pixels, off, chance, variables, channels, units, parameters } = this.told;
    const scales = new Map(); // colours → what has them
    const add = (scale, what) => {
      const key = [scale.palette, scale.low, scale.high].join();
      if (!scales.has(key)) scales.set(key, { ...scale, what: [] });
      scales.get(key).what.push(what);
    };
    add(pixels, "pixels");
    if (this.next) add(off, "off");
    else add(chance, "probability");
    for (const one of variables) add(one, one.symbol);
    this.shades = [...scales.values()].map((scale) => new Legend(scale));
    const entries = this.shades.map((shade) => element("span", { class: shade.told.what[0] === "pixels" ? "rv-film-pixels" : "", title: MEANINGS[shade.told.what[0]] ?? "" }, shade.told.what.join(" "), shade.bar, element("span", { class: "rv-soft" }, rangeOf(shade.told))));
    this.buttons = Array.from({ length: channels }, (_, at) => element("button", { type: "button", title: `Show channel ${at + 1} of every place`, onclick: () => change({ unit: at }) }, String(at + 1)));
    const choice = channels ? [element("span", {}, "channel"), ...this.buttons] : [units === 1 ? "one unit" : `${units} units`];
    const shown = element("span", { class: "rv-film-channels", role: "group", "aria-label": "Channel that is shown", title: channels ? "" : "Its units belong to no places of the image" }, ...choice);
    return element("div", { class: "rv-film-legend" }, element("p", {}, element("span", {}, `${counted(parameters)} parameters`), shown), element("p", { class: "rv-film-scales" }, ...entries));
  }

  // What stands still

  make(probe, { pictures }) {
    const { clientWidth: width, clientHeight: height } = this.plot;
    this.film = this.told.films[probe].map(greysOf);
    this.right = this.told.right[probe];
    this.painted = undefined;
    if (!width || !height) return;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.letter = parseFloat(getComputedStyle(this.plot).fontSize);
    this.times = this.film.length - (this.next ? 1 : 0);
    this.rows(width);
    this.tiles(width, height, Math.max(...pictures.map(({ variables }) => variables.length)));
    this.now = [0, 1].slice(this.next ? 0 : 1).map(() => drawn("rect", { class: "rv-film-now" }));
    this.places = [...this.maps, ...this.large].map(() => drawn("rect", { class: "rv-film-place" }));
    this.svg.replaceChildren(...this.words(), ...this.now, ...this.places);
    for (const shade of this.shades) shade.paint();
  }

  /** The film in a row; below it what is foreseen, or how likely each kind is. */
  rows(width) {
    const { kinds, signs } = this.told;
    this.wide = width > WIDE * this.letter;
    this.narrow = width < NARROW * this.letter;
    const names = this.next ? ["film", "foreseen"] : this.wide ? kinds : signs;
    this.names = this.next && !this.wide ? [] : names;
    this.left = this.names.length ? Math.ceil(0.55 * this.letter * (1.8 + Math.max(...names.map((name) => name.length)))) : 0;
    this.step = Math.min(LARGEST, Math.floor((width - this.left) / this.film.length));
    const frame = this.step - 1;
    const top = this.names.length ? 0 : 1.25 * this.letter;
    this.row = { x: this.left, y: top, width: this.step * this.film.length, height: frame };
    const high = this.next ? frame : Math.round(1.12 * this.letter);
    this.below = { x: this.left + (this.next ? this.step : 0), y: top + frame + 3, width: this.step * this.times, height: this.next ? frame : high * kinds.length, each: high };
    this.top = this.below.y + this.below.height + 0.3 * this.letter;
  }

  frameBox(at, { x, y } = this.row) {
    return { x: x + at * this.step, y, width: this.step - 1, height: this.step - 1 };
  }

  /**
   * Large images of the frame that is chosen, and the units: at their places, or in a strip each.
   * @param {number} most variables that a model has: images are of one size in all pictures
   */
  tiles(width, height, most) {
    const caption = 1.3 * this.letter;
    const room = { x: 0, y: this.top, width, height: height - this.top };
    const { variables, channels, units } = this.told;
    const names = this.next ? ["frame", "foreseen", "came", "difference"] : ["frame"];
    const large = this.next ? tiled(4, { ...room, height: LARGE * room.height }, caption, GAP, Math.min(5 * this.letter, width / 2)) : tiled(1 + most, room, caption, GAP);
    this.large = names.map((what, at) => ({ ...large[at], what }));
    const last = large[names.length - 1], used = last.y + last.height + 2;
    const beside = last.x + last.width + GAP;
    const rest = this.next ? { ...room, y: used, height: height - used } : { ...room, x: beside, width: width - beside };
    const maps = !channels ? [] : this.next ? tiled(most, rest, caption, GAP) : large.slice(1);
    this.maps = variables.slice(0, maps.length).map((variable, at) => ({ ...maps[at], variable }));
    const strips = channels ? [] : variables;
    const high = Math.min(STRIP, (rest.height - caption) / variables.length), x = rest.x + 2 * this.letter;
    const long = Math.min(width - x, units * STRIP);
    this.strips = strips.map((variable, at) => ({ x, y: rest.y + caption + at * high, width: long, height: high - 2, variable }));
  }

  words() {
    const { letter } = this;
    const high = this.below.each;
    const kindAt = (at) => (!this.next && at === this.right ? "rv-film-right" : "");
    const rowAt = (at) => (this.next ? [this.row, this.below][at].y + high / 2 : this.below.y + (at + 0.5) * high);
    const names = this.names.map((name, at) => text(this.left - 0.4 * letter, rowAt(at) + 0.35 * letter, name, "end", kindAt(at)));
    if (!names.length) names.push(text(0, 0.95 * letter, this.narrow ? "film, foreseen" : "film, and foreseen below", "start"));
    this.captions = this.large.map((box) => text(box.x, box.y - 0.35 * letter, "", "start"));
    const titled = (node, { variable }) => {
      node.append(drawn("title"));
      node.lastChild.textContent = `${variable.title}: ${variable.lowName} to ${variable.highName}`;
      return node;
    };
    return [
      ...names,
      ...this.captions,
      ...this.maps.map((box) => titled(text(box.x + box.width / 2, box.y - 0.35 * letter, box.variable.symbol, "middle"), box)),
      ...this.strips.map((box) => titled(text(box.x - 0.5 * letter, box.y + box.height / 2 + 0.35 * letter, box.variable.symbol, "end"), box)),
    ];
  }

  // What changes

  get channel() {
    return (look.unit ?? 0) % (this.told.channels || 1);
  }

  get shown() {
    return Math.min(this.time ?? this.times - 1, this.times - 1);
  }

  paint(numbers, { point }) {
    if (!this.row) return;
    const now = [numbers, this.shown, this.channel, JSON.stringify(point), colours.dark, this.plot.clientWidth, this.plot.clientHeight];
    if (this.painted?.every((one, at) => one === now[at])) return;
    this.painted = now;
    this.numbers = numbers;
    for (const shade of this.shades) shade.paint();
    this.buttons.forEach((button, at) => button.setAttribute("aria-pressed", String(at === this.channel)));
    this.fill();
    this.mark(point);
    this.say(numbers ? this.verdict(numbers, this.shown) : "");
  }

  fill() {
    const { clientWidth, clientHeight } = this.plot, ratio = devicePixelRatio || 1;
    Object.assign(this.canvas, { width: Math.round(clientWidth * ratio), height: Math.round(clientHeight * ratio) });
    const context = this.canvas.getContext("2d");
    context.scale(ratio, ratio);
    const { side, pixels, off, chance, places, units, kinds } = this.told;
    const { numbers, shown } = this;
    this.film.forEach((frame, at) => paintImage(context, this.frameBox(at), frame, side, pixels));
    const large = { frame: [this.film[shown], pixels] };
    if (this.next) {
      large.came = [this.film[shown + 1], pixels];
      if (numbers) {
        for (let at = 0; at < this.times; at++) paintImage(context, this.frameBox(at, this.below), this.foreseen(at), side, pixels);
        large.foreseen = [this.foreseen(shown), pixels];
        large.difference = [Uint16Array.from(large.foreseen[0], (bits, at) => bitsOf(VALUE[bits] - VALUE[large.came[0][at]])), off];
      }
    } else if (numbers) {
      const turned = kinds.flatMap((_, kind) => Array.from({ length: this.times }, (_, at) => bitsOf(numbers.chances[at * kinds.length + kind])));
      context.fillStyle = colours.dark ? "#ffffff18" : "#00000014"; // where it cannot say
      context.fillRect(this.below.x, this.below.y, this.below.width, this.below.height);
      paintImage(context, this.below, turned, this.times, chance);
    }
    for (const box of this.large) {
      if (large[box.what]) paintImage(context, box, large[box.what][0], side, large[box.what][1]);
      else hollow(context, box);
    }
    for (const box of [...this.maps, ...this.strips]) {
      const values = numbers?.units[box.variable.name]?.subarray(shown * units, (shown + 1) * units);
      if (!values) hollow(context, box);
      else if (this.maps.length) paintImage(context, box, values.filter((_, unit) => unit % this.told.channels === this.channel), places, box.variable);
      else paintImage(context, box, values, units, box.variable);
    }
  }

  foreseen(at) {
    const { side } = this.told;
    return this.numbers.frames.subarray(at * side * side, (at + 1) * side * side);
  }

  /** The frame that is chosen, and in every image the place that is pointed at. */
  mark(point) {
    const { side, places } = this.told;
    const now = this.frameBox(this.shown);
    this.put(this.now.at(-1), this.next ? this.frameBox(this.shown, this.below) : { ...now, height: this.below.y + this.below.height });
    if (this.next) this.put(this.now[0], now);
    const [one, next] = [this.shown + 1, this.shown + 2].map((frame) => (this.narrow ? String(frame) : `frame ${frame}`));
    const words = { frame: one, foreseen: this.narrow ? "says" : "foreseen", came: next, difference: this.narrow ? "off" : "difference" };
    this.large.forEach((box, at) => say(this.captions[at], words[box.what]));
    [...this.maps, ...this.large].forEach((box, at) => {
      const node = this.places[at];
      node.style.display = point?.place === undefined ? "none" : "";
      if (point?.place === undefined) return;
      const size = box.width / places;
      this.put(node, { x: box.x + (point.place % places) * size, y: box.y + Math.floor(point.place / places) * size, width: size, height: size });
    });
    console.assert(side % places === 0);
  }

  put(node, box) {
    for (const name of ["x", "y", "width", "height"]) node.setAttribute(name, box[name].toFixed(1));
  }

  verdict(numbers, at) {
    if (this.next) {
      const stays = mean(this.film[at + 1], (bits, pixel) => (VALUE[bits] - VALUE[this.film[at][pixel]]) ** 2);
      if (this.narrow) return `error ${number(numbers.errors[at], 4)}; staying ${stays.toFixed(4)}`;
      return `squared error ${number(numbers.errors[at], 4)}; if the frame stayed as it is ${stays.toFixed(4)}`;
    }
    const { kinds } = this.told;
    const chances = numbers.chances.subarray(at * kinds.length, (at + 1) * kinds.length);
    if (Number.isNaN(chances[0])) return at < this.times - 1 ? SILENT : "its numbers overflow";
    const likeliest = chances.indexOf(Math.max(...chances));
    const said = `says ${kinds[likeliest]}, ${percent(chances[likeliest])} sure`;
    return `${said}; it is ${kinds[this.right]}`;
  }

  sayable(chance, at) {
    return Number.isNaN(chance) && at < this.times - 1 ? SILENT : percent(chance);
  }

  // What is pointed at

  /** Pressed on the rows, that frame is chosen; where it was, the whole film is seen again. */
  press(event) {
    const at = this.timeAt(event);
    if (at !== null) this.choose(event.type === "pointerdown" && at === this.time ? null : at);
  }

  timeAt({ clientX, clientY }) {
    const { left, top } = this.svg.getBoundingClientRect();
    const [x, y] = [clientX - left, clientY - top];
    const box = within({ ...this.row, height: this.row.height + 3 }, x, y) ? this.row : within({ ...this.below, height: this.below.height + GAP }, x, y) ? this.below : null;
    return box && Math.min(this.times - 1, Math.floor((x - box.x) / this.step));
  }

  found(event) {
    const { left, top } = this.svg.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const { label, kinds, places, channels, units } = this.told;
    const at = this.timeAt(event);
    if (at !== null) {
      const kind = this.next ? -1 : Math.floor((y - this.below.y) / this.below.each);
      if (kind < 0 || kind >= kinds.length) return { time: at, unit: null, label };
      return { time: at, unit: kind, row: kind, label, band: "chances", named: `how likely ${kinds[kind]}` };
    }
    const box = [...this.maps, ...this.large, ...this.strips].find((one) => within(one, x, y));
    if (!box) return null;
    if (!this.maps.length && box.variable) {
      const unit = Math.min(units - 1, Math.floor(((x - box.x) / box.width) * units));
      return { time: this.shown, unit, row: unit, label, band: box.variable.name, named: `${box.variable.title} of unit ${unit + 1}` };
    }
    const [row, column] = [y - box.y, x - box.x].map((off) => Math.floor((off / box.width) * places));
    const place = row * places + column, where = `row ${row + 1}, column ${column + 1}`;
    if (!box.variable) return { time: this.shown, unit: null, place, label };
    return { time: this.shown, unit: place * channels + this.channel, row: place, place, label, band: box.variable.name, named: `${box.variable.title}, channel ${this.channel + 1}, ${where}` };
  }

  valueAt({ time, unit, band, place, label }) {
    const { kinds, units, channels } = this.told;
    if (band === "chances") return this.numbers ? this.sayable(this.numbers.chances[time * kinds.length + unit], time) : "";
    const bits = this.numbers?.units[band];
    const alike = place === undefined ? label === this.told.label : channels > 0; // units without places are those of one model
    return bits && alike && unit < units ? number(VALUE[bits[time * units + unit]]) : "";
  }
}

const mean = (values, of) => values.reduce((sum, one, at) => sum + of(one, at), 0) / values.length;

function text(x, y, words, anchor, kind = "") {
  const made = drawn("text", { x, y, "text-anchor": anchor, class: kind });
  made.textContent = words;
  return made;
}
