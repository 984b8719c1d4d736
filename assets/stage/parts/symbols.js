// The sequence across the whole stage, for tasks that ask at every step: what is read, what is right, what each model
// answers; wrong in red. Of sentences that are answered once, what is read. In the pictures such letters would be too
// small to read.
import { element, say, swatch } from "../kit/dom.js";
import { isSentence } from "../kit/sentence.js";
import { shownOf } from "../view/look.js";

const LONGEST = 6; // letters for which every column has room, so that answers of other lengths have some
const VISIBLE = { " ": "␣", "\n": "↵", "\t": "⇥" };

export class Symbols {
  /** Whether a scene has one. */
  static fits({ answers, sequences, pictures }) {
    const asked = answers === "every" && !sequences[0].values;
    return (asked || (answers === "last" && sequences.every(isSentence))) && pictures.length > 0;
  }

  constructor(scene) {
    this.scene = scene;
    this.table = element("div", { class: "rv-seq-grid", role: "table", "aria-label": "The sequence, the right answers, and those of the models" });
    this.box = element("div", { class: "rv-seq" }, this.table);
  }

  draw({ scene, look, moment, point }) {
    const sequence = scene.sequences[look.probe];
    const labels = shownOf(scene.models.filter(({ label }) => scene.pictures.some((told) => told.label === label)));
    if (this.sequence !== sequence || this.labels !== labels.join()) this.build(sequence, labels);
    if (this.moment !== moment) this.tell(moment);
    const time = point ? point.time : -1;
    if (this.time !== time) this.mark(time);
  }

  build(sequence, labels) {
    Object.assign(this, { sequence, labels: labels.join(), moment: undefined, time: -1 });
    const models = this.scene.models.filter(({ label }) => labels.includes(label));
    this.answers = models.map((model) => ({ label: model.label, ...this.row([swatch(model), model.name], sequence.tokens.map(() => ""), "rv-answered") }));
    const read = sequence.tokens.some(Boolean) ? [this.row(["read"], sequence.tokens, "rv-read")] : []; // numbers have no row
    this.rows = this.scene.answers === "every" ? [...read, this.row(["right"], sequence.asked), ...this.answers] : read;
    this.table.classList.toggle("rv-words", [...sequence.tokens, ...sequence.asked].some((word) => word.length > 1));
    this.table.style.setProperty("--rv-times", sequence.tokens.length);
    this.table.style.setProperty("--rv-longest", Math.min(LONGEST, Math.max(...sequence.asked.map((word) => word.length))));
    this.table.replaceChildren(...this.rows.flatMap(({ head, cells }) => [head, ...cells]));
  }

  row(title, words, kind = "") {
    const head = element("span", { class: "rv-seq-head" }, ...title);
    const cells = words.map((word) => element("span", { class: `rv-seq-cell ${kind}`, title: word.length > 1 ? word : "" }, VISIBLE[word] ?? word));
    return { head, cells };
  }

  tell(moment) {
    this.moment = moment;
    for (const { label, cells } of this.answers) {
      const { answered = [], right = [] } = moment?.models[label]?.answer ?? {};
      cells.forEach((cell, time) => {
        const said = VISIBLE[answered[time]] ?? answered[time] ?? "";
        say(cell, said);
        if (said.length > 1 && cell.title !== said) cell.title = said; // it may be cut
        cell.classList.toggle("rv-wrong", right[time] === false);
      });
    }
  }

  mark(time) {
    for (const { cells } of this.rows) {
      cells[this.time]?.classList.remove("rv-pointed-at");
      cells[time]?.classList.add("rv-pointed-at");
    }
    this.time = time;
    this.follow(this.rows[0].cells[time]);
  }

  /** Words that do not fit beside each other move along: the one that is pointed at stays in sight. */
  follow(cell) {
    if (!cell || this.box.scrollWidth <= this.box.clientWidth) return;
    const { left, right } = cell.getBoundingClientRect();
    const [begin, end] = [this.rows[0].head.getBoundingClientRect().right, this.box.getBoundingClientRect().right]; // names stay
    if (left < begin || right > end) this.box.scrollLeft += (left + right - begin - end) / 2;
  }

  close() {}
}
