// A line chart: Vega draws it once, afterwards only its data changes.
import { ghostKey, ghostName, tellKey } from "./branched.js";
import { isLaid, laid, laidKey } from "../guess/drawn.js";
import { counted, element, keyed, say } from "../kit/dom.js";
import { embed, enlarged } from "../kit/vega.js";
import { rows } from "../kit/wire.js";
import { nearest } from "../view/channel.js";

const EARLY = "400px"; // below the window: a chart this near is drawn already
const KEYS = { gradient: "gradients", both_gradients: "gradients" };
const FIT = { type: "fit", contains: "padding" };

export class Chart {
  /** @param {string} name of the scene's charts */
  constructor(name, { title, spec }) {
    this.name = name;
    this.plot = element("div", { class: "rv-plot" });
    this.heading = element("h4", { title }, title);
    this.key = ghostKey();
    if (spec.datasets.ghost) this.heading.prepend(this.key);
    this.guess = laidKey();
    if (spec.datasets.guess) this.heading.prepend(this.guess);
    this.lacks = element("span", { class: "rv-lacks", hidden: true });
    this.now = element("i", { class: "rv-now", hidden: true }); // the training step shown: Vega need not draw for it
    this.box = element("div", { class: `rv-chart ${keyed(KEYS[name] ?? name)}` }, this.heading, this.plot);
    this.sizes = new ResizeObserver(() => this.resize());
    this.nearby = new IntersectionObserver(([entry]) => this.meet({ near: entry.isIntersecting }), { rootMargin: EARLY });
    this.sight = new IntersectionObserver(([entry]) => this.meet({ inSight: entry.isIntersecting }));
    this.sizes.observe(this.plot);
    this.nearby.observe(this.box);
    this.sight.observe(this.box);
    this.drawn = {};
  }

  /** A chart is built when it is near, and kept up to date while it is to be seen. */
  meet(where) {
    Object.assign(this, where);
    if (Object.values(where)[0]) this.hub?.ask();
  }

  async draw(context) {
    this.hub = context.hub;
    if (!(this.view ? this.inSight : this.near)) return;
    const told = context.scene.charts[this.name];
    if (this.told !== told || this.factor !== enlargement(context.look)) await this.build(told, enlargement(context.look));
    if (!this.view) return;
    const changed = told.kind === "trend" ? this.trend(context, told) : this.moving(context);
    if (changed) await this.view.runAsync();
  }

  async build(told, factor) {
    Object.assign(this, { told, factor, drawn: {}, view: null });
    this.end?.();
    const { width, height } = this.room();
    const spec = { ...enlarged(told.spec, factor), autosize: FIT, width, height, config: this.style() };
    const { view, finalize } = await embed(this.plot, spec);
    if (this.told !== told) return finalize();
    Object.assign(this, { view, end: finalize, size: [width, height] });
    this.plot.append(this.now, this.lacks);
    this.plot.querySelector("svg")?.setAttribute("aria-label", told.alt);
  }

  room() {
    const { clientWidth, clientHeight } = this.plot;
    return { width: Math.max(120, clientWidth), height: Math.max(80, clientHeight) };
  }

  style() {
    const font = getComputedStyle(this.box).fontFamily;
    const ink = { domainColor: "currentColor", tickColor: "currentColor", gridColor: "#8884" };
    const axis = { ...ink, domainOpacity: 0.4, tickOpacity: 0.4, labelFont: font, titleFont: font };
    return { font, background: "transparent", view: { stroke: null }, axis, legend: { labelFont: font } };
  }

  async resize() {
    if (!this.view) return;
    const { width, height } = this.room();
    if (width === this.size[0] && height === this.size[1]) return;
    this.size = [width, height];
    await this.view.width(width).height(height).resize().runAsync();
    this.settle();
  }

  /** The remark that the original is missing stands on the axis. */
  settle() {
    if (!this.view) return; // built anew meanwhile
    this.lacks.style.top = `${this.view.origin()[1] + this.view.padding().top + this.view.height()}px`;
  }

  /** Lines over the training, from the numbers of all moments. */
  trend(context, told) {
    const { channel, moment, following, scene } = context;
    const { drawn, view } = this;
    let changed = false;
    if (drawn.channel !== channel || drawn.version !== channel.version) {
      Object.assign(drawn, { channel, version: channel.version });
      const lines = trendRows(channel, scene, told);
      const ghost = this.ghost(context, (found) => trendRows(found, scene, told));
      if (ghost) view.data("ghost", ghost);
      view.data("lines", lines).data("rules", reaching(told, [...lines, ...(ghost ?? [])]));
      changed = true;
    }
    this.now.hidden = following || !moment;
    if (!this.now.hidden) this.now.style.left = `${view.origin()[0] + view.padding().left + view.scale("x")(moment.step)}px`;
    return changed;
  }

  /** The lines of the run beside it, as far as the chart reaches; undefined where a chart has no place for them. */
  ghost(context, rowsOf) {
    if (!this.told.spec.datasets.ghost) return undefined;
    const { ghost } = context.channel;
    this.key.hidden = !ghost;
    tellKey(this.key, context);
    return ghost ? rowsOf(ghost) : [];
  }

  /** The tables of one moment; without any, those of the spec. */
  moving(context) {
    const { moment, channel: { ghost } } = context; // prettier-ignore
    const guessed = Boolean(this.told.spec.datasets.guess) && isLaid(context);
    if (this.drawn.moment === moment && this.drawn.ghost === ghost && this.drawn.guessed === guessed) return false;
    Object.assign(this.drawn, { moment, ghost, guessed });
    const tables = moment?.tables[this.name];
    const { datasets } = this.told.spec;
    for (const [table, given] of Object.entries(datasets)) this.view.data(table, tables?.[table] ? rows(tables[table]) : given);
    this.guess.hidden = !guessed;
    if (guessed) this.view.data("guess", laid(context));
    if (datasets.ghost) this.beside(context);
    return true;
  }

  /** The original at the same training step, where it was measured there; the last run at the nearest. */
  beside(context) {
    const { moment, channel: { ghost }, hub, scene } = context; // prettier-ignore
    const place = !moment || !ghost ? -1 : scene.branch ? ghost.steps.indexOf(moment.step) : nearest(ghost.steps, moment.step);
    const found = scene.models.flatMap(({ label, name: series }) =>
      Array.from(ghost?.gradients[label]?.[place] ?? [], (value, time) => ({ time: time + 1, series, value })).filter(({ value }) => Number.isFinite(value)),
    );
    this.view.data("ghost", found);
    this.key.hidden = !found.length;
    tellKey(this.key, context, scene.branch ? ", same training step" : ""); // where it is grey the title says it
    this.lacks.hidden = !scene.branch || !moment || !ghost || found.length > 0;
    say(this.lacks, `no original at training step ${counted(moment?.step ?? 0)}`);
    this.settle();
    this.heading.title = found.length ? `${this.told.title}; ${scene.branch ? "dotted" : "grey"}: ‖∂L/∂h‖ of the ${ghostName(hub, scene)} at training step ${counted(ghost.steps[place])}` : this.told.title;
  }

  close() {
    for (const observer of [this.sizes, this.nearby, this.sight]) observer.disconnect();
    this.end?.();
    this.told = null;
  }
}

/** How many times as large its letters and lines are: 1 but in front of a hall. */
const enlargement = ({ big }) => (big ? Number(getComputedStyle(document.documentElement).getPropertyValue("--rv-large")) || 2 : 1);

function trendRows({ steps, numbers }, { models, steps: last }, { numbers: name, least, spec }) {
  const found = [];
  const log = JSON.stringify(spec).includes('"type":"log"');
  models.forEach(({ name: series }, model) => {
    steps.forEach((step, place) => {
      const value = step <= last ? numbers[name]?.[place]?.[model] : NaN;
      if (Number.isFinite(value)) found.push({ step, series, value: log ? Math.max(least, value) : value });
    });
  });
  return found;
}

/** The rules of the spec, and on a logarithmic axis what leaves room for a line at its ends. */
function reaching({ spec }, lines) {
  const rules = spec.datasets.rules;
  if (!JSON.stringify(spec).includes('"type":"log"') || !lines.length) return rules;
  const values = lines.map((row) => row.value);
  const [low, high] = [Math.min(...values) / 1.2, Math.max(...values) * 1.2];
  return [...rules, { value: low, name: "", opacity: 0 }, { value: high, name: "", opacity: 0 }];
}
