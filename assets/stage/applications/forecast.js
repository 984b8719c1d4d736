// A forecast: what was measured up to the moment of forecast, what the model foretells from there with its band, what
// came, and two forecasts that need no network; below the whole stretch, and the error by how far ahead.
import { drawn, element, number } from "../kit/dom.js";
import { Own } from "../parts/own.js";

const PAST = 2.5; // of what is seen: so many times the days that are forecast lie before them, at least
const ROOM = 0.2; // of the range of values, above and below them: an early forecast is far off
const RIGHT = 8; // pixels beside a plot
const TICKS = 1.35, DIGIT = 0.57, APART = 0.7; // of the size of letters: below a plot, of a digit, and between two names
const BAND = "The band adds measured errors to the forecast: eighty in a hundred of what is held out lie in it. Where the line lies outside, the model errs mostly to one side.";
const START = 0.6; // of the stretch, where the moment of forecast is before anybody chose one

export class Forecast extends Own {
  constructor(told) {
    super(told);
    const [stays, before] = told.names;
    const legend = [[named(told), ""], ["what came", "came"], [stays, "stays"], ["forecast, 80 % band", "own"], [before, "before"]];
    this.legend = element("p", { class: "rv-legends" }, ...legend.map(([text, kind]) => element("span", { title: kind === "own" ? BAND : "" }, element("i", { class: `rv-line ${kind && `rv-is-${kind}`}`, style: { "--rv-colour": told.colour } }), text)));
    this.near = drawn("svg", { class: "rv-near", role: "img", tabindex: 0, "aria-label": `${told.what} before and after the moment of forecast, dragged or moved with the arrow keys` });
    this.whole = drawn("svg", { class: "rv-stretch", role: "img", tabindex: 0, "aria-label": "the whole stretch, with the moment of forecast" });
    this.errors = drawn("svg", { class: "rv-ahead", role: "img", "aria-label": "mean absolute error by how far ahead" });
    this.field.classList.add("rv-forecast");
    this.field.append(this.legend, this.near, this.whole, element("p", { class: "rv-small" }, `mean error by ${told.every}s ahead${told.unit && `, ${told.unit}`}`), this.errors);
    this.watch(this.near, this.whole, this.errors);
    this.drag(this.near, (x, begin) => begin.time + Math.round((x - begin.x) / this.step));
    this.drag(this.whole, (x) => Math.round((x - this.left) / this.along - 0.5));
  }

  /** The step after which it is foretold. */
  get at() {
    return this.time ?? Math.round(START * (this.sequence.tokens.length - 1));
  }

  drag(svg, timeOf) {
    let begin = null;
    const xOf = (event) => event.clientX - svg.getBoundingClientRect().left;
    const move = (event) => begin && this.go(timeOf(xOf(event), begin));
    svg.addEventListener("pointerdown", (event) => {
      begin = { x: xOf(event), time: this.at };
      svg.setPointerCapture(event.pointerId);
      move(event);
    });
    svg.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) svg.addEventListener(name, () => (begin = null));
    svg.addEventListener("keydown", (event) => this.typed(event));
  }

  /** The moment of forecast, as far as the stretch goes. */
  go(time) {
    this.choose(Math.max(0, Math.min(this.sequence.tokens.length - 1, time)));
  }

  typed(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: this.told.ahead, PageDown: -this.told.ahead }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.go(this.at + by);
  }

  make(probe) {
    const { ahead } = this.told;
    this.probe = this.told.probes[probe];
    const all = [...this.probe.values, ...this.probe.last, ...this.probe.before].filter((value) => value !== null);
    const room = (Math.max(...all) - Math.min(...all)) * ROOM || 1;
    this.range = [Math.min(...all) - room, Math.max(...all) + room];
    const least = nice((this.range[1] - this.range[0]) / 8);
    this.em = parseFloat(getComputedStyle(this.near).fontSize);
    this.left = beside(this.range, least, this.em);
    const width = this.near.clientWidth - this.left - RIGHT;
    this.days = Math.min(this.probe.values.length, Math.max(Math.round((PAST + 1) * ahead), Math.min(28, Math.floor(width / 9))));
    this.step = width / this.days;
    this.along = width / this.probe.values.length;
  }

  paint(own) {
    if (!this.near.clientWidth) return;
    this.paintNear(own);
    this.paintWhole(own);
    this.paintErrors(own);
    this.say(this.inWords(own));
  }

  /** The forecast of the moment, (ahead,), or nothing before the first. */
  foretold(own) {
    const { ahead, base } = this.told;
    return own && Array.from(own.forecast.subarray(this.at * ahead, (this.at + 1) * ahead), (value) => base + value);
  }

  paintNear(own) {
    const { at, told, probe } = this, { ahead } = told;
    const last = Math.min(probe.values.length - 1, Math.max(at + ahead, this.days - 1));
    const first = last - this.days + 1;
    const plot = new Plot(this.near, this, [first - 0.5, last + 0.5], this.range, TICKS);
    const rows = [plot.grid(2.5), plot.days(probe.days, first, last)];
    const past = pairs(probe.values, 0, at), came = pairs(probe.values, at, at + ahead), later = pairs(probe.values, at + ahead, last);
    const said = this.foretold(own), begin = this.lastKnown();
    const clipped = [];
    if (said) {
      const edge = (which) => said.map((value, i) => [at + 1 + i, value + own[which][i]]);
      const area = [[at, begin], ...edge("high"), ...edge("low").reverse()];
      clipped.push(drawn("polygon", { class: "rv-band80", fill: told.colour, points: plot.points(area) }, drawn("title", {}, BAND)));
    }
    clipped.push(plot.line([[at, begin], [at + ahead, begin]], "rv-is-stays"));
    clipped.push(plot.line(came.slice(1).map(([x], i) => [x, this.before(i)]), "rv-is-before"));
    clipped.push(...plot.lines(later, "rv-is-later"), ...plot.lines(past, ""), ...plot.lines(came, "rv-is-came"));
    for (const [x, y] of came.slice(1)) if (y !== null) clipped.push(drawn("circle", { class: "rv-dot", cx: plot.x(x), cy: plot.y(y), r: 2.5 }));
    if (said) clipped.push(plot.line([[at, begin], ...said.map((value, i) => [at + 1 + i, value])], "rv-is-own", told.colour));
    rows.push(plot.clip(clipped, this.told.key), drawn("line", { class: "rv-rule", x1: plot.x(at), x2: plot.x(at), y1: 0, y2: plot.bottom }));
    const side = plot.x(at) > plot.left + 4.6 * this.em ? "end" : "start";
    rows.push(drawn("text", { class: "rv-when", x: plot.x(at) + (side === "end" ? -5 : 5), y: 0.9 * this.em, "text-anchor": side }, probe.days[at]));
    const sided = said ? oneSided(own) : "";
    if (sided) rows.push(drawn("text", { class: "rv-sided", x: plot.left + plot.width - 3, y: plot.bottom - 0.5 * this.em, "text-anchor": "end" }, sided, drawn("title", {}, BAND)));
    this.near.replaceChildren(...rows);
  }

  /** The seasonal forecast of the step `i` + 1 ahead, of so many seasons before that it is known by now; else the naive one. */
  before(i) {
    const { season } = this.told;
    return this.probe.before[this.at + 1 + i - season * Math.floor(i / season)] ?? this.lastKnown();
  }

  /** The newest known value at the moment of forecast; null where nothing is known yet. */
  lastKnown() {
    return this.probe.last[this.at];
  }

  paintWhole() {
    const { at, told, probe } = this, count = probe.values.length;
    const plot = new Plot(this.whole, this, [-0.5, count - 0.5], this.range, 0);
    const seen = drawn("rect", { class: "rv-seen", x: plot.x(at + 0.5), width: Math.max(0, plot.x(Math.min(count - 0.5, at + told.ahead + 0.5)) - plot.x(at + 0.5)), y: 0, height: plot.bottom, fill: told.colour });
    const rule = drawn("line", { class: "rv-rule", x1: plot.x(at), x2: plot.x(at), y1: 0, y2: plot.bottom });
    const grip = drawn("circle", { class: "rv-grip", cx: plot.x(at), cy: plot.bottom / 2, r: 6 });
    this.whole.replaceChildren(seen, ...plot.lines(pairs(probe.values, 0, count - 1), "rv-is-thin"), rule, grip);
  }

  paintErrors(own) {
    const { told } = this, lines = [told.simple[0], told.simple[1], ...(own ? [Array.from(own.error)] : [])];
    const most = Math.max(2 * Math.max(...told.simple.flat()), ...(own ? lines[2].filter(Number.isFinite).map((value) => 1.05 * value) : [])); // usually the model lies within twice the others
    const left = Math.max(this.left, beside([0, most], nice(most / 8), this.em));
    const plot = new Plot(this.errors, { left, em: this.em }, [0.5, told.ahead + 0.5], [0, most], TICKS);
    const classes = ["rv-is-stays", "rv-is-before", "rv-is-own"];
    const drawnLines = lines.map((values, i) => plot.line(values.map((value, step) => [step + 1, value]), classes[i], i === 2 ? told.colour : undefined));
    if (own) drawnLines.push(...lines[2].flatMap((value, step) => (Number.isFinite(value) ? [drawn("circle", { cx: plot.x(step + 1), cy: plot.y(value), r: 3, fill: told.colour })] : [])));
    const every = Math.ceil(told.ahead / Math.max(1, Math.floor(plot.width / (1.75 * this.em))));
    const ticks = Array.from({ length: told.ahead }, (_, i) => i + 1).filter((day) => (day - 1) % every === 0).map((day) => drawn("text", { x: plot.x(day), y: plot.bottom + 1.08 * this.em, "text-anchor": "middle" }, String(day)));
    this.errors.replaceChildren(plot.grid(1.6), ...ticks, plot.clip(drawnLines, `${told.key}-e`));
  }

  /** How far the three forecasts of this moment are off. */
  inWords(own) {
    const said = this.foretold(own);
    if (!said) return "";
    const { at, told, probe } = this, begin = this.lastKnown();
    const off = (of) => {
      const found = said.map((_, i) => [of(i), probe.values[at + 1 + i]]).filter(([a, b]) => a !== null && b !== null);
      return number(found.reduce((sum, [a, b]) => sum + Math.abs(a - b), 0) / found.length, told.digits);
    };
    const own_ = off((i) => said[i]), stays = off(() => begin), before = off((i) => this.before(i));
    return `Off by ${own_}${told.unit && ` ${told.unit}`}; ${told.names[0]} ${stays}, ${told.names[1]} ${before}`;
  }
}

/** To which side a model errs mostly whose line lies outside its band at most time steps ahead, in words. */
function oneSided({ low, high }) {
  const most = (found) => 2 * found.length > low.length;
  if (most(Array.from(low).filter((error) => error > 0))) return "mostly too low";
  return most(Array.from(high).filter((error) => error < 0)) ? "mostly too high" : "";
}

/** Pixels left of a plot, for the values at its axis: its ends, and how far those that are named lie apart at least. */
const beside = (ends, least, em) => 9 + DIGIT * em * Math.max(2, ...ends.map((value) => ticked(value, least).length));

/** What is forecast, with its unit. */
const named = ({ what, unit }) => (unit && !what.includes(unit) ? `${what}, ${unit}` : what);

const SHORT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** A value at an axis whose values lie `step` apart: "50K" only where that tells it from its neighbours, else every digit. */
function ticked(value, step) {
  const size = Math.abs(value), digits = digitsOf(step);
  if (size < 1e4) return number(value, digits);
  const unit = 1000 ** Math.floor(Math.log10(size) / 3 + 1e-9);
  const written = digitsOf(step / unit) <= 1 ? SHORT.format(value) : value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return written.replace("-", "−");
}

/** How many digits after the point tell values apart that lie so far from each other. */
const digitsOf = (step) => Math.max(0, -Math.floor(Math.log10(step) + 1e-9));

/** [step, value] of a part of a series. */
const pairs = (values, from, to) => values.slice(Math.max(0, from), to + 1).map((value, i) => [Math.max(0, from) + i, value]);

/** An SVG with two axes. */
class Plot {
  /** @param {{left: number, em: number}} sizes pixels left of it, and of a letter  @param {number} below letters' sizes for a line below */
  constructor(svg, { left, em }, [x0, x1], [y0, y1], below) {
    this.left = left;
    this.em = em;
    this.width = Math.max(1, svg.clientWidth - left - RIGHT);
    this.bottom = Math.max(1, svg.clientHeight - below * em);
    this.x = (value) => left + (this.width * (value - x0)) / (x1 - x0);
    this.y = (value) => 2 + ((this.bottom - 4) * (y1 - value)) / (y1 - y0);
    this.range = [y0, y1];
  }

  points(all) {
    return all.filter(([, y]) => Number.isFinite(y)).map(([x, y]) => `${this.x(x).toFixed(1)},${this.y(y).toFixed(1)}`).join(" ");
  }

  line(all, kind, colour) {
    return drawn("polyline", { class: `rv-line ${kind}`, points: this.points(all), ...(colour ? { style: `--rv-colour:${colour}` } : {}) });
  }

  /** Lines that end where a value is missing. */
  lines(all, kind) {
    const parts = [[]];
    for (const one of all) one[1] === null ? parts.push([]) : parts.at(-1).push(one);
    return parts.filter((part) => part.length).map((part) => this.line(part, kind));
  }

  clip(nodes, key) {
    const id = `rv-clip-${key}`;
    const area = drawn("clipPath", { id }, drawn("rect", { x: this.left, y: 0, width: this.width, height: this.bottom }));
    return drawn("g", {}, area, drawn("g", { "clip-path": `url(#${id})` }, ...nodes));
  }

  /** Horizontal lines with their values, as many as there is room for. */
  grid(apart) {
    const [low, high] = this.range, step = nice((high - low) / Math.max(1.5, this.bottom / (apart * this.em)));
    const found = [];
    for (let value = Math.ceil(low / step) * step; value <= high; value += step) {
      const y = this.y(value);
      if (y < 8 && found.length) continue;
      found.push(drawn("line", { class: "rv-grid", x1: this.left, x2: this.left + this.width, y1: y, y2: y }));
      found.push(drawn("text", { x: this.left - 5, y: Math.min(this.bottom, y + 0.33 * this.em), "text-anchor": "end" }, ticked(value, step)));
    }
    return drawn("g", {}, ...found);
  }

  /** Names of time steps below, where there is room for them: none touches another. */
  days(names, first, last) {
    const shown = names.slice(Math.max(0, first), last + 1), apart = this.width / (last - first + 1);
    const wide = Math.max(...shown.map((name) => name.length)) * DIGIT * this.em, room = APART * this.em;
    const every = Math.max(1, Math.ceil((wide + room) / apart));
    const found = [];
    let free = 0;
    for (let step = Math.ceil(Math.max(0, first) / every) * every; step <= last; step += every) {
      const x = Math.max(this.left + wide / 2, Math.min(this.x(step), this.left + this.width + RIGHT - wide / 2));
      if (x - wide / 2 < free) continue;
      free = x + wide / 2 + room;
      found.push(drawn("line", { class: "rv-grid", x1: this.x(step), x2: this.x(step), y1: this.bottom, y2: this.bottom + 4 }), drawn("text", { class: "rv-day", x, y: this.bottom + 1.12 * this.em, "text-anchor": "middle" }, names[step]));
    }
    return drawn("g", {}, ...found);
  }
}

/** 1, 2 or 5 times a power of ten, at least so large. */
function nice(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * [1, 2, 5, 10].find((one) => one * power >= least);
}
