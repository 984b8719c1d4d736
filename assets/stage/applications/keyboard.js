// A sentence as it is typed on a phone: the caret, three candidates for the next word with their probabilities, and under
// every word whether the model had suggested it. Above, how likely it found each word that came, and how likely that was.
import { drawn, element, percent, say } from "../kit/dom.js";
import { Own } from "../parts/own.js";

const CANDIDATES = 3;
export const SIGN = /^[.,;:?!]$/; // stands at the word before it
export const HITS = [
  ["first", "first", "The word was the first candidate"],
  ["among", "in three", "The word was the second or third candidate"],
  ["missed", "missed", "The word was not among the three candidates"],
];

export class Keyboard extends Own {
  constructor(told) {
    super(told);
    this.typed = element("p", { class: "rv-typed", role: "group", tabindex: 0, "aria-label": "A sentence as it is typed; arrow keys move the caret" });
    this.caret = element("span", { class: "rv-caret", "aria-hidden": "true" });
    this.candidates = Array.from({ length: CANDIDATES }, () => new Candidate(told.colour));
    this.bar = element("div", { class: "rv-candidates", role: "group", "aria-label": `What the ${told.name} suggests next` }, ...this.candidates.map((one) => one.box));
    this.next = element("p", { class: "rv-next" });
    this.svg = drawn("svg", { role: "img", "aria-label": `How likely the ${told.name} finds each word that comes next` });
    this.plot = element("div", { class: "rv-keyboard-plot" }, this.svg);
    this.field.classList.add("rv-keyboard");
    this.field.append(this.legend(), this.plot, this.typed, this.bar, this.next);
    this.watch(this.plot);
    this.typed.addEventListener("click", (event) => this.press(Number(event.target.closest("[data-at]")?.dataset.at) - 1));
    this.typed.addEventListener("keydown", (event) => this.move(event));
    this.svg.addEventListener("pointermove", (event) => (event.buttons ? this.choose(this.found(event).time) : this.hub?.point(this.found(event))));
    this.svg.addEventListener("pointerleave", () => this.hub?.point(null));
    this.svg.addEventListener("pointerdown", (event) => this.press(this.found(event).time));
  }

  legend() {
    const { far, best } = this.told;
    const entry = (kind, words, title) => element("span", { title }, element("i", { class: `rv-key rv-${kind}` }), words);
    const known = "How likely the word was to come next, to who knows the grammar";
    return element(
      "p",
      { class: "rv-keyboard-legend" },
      ...HITS.map(([kind, words, title]) => entry(kind, words, title)),
      ...(far ? [entry("far", "far", `One of the ${far}: it follows from what stands at least four words before it, and from nothing closer`)] : []),
      ...(best ? [entry("knowable", "knowable", `${known}, which is right at ${best} of all held-out words`)] : []),
    );
  }

  // What stands still

  make(probe) {
    const { read, next, far, known } = this.told.sentences[probe];
    const words = [...read, next.at(-1) < 0 ? "" : this.told.words[next.at(-1)]];
    this.sentence = { words, next, far, known };
    this.first = words[0] === "." ? 1 : 0; // the end of a sentence before is not shown
    this.marks = words.map((word, at) => (at < this.first || !word ? null : this.word(word, at, at && far[at - 1])));
    this.usual = Math.max(far.lastIndexOf(true), -1);
    if (this.usual < 0) this.usual = next.findLastIndex((place) => place >= 0);
    this.painted = undefined;
    this.typed.replaceChildren(...this.marks.filter(Boolean).flatMap((mark) => (SIGN.test(mark.textContent) ? [mark] : [" ", mark])));
    this.putCaret(this.time ?? this.usual);
    this.chart();
  }

  /** Behind the word that is read; it may move a word to the next line, and so is there before sizes are measured. */
  putCaret(time) {
    const after = this.marks[time];
    if (after) after.after(this.caret);
    else this.typed.prepend(this.caret);
  }

  /** A column for each time step; the higher, the likelier the word that comes next. */
  chart() {
    const { clientWidth: width, clientHeight: height } = this.plot;
    if (!width || !height) return;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const letter = parseFloat(getComputedStyle(this.plot).fontSize);
    const { next, far, known } = this.sentence;
    this.left = 3 * letter;
    this.step = (width - this.left - 2) / next.length;
    this.top = 0.6 * letter;
    this.bottom = height - 2;
    const column = (at, kind, share = 1, thin = 0.12) => {
      const made = drawn("rect", { class: kind, x: this.x(at + thin), width: this.step * (1 - 2 * thin) });
      this.raise(made, share);
      return made;
    };
    const line = (share) => drawn("line", { class: "rv-level", x1: this.left, x2: width - 2, y1: this.y(share), y2: this.y(share) });
    this.columns = next.map((_, at) => column(at, "", 0));
    this.now = column(0, "rv-now-typed", 1, 0);
    this.svg.replaceChildren(
      ...far.flatMap((one, at) => (one ? [column(at, "rv-far-column", 1, 0)] : [])),
      line(0), line(1), label(this.left - 4, this.y(1) + 0.35 * letter, "1"), label(this.left - 4, this.y(0), "0"),
      ...this.columns, ...known.map((share, at) => column(at, "rv-knowable", share / 100)), this.now,
    ); // prettier-ignore
  }

  x(at) {
    return this.left + at * this.step;
  }

  y(share) {
    return this.bottom - share * (this.bottom - this.top);
  }

  raise(column, share) {
    column.setAttribute("y", this.y(share).toFixed(1));
    column.setAttribute("height", Math.max(0, this.bottom - this.y(share)).toFixed(1));
  }

  word(word, at, far) {
    return element("span", { class: `rv-hit${far ? " rv-far" : ""}`, "data-at": at, title: word.startsWith("⟨") ? "A word that is not among those told apart" : "" }, word);
  }

  // What changes

  paint(numbers) {
    if (!this.marks) return;
    const time = this.time ?? this.usual;
    const now = [numbers, time, this.time === null];
    if (this.painted?.every((one, at) => one === now[at])) return;
    this.painted = now;
    const hits = this.sentence.next.map((place, at) => (numbers && place >= 0 ? hit(numbers.rank[at]) : ""));
    this.marks.forEach((mark, at) => {
      if (!mark) return;
      for (const [kind] of HITS) mark.classList.toggle(`rv-${kind}`, at > 0 && hits[at - 1] === kind);
      mark.classList.toggle("rv-to-type", at > time);
    });
    this.putCaret(time);
    this.columns?.forEach((column, at) => {
      this.raise(column, hits[at] ? numbers.right[at] : 0);
      column.setAttribute("class", `rv-column rv-${hits[at]}`);
    });
    this.now?.setAttribute("x", this.x(time));
    this.numbers = numbers;
    this.suggest(numbers, time);
    this.say(numbers ? this.counts(hits) : "");
  }

  /** The candidates at a time step, and the word that is typed next. */
  suggest(numbers, time) {
    const { next, known } = this.sentence;
    this.candidates.forEach((candidate, at) => {
      const place = numbers?.places[time * CANDIDATES + at];
      candidate.show(place === undefined ? "" : this.told.words[place], numbers?.chances[time * CANDIDATES + at], place === next[time]);
    });
    const word = this.told.words[next[time]];
    if (word === undefined) return say(this.next, "next: a word that is not told apart, and not asked");
    const { rank, right } = numbers ?? {};
    const chance = known.length ? `; knowable: ${known[time]} %` : "";
    say(this.next, numbers ? `next: “${word}”, ${ordinal(rank[time])} with ${likely(right[time])}${chance}` : `next: “${word}”${chance}`);
  }

  counts(hits) {
    const asked = hits.filter(Boolean).length;
    const some = (...kinds) => hits.filter((kind) => kinds.includes(kind)).length;
    return `first ${some("first")}/${asked} · in three ${some("first", "among")}/${asked}`;
  }

  // What is pointed at

  /** The step before the word that is pressed; where it is pressed once more, the one that is usually seen. */
  press(time) {
    if (time >= 0) this.choose(time === this.time ? null : time);
  }

  move(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.choose(Math.max(0, Math.min(this.sentence.next.length - 1, (this.time ?? this.usual) + by)));
  }

  found({ clientX }) {
    const at = Math.floor((clientX - this.svg.getBoundingClientRect().left - this.left) / this.step);
    const time = Math.max(0, Math.min(this.sentence.next.length - 1, at));
    const word = this.told.words[this.sentence.next[time]];
    return { time, unit: 0, row: 0, label: this.told.label, band: "keyboard", named: word === undefined ? "nothing is asked" : `how likely “${word}” comes next` };
  }

  valueAt({ time, band }) {
    const chance = band === "keyboard" ? this.numbers?.right[time] : undefined;
    return Number.isFinite(chance) ? likely(chance) : "";
  }
}

export class Candidate {
  constructor(colour, tag = "div") {
    this.word = element("b");
    this.chance = element("span");
    this.box = element(tag, { class: "rv-candidate", style: { "--rv-colour": colour } }, this.word, this.chance);
  }

  show(word, chance, right) {
    say(this.word, word || "\u00a0");
    say(this.chance, chance === undefined ? "\u00a0" : `${right ? "✓ " : ""}${likely(chance)}`);
    this.box.classList.toggle("rv-is-next", Boolean(right));
    this.box.style.setProperty("--rv-share", chance ?? 0);
  }
}

export function hit(rank) {
  if (rank <= 1) return "first";
  return rank <= CANDIDATES ? "among" : "missed";
}

const likely = (chance) => (chance < 0.005 ? "under 1 %" : percent(chance));

function ordinal(rank) {
  const ends = { 1: "st", 2: "nd", 3: "rd" };
  const teen = Math.floor(rank / 10) % 10 === 1;
  return `${rank}${(!teen && ends[rank % 10]) || "th"}`;
}

function label(x, y, words) {
  const made = drawn("text", { x, y, "text-anchor": "end" });
  made.textContent = words;
  return made;
}
