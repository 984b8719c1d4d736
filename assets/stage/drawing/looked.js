// A caption word by word: above each word the drawing, bright where the model looked when it wrote it.
import { element } from "../kit/dom.js";
import { lay, paper, sized } from "./paper.js";

const SIDE = 84; // pixels of one drawing

export class Looked {
  constructor() {
    this.box = element("ol", { class: "rv-board rv-looked" });
  }

  set(data) {
    if (JSON.stringify(data) === JSON.stringify(this.data)) return;
    this.data = data;
    const sheet = paper(data);
    const { rows, columns, words, signs, weights } = data;
    const items = words.map((word, at) => {
      const canvas = element("canvas", { role: "img", "aria-label": `where it looked for “${word}”` });
      sized(canvas, SIDE);
      lay(canvas, sheet, weights[at], { rows, columns });
      return element("li", { class: signs[at] ? `rv-is-${signs[at]}` : "" }, canvas, element("b", {}, word, signs[at] === "wrong" ? " ×" : ""), element("span", {}, `${Math.round(100 * Math.max(...weights[at]))} %`));
    });
    this.box.replaceChildren(...items);
  }

  draw() {} // it has no moments

  close() {
    this.box.remove();
  }
}
