// A branch beside its original: where it began and what was changed, and what the original had come to by then.
import { counted, element, say } from "../kit/dom.js";
import { nearest } from "../view/channel.js";

const UNKNOWN = "Its original is not on this server.";

/** The head of every page while a branch is shown, with the way back. */
export class Branched {
  /** @param {{step: number, changed: string}} told */
  constructor({ step, changed }) {
    const what = element("b", {}, `Branch from training step ${counted(step)}: ${changed}`);
    this.rest = element("span", { class: "rv-soft" });
    this.key = original();
    const back = element("button", { type: "button", onclick: () => this.hub?.bar?.press("Back to the original") }, "Back to the original");
    back.title = "Show the training that this one branched off from";
    this.box = element("div", { class: "rv-branched st-key-branched" }, element("span", { class: "rv-what" }, what, " ", this.rest), this.key, back);
  }

  draw({ hub, channel }) {
    this.hub = hub;
    this.key.hidden = !channel.ghost;
    say(this.rest, channel.ghost || !channel.came ? "" : UNKNOWN);
  }

  close() {}
}

/** What its lines look like, by their name. */
export function original() {
  return element("span", { class: "rv-original" }, "original");
}

/** What the original of one model had scored at the training step shown, or at the nearest of its own. */
export class Before {
  constructor(label) {
    this.label = label;
    this.box = element("p", { class: "rv-before", hidden: true });
  }

  draw({ scene, channel: { ghost }, moment }) {
    this.box.hidden = !scene.branch;
    if (!this.box.hidden) say(this.box, moment && ghost ? this.told(ghost, moment.step, scene.branch) : "\u00a0");
  }

  told({ steps, scored }, step, { alike, original }) {
    const place = nearest(steps, step);
    const where = steps[place] === step ? "" : ` at training step ${counted(steps[place])}`;
    const name = alike ? "original" : `original (${original})`;
    return `${name}: ${scored[this.label]?.[place] || "had ended"}${where}`;
  }
}
