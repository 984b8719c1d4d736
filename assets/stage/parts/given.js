// What a page's script was told by a worker, for the parts of a board that draw it: it comes when it is known.
import { element } from "../kit/dom.js";
import { experimentOf } from "../view/channel.js";

export class Given {
  constructor() {
    this.box = element("div", { hidden: true });
  }

  /** @param {{key: string, run: string, given: object}} data */
  set({ key, run, given }, hub) {
    Object.assign(this, { key, hub });
    hub.given[key] = { run, given };
  }

  draw() {}

  close() {
    delete this.hub.given[this.key];
    this.box.remove();
  }
}

/** What the page was given under a name for the run that is looked at; nothing of another experiment's. */
export function givenOf(hub, name) {
  const found = hub.given[name];
  return found?.run === experimentOf(hub.run) ? found.given : undefined;
}
