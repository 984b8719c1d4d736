// All parts of a page share this: what they look at, the channel it comes from, and one drawing for each animation frame.
import { Bar } from "./bar/bar.js";
import { Board } from "./board.js";
import { ByHand } from "./byhand/byhand.js";
import { Channel, experimentOf } from "./view/channel.js";
import { colours } from "./kit/colours.js";
import { CONFIG } from "./kit/config.js";
import { counted, element } from "./kit/dom.js";
import { Given } from "./parts/given.js";
import { Hopfield } from "./hopfield/hopfield.js";
import { PARTS } from "./applications/all.js";
import { openHall } from "./view/hall.js";
import { begin, change, fit, labelsOf, look, onLook, read, restore, viewOf, write } from "./view/look.js";
import { prepare } from "./kit/vega.js";
import { unpack } from "./kit/wire.js";

const [BEAT, RENEW] = [1000, 2000]; // ms between two requests without a socket: of a run, of one the server knows not
const KEPT = 3; // channels whose moments are remembered, so that going back to a page or a sequence shows at once

class Hub {
  constructor() {
    this.parts = new Set();
    this.channels = new Map();
    this.drawings = []; // [place, begin, end], the last few thousand: what is measured in tests
    this.point_ = null;
    this.given = {};
    onLook(() => this.looked());
    addEventListener("popstate", () => {
      this.bar?.turnAway();
      if (this.scene) restore(this.scene);
    });
    document.addEventListener("visibilitychange", () => {
      for (const channel of this.channels.values()) channel.seen(document.hidden);
    });
  }

  /** The bar says which run, page and scene it is. */
  use({ run, page, scene, titles, go, beside }) {
    const first = !this.scene;
    this.goBack();
    const others = labelsOf(this.scene ?? scene) === labelsOf(scene) ? {} : { shown: "" }; // models are hidden of one experiment
    const other = !first && this.run !== run;
    const elsewhere = other && ![experimentOf(run), beside?.run].includes(experimentOf(this.run)); // another seed is no other place
    if (!first && (this.page !== page || (other && !elsewhere))) write(); // the link to it names the experiment alone
    if (JSON.stringify(this.scene) !== JSON.stringify(scene)) this.scene = scene;
    Object.assign(this, { run, page, titles, beside });
    if (first) read(this.scene);
    else fit(this.scene);
    if (elsewhere) begin(this.scene);
    if (other) change(elsewhere ? { step: null, time: null, unit: null, ...others } : { step: null, ...others });
    this.connect();
    if (go.number > this.gone) change({ step: go.step });
    this.gone = go.number;
  }

  /** What no run stands behind: all there is of it comes at once, and no bar. Of the run all stays as it was looked at. */
  still(message, bytes) {
    const { run, view, scene } = message;
    if (this.scene) this.before ??= { run: this.run, scene: this.scene, looked: { ...look } };
    else read(scene);
    const channel = this.channels.get(`${run} ${view}`) ?? new Channel(run, view, this.ownerOf());
    channel.ended = true; // no socket is opened for it
    this.parts.delete(this.bar); // it may still be there
    this.channels.set(`${run} ${view}`, channel);
    Object.assign(this, { run, page: view, scene, bar: null, beside: null });
    fit(scene);
    Object.assign(look, { unit: null, time: null });
    channel.take(message, bytes);
    this.connect();
  }

  /** To the run, from what had none. */
  goBack() {
    if (!this.before) return;
    Object.assign(look, this.before.looked, { sort: look.sort, big: look.big });
    Object.assign(this, { run: this.before.run, scene: this.before.scene, before: null });
  }

  connect() {
    const view = viewOf(this.page);
    const last = this.beside?.run ?? "";
    const name = `${this.run} ${view}${last && ` ${last}`}`;
    if (this.channel && this.name === name) return;
    const next = this.channels.get(name) ?? new Channel(this.run, view, this.ownerOf(), last);
    this.channels.delete(name);
    this.channels.set(name, next);
    if (this.channel?.state === "blocked") next.state = "blocked"; // what stopped one socket stops all
    if (this.channel?.worked) next.worked = true; // a server that is away for a while comes back
    if ((this.scene.branch || last) && !next.ghost) next.ended = false; // what is beside it may be known by now
    next.join();
    this.channel?.leave();
    Object.assign(this, { channel: next, name });
    this.beat();
    if (this.channels.size > KEPT) this.channels.delete(this.channels.keys().next().value);
    this.ask();
  }

  ownerOf() {
    return { changed: () => this.ask(), blocked: () => this.blocked(), fetch: (place) => this.beat(place), unknown: () => this.renew() };
  }

  /** A server that began anew does not know the run: the page's script, run again, tells it. */
  renew() {
    const now = performance.now();
    if (now - this.renewed < RENEW) return;
    this.renewed = now;
    this.bar?.tell();
  }

  looked() {
    if (!this.scene) return;
    this.connect();
    this.bar?.report();
    this.ask();
  }

  // What is shown

  get following() {
    return look.step === null;
  }

  /** The place of the moment that is looked at, whether it is here or not. */
  placeNow() {
    return this.following ? this.channel.newest : this.channel.nearest(look.step);
  }

  stepNow() {
    return this.channel.steps[this.placeNow()] ?? 0;
  }

  momentNow() {
    const { channel } = this;
    const place = this.placeNow();
    const here = channel.moments.get(place);
    if (here) return (this.shown = here);
    if (place >= 0) channel.wish(place);
    const known = [...channel.moments.values()];
    const away = (moment) => Math.abs(moment.place - place);
    return (this.shown = known.reduce((best, one) => (best && away(best) <= away(one) ? best : one), known.includes(this.shown) ? this.shown : undefined));
  }

  ask() {
    this.asked = true; // also while a drawing waits for Vega
    if (this.due || !this.scene) return;
    this.due = requestAnimationFrame(() => this.draw());
  }

  async draw() {
    const start = performance.now();
    this.asked = false;
    const moment = this.momentNow();
    const told = this.drawnPlace !== undefined || !this.scene.branch; // the way to a branch is long: it is said what comes
    const silent = !moment && this.channel.status.state !== "none" && this.drawnScene === this.scene && told;
    const context = { hub: this, scene: this.scene, channel: this.channel, look, moment, following: this.following, point: this.point_ ?? this.pinned() };
    colours.refresh();
    const parts = [...this.parts].filter((part) => !silent || part === this.bar); // until the first moment what was drawn stays
    for (const { reason } of await Promise.allSettled(parts.map(async (part) => part.draw(context)))) if (reason) console.error(reason);
    if (!silent) Object.assign(this, { drawnScene: this.scene, drawnPlace: moment?.place });
    this.due = 0;
    this.drawings.push([moment?.place ?? -1, start, performance.now()]);
    if (this.drawings.length > 4000) this.drawings.splice(0, 2000);
    if (this.asked || this.momentNow() !== moment) this.ask();
    else this.channel.ready();
  }

  /** In place of sentences, where there is no moment. */
  silence() {
    const { state } = this.channel.status;
    if (!state) return "\u00a0";
    if (state === "none") return "Not trained yet. Press Train: pictures, curves and gradients appear here while the models learn.";
    if (this.scene.branch) return `The first picture comes when the training has been done again up to training step ${counted(this.scene.branch.step)}.`;
    return "The first picture comes when the models have read their first batch.";
  }

  // What is pointed at

  point(point) {
    if (JSON.stringify(point) === JSON.stringify(this.point_)) return;
    this.point_ = point;
    this.ask();
  }

  /** Where nothing is pointed at, the time step and the unit that were chosen, as by a link. */
  pinned() {
    const { time, unit, model } = look;
    const { pictures, anatomy } = this.scene;
    const told = pictures.find((one) => one.label === model && one.bands);
    if (time === null || anatomy || !told || time >= this.timesNow() || unit >= told.units) return null;
    return { time, unit, label: model, band: "hidden" };
  }

  /** Time steps of the sequence, where the page shows what happens at each; else 0. */
  timesNow() {
    const { anatomy, unrolled, pictures, sequences } = this.scene;
    if (anatomy) return anatomy.tokens[look.probe].length;
    if (unrolled) return unrolled.probes[look.probe].read.flat().length;
    return pictures.some((told) => told.bands || told.timed) ? sequences[look.probe].tokens.length : 0;
  }

  pointed(point) {
    const values = [...this.parts].flatMap((part) => part.pointed?.(point) ?? []).filter(([, value]) => value);
    const symbol = this.scene.sequences[look.probe].tokens[point.time];
    if (point.unit === null) return `time step ${point.time + 1}${symbol ? ` (${symbol})` : ""}`;
    const where = `${point.named ?? `unit ${point.unit + 1}`} · time step ${point.time + 1}${symbol ? ` (${symbol})` : ""}`;
    return `${where} · ${values.map(([name, value]) => `${name} ${value}`).join(" · ")}`;
  }

  /** One unit at one time step, taken apart. */
  open({ label, unit, time }) {
    if (!this.bar) return; // no run
    change({ model: label, unit, time });
    this.turn("anatomy");
  }

  pageTitle(page) {
    return this.titles[page];
  }

  /** Turn to a page by its link in the menu. */
  turn(page) {
    const title = this.titles[page];
    const links = document.querySelectorAll(".st-key-menu a");
    [...links].find((link) => link.textContent.trim() === title)?.click();
  }

  // Where no socket can be had

  /** The page's own script brings what the socket would: it runs again for each beat. */
  blocked() {
    this.beating ??= setInterval(() => this.beat(), BEAT);
    this.beat();
    this.ask();
  }

  beat(place = -1) {
    const { channel } = this;
    const nothing = channel.newest >= 0 && channel.over && place < 0;
    if (channel.state !== "blocked" || document.hidden || nothing) return;
    this.beats = (this.beats ?? 0) + 1;
    this.bar?.setState("way", { view: channel.view, place, beat: this.beats });
  }

  /** A message that came through Streamlit's own connection. */
  carried(message, bytes) {
    if (message.scene) return this.still(message, bytes);
    const channel = [...this.channels.values()].findLast(({ run, view }) => run === message.run && view === message.view);
    if (!channel) return;
    channel.state = "blocked";
    if (message.status) channel.take(message, bytes);
    else if (message.id === channel.id) channel.keep(message.moment, bytes);
    this.ask();
  }
}

document.head.append(element("style", { textContent: CONFIG.css }));
openHall();
const hub = new Hub();
const KINDS = { bar: Bar, board: Board, given: Given, byhand: ByHand, hopfield: Hopfield, ...PARTS };
const parts = new Map(); // name → the one part of that name
const ages = new WeakMap(); // Streamlit's element → in which order they came
let born = 0;
const GONE = 1000; // ms after which a part that was taken away is ended: a rerun may bring it back

/**
 * What Streamlit calls for each element and each change of its data. It may rebuild an element that merely moves: the
 * part then moves into the newer one, with its whole DOM.
 */
export default function mount({ parentElement, data, setStateValue, setTriggerValue }) {
  if (data instanceof Uint8Array) return void hub.carried(unpack(data.slice().buffer), data.length); // a copy: aligned
  const name = `${data.kind} ${data.key ?? ""}`;
  if (!ages.has(parentElement)) ages.set(parentElement, ++born);
  const age = ages.get(parentElement);
  let part = parts.get(name);
  if (part && age < part.age) return undefined; // what Streamlit is about to remove
  if (!part) parts.set(name, (part = new KINDS[data.kind]()));
  clearTimeout(part.going);
  if (part.box.parentNode !== parentElement) parentElement.append(part.box);
  const turn = (part.turn = {}); // Streamlit may end an older call while a newer one goes on
  part.age = age;
  if (data.kind === "bar") {
    hub.bar = part;
    hub.use(data);
  }
  part.set(data, hub, setStateValue, setTriggerValue);
  hub.parts.add(part);
  hub.ask();
  return () => {
    if (part.turn !== turn) return;
    part.going = setTimeout(() => {
      parts.delete(name);
      hub.parts.delete(part);
      part.close();
    }, GONE);
  };
}

prepare();
globalThis.rnnviz = { hub, look, change };
(globalThis.rnnvizHub ??= Promise.withResolvers()).resolve(mount);
