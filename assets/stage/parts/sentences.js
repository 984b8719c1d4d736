// What is to be seen, in sentences computed from the run.
import { summary } from "../guess/tag.js";
import { element, keyed, say } from "../kit/dom.js";

/** The line below the pictures: the most important sentence; while something is pointed at, its values. */
export class Line {
  constructor() {
    this.text = element("p", { class: "rv-said" });
    this.read = element("p", { class: "rv-pointed", hidden: true });
    this.box = element("div", { class: "rv-line" }, this.text, this.read);
  }

  draw(context) {
    const { moment, scene, hub, point } = context;
    const here = moment?.findings.find((one) => one.page === scene.page) ?? moment?.findings[0];
    say(this.text, summary(context, here?.text ?? hub.silence()));
    const pointed = point ? hub.pointed(point) : "";
    say(this.read, pointed);
    this.read.hidden = !pointed;
    this.text.hidden = Boolean(pointed);
  }

  close() {}
}

/** What some models of the page have nothing of. */
export class Note {
  constructor({ note }) {
    this.box = element("p", { class: "rv-note" }, note);
  }

  draw() {}

  close() {}
}

/** All of them, each with the page that shows it. */
export class Findings {
  constructor() {
    this.list = element("ul");
    this.items = [];
    this.list.addEventListener("pointerout", () => this.hub?.ask());
    this.box = element("section", { class: `rv-findings ${keyed("findings")}` }, this.list);
  }

  draw({ moment, scene, hub }) {
    this.hub = hub;
    if (this.moment === moment || this.aimedAt()) return;
    this.moment = moment;
    const found = moment?.findings ?? [];
    while (this.items.length < found.length) this.items.push(new Finding(hub));
    found.forEach((one, at) => this.items[at].show(one, scene));
    const boxes = this.items.slice(0, found.length).map((item) => item.box);
    if (this.list.children.length !== boxes.length) this.list.replaceChildren(...boxes);
  }

  /** A link that is about to be pressed does not move away with its sentence. */
  aimedAt() {
    return this.list.querySelector("a:hover");
  }

  close() {}
}

/** One of them. Its nodes stay while its words change: a press on its link begins and ends on the same one. */
class Finding {
  constructor(hub) {
    this.hub = hub;
    this.words = element("span");
    this.link = element("a", { href: "#", onclick: (event) => (event.preventDefault(), hub.turn(this.page)) });
    this.box = element("li", {}, this.words, " ", this.link);
  }

  show({ text, page }, scene) {
    const title = page !== scene.page && this.hub.pageTitle(page);
    this.page = page;
    say(this.words, text);
    say(this.link, title ? `→ ${title}` : "");
    this.link.hidden = !title;
  }
}
