// What models write at a moment, as a visitor wishes it: asked of the server one moment at a time, the newest first.
import { at } from "../kit/place.js";
import { unpack } from "../kit/wire.js";
import { look } from "../view/look.js";

const KEPT = 60; // texts of moments
const PAUSE = 400; // ms at least between two moments while a run goes on: a text wants to be read, and the models learn on
const SHARE = 6; // times as long as an answer took: where many ask one worker, each asks less often
const AGAIN = 2000; // ms after a failure
export const TOP = 5; // symbols of which the probability is told

class Asking {
  constructor() {
    this.found = new Map();
    this.draw = 0; // which of several texts
    this.began = -Infinity;
    this.took = 0; // ms
  }

  /** The text of a moment, or the one that is known last; what is missing is asked for. */
  of(hub, moment, begins) {
    if (!moment) return undefined;
    const { channel } = hub;
    const wish = this.wish(begins);
    const key = `${channel.run} ${channel.id} ${moment.place} ${wish}`;
    const here = this.found.get(key);
    if (here) return (this.last = here);
    this.ask(hub, { key, wish, run: channel.run, id: channel.id, place: moment.place, step: moment.step });
    return this.last?.run === channel.run && this.last.id === channel.id ? { ...this.last, waits: this.last.wish !== wish || !hub.following } : undefined;
  }

  wish(begins) {
    const said = { prefix: look.begins || begins, temperature: look.temperature, top_k: look.top_k, draw: this.draw };
    return String(new URLSearchParams(said));
  }

  async ask(hub, wanted) {
    if (this.asked) return; // drawn again when its answer is here
    const rest = this.began + this.rest(hub) - performance.now();
    if (rest > 0) return this.later(hub, rest);
    this.asked = wanted;
    this.began = performance.now();
    const told = await this.fetch(wanted).catch(() => null);
    this.took = performance.now() - this.began;
    this.asked = null;
    this.failed = !told;
    if (!told) return this.later(hub, AGAIN);
    this.found.set(wanted.key, { ...wanted, ...told });
    if (this.found.size > KEPT) this.found.delete(this.found.keys().next().value);
    hub.ask();
  }

  rest(hub) {
    if (this.failed) return AGAIN;
    return hub.following && !hub.channel.over ? Math.max(PAUSE, SHARE * this.took) : 0;
  }

  later(hub, wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => hub.ask(), wait);
  }

  async fetch({ run, id, place, wish }) {
    const answer = await fetch(at(`written/${encodeURIComponent(run)}/${place}?id=${encodeURIComponent(id)}&${wish}`));
    const packed = answer.headers.get("content-type")?.startsWith("application/octet-stream");
    return answer.ok && packed ? unpack(await answer.arrayBuffer()) : null;
  }
}

export const asking = new Asking();
