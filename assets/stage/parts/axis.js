// The sequence itself as the time axis of a picture: the symbols that are read, or the numbers of the time steps.
import { element } from "../kit/dom.js";
import { isSentence } from "../kit/sentence.js";

const VISIBLE = { " ": "␣", "\n": "↵", "\t": "⇥" };
const LETTER = 0.62; // width of a letter by its size
const LEAST = 6.5; // pixels; smaller letters cannot be read
const TICKS = [1, 2, 5, 10, 20, 50, 100];
const TICK_ROOM = 34; // pixels

// All axes are laid out in one go, when the browser has found how wide they are: first every width is read, then written.
const known = new WeakMap();
const sizes = new ResizeObserver((entries) => {
  const axes = entries.map(({ target }) => known.get(target));
  const rooms = axes.map((axis) => axis.room());
  axes.forEach((axis, at) => axis.layout(rooms[at]));
});

export class Axis {
  constructor() {
    this.box = element("div", { class: "rv-axis" });
    this.rows = [];
    known.set(this.box, this);
  }

  /** @param {{tokens: string[], asked: string[], read: number}} sequence  @param {"last"|"every"|"sequence"} answers */
  show(sequence, answers, curve) {
    if (this.sequence === sequence) return;
    this.sequence = sequence;
    this.times = sequence.tokens.length;
    this.below = (answers === "every" && !curve) || (answers === "last" && isSentence(sequence)); // the symbols stand below all pictures
    this.rows = this.below ? [] : [this.row("read", sequence.tokens)];
    this.ticks = element("div", { class: "rv-ticks", "aria-hidden": "true" });
    this.box.replaceChildren(...this.rows.map((row) => row.box), ...(this.spelled() ? [] : [this.ticks]));
    this.box.classList.toggle("rv-halved", sequence.read > 0);
    this.box.style.setProperty("--rv-read", sequence.read / this.times);
    sizes.unobserve(this.box); // observed anew, it is told of again before anything is painted
    sizes.observe(this.box);
  }

  row(name, words) {
    const cells = words.map((word, time) => {
      const left = `${((time + 0.5) / words.length) * 100}%`;
      return element("span", { style: { left } }, VISIBLE[word] ?? word);
    });
    const box = element("div", { class: `rv-row rv-${name}`, "data-name": name }, ...cells);
    return { name, box, cells, words };
  }

  /** Whether every step has a symbol here, so that the symbols are the axis. */
  spelled() {
    return !this.below && this.sequence.tokens.every(Boolean);
  }

  /** Pixels: how wide it is, and the size of its letters. */
  room() {
    return { width: this.box.clientWidth, full: parseFloat(getComputedStyle(this.box).fontSize) };
  }

  /** Letters as large as fit; those too small to be read are left to the line that says what is pointed at. */
  layout({ width, full }) {
    if (!width) return;
    for (const { box, words } of this.rows) {
      const spelled = words.every((word) => word !== undefined && (VISIBLE[word] ?? word).length > 0) || words.every((word) => !word);
      const longest = Math.max(1, ...words.map((word) => (word ?? "").length));
      const size = spelled ? Math.min(full, width / words.length / LETTER / longest) : full;
      box.style.fontSize = `${size}px`;
      box.classList.toggle("rv-unread", spelled && size < LEAST);
      if (!spelled) this.spread(box, words, width, size);
    }
    this.tick(width, full);
  }

  /** A few words along the axis: those that would touch the one before are left out; the ends stay inside. */
  spread(box, words, width, size) {
    let free = -1;
    words.forEach((word, time) => {
      if (!word) return;
      const half = (word.length * size * LETTER) / 2;
      const middle = Math.min(width - half, Math.max(half, ((time + 0.5) / words.length) * width));
      const cell = box.children[time];
      cell.hidden = middle - half < free;
      cell.style.left = `${middle}px`;
      if (!cell.hidden) free = middle + half + 4;
    });
  }

  tick(width, size) {
    if (this.spelled()) return;
    const every = TICKS.find((one) => (one / this.times) * width >= TICK_ROOM * (size / 13)) ?? 200;
    const taken = (this.below ? [] : this.sequence.tokens).flatMap((word, time) => (word ? [[time, word.length]] : []));
    const near = (time) => taken.some(([at, letters]) => (Math.abs(at - time) / this.times) * width < (letters + 3) * size * LETTER * 0.6);
    const numbers = [];
    for (let time = every; time < this.times; time += every) if (!near(time - 1)) numbers.push(time);
    this.ticks.replaceChildren(
      ...numbers.map((time) => element("span", { style: { left: `${((time - 0.5) / this.times) * 100}%` } }, String(time))),
    );
  }

  close() {
    sizes.unobserve(this.box);
  }
}
