// The sequence as a tape on which the reading head moves: by click, by dragging, by key.
import { element, say } from "../kit/dom.js";

const VISIBLE = { " ": "␣", "\n": "↵", "\t": "⇥" };
const seen = (word) => VISIBLE[word] ?? word;

export class Tape {
  /** @param {(time: number) => void} go to a time step, from 0  @param {(by: number) => void} stride from wherever one is: it may not be drawn yet */
  constructor(go, stride) {
    this.go = go;
    this.track = element("div", { class: "rv-anat-tape-track" });
    this.head = element("i", { class: "rv-anat-tape-head" });
    this.track.append(this.head);
    this.rail = element("div", { class: "rv-anat-tape-rail", role: "slider", tabindex: "0", "aria-label": "Time step" }, this.track);
    const step = (by, name, sign) => element("button", { type: "button", class: "rv-anat-tape-step", "aria-label": name, title: `${name} (${by < 0 ? "←" : "→"})`, onclick: () => stride(by) }, sign);
    this.box = element("div", { class: "rv-anat-tape st-key-steps" }, step(-1, "Previous time step", "◀"), this.rail, step(1, "Next time step", "▶"));
    this.sizes = new ResizeObserver(() => this.reach());
    this.sizes.observe(this.rail);
    this.listen();
  }

  listen() {
    const at = (event) => {
      const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest?.(".rv-anat-tape-cell");
      if (cell && this.track.contains(cell)) this.go(Number(cell.dataset.time));
    };
    this.rail.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      this.dragged = event.pointerType !== "mouse" ? null : event.pointerId;
      at(event);
    });
    this.rail.addEventListener("pointermove", (event) => event.buttons === 1 && this.dragged === event.pointerId && at(event));
    this.rail.addEventListener("keydown", (event) => {
      const to = { Home: 0, End: this.cells.length - 1 }[event.key];
      if (to === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.go(to);
    });
  }

  /** @param {string[]} tokens  @param {number} read of them, what an encoder reads; 0 for any other model  @param {boolean} answered */
  show(tokens, read, answered) {
    if (this.tokens === tokens && this.answered === answered) return;
    Object.assign(this, { tokens, answered, time: undefined });
    this.cells = tokens.map((token, time) => {
      const said = answered ? [element("span", { class: "rv-anat-tape-said" }, "\u00a0")] : [];
      const border = read && time === read ? " rv-anat-tape-border" : "";
      return element("span", { class: `rv-anat-tape-cell${border}`, "data-time": time }, element("b", {}, seen(token)), ...said);
    });
    this.track.replaceChildren(this.head, ...this.cells);
    this.box.classList.toggle("rv-anat-tape-answers", answered);
    this.rail.setAttribute("aria-valuemin", "1");
    this.rail.setAttribute("aria-valuemax", String(tokens.length));
  }

  /** What a model answers at every step, and what is right there. */
  answer(said, right) {
    if (!this.answered) return;
    this.cells.forEach((cell, time) => {
      say(cell.lastChild, seen(said[time] ?? "") || "\u00a0");
      cell.lastChild.classList.toggle("rv-wrong", Boolean(said[time]) && said[time] !== right[time]);
    });
  }

  /** Put the head onto a time step. */
  move(time) {
    if (this.time === time) return;
    this.cells[this.time]?.removeAttribute("aria-current");
    this.time = time;
    this.cells[time].setAttribute("aria-current", "step");
    this.rail.setAttribute("aria-valuenow", String(time + 1));
    this.rail.setAttribute("aria-valuetext", `${time + 1} of ${this.cells.length}: ${this.tokens[time]}`);
    this.reach();
  }

  /** A tape that is too long runs below the head, which then stays near the middle. */
  reach() {
    const cell = this.cells?.[this.time];
    if (!cell) return;
    const { offsetLeft: left, offsetWidth: width } = cell;
    const most = Math.max(0, this.track.scrollWidth - this.rail.clientWidth);
    const away = Math.min(most, Math.max(0, left + width / 2 - this.rail.clientWidth / 2));
    this.track.style.transform = `translateX(${-away}px)`;
    this.head.style.transform = `translateX(${left}px)`;
    this.head.style.width = `${width}px`;
  }

  close() {
    this.sizes.disconnect();
  }
}
