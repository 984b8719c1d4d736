// The bar that stays in view: train, play, the time line, how far it is.
import { counted, element, keyed, say } from "../kit/dom.js";
import { keysOf } from "../view/hall.js";
import { change, look } from "../view/look.js";
import { Player, SPEEDS } from "./player.js";
import { Timeline } from "./timeline.js";

const OVER = new Set(["finished", "stopped", "failed", "shipped"]);
const ALIVE = new Set(["queued", "training", "paused"]);
const JITTER = 40; // ms for each who watches: not all pages run again at once
const UNTOLD = { step: null, probe: 0, layer: -1, direction: "forward", model: "", unit: null, time: null, flow: "forwards" }; // what a page takes it for
const LEAVING = 3000; // ms after which a page that was to be left has not been
const AGAIN = 2500; // ms after which a press is told of again
const REST = 350; // ms without a change after which the page is told what is looked at

export class Bar {
  constructor() {
    this.main = this.button("Train", "rv-primary", () => this.go());
    this.halt = this.button("Stop", "", () => this.leave());
    this.play = this.button("Play", "", () => this.player.toggle());
    this.speed = element("select", { "aria-label": "Speed of playing", onchange: () => (this.player.speed = Number(this.speed.value)) });
    this.speed.append(...SPEEDS.map((one) => element("option", { value: String(one), selected: one === 1 }, `${one}×`)));
    this.along = element("select", { "aria-label": "Play along", onchange: () => this.playAlong() });
    this.along.append(element("option", { value: "training" }, "training"), element("option", { value: "sequence" }, "sequence"));
    this.along.title = "Play along the training, or along the time steps of the sequence";
    this.loop = this.button("⟳", "rv-quiet", () => this.repeat());
    this.loop.title = "Play again and again";
    this.loop.setAttribute("aria-label", "Loop");
    this.timeline = new Timeline((step) => this.move(step), () => this.report());
    this.status = element("p", { class: keyed("status"), role: "status", "aria-live": "off" });
    this.branch = this.button("Branch", "rv-quiet", () => this.branchOff());
    this.live = this.button("Live", "rv-quiet", () => this.follow());
    this.step = element("output", { class: "rv-step" });
    this.hall = this.button("P", "rv-quiet", () => change({ big: !look.big }));
    this.hall.setAttribute("aria-label", "Projector mode");
    this.link = this.button("Link", "rv-quiet", () => this.copy());
    this.link.title = "Copy the address of exactly this view";
    const where = element("div", { class: "rv-where" }, element("div", {}, this.step, this.branch, this.live), this.status);
    this.keys = element("span", { class: "rv-keys" });
    const groups = [this.group(this.main, this.halt), this.group(this.play, this.along, this.speed, this.loop), where, this.group(this.keys, this.link, this.hall)];
    const row = element("div", { class: "rv-bar-row" }, this.timeline.box, ...groups);
    this.box = element("div", { class: "rv-bar-box" }, row);
    this.sizes = new ResizeObserver(() => this.measure());
    this.sizes.observe(this.box);
    this.pending = [];
    this.pressed = 0;
    this.tab = crypto.getRandomValues(new Uint32Array(2)).join("-");
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("click", (event) => this.follows(event), true);
  }

  /** What can be played: the moments of the training … */
  training() {
    const { hub } = this;
    return {
      places: () => hub.channel.steps.length,
      place: () => hub.placeNow(),
      has: (place) => hub.drawnPlace === place, // each is drawn before the next one
      show: (place) => change({ step: hub.channel.steps[place] }),
    };
  }

  /** … or the time steps of the sequence, at one moment. */
  sequence() {
    const first = () => Math.max(0, ...this.hub.scene.pictures.map((told) => told.begin ?? 0)) - 1; // a drawing is read at once: what is played are the words
    return { places: () => this.hub.timesNow(), place: () => Math.max(look.time ?? -1, first()), has: () => true, show: (time) => change({ time: Math.max(time, first() + 1) }) };
  }

  playAlong() {
    this.player.stop();
    this.player.run = this.along.value === "sequence" ? this.sequence() : this.training();
  }

  button(text, kind, onclick) {
    return element("button", { type: "button", class: kind, onclick }, text);
  }

  group(...members) {
    return element("div", { class: "rv-group" }, ...members);
  }

  set(data, hub, setState, setTrigger) {
    Object.assign(this, { data, hub, setState, setTrigger });
    this.player ??= new Player(this.training(), () => hub.ask());
    if (this.run !== data.run) {
      this.player.stop();
      this.paused = false;
    }
    this.run = data.run;
    const keys = keysOf(Object.keys(data.titles).length);
    say(this.keys, `pages: keys ${keys}`);
    this.hall.title = `Projector mode: large type, no sidebar (key P); keys ${keys} turn to the pages`;
    this.pending = this.pending.filter((press) => press.tab !== data.heard.tab || press.number > data.heard.number);
    this.stay();
    const now = this.looked();
    if (Object.keys(now).some((name) => (data.looked[name] ?? UNTOLD[name]) !== now[name])) this.report();
  }

  /** The stage leaves as much room as the bar takes. */
  measure() {
    const { height } = this.box.getBoundingClientRect();
    if (height) document.documentElement.style.setProperty("--rv-bar", `${Math.ceil(height) + 2}px`);
  }

  // What is pressed

  /** A press has a number of its own: the page counts each once, however often it is told of it. */
  press(name) {
    this.pending.push({ tab: this.tab, number: ++this.pressed, name, step: this.hub.stepNow() });
    this.tell();
  }

  /** Until the page has heard of it: what else is told to it in the same moment may take a press's place. */
  tell() {
    const { news } = this.data;
    if (!this.leaving) this.setTrigger("press", this.pending.map((press) => ({ ...press, news })));
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.pending.length && this.box.isConnected && this.tell(), AGAIN);
  }

  follows({ target, button, ctrlKey, metaKey, shiftKey }) {
    if (button === 0 && !ctrlKey && !metaKey && !shiftKey && target.closest?.('[data-testid="stPageLink"] a')) this.turnAway();
  }

  /** The page is left: word of it, on its way, would bring it back. What was pressed is told to the one that comes. */
  turnAway() {
    clearTimeout(this.resting);
    clearTimeout(this.leaving);
    this.leaving = setTimeout(() => this.stay(), LEAVING);
  }

  stay() {
    clearTimeout(this.leaving);
    this.leaving = 0;
    if (this.pending.length) this.tell();
  }

  go() {
    const name = this.doing();
    if (this.pending.some((press) => press.name === name && name === "Train again")) return; // one start at a time
    if (name === "Pause") {
      this.paused = true;
      change({ step: this.hub.stepNow() });
    } else {
      this.paused = false;
      this.player.stop();
      change({ step: null });
    }
    this.press(name);
    this.hub.ask();
  }

  /** Others may go on: the picture stands still, and the main button joins them again. */
  leave() {
    this.paused = true;
    change({ step: this.hub.stepNow() });
    this.press("Stop");
  }

  /** What the main button does now. */
  doing() {
    const { state } = this.hub.channel.status;
    if (state === "paused" || (this.paused && ALIVE.has(state))) return "Resume";
    if (ALIVE.has(state)) return "Pause";
    if (state !== "finished" && state !== "shipped") return "Train";
    return this.hub.scene.branch ? "Train from step 0" : "Train again";
  }

  /** From the step shown: the page asks what is to change. */
  branchOff() {
    this.player.stop();
    if (!this.branch.hidden) this.press("Branch");
  }

  repeat() {
    this.player.loop = !this.player.loop;
    this.loop.setAttribute("aria-pressed", String(this.player.loop));
  }

  move(step) {
    this.player.stop();
    const { channel } = this.hub;
    change({ step: channel.steps[channel.nearest(step)] });
  }

  follow() {
    this.player.stop();
    change({ step: null });
    this.report();
  }

  /** One moment on or back. */
  stride(by) {
    const { channel } = this.hub;
    const place = Math.min(channel.steps.length - 1, Math.max(0, this.hub.placeNow() + by));
    if (channel.steps.length) this.move(channel.steps[place]);
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented || !this.box.isConnected) return;
    const target = event.target;
    const slides = target === this.timeline.slider;
    if (target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !slides)) return;
    if (event.key === " " && target.tagName === "BUTTON") return;
    const acts = { " ": () => this.player.toggle(), l: () => this.follow(), b: () => this.branchOff(), Escape: () => change({ time: null, unit: null }), ArrowRight: () => this.arrow(1, event, slides), ArrowLeft: () => this.arrow(-1, event, slides), Home: () => this.stride(-1e6), End: () => this.follow() };
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** A page may take the arrow keys for its own steps; on the time line they always move along the training. */
  arrow(by, event, slides) {
    if (!slides && !event.shiftKey && this.hub.stepper) return this.hub.stepper(by);
    this.stride(by);
    this.report();
  }

  async copy() {
    const text = location.href;
    try {
      await navigator.clipboard.writeText(text);
      say(this.link, "Copied");
    } catch {
      window.prompt("The address of this view:", text);
    }
    setTimeout(() => say(this.link, "Link"), 1500);
  }

  tellNow() {
    if (!this.leaving) this.setState("at", { ...this.looked(), news: this.data.news });
  }

  looked() {
    const { step, probe, layer, direction, model, unit, time, flow } = look;
    return { step, probe, layer, direction, model, unit, time, flow };
  }

  /** Tell the page what is looked at, once that has rested: what it says below may depend on it. */
  report() {
    if (!this.data.report) return;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.tellNow(), REST);
  }

  /** What the page says below was asked of the run as it was: it is asked again when the run has begun and when it is over. */
  rest(channel) {
    const now = `${this.hub.run} ${channel.id} ${channel.newest >= 0} ${channel.over}`;
    if (now === this.known) return;
    const same = this.known?.startsWith(`${this.hub.run} `);
    this.known = now;
    if (same) setTimeout(() => this.report(), Math.random() * JITTER * (channel.status.watchers ?? 1));
  }

  // What is shown

  draw(context) {
    const { channel, scene, following } = context;
    this.rest(channel);
    const { state, text = "" } = channel.status;
    const name = this.doing();
    say(this.main, { Train: "▶ Train", "Train again": "▶ Train again", "Train from step 0": "▶ From step 0", Pause: "❚❚ Pause", Resume: "▶ Resume" }[name]);
    this.main.setAttribute("aria-label", name);
    this.main.title = name === "Train again" ? "Train from the next seed; this run stays in the curves, in grey" : "";
    this.halt.hidden = !ALIVE.has(state);
    say(this.status, channel.state === "open" || OVER.has(state) || channel.state === "blocked" ? text : this.connection(text));
    const step = this.hub.stepNow();
    say(this.step, channel.steps.length ? `training step ${counted(step)}` : "");
    this.branch.hidden = !channel.steps.length;
    this.branch.title = this.data.full || "Train on from the training step shown, with one thing changed (key B)";
    this.branch.setAttribute("aria-disabled", String(Boolean(this.data.full))); // pressed, it says why
    this.branch.setAttribute("aria-label", `Branch from training step ${counted(step)}`);
    this.live.hidden = following || !channel.steps.length;
    say(this.live, ALIVE.has(state) ? "Live" : "Latest");
    this.along.hidden = !this.hub.timesNow();
    if (this.along.hidden && this.along.value !== "training") {
      this.along.value = "training";
      this.playAlong();
    }
    this.play.disabled = this.player.run.places() < 2;
    say(this.play, this.player.playing ? "❚❚ Hold" : "Play");
    this.timeline.draw(context, step);
  }

  connection(text) {
    return this.hub.channel.worked ? "connecting again …" : text || "connecting …";
  }

  close() {
    this.player?.stop();
    this.sizes.disconnect();
    this.box.remove();
  }
}
