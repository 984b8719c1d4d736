// What stands above the picture of a model: its name, how it is doing, and how its original did where it is a branch.
import { element, say, swatch } from "../kit/dom.js";
import { Tag } from "../guess/tag.js";
import { Before } from "./branched.js";

const LONG = 12; // letters of a name that is written smaller where the picture is narrow

export class Head {
  /** @param {{label: string, name: string, short: string, colour: string, dash: number[]}} told  @param {...Node} more below */
  constructor(told, ...more) {
    this.label = told.label;
    this.than = element("span", { class: "rv-than" });
    this.found = document.createTextNode("");
    this.verdict = element("span", { class: "rv-verdict" }, this.found, this.than);
    this.reached = element("span", { class: "rv-number" });
    this.more = [element("span"), element("span")];
    this.guessed = new Tag(told.label);
    const name = element("h3", {}, swatch(told), element("b", { class: told.name.length > LONG ? "rv-long rv-many" : "rv-long" }, told.name), element("b", { class: "rv-short", "aria-hidden": true }, told.short));
    this.doing = element("p", { class: "rv-doing" }, this.verdict, this.reached, element("span", { class: "rv-more" }, ...this.more), this.guessed.box);
    this.before = new Before(told.label);
    this.box = element("div", { class: "rv-head" }, name, this.doing, this.before.box, ...more);
  }

  draw(context) {
    const model = context.moment?.models[this.label];
    const { verdict = "", scored = [] } = model ?? {};
    const [found, than] = verdict.split(/(?= than )/);
    say(this.found, found);
    say(this.than, than ?? "");
    [this.reached, ...this.more].forEach((part, at) => say(part, scored[at] ?? ""));
    this.verdict.dataset.verdict = verdict;
    this.doing.title = [verdict, ...scored].filter(Boolean).join(" ");
    this.before.draw(context);
    this.guessed.draw(context);
  }
}
