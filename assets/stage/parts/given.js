// What a page's script was told by a worker, for the parts of a board that draw it: it comes when it is known.
import { element } from "../kit/dom.js";

export class Given {
  constructor() {
    this.box = element("div", { hidden: true });
  }

  /** @param {{key: string, given: object}} data */
  set({ key, given }, hub) {
    Object.assign(this, { key, hub });
    hub.given = { ...hub.given, [key]: given };
  }

  draw() {}

  close() {
    delete this.hub.given[this.key];
    this.box.remove();
  }
}
