// The parts of the Hopfield page, each told all it shows at once: no run stands behind them.
import { colours } from "../kit/colours.js";
import { element } from "../kit/dom.js";
import { Ends } from "./ends.js";
import { Memory } from "./memory.js";
import { Modern } from "./modern.js";

const PARTS = { memory: Memory, ends: Ends, modern: Modern };

export class Hopfield {
  constructor() {
    this.box = element("div", { class: "rv-board hf" });
  }

  set(data, hub, setState, setTrigger) {
    colours.refresh();
    if (!this.part) {
      this.part = new PARTS[data.key](data);
      this.box.append(this.part.box);
      this.box.classList.toggle("rv-stage", data.key === "memory");
    }
    this.part.set(data, setTrigger);
  }

  draw() {} // it has no moments

  close() {
    this.part.close?.();
    this.box.remove();
  }
}
