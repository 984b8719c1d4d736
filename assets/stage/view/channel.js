// One run as one view of it: the socket, the moments that have come, the numbers over the whole training.
import { at, socketAt } from "../kit/place.js";
import { unpack } from "../kit/wire.js";

const MOST_BYTES = 48e6; // of moments kept; the oldest go first
const AWAY = 20e3; // ms after which a hidden tab gives up its socket
const LINGER = 3e3; // ms for which a socket stays when the last part has gone: a rerun may bring it back
const GIVE_UP = 3; // handshakes that fail before the other way is tried
const UNKNOWN = 4404; // close code: the server knows no such run
const AHEAD = 6; // moments around the one shown that are fetched while nothing else is wanted

/** @typedef {{place: number, step: number, models: object, tables: object, findings: object[]}} Moment */

/** What the name of a run begins with: that of its training; one of several attempts at it has more behind it. */
export const experimentOf = (run) => run.split("~")[0];

export class Channel {
  /** @param {string} run  @param {string} view  @param {{changed: () => void, blocked: () => void}} owner  @param {string} last the run drawn beside it */
  constructor(run, view, owner, last = "") {
    Object.assign(this, { run, view, owner, last });
    this.status = {};
    this.state = "closed"; // "open", or "blocked" where no socket can be had
    this.tries = this.failures = 0;
    this.users = 0;
    this.ghost = null; // what is known of the run beside it: of a branch the original, else the last one
    this.forget("");
  }

  /** Begin anew: another run stands behind the name now. */
  forget(id) {
    Object.assign(this, { id, moments: new Map(), bytes: 0, steps: [], numbers: {}, gradients: {}, newest: -1, over: false });
    this.version = (this.version ?? 0) + 1; // of everything over the training
    this.credited = -2;
  }

  join() {
    this.users++;
    clearTimeout(this.leaving);
    this.open();
  }

  leave() {
    if (!--this.users) this.leaving = setTimeout(() => this.users || this.close(), LINGER);
  }

  open() {
    if (this.socket || this.state === "blocked" || document.hidden || this.ended) return;
    const query = new URLSearchParams({ view: this.view, id: this.id, after: this.newest, last: this.last });
    const socket = (this.socket = new WebSocket(socketAt(`live/${encodeURIComponent(this.run)}?${query}`)));
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => {
      this.state = "open";
      this.worked = true;
      this.tries = 0;
      this.take(unpack(data), data.byteLength);
    };
    socket.onclose = ({ code }) => this.socket === socket && this.lost(code);
  }

  lost(code) {
    this.socket = null;
    this.state = "closed";
    this.ended = code === 1000; // the run is finished: nothing more will come
    if (this.ended || !this.users || document.hidden) return;
    if (!this.worked && ++this.failures >= GIVE_UP) {
      this.state = "blocked";
      this.owner.blocked();
      return;
    }
    if (code === UNKNOWN) this.owner.unknown();
    const wait = Math.min(10e3, 300 * 2 ** this.tries++);
    setTimeout(() => this.users && this.open(), wait * (0.5 + Math.random()));
    this.owner.changed();
  }

  /** What was finished is there no longer: the socket tells what is. */
  again() {
    this.ended = false;
    this.open();
  }

  close() {
    const socket = this.socket;
    this.socket = null;
    if (this.state !== "blocked") this.state = "closed";
    socket?.close();
  }

  /** A tab that nobody sees needs no news. */
  seen(hidden) {
    clearTimeout(this.away);
    if (hidden) this.away = setTimeout(() => document.hidden && this.close(), AWAY);
    else if (this.users) this.open();
  }

  /** Take in a message, from the socket or by any other way. */
  take(message, bytes) {
    if (message.id !== this.id) this.forget(message.id);
    this.status = message.status;
    this.over = message.over;
    this.came = performance.now();
    this.born = message.born;
    if (message.ghost) this.keepGhost(message.ghost);
    if (message.tail) this.append(message.tail);
    if (message.moment) this.keep(message.moment, bytes);
    this.owner.changed();
  }

  /** The run beside this one, as far as it has come: the whole of it each time. */
  keepGhost({ steps, numbers, scored, gradients = {}, began = 0 }) {
    const rows = (of, from) => Object.fromEntries(Object.entries(of).map(([name, values]) => [name, splice([], from, steps.length - from, values)]));
    this.ghost = { steps: [...steps], numbers: rows(numbers, 0), scored, gradients: rows(gradients, began) };
    this.version++;
  }

  append(tail) {
    if (tail.after > this.newest) return; // a gap: what is missing comes with the next one
    const from = tail.after + 1;
    this.steps.splice(from, Infinity, ...tail.steps);
    for (const [name, values] of Object.entries(tail.numbers)) splice((this.numbers[name] ??= []), from, tail.steps.length, values);
    for (const [label, values] of Object.entries(tail.gradients ?? {}))
      splice((this.gradients[label] ??= []), from, tail.steps.length, values);
    this.newest = Math.max(this.newest, tail.to);
    this.version++;
  }

  keep(moment, bytes) {
    this.moments.set(moment.place, moment);
    this.sizes = bytes;
    const most = Math.max(8, Math.floor(MOST_BYTES / Math.max(1, bytes)));
    for (const place of this.moments.keys()) {
      if (this.moments.size <= most) break;
      if (place !== moment.place) this.moments.delete(place);
    }
  }

  /** The newest credit is told once everything is drawn: only then the next moment is sent. */
  ready() {
    if (this.socket?.readyState !== WebSocket.OPEN || this.credited === this.came) return;
    this.credited = this.came;
    this.socket.send("1");
  }

  /** A moment that is not here is asked for: one at a time, the newest wish first; then those around it. */
  async wish(place) {
    this.wanted = place;
    if (this.fetching) return;
    this.fetching = true;
    try {
      for (let next = this.missing(); next !== null; next = this.missing()) {
        if (!(await this.fetch(next))) break;
      }
    } finally {
      this.fetching = false;
    }
  }

  missing() {
    for (let away = 0; away <= AHEAD; away++)
      for (const place of [this.wanted + away, this.wanted - away])
        if (place >= 0 && place <= this.newest && !this.moments.has(place)) return place;
    return null;
  }

  async fetch(place) {
    if (this.state === "blocked") {
      this.owner.fetch(place);
      return false;
    }
    const id = this.id;
    const query = new URLSearchParams({ view: this.view, id });
    const answer = await fetch(at(`frames/${encodeURIComponent(this.run)}/${place}?${query}`)).catch(() => null);
    if (answer?.status === 404) this.again();
    if (!answer?.ok || !answer.headers.get("content-type")?.startsWith("application/octet-stream")) return false;
    const buffer = await answer.arrayBuffer();
    if (this.id !== id) return false;
    this.keep(unpack(buffer).moment, buffer.byteLength);
    if (place === this.wanted) this.owner.changed();
    return true;
  }

  /** The place of the moment nearest to a training step. */
  nearest(step) {
    return nearest(this.steps, step);
  }
}

/** The place of what is nearest to a training step. @param {number[]} steps */
export function nearest(steps, step) {
  let best = 0;
  for (let place = 1; place < steps.length; place++) if (Math.abs(steps[place] - step) <= Math.abs(steps[best] - step)) best = place;
  return best;
}

/** Put rows of equal width, `count` of them in one array, into a list of rows. */
function splice(list, from, count, values) {
  const width = count ? values.length / count : 0;
  for (let row = 0; row < count; row++) list[from + row] = values.subarray(row * width, (row + 1) * width);
  list.length = from + count;
  return list;
}
