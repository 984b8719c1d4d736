// A pad to draw on: shapes are stamped on a sheet, and the page is told of them in the words in which they can be typed.
import { drawn, element, say } from "../kit/dom.js";
import { lay, paper, sized } from "./paper.js";

const SIDE = 220; // pixels of the sheet at most
const AGAIN = 2500; // ms after which a drawing is told of again,
const TRIES = 3; // at most so often
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Pad {
  constructor() {
    this.canvas = element("canvas", { "aria-hidden": "true" });
    this.cursor = drawn("circle", { class: "rv-pad-cursor" });
    this.svg = drawn("svg", { role: "application", tabindex: "0", "aria-roledescription": "drawing pad: arrow keys move, space or Enter stamps a shape" }, this.cursor);
    this.sheet = element("div", { class: "rv-pad-sheet" }, this.canvas, this.svg);
    this.tools = element("div", { class: "rv-pad-tools" });
    this.back = element("button", { type: "button", title: "Take the last shape away", onclick: () => this.undo() }, "Undo");
    this.clear = element("button", { type: "button", title: "An empty drawing", onclick: () => this.tell([]) }, "Clear");
    this.told = element("span", { class: "rv-pad-told" });
    this.box = element("div", { class: "rv-board rv-pad" }, this.sheet, element("div", { class: "rv-pad-side" }, this.tools, element("p", { class: "rv-pad-acts" }, this.back, this.clear, this.told)));
    this.svg.addEventListener("pointermove", (event) => this.move(this.at(event)));
    this.svg.addEventListener("pointerleave", () => this.move(null));
    this.svg.addEventListener("pointerdown", (event) => event.button || this.stamp(this.at(event)));
    this.svg.addEventListener("keydown", (event) => this.typed(event));
    this.svg.addEventListener("blur", () => this.move(null));
    this.sizes = new ResizeObserver(() => this.show());
    this.sizes.observe(this.box);
  }

  set(data, _hub, _setState, setTrigger) {
    this.trigger = setTrigger;
    if (JSON.stringify(data) === JSON.stringify(this.data)) return;
    const first = !this.data;
    this.data = data;
    if (first) this.build();
    if (this.awaited === undefined || this.awaited === data.shapes.join("; ")) this.adopt(data); // else it answers an earlier stroke
  }

  /** The drawing as the page has it. */
  adopt(data) {
    clearTimeout(this.patience);
    this.awaited = undefined;
    this.shapes = data.shapes;
    this.svg.setAttribute("viewBox", `0 0 ${data.side} ${data.side}`);
    this.svg.setAttribute("aria-label", data.shapes.length ? `A drawing: ${data.shapes.join("; ")}` : "An empty drawing");
    this.paper = paper(data);
    this.svg.querySelectorAll(".rv-pad-coming").forEach((one) => one.remove());
    this.show();
  }

  build() {
    const { colours, kinds, sizes } = this.data;
    this.chosen = { colour: 0, kind: 0, size: sizes.length - 1 };
    const group = (name, options, made) =>
      element("span", { class: "rv-pad-group", role: "radiogroup", "aria-label": name }, ...options.map((option, at) => {
        const button = element("button", { type: "button", role: "radio", title: option.name, "aria-label": option.name, onclick: () => this.choose({ [name]: at }) }, made(option));
        button.dataset.group = name;
        button.dataset.at = at;
        return button;
      })); // prettier-ignore
    this.tools.replaceChildren(
      group("colour", colours, ({ hex }) => element("i", { class: "rv-pad-ink", style: { background: hex } })),
      group("kind", kinds, ({ name }) => name),
      group("size", sizes, ({ name }) => name),
    );
    this.choose({});
  }

  choose(chosen) {
    Object.assign(this.chosen, chosen);
    for (const button of this.tools.querySelectorAll("button")) button.setAttribute("aria-checked", String(Number(button.dataset.at) === this.chosen[button.dataset.group]));
    this.cursor.setAttribute("stroke", this.data.colours[this.chosen.colour].hex);
    this.cursor.setAttribute("r", this.data.sizes[this.chosen.size].radius);
  }

  show() {
    if (!this.paper || !this.box.clientWidth) return;
    const side = Math.min(SIDE, this.box.clientWidth);
    this.sheet.style.width = this.sheet.style.height = `${side}px`;
    sized(this.canvas, side);
    lay(this.canvas, this.paper, null, { rows: 1, columns: 1 });
    const full = this.shapes.length >= this.data.most;
    this.back.disabled = this.clear.disabled = !this.shapes.length;
    say(this.told, full ? `${this.data.most} shapes: there is no room for more` : this.shapes.length ? "" : "an empty drawing");
    this.move(this.spot ?? null);
  }

  /** Where on the grid of middles a pointer is. */
  at({ clientX, clientY }) {
    const { left, top, width } = this.svg.getBoundingClientRect();
    const { side, snap } = this.data;
    const on = (pixels) => Math.max(0, Math.min(side, Math.round(((pixels / width) * side) / snap) * snap));
    return [on(clientX - left), on(clientY - top)];
  }

  move(spot) {
    this.spot = spot;
    this.cursor.style.display = spot && this.shapes.length < this.data.most ? "" : "none";
    if (!spot) return;
    this.cursor.setAttribute("cx", spot[0]);
    this.cursor.setAttribute("cy", spot[1]);
  }

  stamp(spot) {
    const { colours, kinds, sizes, most } = this.data;
    if (!spot || this.shapes.length >= most) return;
    const { colour, kind, size } = this.chosen;
    this.tell([...this.shapes, `${colours[colour].name} ${kinds[kind].name} ${spot[0]} ${spot[1]} ${sizes[size].name}`]);
  }

  undo() {
    this.tell(this.shapes.slice(0, -1));
  }

  /** What is drawn now, in words; the page answers with its pixels. */
  tell(shapes) {
    const spot = this.spot && shapes.length > this.shapes.length ? this.spot : null;
    this.shapes = shapes;
    if (spot) this.svg.append(drawn("circle", { class: "rv-pad-coming", cx: spot[0], cy: spot[1], r: this.cursor.getAttribute("r"), fill: this.cursor.getAttribute("stroke") }));
    this.awaited = shapes.join("; ");
    this.say(TRIES);
  }

  /** Until the page has answered the newest stroke; where it takes that otherwise than it was told, its answer holds. */
  say(tries) {
    clearTimeout(this.patience);
    if (!tries) return this.adopt(this.data);
    this.trigger("drawn", this.awaited || this.data.nothing);
    this.patience = setTimeout(() => this.say(tries - 1), AGAIN);
  }

  typed(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { side, snap } = this.data;
    const middle = Math.round(side / 2 / snap) * snap;
    const spot = this.spot ?? [middle, middle];
    if (MOVES[event.key]) this.move(spot.map((place, axis) => Math.max(0, Math.min(side, place + snap * MOVES[event.key][axis]))));
    else if (event.key === " " || event.key === "Enter") this.stamp(spot);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  draw() {} // it has no moments

  close() {
    clearTimeout(this.patience);
    this.sizes.disconnect();
    this.box.remove();
  }
}
