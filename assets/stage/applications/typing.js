// A field in which somebody types, and below it the keyboard of every model: its candidates for the next word, and under
// the words that stand there already whether it had suggested them.
import { element, say, swatch } from "../kit/dom.js";
import { Candidate, hit, HITS, SIGN } from "./keyboard.js";

const PAUSE = 120; // ms without a letter before the models are asked

export class Typing {
  constructor() {
    this.input = element("input", { type: "text", autocomplete: "off", spellcheck: false, autocapitalize: "off", enterKeyHint: "done" });
    this.label = element("label", { class: "rv-typing-label" }, element("span", {}, "A sentence of your own"), this.input);
    this.said = element("p", { class: "rv-typing-said", role: "status" });
    this.keyboards = element("div", { class: "rv-typing-keyboards" });
    this.box = element("div", { class: "rv-board rv-typing" }, this.label, this.said, this.keyboards);
    this.input.addEventListener("input", () => this.wait());
  }

  set(data, hub, setState) {
    if (!this.data) this.input.value = data.text; // as it stood before the page was turned
    this.data = data;
    this.input.placeholder = data.example;
    this.setState = setState;
    this.show();
  }

  draw() {}

  wait() {
    this.box.classList.toggle("rv-waits", this.input.value !== this.data.text);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.setState("text", this.input.value), PAUSE);
  }

  /** A candidate takes the place of the letters that were typed of it; a space follows. */
  take(word) {
    const { value } = this.input;
    const before = value.replace(/[\p{L}\p{N}'’-]+$/u, "");
    const stands = SIGN.test(word) ? before.trimEnd() : before;
    this.input.value = `${stands}${word} `;
    this.input.focus();
    this.wait();
  }

  show() {
    this.box.classList.toggle("rv-waits", this.input.value !== this.data.text);
    say(this.said, this.data.said || "\u00a0");
    const { words, keyboards } = this.data;
    this.keyboards.replaceChildren(...keyboards.map((one) => this.keyboard(words, one)));
  }

  keyboard(words, { name, colour, candidates, ranks }) {
    const head = element("h3", {}, ...(colour ? [swatch({ colour })] : []), element("b", {}, name));
    const first = words[0] === "." ? 1 : 0;
    const typed = element("p", { class: "rv-typed" });
    words.slice(first).forEach((word, at) => {
      const rank = ranks[at + first - 1];
      if (!SIGN.test(word)) typed.append(" ");
      typed.append(element("span", { class: `rv-hit${rank ? ` rv-${hit(rank)}` : ""}`, title: rank ? HITS.find(([kind]) => kind === hit(rank))[2] : "" }, word));
    });
    typed.append(" ", element("span", { class: "rv-caret", "aria-hidden": "true" }));
    const bar = element("div", { class: "rv-candidates", role: "group", "aria-label": `What the ${name} suggests next` });
    for (const [word, chance] of candidates) {
      const one = new Candidate(colour || "currentColor", "button");
      one.show(word, chance, false);
      one.box.addEventListener("click", () => this.take(word));
      bar.append(one.box);
    }
    if (!candidates.length) bar.append(element("p", {}, "no word begins so"));
    return element("section", { "aria-label": name }, head, ...(ranks.length ? [typed] : []), bar);
  }

  close() {
    clearTimeout(this.timer);
    this.box.remove();
  }
}
