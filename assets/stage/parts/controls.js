// What can be chosen of a page: which sequence, layer, direction, and the order of the units.
import { element, swatch } from "../kit/dom.js";
import { change, look, shownOf, SORTS, toggle } from "../view/look.js";

export class Controls {
  /** @param {object} scene  @param {{sorts: boolean, sequences: boolean}} with what */
  constructor(scene, { sorts, sequences }) {
    this.scene = scene;
    this.selects = [];
    this.box = element("div", { class: "rv-controls" });
    if (sequences && scene.sequences.length > 1) this.add("Sequence", "probe", scene.sequences.map(({ name }, place) => [place, name]));
    const layers = Math.max(...scene.models.map((model) => model.layers));
    if (layers > 1) this.add("Layer", "layer", [[-1, "top"], ...Array.from({ length: layers }, (_, i) => [i, `${i + 1} (from below)`])]);
    if (scene.models.some((model) => model.directions > 1)) this.add("Direction", "direction", [["forward", "forward"], ["backward", "backward"]]);
    if (sorts) this.add("Units", "sort", Object.entries(SORTS), "The order of the rows when the run is over. By number. By how much of a value is still there one time step later. Of a gate that keeps, by its mean. Or each beside the one most like it.");
  }

  /** What the models learn, at the end of the row. */
  state() {
    this.box.append(element("span", { class: "rv-question", title: this.scene.question }, this.scene.question));
  }

  /** A button for each model: pressed while its pictures are shown. */
  offer(labels) {
    const models = this.scene.models.filter((model) => labels.includes(model.label));
    if (models.length < 2) return;
    this.chips = models.map((model) => [model.label, element("button", { type: "button", class: "rv-chip", title: `Show or hide: ${model.title}`, onclick: () => toggle(model.label, models) }, swatch(model), model.name)]);
    this.models = models;
    this.box.append(element("div", { class: "rv-chips", role: "group", "aria-label": "Models shown" }, ...this.chips.map(([, chip]) => chip)));
  }

  add(title, name, options, help = "") {
    const select = element("select", { title: help, onchange: () => change({ [name]: typeof look[name] === "number" ? Number(select.value) : select.value }) });
    select.append(...options.map(([value, text]) => element("option", { value: String(value) }, text)));
    this.selects.push([name, select]);
    this.box.append(element("label", { class: `rv-choose-${name}` }, element("span", {}, title), select));
  }

  draw({ channel }) {
    for (const [name, select] of this.selects) {
      const value = name === "sort" && !channel.over ? "index" : String(look[name]); // no row moves while it trains
      if (select.value !== value) select.value = value;
      select.disabled = value !== String(look[name]);
    }
    const shown = this.chips ? shownOf(this.models) : [];
    for (const [label, chip] of this.chips ?? []) chip.setAttribute("aria-pressed", String(shown.includes(label)));
  }

  close() {}
}
