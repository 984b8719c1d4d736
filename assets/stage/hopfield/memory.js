// The stage of the Hopfield page: what is stored, the start, the state during recall, its energy and overlaps.
import { counted, element, number, say } from "../kit/dom.js";
import { change, look, onLook } from "../view/look.js";
import { Bars } from "./bars.js";
import { Energy } from "./energy.js";
import { digits, Grid, pixels } from "./grid.js";
import { Player } from "./player.js";

const AGAIN = 2500; // ms after which an act is told of again
const ABOUT = ["stored", "start", "order", "changed"]; // another recall, if one of them is another

export class Memory {
  constructor({ side }) {
    this.side = side;
    this.acts = [];
    this.tab = crypto.getRandomValues(new Uint32Array(2)).join("-");
    this.number = 0;
    this.start = new Grid({ side, label: "Start", drawn: (values) => this.act("draw", { bits: digits(values) }) });
    this.state = new Grid({ side, label: "State" });
    this.energy = new Energy();
    this.bars = new Bars("overlap m with each pattern", { signed: true });
    this.player = new Player((step) => this.show(step));
    this.build();
    this.key = (event) => this.press(event);
    document.addEventListener("keydown", this.key);
    const pressed = () => this.hall.setAttribute("aria-pressed", String(look.big));
    pressed();
    this.unheard = onLook(pressed);
  }

  build() {
    const button = (text, title, onclick) => element("button", { type: "button", title, onclick }, text);
    this.row = element("div", { class: "hf-stored" });
    this.hall = element("button", { type: "button", class: "rv-chip", title: "Projector mode: large type (key P)", "aria-label": "Projector mode", onclick: () => change({ big: !look.big }) }, "P");
    const legend = element("span", { class: "hf-legend" }, element("i", { class: "hf-on" }), "+1", element("i", { class: "hf-off" }), "−1", this.hall);
    this.begun = element("p", { class: "rv-soft" });
    this.keep = button("Store", "Store this drawing as a pattern", () => this.act("store", { bits: digits(this.start.values) }));
    const clear = button("Clear", "An empty drawing", () => this.draw(this.start.values.map(() => -1)));
    const invert = button("Invert", "Turn all pixels over", () => this.draw(this.start.values.map((value) => -value)));
    const tools = element("span", { class: "hf-buttons" }, this.keep, clear, invert);
    this.when = element("h4");
    this.found = element("p", { class: "rv-soft" });
    this.said = element("p", { class: "rv-said", "aria-live": "polite" });
    const begin = element("section", { class: "hf-start" }, element("h4", {}, "start ", element("span", { class: "rv-soft" }, "(draw here)")), this.start.box, this.begun, tools);
    const during = element("section", { class: "hf-during" }, this.when, this.state.box, this.found);
    const side = element("div", { class: "hf-side" }, this.energy.box, this.bars.box);
    const work = element("div", { class: "hf-work" }, begin, during, side);
    this.box = element("div", { class: "hf-stage" }, element("div", { class: "hf-top" }, this.row, legend), work, this.player.box, element("div", { class: "rv-line" }, this.said));
  }

  // What the page says

  set(data, trigger) {
    this.trigger = trigger;
    this.acts = this.acts.filter((act) => act.tab !== data.heard.tab || act.number > data.heard.number);
    if (this.acts.some(({ name }) => name === "draw")) return; // what was drawn since is newer
    const before = this.data;
    this.data = data;
    const same = before && ABOUT.every((name) => JSON.stringify(before[name]) === JSON.stringify(data[name]));
    const stored = JSON.stringify(data.stored);
    if (stored !== this.stored || before.cue !== data.cue) this.list();
    if (stored !== this.stored) this.bars.set(data.stored, this.side);
    this.bars.box.hidden = !data.stored.length;
    this.stored = stored;
    this.start.show(pixels(data.start));
    say(this.begun, data.begun);
    this.keep.disabled = data.stored.length >= data.most;
    this.energy.set(data);
    if (same) this.show(this.player.step);
    else this.player.set(data.order.length, this.side ** 2, before ? 0 : data.order.length);
  }

  /** The stored patterns: a press begins from one, the cross beside it forgets it. */
  list() {
    const { stored, cue } = this.data;
    const focused = [...this.row.querySelectorAll("button")].indexOf(document.activeElement);
    const items = stored.map((bits, at) => {
      const grid = new Grid({ side: this.side, label: "" });
      grid.show(pixels(bits));
      grid.box.setAttribute("aria-hidden", "true");
      const choose = element("button", { type: "button", class: "hf-pattern", title: `Begin from pattern ${at + 1}, damaged`, "aria-label": `Pattern ${at + 1}`, "aria-pressed": String(at === cue), onclick: () => this.act("cue", { at }) }, grid.box, element("span", {}, String(at + 1)));
      const forget = element("button", { type: "button", class: "hf-forget", title: `Forget pattern ${at + 1}`, "aria-label": `Forget pattern ${at + 1}`, onclick: () => this.act("forget", { at }) }, "×");
      return element("span", { class: "hf-item" }, choose, forget);
    });
    const none = element("p", { class: "rv-soft" }, "No pattern is stored.");
    this.row.replaceChildren(element("h4", {}, "stored"), ...(items.length ? items : [none]));
    this.row.querySelectorAll("button")[focused]?.focus();
  }

  // What is looked at

  show(step) {
    const { order, changed, fields, stored, said } = this.data;
    const state = pixels(this.data.start);
    for (let at = 0; at < step; at++) if (changed[at]) state[order[at]] *= -1;
    const last = step === order.length;
    const unit = step && !last ? order[step - 1] : null;
    this.state.show(state, `State after ${step} updates`);
    this.state.point(unit);
    this.energy.show(step);
    this.bars.show(this.data.overlaps.map((of) => of[step]));
    const sweep = Math.ceil(step / this.side ** 2);
    say(this.when, step ? `state after ${counted(step)} update${step === 1 ? "" : "s"}, sweep ${sweep}` : "state before the first update");
    this.found.classList.toggle("hf-flipped", Boolean(step && changed[step - 1] && !last));
    say(this.found, this.asked(step, last, unit, fields, changed));
    say(this.said, last || !stored.length ? said : step ? this.change(step) : `Start: ${this.data.begun}. Press Play, or → for one update.`);
  }

  /** What became of the unit that was asked. */
  asked(step, last, unit, fields, changed) {
    if (last) return step ? "no unit changes any more: a fixed point" : "\u00a0";
    if (unit === null) return "\u00a0";
    const where = `row ${Math.floor(unit / this.side) + 1}, column ${(unit % this.side) + 1}`;
    return `${where}: h = ${number(fields[step - 1], 2)}, ${changed[step - 1] ? "turned over" : "stays"}`;
  }

  change(step) {
    const turned = this.data.changed.slice(0, step).reduce((sum, one) => sum + one, 0);
    const [first, now] = [this.data.energies[0], this.data.energies[step]];
    return `${counted(turned)} unit${turned === 1 ? "" : "s"} changed so far; the energy went from ${number(first, 2)} to ${number(now, 2)}.`;
  }

  // What is done

  draw(values) {
    this.start.show(values);
    this.act("draw", { bits: digits(values) });
  }

  /** An act has a number of its own: the page counts each once, however often it is told of it. */
  act(name, more) {
    if (name === "draw") this.acts = this.acts.filter((one) => one.name !== "draw");
    this.acts.push({ tab: this.tab, number: ++this.number, name, ...more });
    this.say();
  }

  say() {
    clearTimeout(this.again);
    if (!this.acts.length) return;
    this.trigger("act", this.acts);
    this.again = setTimeout(() => this.say(), AGAIN);
  }

  press({ key, target, altKey, ctrlKey, metaKey, defaultPrevented }) {
    const writes = target.isContentEditable || /^(INPUT|TEXTAREA|SELECT|BUTTON)$/.test(target.tagName);
    if (altKey || ctrlKey || metaKey || defaultPrevented || !this.box.isConnected) return;
    if (writes && !(target.tagName === "BUTTON" && key !== " ")) return;
    if (key === "ArrowRight") this.player.stride(1);
    else if (key === "ArrowLeft") this.player.stride(-1);
    else if (key === " " && target === document.body) this.player.toggle();
  }

  close() {
    this.player.stop();
    clearTimeout(this.again);
    this.energy.close();
    document.removeEventListener("keydown", this.key);
    this.unheard();
  }
}
