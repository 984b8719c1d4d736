// The parts of a page: its stage, which fills the window, and what stands below.
import { Anatomy } from "./anatomy/anatomy.js";
import { Architectures } from "./architectures/architectures.js";
import { Sign } from "./architectures/signs.js";
import { Writing } from "./architectures/writing.js";
import { Attention } from "./attention/attention.js";
import { Steps } from "./attention/steps.js";

import { Branched } from "./parts/branched.js";
import { Chart } from "./parts/chart.js";
import { Controls } from "./parts/controls.js";
import { element } from "./kit/dom.js";
import { Guess } from "./guess/guess.js";
import { History } from "./parts/history.js";
import { Brought } from "./inspect/brought.js";
import { APPLICATIONS } from "./applications/all.js";
import { shownOf } from "./view/look.js";
import { Picture } from "./parts/picture.js";
import { Findings, Line, Note } from "./parts/sentences.js";
import { Symbols } from "./parts/symbols.js";
import { TwoWays } from "./parts/two_ways.js";

const KINDS = {
  anatomy: (scene) => new Anatomy(scene, ""),
  architectures: (scene) => new Architectures(scene),
  writing: (scene) => new Writing(scene),
  history: (scene) => new History(scene),
  findings: () => new Findings(),
  note: (scene) => new Note(scene),
  exposure: (scene) => new TwoWays("exposure", scene),
  fit: (scene) => new TwoWays("fit", scene),
  steps: () => new Steps({ own: false }),
  "own-steps": () => new Steps({ own: true }),
};
const FAMILIES = [
  [/^anatomy-(.+)$/, (scene, convention) => new Anatomy(scene, convention)], // cells drawn in another convention
  [/^sign-(.+)$/, (scene, shape) => new Sign(scene, shape)],
];
const kindOf = (name) => {
  if (KINDS[name]) return KINDS[name];
  const [form, make] = FAMILIES.find(([one]) => one.test(name)) ?? [];
  return form && ((scene) => make(scene, form.exec(name)[1]));
};
const PICTURES = { picture: Picture, attention: Attention, brought: Brought, ...APPLICATIONS };

export class Board {
  constructor() {
    this.box = element("div", { class: "rv-board" });
    this.parts = [];
    this.pictures = [];
  }

  /** @param {{side?: string[], main?: string[], stage: boolean}} data names of parts: charts, "pictures", "history", "findings" */
  set(data, hub) {
    if (JSON.stringify(data) !== JSON.stringify(this.data)) this.scene = null;
    this.data = data;
    this.hub = hub;
    this.box.classList.toggle("rv-stage", Boolean(data.stage));
    hub.ask();
  }

  draw(context) {
    if (!this.fits(context.scene)) return undefined; // the page is turned, and this is about to go
    if (this.scene !== context.scene) this.build(context.scene);
    this.arrange(context);
    return Promise.all(this.parts.map(async (part) => part.draw(context))); // what goes wrong in one leaves the others
  }

  /** Whether a scene has all parts of this. */
  fits(scene) {
    const there = (name) => name === "pictures" || (name === "history" ? scene.history : kindOf(name) || scene.charts[name]);
    return [...(this.data.main ?? []), ...(this.data.side ?? [])].every(there);
  }

  build(scene) {
    for (const part of this.parts) part.close();
    this.scene = scene;
    const { side = [], main = [], stage } = this.data;
    const sides = side.map((name) => this.part(name, scene));
    const mains = main.flatMap((name) => (name === "pictures" ? scene.pictures.map((told) => new PICTURES[told.kind](told)) : [this.part(name, scene)]));
    if (!mains.length && scene.note) mains.push(new Note(scene));
    this.pictures = mains.filter((part) => part.valueAt);
    this.parts = [...sides, ...mains];
    const rows = [this.row("rv-side", sides), this.row("rv-main", mains)];
    const middle = element("div", { class: "rv-middle" }, ...rows.filter(Boolean));
    this.box.replaceChildren(middle);
    if (stage) this.frame(scene);
  }

  /** What stands above and below the pictures of a stage. */
  frame(scene) {
    const controls = new Controls(scene, { sorts: scene.pictures.some((told) => told.bands), sequences: !scene.pictures.some((told) => told.free) });
    controls.offer(scene.pictures.map((told) => told.label));
    controls.state();
    const line = new Line();
    this.parts.push(controls, line);
    if (this.pictures.some((one) => one.told.bands) && Symbols.fits(scene)) {
      const symbols = new Symbols(scene);
      this.parts.push(symbols);
      this.box.append(symbols.box);
    }
    for (const part of this.parts) if (part.tools) controls.box.append(part.tools);
    this.box.prepend(controls.box);
    if (scene.branch) {
      const branched = new Branched(scene.branch);
      this.parts.push(branched);
      this.box.prepend(branched.box);
    }
    this.box.append(line.box);
    if (scene.asks) {
      const guess = new Guess(scene, this.box);
      this.parts.push(guess);
      this.box.append(guess.box);
    }
  }

  part(name, scene) {
    return kindOf(name)?.(scene) ?? new Chart(name, scene.charts[name]);
  }

  row(name, parts) {
    return parts.length ? element("div", { class: name }, ...parts.map((part) => part.box)) : null;
  }

  /** Which models' pictures are shown. */
  arrange({ scene }) {
    const shown = shownOf(scene.models.filter((model) => this.pictures.some((one) => one.told.label === model.label)));
    for (const picture of this.pictures) picture.box.hidden = !shown.includes(picture.told.label);
    this.box.style.setProperty("--rv-shown", Math.max(1, shown.length));
  }

  /** The values of all models at one place, in words. */
  pointed(point) {
    const shown = this.pictures.filter((one) => !one.box.hidden).map((one) => [one.told.name, one.valueAt(point)]);
    return [...shown, ...this.parts.flatMap((part) => part.pointed?.(point) ?? [])];
  }

  close() {
    for (const part of this.parts) part.close();
    this.box.remove();
  }
}
