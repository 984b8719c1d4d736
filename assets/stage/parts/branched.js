// A run beside another one: a branch and its original, or a run and the last one, which began from another seed.
import { counted, element, say } from "../kit/dom.js";
import { nearest } from "../view/channel.js";

const UNKNOWN = "Its original is not on this server.";

/** The head of every page while a branch is shown, with the way back. */
export class Branched {
  /** @param {{step: number, changed: string}} told */
  constructor({ step, changed }) {
    const what = element("b", {}, `Branch from training step ${counted(step)}: ${changed}`);
    this.rest = element("span", { class: "rv-soft" });
    this.key = ghostKey();
    say(this.key, "original");
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

/** What the lines of the other run look like, by their name. */
export function ghostKey() {
  return element("span", { class: "rv-original", hidden: true });
}

/** Say in the key whose lines they are. @param {string} rest what follows the name */
export function tellKey(key, { hub, scene }, rest = "") {
  key.classList.toggle("rv-last", !scene.branch);
  say(key, `${scene.branch ? "" : "grey: the "}${ghostName(hub, scene)}${rest}`);
}

/** What the other run is called. */
export function ghostName({ beside }, { branch }) {
  if (branch) return branch.alike ? "original" : `original (${branch.original})`;
  return `last run, seed ${beside?.seed}`;
}

/** What the other run's model had scored at the training step shown, or at the nearest of its own. */
export class Before {
  constructor(label) {
    this.label = label;
    this.box = element("p", { class: "rv-before", hidden: true });
  }

  draw({ hub, scene, channel: { ghost }, moment }) {
    this.box.hidden = !scene.branch && !hub.beside;
    if (!this.box.hidden) say(this.box, moment && ghost ? this.told(ghost, moment.step, ghostName(hub, scene)) : "\u00a0");
  }

  told({ steps, scored }, step, name) {
    const place = nearest(steps, step);
    const where = steps[place] === step ? "" : ` at training step ${counted(steps[place])}`;
    return `${name}: ${scored[this.label]?.[place] || "had ended"}${where}`;
  }
}
