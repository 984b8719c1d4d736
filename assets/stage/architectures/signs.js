// The shapes that sequences can have, as small drawings of three steps: the shape of the experiment is marked.
import { Drawing } from "./drawing.js";
import { plan } from "./plan.js";
import { element } from "../kit/dom.js";

const TALL = 84; // pixels
const WIDE = 30; // of a column
const part = { layers: 1, directions: 1, states: ["h"] };
const NETS = {
  "one-to-one": { parts: [1], answers: "last", asked: [true] },
  "one-to-many": { parts: [3], answers: "every", asked: [true, true, true], feeds: true },
  "many-to-one": { parts: [3], answers: "last", asked: [true] },
  "many-to-many, aligned": { parts: [3], answers: "every", asked: [true, true, true] },
  "encoder–decoder": { parts: [2, 2], answers: "sequence", asked: [true, true] },
};

export class Sign {
  constructor(scene, name) {
    const { parts, ...net } = NETS[name];
    const { shape, writes_on: writes } = scene.unrolled ?? {}; // null on the way to another page
    const now = shape === name || (writes && net.feeds);
    const drawing = new Drawing(`${name}${now ? ": the shape of this experiment" : ""}`, { bare: true });
    const cols = parts.map((count) => Array.from({ length: count }, (_, time) => ({ time })));
    const rows = { y: 10, states: [42], x: TALL - 10 };
    const found = plan({ ...net, parts: parts.map(() => part) }, cols, { left: 2, wide: WIDE, spacer: 10, box: 18, answer: 18, rows });
    drawing.lay(found, TALL, 14);
    for (const link of drawing.links) link.paint(0.35, -1, false);
    this.box = element("div", { class: `rv-net rv-net-sign${now ? " rv-net-here" : ""}` }, drawing.svg, element("span", { class: "rv-soft" }, now ? "this experiment" : "\u00a0"));
  }

  draw() {}

  close() {}
}
