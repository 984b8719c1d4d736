// A pattern as a small picture: +1 filled, −1 empty, between them a shade. One that can be drawn in takes mouse, touch
// and keys.
import { drawn } from "../kit/dom.js";

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const GAP = 0.06; // of a pixel, between two

/** The pixels that hexadecimal digits stand for: −1 or 1 each. */
export const pixels = (bits) => [...bits].flatMap((digit) => [8, 4, 2, 1].map((bit) => (parseInt(digit, 16) & bit ? 1 : -1)));

/** The other way round. */
export const digits = (values) =>
  Array.from({ length: values.length / 4 }, (_, i) => values.slice(4 * i, 4 * i + 4).reduce((sum, value) => 2 * sum + (value > 0 ? 1 : 0), 0).toString(16)).join("");

export class Grid {
  /** @param {{side: number, label: string, drawn?: (values: number[]) => void}} told `drawn` is told what was drawn */
  constructor({ side, label, drawn: tell }) {
    Object.assign(this, { side, label, tell, at: 0 });
    this.cells = Array.from({ length: side * side }, (_, i) => drawn("rect", { x: (i % side) + GAP / 2, y: Math.floor(i / side) + GAP / 2, width: 1 - GAP, height: 1 - GAP, rx: 0.08 }));
    this.mark = drawn("rect", { class: "hf-asked", width: 1, height: 1, rx: 0.1 });
    this.cursor = drawn("rect", { class: "hf-cursor", width: 1, height: 1, rx: 0.1 });
    this.box = drawn("svg", { class: "hf-grid", viewBox: `-0.15 -0.15 ${side + 0.3} ${side + 0.3}`, role: "img", "aria-label": label }, ...this.cells, this.mark, this.cursor);
    this.point(null);
    this.place(this.cursor, null);
    if (tell) this.open();
  }

  /** @param {number[]} values from −1 to 1  @param {string} [told] what it shows, in words */
  show(values, told) {
    this.values = [...values];
    this.cells.forEach((cell, i) => {
      const share = Math.round((this.values[i] + 1) * 50);
      if (cell.share === share) return;
      cell.share = share;
      cell.style.setProperty("--on", `${share}%`);
    });
    if (told) this.box.setAttribute("aria-label", told);
  }

  /** Frame one unit; none for null. */
  point(unit) {
    this.place(this.mark, unit);
  }

  place(frame, unit) {
    frame.style.display = unit === null ? "none" : "";
    if (unit === null) return;
    frame.setAttribute("x", unit % this.side);
    frame.setAttribute("y", Math.floor(unit / this.side));
  }

  // Drawing

  open() {
    const { box } = this;
    box.classList.add("hf-open");
    box.setAttribute("tabindex", "0");
    box.setAttribute("role", "application");
    box.setAttribute("aria-roledescription", "drawing: arrow keys move, space or Enter turns a pixel over");
    box.addEventListener("pointerdown", (event) => this.begin(event));
    box.addEventListener("pointermove", (event) => this.paint(event));
    for (const end of ["pointerup", "pointercancel"]) box.addEventListener(end, () => this.end());
    box.addEventListener("keydown", (event) => this.press(event));
    box.addEventListener("focus", () => this.place(this.cursor, box.matches(":focus-visible") ? this.at : null));
    box.addEventListener("blur", () => this.place(this.cursor, null));
  }

  unitAt({ clientX, clientY }) {
    const where = new DOMPoint(clientX, clientY).matrixTransform(this.box.getScreenCTM().inverse());
    const [column, row] = [Math.floor(where.x), Math.floor(where.y)];
    const inside = column >= 0 && row >= 0 && column < this.side && row < this.side;
    return inside ? row * this.side + column : null;
  }

  begin(event) {
    const unit = this.unitAt(event);
    if (unit === null || event.button) return;
    this.box.setPointerCapture(event.pointerId);
    this.ink = -Math.sign(this.values[unit]) || 1;
    this.paint(event);
  }

  paint(event) {
    if (!this.ink) return;
    const unit = this.unitAt(event);
    if (unit === null) return;
    this.at = unit;
    this.put(unit, this.ink);
  }

  put(unit, value) {
    const values = [...this.values];
    values[unit] = value;
    this.show(values);
  }

  end() {
    if (!this.ink) return;
    this.ink = 0;
    this.tell(this.values);
  }

  press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { side } = this;
    if (MOVES[event.key]) {
      const [right, down] = MOVES[event.key];
      const column = Math.min(side - 1, Math.max(0, (this.at % side) + right));
      const row = Math.min(side - 1, Math.max(0, Math.floor(this.at / side) + down));
      this.at = row * side + column;
    } else if (event.key === " " || event.key === "Enter") {
      this.put(this.at, -Math.sign(this.values[this.at]) || 1);
      this.tell(this.values);
    } else return;
    event.preventDefault();
    this.place(this.cursor, this.at);
    const said = `row ${Math.floor(this.at / side) + 1}, column ${(this.at % side) + 1}, ${this.values[this.at] > 0 ? "+1" : "−1"}`;
    this.box.setAttribute("aria-label", `${this.label}: ${said}`);
  }
}
