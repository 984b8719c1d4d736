// A drawing with the caption that a model writes. For the word that is chosen the drawing is bright where the model
// looks, and dark elsewhere; a model without attention cannot look, so its drawing stays as it is.
import { element, percent, say } from "../kit/dom.js";
import { Own } from "../parts/own.js";
import { frame, lay, paper, SHADE, sized, VEIL } from "../drawing/paper.js";

const MOST = 2; // places named

export class Drawing extends Own {
  constructor(told) {
    super(told);
    this.words = element("ol", { class: "rv-caption", tabindex: 0, "aria-label": `The caption by the ${told.name}, word by word: chosen by a click or with the arrow keys` });
    this.canvas = element("canvas", { role: "img", "aria-label": "The drawing" });
    this.plot = element("div", { class: "rv-drawing-plot" }, this.canvas);
    this.note = element("p", { class: "rv-drawing-note" }, ...this.legend());
    this.field.classList.add("rv-drawing");
    this.field.append(this.words, this.note, this.plot);
    this.watch(this.plot);
    this.words.addEventListener("keydown", (event) => this.typed(event));
    this.plot.addEventListener("pointermove", (event) => this.over(this.placeAt(event)));
    this.plot.addEventListener("pointerleave", () => this.over(null));
    this.plot.addEventListener("click", (event) => this.press(this.placeAt(event)));
  }

  /** What bright and dark mean; of a model without attention what it has in its place. */
  legend() {
    const { looks, numbers } = this.told;
    if (!looks) return [element("b", { title: "It cannot look: the decoder starts from the average of all places, and gets no more" }, `one vector of ${numbers} numbers is all it has`)];
    this.largest = element("span");
    this.which = element("span");
    return [element("span", {}, "weight 0", element("i", { class: "rv-drawing-scale", style: { "--rv-veil": `rgba(${SHADE}, ${VEIL})` } }), this.largest), this.which];
  }

  // What stands still

  make(probe) {
    const { clientWidth: width, clientHeight: height } = this.plot;
    this.drawing = this.told.drawings[probe];
    this.painted = undefined;
    this.place = null;
    if (!width || !height) return;
    this.side = Math.floor(Math.min(width, height)) - 4; // its frame lies around it
    sized(this.canvas, this.side);
    this.paper = paper(this.drawing);
  }

  // What changes

  paint(numbers) {
    if (!this.paper) return;
    const now = [numbers, this.time, this.place];
    if (this.painted?.every((one, at) => one === now[at])) return;
    this.painted = now;
    this.numbers = numbers;
    const word = this.word;
    this.write(numbers, word);
    const weights = this.weights(numbers, word);
    lay(this.canvas, this.paper, weights, this.told);
    if (this.marked !== null) frame(this.canvas, this.marked, this.told);
    if (this.largest) {
      say(this.largest, weights ? percent(Math.max(...weights)) : "most");
      say(this.which, word === null ? "on average of all words" : `for word ${word + 1}, “${this.drawing.asked[word]}”`);
    }
    this.say(numbers ? this.said(numbers, word) : "");
  }

  /** The place in the caption that is chosen: null for none. */
  get word() {
    const { begin } = this.told;
    return this.time === null || this.time < begin ? null : Math.min(this.time - begin, this.drawing.asked.length - 1);
  }

  /** The caption. Words that come after the chosen one are faint: they are not yet written then. */
  write(numbers, word) {
    const { words = [], right = [] } = numbers ?? {};
    const made = words.map((text, at) => {
      const end = text === "■";
      const kind = `${right[at] ? "rv-is-right" : "rv-is-wrong"}${at === word ? " rv-word" : ""}${word !== null && at > word ? " rv-later" : ""}`;
      return element("li", { class: kind, title: end ? "the end of the caption" : "", onclick: () => this.press(this.told.begin + at) }, text, element("i", { "aria-label": right[at] ? "right" : "wrong" }, right[at] ? "" : "×"));
    });
    this.words.replaceChildren(...(made.length ? made : [element("li", { class: "rv-later" }, "\u00a0")]));
  }

  /** How much each place is looked at for a word, or on average for all; none without attention. */
  weights(numbers, word) {
    if (!numbers?.weights) return null;
    const { begin: count } = this.told;
    const rows = this.drawing.asked.length;
    const row = (at) => numbers.weights.subarray(at * count, (at + 1) * count);
    if (word !== null) return Array.from(row(word));
    const sum = new Array(count).fill(0);
    for (let at = 0; at < rows; at++) row(at).forEach((weight, place) => (sum[place] += weight / rows));
    return sum;
  }

  /** The place that is pointed at, or chosen. */
  get marked() {
    return this.place ?? (this.time !== null && this.time < this.told.begin ? this.time : null);
  }

  /** In one line: of a place which word it is looked at for, of a word how sure it is and where it looks, else what is right. */
  said(numbers, word) {
    const place = this.marked;
    const { asked } = this.drawing;
    if (place !== null && numbers.weights) return this.ofPlace(numbers, place, word);
    if (word !== null) {
      const weights = this.weights(numbers, word);
      const sure = `“${asked[word]}” ${percent(numbers.sure[word])}`;
      const fed = numbers.right.slice(0, word).every(Boolean) ? "" : " after the right words";
      return `${sure}${fed}${weights ? ` · looks at ${this.named(weights)}` : ""}`;
    }
    const exact = numbers.words.length === asked.length && numbers.right.every(Boolean);
    return exact ? "the whole caption is right" : `right: ${asked.slice(0, -1).join(" ")}`;
  }

  ofPlace(numbers, place, word) {
    const { begin: count, places } = this.told;
    const weights = this.drawing.asked.map((_, at) => numbers.weights[at * count + place]);
    const at = word ?? weights.indexOf(Math.max(...weights));
    return `${places[place]}: ${word === null ? "looked at most" : "looked at"} for “${this.drawing.asked[at]}” (${percent(weights[at])})`;
  }

  /** The places that are looked at most. */
  named(weights) {
    const order = weights.map((_, place) => place).sort((one, other) => weights[other] - weights[one]);
    return order.slice(0, MOST).map((place) => `${this.told.places[place]} ${percent(weights[place])}`).join(", ");
  }

  // What is pointed at and chosen

  /** Where it is pressed once more, the whole caption is seen again. */
  press(time) {
    this.choose(time === this.time ? null : time);
  }

  typed(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const last = this.drawing.asked.length - 1;
    this.choose(this.told.begin + Math.max(0, Math.min(last, (this.word ?? (by > 0 ? -1 : last + 1)) + by)));
  }

  over(place) {
    if (place === this.place || !this.told.looks) return;
    this.place = place;
    this.paint(this.numbers);
  }

  placeAt({ clientX, clientY }) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const { rows, columns } = this.told;
    const [column, row] = [Math.floor(((clientX - left) / width) * columns), Math.floor(((clientY - top) / height) * rows)];
    return column < 0 || row < 0 || column >= columns || row >= rows ? null : row * columns + column;
  }
}
