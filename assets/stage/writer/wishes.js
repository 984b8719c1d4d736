// What can be chosen of the texts of all models: what they begin with, temperature, top-k, another draw.
import { element, say } from "../kit/dom.js";
import { change, HOTTEST, look, TOP_KS } from "../view/look.js";

const OTHER = "Draw another text of the same models";
const REST = 250; // ms without a letter before it is asked

export class Wishes {
  constructor({ begins, most, typing }, again) {
    this.begins = element("input", { type: "text", class: "rv-begins", placeholder: begins, autocomplete: "off", spellcheck: false, autocapitalize: "off", title: `What the text begins with. Type ${typing}, at most ${most} characters.`, oninput: () => this.type() });
    this.heat = element("input", { type: "range", min: 0, max: HOTTEST, step: 0.1, title: "The scores of all characters are divided by it before the softmax: 0 takes the likeliest, high is random", oninput: () => change({ temperature: this.heat.value }) });
    this.degrees = element("output", {});
    this.top = element("select", { title: "Characters are drawn among so many of the likeliest", onchange: () => change({ top_k: this.top.value }) });
    this.top.append(...TOP_KS.map((one) => element("option", { value: one }, one || "all")));
    this.again = element("button", { type: "button", class: "rv-again", onclick: again }, "↻ Write again");
    const field = (title, ...parts) => element("label", {}, element("span", {}, title), ...parts);
    this.box = element("div", { class: "rv-wishes" }, field("Beginning", this.begins), field("Temperature", this.heat, this.degrees), field("Top-k", this.top), this.again);
    this.begins.value = look.begins;
  }

  type() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => change({ begins: this.begins.value }), REST);
  }

  draw(refused) {
    if (document.activeElement !== this.begins && this.begins.value !== look.begins) this.begins.value = look.begins;
    if (this.heat.value !== look.temperature) this.heat.value = look.temperature;
    if (this.top.value !== look.top_k) this.top.value = look.top_k;
    say(this.degrees, Number(look.temperature).toFixed(1));
    this.begins.setAttribute("aria-invalid", String(Boolean(refused)));
    const fixed = Number(look.temperature) === 0 ? "At temperature 0" : look.top_k === "1" && "With top-k 1";
    this.again.disabled = Boolean(fixed);
    this.again.title = fixed ? `${fixed} the likeliest character is always taken: there is no other text` : OTHER;
  }

  close() {
    clearTimeout(this.timer);
  }
}
