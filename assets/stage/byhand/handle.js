// A number that is dragged, moved by keys or typed where it stands: whatever shows it becomes a slider.
import { counted, element } from "../kit/dom.js";

const STEP = 0.1; // of an arrow key,
const LARGE = 1; // with Shift
const DIGITS = 100; // a drag stops at hundredths
const TOUCHED = 3; // pixels within which a press is no drag
const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: LARGE / STEP, PageDown: -LARGE / STEP };
const TYPED = /^[\d.,+−-]$/;

/** A number in full, as somebody would type it. */
export const exact = (value) => String(Number(value.toPrecision(12))).replace("-", "−");

/** A name at the beginning of a sentence. */
export const titled = (label) => label[0].toUpperCase() + label.slice(1).replace(", bar", "");

/** What was typed, as a number; NaN if it is none. */
const parsed = (text) => (text.trim() ? Number(text.trim().replace("−", "-").replace(",", ".")) : NaN);

export class Handle {
  /**
   * @param {Element} node that shows the number
   * @param {{name: string, label: string, low: number, high: number, fine: number, down?: boolean}} place `fine`: change by a
   *   pixel; `down`: dragged upwards, not to the right
   * @param {{value, put, settle, refuse, tell, largest}} owner
   */
  constructor(node, place, owner) {
    Object.assign(this, { node, owner });
    node.classList.add("bh-handle");
    const on = (type, act) => node.addEventListener(type, (event) => this.place && act(event));
    on("pointerdown", (event) => this.grab(event));
    on("pointermove", (event) => this.drag(event));
    on("pointerup", (event) => this.release(event));
    on("pointercancel", () => this.release());
    on("keydown", (event) => this.press(event));
    on("focus", () => owner.tell(this));
    on("pointerenter", () => this.point());
    this.turn(place);
  }

  /** From now on another number, or none. */
  turn(place) {
    this.place = place;
    const { node } = this;
    node.classList.toggle("bh-down", Boolean(place?.down));
    node.classList.toggle("bh-fixed", !place);
    if (!place) return ["role", "tabindex", "aria-label", "aria-orientation", "aria-valuenow", "aria-valuemin", "aria-valuemax", "aria-valuetext"].forEach((name) => node.removeAttribute(name));
    const said = { role: "slider", tabindex: "0", "aria-label": place.label, "aria-orientation": place.down ? "vertical" : "horizontal" };
    for (const [name, value] of Object.entries(said)) node.setAttribute(name, value);
    this.show();
  }

  get value() {
    return this.owner.value(this.place.name);
  }

  show() {
    if (!this.place) return;
    const { value, node, place } = this;
    const said = { "aria-valuenow": value, "aria-valuemin": Math.min(place.low, value), "aria-valuemax": Math.max(place.high, value), "aria-valuetext": exact(value) };
    for (const [name, what] of Object.entries(said)) if (node.getAttribute(name) !== String(what)) node.setAttribute(name, what);
  }

  put(value) {
    const { low, high, name } = this.place;
    this.owner.tell(this); // another one may be pointed at
    const before = this.value; // what was typed beyond the ends is not pulled back by a step towards them
    this.owner.put(name, Math.min(Math.max(high, before), Math.max(Math.min(low, before), value)));
  }

  // By a pointer

  /** Tell of it, unless a drag of another number only ended over it. */
  point() {
    const { owner, node } = this;
    if (owner.passed !== node) owner.tell(this);
    owner.passed = null;
  }

  grab(event) {
    if (event.button || this.field) return;
    event.preventDefault(); // no text is marked
    this.again = document.activeElement === this.node;
    this.node.focus({ preventScroll: true });
    this.node.setPointerCapture(event.pointerId);
    this.held = { x: event.clientX, y: event.clientY, value: this.value, moved: false };
  }

  drag({ clientX, clientY }) {
    const { held, place } = this;
    if (!held) return;
    const by = place.down ? held.y - clientY : clientX - held.x;
    if (!held.moved && Math.abs(by) < TOUCHED) return;
    held.moved = true;
    this.put(Math.round((held.value + by * place.fine) * DIGITS) / DIGITS);
  }

  release(event) {
    const { held } = this;
    this.held = null;
    if (!held) return;
    if (event && held.moved) this.owner.passed = document.elementFromPoint(event.clientX, event.clientY)?.closest(".bh-handle");
    if (held.moved) this.owner.settle();
    else if (this.again) this.type("");
  }

  // By keys

  press(event) {
    const { key, shiftKey, altKey, ctrlKey, metaKey } = event;
    if (altKey || ctrlKey || metaKey || event.target !== this.node) return;
    if (KEYS[key]) {
      const step = shiftKey && key.startsWith("Arrow") ? LARGE : STEP;
      this.put(Number((this.value + KEYS[key] * step).toFixed(9)));
    } else if (key === "Home") this.put(this.place.low);
    else if (key === "End") this.put(this.place.high);
    else if (key === "Enter" || key === "F2") this.type("");
    else if (TYPED.test(key)) this.type(key);
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (!this.field) this.owner.settle(true);
  }

  /** A field over the number. @param {string} begun what is typed already; "" for the number itself */
  type(begun) {
    const { node, place } = this;
    const [about, { left, top, width, height }] = [this.owner.box.getBoundingClientRect(), node.getBoundingClientRect()];
    const wide = Math.max(width, 96);
    const middle = Math.min(Math.max(left + width / 2 - about.left, wide / 2), about.width - wide / 2);
    const style = { left: `${middle - wide / 2}px`, top: `${top - about.top + (height - Math.max(height, 36)) / 2}px`, width: `${wide}px`, height: `${Math.max(height, 36)}px` };
    const field = element("input", { type: "text", inputMode: "text", class: "bh-field", "aria-label": place.label, value: begun || exact(this.value), autocomplete: "off", style });
    this.field = field;
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter") this.take(true);
      else if (event.key === "Escape") this.end(true);
    });
    field.addEventListener("blur", () => this.field && (this.take(false) || this.end(false)));
    this.owner.box.append(field);
    field.focus();
    if (!begun) field.select();
  }

  /** What was typed, if it is a number that may stand here. */
  take(focused) {
    const value = parsed(this.field.value);
    const { largest } = this.owner;
    if (!(Math.abs(value) <= largest)) {
      this.field.setAttribute("aria-invalid", "true");
      this.owner.refuse(`${titled(this.place.label)} must be a number from −${counted(largest)} to ${counted(largest)}; got “${this.field.value.trim().slice(0, 20)}”.`);
      return false;
    }
    const { name } = this.place;
    this.end(focused);
    this.owner.put(name, value);
    this.owner.settle();
    return true;
  }

  end(focused) {
    const { field } = this;
    this.field = null;
    field.remove();
    if (focused) this.node.focus({ preventScroll: true });
  }
}
