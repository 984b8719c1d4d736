// One-to-many: what each model goes on writing, unrolled: every symbol that is written is read at the next step.
import { Drawing, state } from "./drawing.js";
import { plan } from "./plan.js";
import { weights } from "./scale.js";
import { element, swatch } from "../kit/dom.js";
import { colours } from "../kit/colours.js";
import { givenOf } from "../parts/given.js";

const LEAST = 56; // pixels of a column
const NARROW = 700;

export class Writing {
  constructor(scene) {
    this.scene = scene;
    this.box = element("div", { class: "rv-net-writing" });
    this.sizes = new ResizeObserver(() => this.hub?.ask());
    this.sizes.observe(this.box);
  }

  draw({ hub, scene }) {
    this.hub = hub;
    const { clientWidth: width } = this.box;
    const given = givenOf(hub, "writing");
    const key = `${given?.key} ${width} ${colours.dark}`;
    if (this.key === key || !width) return;
    this.key = key;
    const models = scene.models.filter(({ label }) => given?.models[label]);
    this.box.replaceChildren(...models.map((model) => this.lane(model, given.models[model.label], width)));
  }

  lane(model, { prefix, written, sure, trouble }, width) {
    const head = element("h3", {}, swatch(model), element("b", {}, model.name));
    if (trouble) return element("section", { class: "rv-net" }, head, element("p", {}, trouble));
    const font = Math.max(14, parseFloat(getComputedStyle(this.box).fontSize) * 0.94);
    const left = width < NARROW ? 2 * font : 9.9 * font;
    const least = (LEAST / 14) * font;
    const many = Math.max(3, Math.floor((width - left) / least));
    const begin = Math.max(0, prefix.length - Math.ceil(many / 3)); // of a long beginning, its end
    const read = [...prefix, ...written].slice(begin);
    const first = prefix.length - begin - 1; // the step that answers with the first symbol written
    const count = Math.min(many, first + written.length);
    const drawing = this.unrolled(model, read, written, sure, { begin, first, count, left, least, font });
    const between = [...prefix, ...written].some((symbol) => [...symbol].length > 2) ? " " : ""; // words, not characters
    const text = element("p", { class: "rv-net-text" }, element("span", { class: "rv-soft" }, prefix.join(between) + between), element("b", {}, written.join(between)));
    return element("section", { class: "rv-net" }, head, drawing.svg, text);
  }

  unrolled(model, read, written, sure, { begin, first, count, left, least, font }) {
    const tall = 2.5 * font;
    const box = 1.75 * font;
    const rows = { y: tall / 2 + 1, states: [tall + box / 2 + 22], x: tall + 2 * box + 46 };
    const asked = Array.from({ length: count }, (_, time) => time >= first);
    const cols = [asked.map((_, time) => ({ time }))];
    const part = { layers: 1, directions: 1, states: ["h"] };
    const drawing = new Drawing(`What the ${model.name} writes, each symbol read before the next`);
    drawing.lay(plan({ parts: [part], answers: "every", asked, feeds: true }, cols, { left, wide: least, spacer: 0, box, answer: tall, rows }), rows.x + box / 2 + 3, font);
    for (const each of drawing.boxes) {
      const { kind, time } = each.told;
      if (kind === "x") each.say([read[time]]);
      if (kind === "h") each.say([state(begin + time)]);
      if (kind !== "y") continue;
      each.say([written[time - first], `${Math.round(100 * sure[time - first])} %`]);
      each.fill(weights.share(sure[time - first]), weights.side);
    }
    for (const link of drawing.links) link.paint(link.told.kind === "feed" ? sure[link.told.time - first] : NaN, -1, false);
    if (left > 5 * font)
      for (const [text, y] of [["writes", rows.y], ["states", rows.states[0]], ["reads", rows.x]]) drawing.word(text, 0, y, "rv-net-name");
    return drawing;
  }

  close() {
    this.sizes.disconnect();
  }
}

