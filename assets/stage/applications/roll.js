// A melody as a piano roll: pitch up, time across. Its notes have the colour of the probability that the model gave
// them; behind them is shaded what it expected, and framed what it would have played where that is another note.
import { drawn, element, percent } from "../kit/dom.js";
import { shadeOf } from "../kit/shades.js";
import { colours } from "../kit/colours.js";
import { Own } from "../parts/own.js";
import { Legend } from "../parts/picture.js";

const DARKEST = 0.55; // opacity of a pitch that is expected for sure
const NOTE = 0.6; // of a row's height
const FRAME = 0.88;

export class Roll extends Own {
  constructor(told) {
    super(told);
    this.shades = new Legend(told.scale);
    this.heat = element("canvas", { "aria-hidden": "true" });
    this.svg = drawn("svg", { role: "img", "aria-label": `Piano roll of a melody: how likely the ${told.name} finds each next note, and which one it would play` });
    this.plot = element("div", { class: "rv-roll-plot" }, this.heat, this.svg);
    this.field.classList.add("rv-roll");
    this.field.append(this.legend(), this.plot);
    this.watch(this.plot);
    this.svg.addEventListener("pointermove", (event) => (event.buttons ? this.choose(this.found(event).time) : this.hub?.point(this.found(event))));
    this.svg.addEventListener("pointerleave", () => this.hub?.point(null));
    this.svg.addEventListener("pointerdown", (event) => this.press(this.found(event).time));
  }

  legend() {
    const entry = (title, ...parts) => element("span", { title }, ...parts);
    const best = this.told.best ? ` Who knows the grammar is right at ${this.told.best} of all held-out notes.` : "";
    return element(
      "p",
      { class: "rv-roll-legend" },
      entry(`The melody's notes, coloured by the probability that the model gave to each before it came.${best}`, "right note", this.shades.box),
      entry("What the model would have played, where the likeliest note is another one. The frame has its pitch and its length", element("i", { class: "rv-roll-frame" }), "would play"),
      entry("How likely each pitch is to come next, whatever its length: the darker, the likelier", element("i", { class: "rv-roll-shade" }), "expects"),
    );
  }

  // What stands still

  make(probe) {
    const { clientWidth: width, clientHeight: height } = this.plot;
    this.melody = this.told.melodies[probe];
    this.painted = undefined;
    if (!width || !height) return;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.letter = parseFloat(getComputedStyle(this.plot).fontSize);
    const { pitches, notes } = this.told;
    this.left = 2.5 * this.letter;
    this.top = 1.3 * this.letter;
    this.row = (height - this.top - 1.4 * this.letter) / pitches.length;
    this.eighth = (width - this.left - 3) / this.melody.eighths;
    this.begins = [];
    let begin = 0;
    for (const place of this.melody.notes) {
      this.begins.push(begin);
      begin += notes[place][1];
    }
    this.bars = this.melody.notes.map((place, at) => this.note("rv-roll-note", at, place, NOTE));
    this.frames = this.melody.notes.map((place, at) => this.note("rv-roll-would", at, place, FRAME));
    this.chosen = drawn("rect", { class: "rv-roll-now", y: this.top, height: this.row * pitches.length });
    this.svg.replaceChildren(...this.rows(), ...this.lines(), this.chosen, ...this.bars, ...this.frames);
    this.shades.paint();
  }

  x(eighths) {
    return this.left + eighths * this.eighth;
  }

  y(row) {
    return this.top + (this.told.pitches.length - 1 - row) * this.row;
  }

  note(kind, at, place, share) {
    const made = drawn("rect", { class: kind, rx: 2 });
    this.put(made, at, place, share);
    return made;
  }

  /** Where a note stands that begins when note `at` does, and has this share of a row's height. */
  put(node, at, place, share) {
    const [row, length] = this.told.notes[place];
    const high = this.row * share;
    const room = this.melody.eighths - this.begins[at];
    const where = { x: this.x(this.begins[at]) + 0.75, y: this.y(row) + (this.row - high) / 2, width: Math.max(1, Math.min(length, room) * this.eighth - 1.5), height: high };
    for (const [name, value] of Object.entries(where)) node.setAttribute(name, value.toFixed(1));
  }

  /** The names of pitches, as many as there is room for. */
  rows() {
    const every = Math.max(1, Math.ceil((0.95 * this.letter) / this.row));
    return this.told.pitches.flatMap((name, row) => {
      const line = drawn("line", { class: "rv-roll-row", x1: this.left, x2: this.x(this.melody.eighths), y1: this.y(row) + this.row, y2: this.y(row) + this.row });
      return row % every ? [line] : [line, text(this.left - 5, this.y(row) + this.row / 2 + 0.35 * this.letter, name, "end")];
    });
  }

  /** Lines between bars, with numbers below; the letters of phrases above. Where no bars are known, none of them. */
  lines() {
    const { bar, eighths, phrases } = this.melody;
    if (!bar) return [];
    const bottom = this.y(0) + this.row;
    const found = [];
    for (let at = 0; at <= eighths; at += bar) {
      const phrase = at === eighths || phrases.some(([begin]) => begin === at);
      found.push(drawn("line", { class: phrase ? "rv-roll-phrase" : "rv-roll-bar", x1: this.x(at), x2: this.x(at), y1: phrase ? 0 : this.top, y2: bottom }));
      if (at < eighths) found.push(text(this.x(at + bar / 2), bottom + 1.1 * this.letter, String(at / bar + 1), "middle"));
    }
    const letters = phrases.map(([begin, letter], at) => text((this.x(begin) + this.x(phrases[at + 1]?.[0] ?? eighths)) / 2, 0.95 * this.letter, letter, "middle", "rv-roll-letter"));
    return [...found, ...letters, text(this.left - 5, bottom + 1.1 * this.letter, "bar", "end")];
  }

  // What changes

  paint(numbers, { point }) {
    if (!this.bars) return;
    const time = this.time === null ? null : Math.min(this.time, this.bars.length - 1);
    const now = [numbers, time, point, colours.dark];
    if (this.painted?.every((one, at) => one === now[at])) return;
    const other = this.painted?.[0] !== numbers || this.painted?.[3] !== colours.dark;
    this.painted = now;
    this.numbers = numbers;
    if (other) this.shade(numbers);
    const marked = point?.time ?? time;
    this.chosen.style.display = marked === null ? "none" : "";
    if (marked !== null) {
      const at = Math.min(marked, this.bars.length - 1);
      this.chosen.setAttribute("x", this.x(this.begins[at]));
      this.chosen.setAttribute("width", this.lengthOf(at) * this.eighth);
    }
    this.say(numbers ? this.words(numbers, time) : "");
  }

  lengthOf(at) {
    return this.told.notes[this.melody.notes[at]][1];
  }

  /** Colours of the notes, frames of what would be played, and behind them what is expected. */
  shade(numbers) {
    this.shades.paint();
    const { notes: right } = this.melody;
    right.forEach((place, at) => {
      this.bars[at].setAttribute("fill", numbers ? shadeOf(numbers.chances[at], this.told.scale) : "none");
      const wrong = numbers && numbers.said[at] !== place && this.told.notes[numbers.said[at]][0] >= 0;
      this.frames[at].style.display = wrong ? "" : "none";
      if (wrong) this.put(this.frames[at], at, numbers.said[at], FRAME);
    });
    const ratio = devicePixelRatio || 1, { clientWidth, clientHeight } = this.plot;
    Object.assign(this.heat, { width: Math.round(clientWidth * ratio), height: Math.round(clientHeight * ratio) });
    if (!numbers) return;
    const context = this.heat.getContext("2d");
    context.scale(ratio, ratio);
    context.fillStyle = getComputedStyle(this.plot).color;
    const rows = this.told.pitches.length;
    right.forEach((_, at) => {
      for (let row = 0; row < rows; row++) {
        const alpha = DARKEST * numbers.heat[at * rows + row];
        if (!(alpha > 0.004)) continue; // also where it is no number
        context.globalAlpha = alpha;
        context.fillRect(this.x(this.begins[at]), this.y(row), this.lengthOf(at) * this.eighth, this.row);
      }
    });
  }

  /** At the note that is chosen: which it is, how likely it was found, what would be played; else how many are right, where phrases are known in new ones and in those heard before. */
  words(numbers, time) {
    const { notes } = this.melody;
    if (time === null) {
      const asked = notes.length, right = notes.filter((place, at) => numbers.said[at] === place).length;
      if (!this.melody.again) return `right: ${right}/${asked}`;
      const share = (again) => {
        const asked = notes.map((_, at) => at).filter((at) => this.melody.again[at] === again);
        return `${asked.filter((at) => numbers.said[at] === notes[at]).length}/${asked.length}`;
      };
      return `right: new ${share(false)} · again ${share(true)}`;
    }
    const [place, said] = [notes[time], numbers.said[time]];
    const { symbols } = this.told;
    const known = `${symbols[place]} ${percent(numbers.chances[time])}`;
    return said === place ? `${known} · right` : `${known} · plays ${symbols[said]} ${percent(numbers.sure[time])}`;
  }

  /** A note in words: "E4 dotted quarter". */
  name(place) {
    const [row, length] = this.told.notes[place];
    return `${this.told.pitches[row]} ${this.told.lengths[length]}`;
  }

  // What is pointed at

  /** Where it is pressed once more, the whole sequence is seen again. */
  press(time) {
    this.choose(time === this.time ? null : time);
  }

  found({ clientX, clientY }) {
    const { left, top } = this.svg.getBoundingClientRect();
    const eighth = (clientX - left - this.left) / this.eighth;
    const time = Math.max(0, this.begins.findLastIndex((begin) => begin <= eighth));
    const rows = this.told.pitches.length;
    const row = Math.max(0, Math.min(rows - 1, rows - 1 - Math.floor((clientY - top - this.top) / this.row)));
    const named = `how likely ${this.told.pitches[row]} comes next; it is ${this.name(this.melody.notes[time])}`;
    return { time, unit: row, row, label: this.told.label, band: "roll", named };
  }

  valueAt({ time, unit, band }) {
    const chance = band === "roll" ? this.numbers?.heat[time * this.told.pitches.length + unit] : undefined;
    return chance === undefined ? "" : percent(chance);
  }
}

function text(x, y, words, anchor, kind = "") {
  const made = drawn("text", { x, y, "text-anchor": anchor, class: kind });
  made.textContent = words;
  return made;
}
