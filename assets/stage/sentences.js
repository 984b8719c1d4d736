// What is to be seen, in sentences computed from the run.
import { element, keyed, say } from "./dom.js";

/** The line below the pictures: the most important sentence; while something is pointed at, its values. */
export class Line {
  constructor() {
    this.text = element("p", { class: "rv-said" });
    this.read = element("p", { class: "rv-pointed", hidden: true });
    this.box = element("div", { class: "rv-line" }, this.text, this.read);
  }

  draw({ moment, scene, hub, point }) {
    const here = moment?.findings.find((one) => one.page === scene.page) ?? moment?.findings[0];
    say(this.text, here?.text ?? hub.silence());
    const pointed = point ? hub.pointed(point) : "";
    say(this.read, pointed);
    this.read.hidden = !pointed;
    this.text.hidden = Boolean(pointed);
  }

  close() {}
}

/** All of them, each with the page that shows it. */
export class Findings {
  constructor() {
    this.list = element("ul");
    this.box = element("section", { class: `rv-findings ${keyed("findings")}` }, this.list);
  }

  draw({ moment, scene, hub }) {
    if (this.moment === moment) return;
    this.moment = moment;
    const found = moment?.findings ?? [];
    this.list.replaceChildren(...found.map((one) => this.item(one, scene, hub)));
  }

  item({ text, page }, scene, hub) {
    const item = element("li", {}, text);
    const title = page !== scene.page && hub.pageTitle(page);
    if (title) item.append(" ", element("a", { href: "#", onclick: (event) => (event.preventDefault(), hub.turn(page)) }, `→ ${title}`));
    return item;
  }

  close() {}
}
