// Where everything of a network unrolled in time stands: boxes and the arrows between them, from its description alone.
// x at the bottom, layers above each other, y on top; time to the right. Two directions stand beside each other in a step.

const STAGGER = 0.23; // of a column: how far the boxes of two directions stand from its middle
const WIDE = { one: 0.62, two: 0.44 }; // of a column: a box
const ASIDE = 4; // pixels: what goes past a layer from its box
const JOINT = 0.5; // of the room between two layers: where two directions are joined

/**
 * @param {object} net parts [{layers, directions, states, skip}], answers ("last", "every", "sequence"), asked [bool], feeds, attends, averages
 * @param {Array<Array<object>>} cols for each part what `columns` gives
 * @param {{left: number, wide: number, spacer: number, box: number, rows: {y: number, states: number[], x: number}}} size in pixels
 * @returns {{boxes: object[], links: object[], width: number}}
 */
export function plan(net, cols, size) {
  return new Plan(net, cols, size).found();
}

class Plan {
  constructor(net, cols, size) {
    Object.assign(this, { net, cols, size, boxes: [], links: [], input: size.input ?? size.box });
    this.ways = Math.max(...net.parts.map((part) => part.directions));
    let at = size.left;
    this.middles = cols.map((some) => {
      const middles = some.map((_, i) => at + (i + 0.5) * size.wide);
      at += some.length * size.wide + size.spacer;
      return middles;
    });
    this.width = at - size.spacer;
  }

  found() {
    this.net.parts.forEach((part, at) => this.part(part, at));
    this.answers();
    if (this.net.parts.length > 1) this.handed();
    return { boxes: this.boxes, links: this.links, width: this.width };
  }

  // Boxes

  x(part, place, direction = 0) {
    const side = this.net.parts[part].directions > 1 ? (direction ? STAGGER : -STAGGER) : 0;
    return this.middles[part][place] + side * this.size.wide;
  }

  half(part) {
    return (this.size.wide * (this.net.parts[part].directions > 1 ? WIDE.two : WIDE.one)) / 2;
  }

  y(layer, direction) {
    return this.size.rows.states[layer * this.ways + direction];
  }

  part(part, at) {
    const { rows } = this.size;
    this.cols[at].forEach((one, place) => {
      const middle = this.middles[at][place];
      if (one.time === undefined) return this.boxes.push({ kind: "gap", part: at, ...one, x: middle, y: rows.x, wide: this.size.wide, levels: rows.states.slice(0, part.layers * this.ways) });
      this.boxes.push({ kind: "x", part: at, time: one.time, x: middle, y: rows.x, half: this.size.wide / 2 - 3, high: this.input / 2 });
      for (let layer = 0; layer < part.layers; layer++)
        for (let direction = 0; direction < part.directions; direction++) this.state(at, place, one.time, layer, direction);
    });
    for (let layer = 0; layer < part.layers; layer++)
      for (let direction = 0; direction < part.directions; direction++)
        part.states.forEach((letter, place) => this.along(at, layer, direction, letter, place, part.states.length));
  }

  state(part, place, time, layer, direction) {
    const of = { part, layer, direction, time };
    const x = this.x(part, place, direction);
    const y = this.y(layer, direction);
    const high = this.size.box / 2;
    this.boxes.push({ kind: "h", ...of, x, y, half: this.half(part), high });
    this.earlier(of, place, [x, y + high]);
    if (!layer) this.links.push({ kind: "in", ...of, points: [[x, this.size.rows.x - this.input / 2], [x, y + high]] });
    else this.between(of, place, x, y + high);
    if (layer && this.net.parts[part].skip && this.handsOn(of)) this.past(of, x, y - high);
  }

  /** Whether anything drawn reads what a layer hands on at a step, apart from its own next one. */
  handsOn({ part, layer, direction, time }) {
    const { net } = this;
    if (layer < net.parts[part].layers - 1) return true;
    if (part < net.parts.length - 1) return Boolean(net.attends);
    const count = Math.max(...this.cols[part].map((one) => one.time ?? one.to)) + 1;
    return net.answers === "last" ? net.asked[0] && time === (direction ? 0 : count - 1) : Boolean(net.asked[time]);
  }

  /** What a layer reads, past it and added to what it hands on; two directions on their outer sides. */
  past({ part, layer, direction, time }, x, top) {
    const side = this.net.parts[part].directions > 1 && !direction ? -1 : 1;
    const around = x + side * (this.half(part) + ASIDE);
    const below = this.y(layer - 1, direction) - this.size.box / 2 - ASIDE;
    this.links.push({ kind: "skip", part, layer: layer - 1, direction, time, points: [[x, below], [around, below], [around, top - ASIDE], [x + 2 * side, top - ASIDE]] });
  }

  /** Of a cell that reads the steps before too: an arrow from each of those that has a column. */
  earlier({ part, layer, direction, time }, place, end) {
    const { span = 1 } = this.net.parts[part];
    const from = layer ? this.y(layer - 1, 0) - this.size.box / 2 : this.size.rows.x - this.input / 2;
    this.cols[part].slice(0, place).forEach((one, at) => {
      if (one.time === undefined || one.time <= time - span) return;
      const told = layer ? { kind: "up", layer: layer - 1 } : { kind: "in", layer };
      this.links.push({ ...told, part, direction, time: one.time, points: [[this.x(part, at, 0), from], end] });
    });
  }

  /** From the layer below: straight up, or where there are two directions through the point at which they are joined. */
  between({ part, layer, direction, time }, place, x, bottom) {
    const { directions } = this.net.parts[part];
    const high = this.size.box / 2;
    if (directions === 1) {
      const from = this.y(layer - 1, 0) - high;
      return this.links.push({ kind: "up", part, layer: layer - 1, direction: 0, time, points: [[x, from], [x, bottom]] });
    }
    const middle = this.middles[part][place];
    const joint = this.y(layer - 1, 1) - high - (this.y(layer - 1, 1) - this.y(layer, 0) - 2 * high) * JOINT;
    this.links.push({ kind: "up", part, layer: layer - 1, direction, time, points: [[x, this.y(layer - 1, direction) - high], [x, joint + 3], [middle, joint]], bare: true });
    this.links.push({ kind: "both", part, layer: layer - 1, direction, time, points: [[middle, joint], [x, joint - 3], [x, bottom]] });
  }

  /** From state to state; over a gap there is one arrow, of the state that comes out of it. */
  along(part, layer, direction, letter, place, many) {
    const step = direction ? -1 : 1;
    const y = this.y(layer, direction) + (many > 1 ? (place ? -0.25 : 0.25) * this.size.box : 0);
    const half = this.half(part);
    const cols = this.cols[part];
    for (let at = direction ? cols.length - 1 : 0; cols[at + step]; at += step) {
      const [from, to] = [cols[at], cols[at + step]];
      const time = from.time ?? (direction ? from.from : from.to);
      const begin = this.x(part, at, direction) + step * (from.time === undefined ? this.size.wide * 0.4 : half);
      const end = this.x(part, at + step, direction) - step * (to.time === undefined ? this.size.wide * 0.4 : half);
      this.links.push({ kind: "on", part, layer, direction, time, letter, points: [[begin, y], [end, y]] });
    }
  }

  // Answers

  answers() {
    const { net, cols, size } = this;
    const last = net.parts.length - 1;
    const { layers, directions } = net.parts[last];
    const times = cols[last].map((one) => one.time);
    const count = Math.max(...cols[last].map((one) => one.time ?? one.to)) + 1;
    const high = size.box / 2;
    const bottom = size.rows.y + size.answer / 2;
    times.forEach((time, place) => {
      const answer = net.answers === "last" ? (time === count - 1 ? 0 : undefined) : time;
      if (time === undefined || answer === undefined || !net.asked[answer]) return;
      const x = this.middles[last][place];
      this.boxes.push({ kind: "y", part: last, time, answer, x, y: size.rows.y, half: size.wide / 2 - 2, high: size.answer / 2 });
      for (let direction = 0; direction < directions; direction++) {
        const read = net.answers === "last" && direction ? 0 : place; // in each direction the state of the last step read
        const from = this.x(last, read, direction);
        const top = this.y(layers - 1, direction) - high;
        const points = read === place ? [[from, top], [from, bottom]] : [[from, top], [from, bottom + 9], [x + 4, bottom + 9], [x + 4, bottom]];
        this.links.push({ kind: "out", part: last, layer: layers - 1, direction, time: times[read], to: answer, points });
      }
      if (net.feeds && times[place + 1] !== undefined) this.links.push({ kind: "feed", part: last, time, answer, points: this.fed(x, place, last) });
    });
  }

  /** What was written is read at the next step. */
  fed(x, place, part) {
    const { rows, wide, answer } = this.size;
    const next = this.middles[part][place + 1];
    const side = x + wide / 2;
    return [[x + wide / 2 - 2, rows.y], [side, rows.y + answer / 2], [side, rows.x - this.input / 2 - 4], [next - wide * 0.3, rows.x - this.input / 2]];
  }

  /** From where a backward direction has read everything, over its row, to the decoder's first state. */
  around(layer) {
    const high = this.size.box / 2;
    const [from, to] = [this.x(0, 0, 1), this.x(1, 0, 0) - this.half(1)];
    const [rail, y] = [this.y(layer, 1) - high - 6, this.y(layer, 0) - 0.5 * high];
    return [[from, rail + 6], [from, rail], [to - 16, rail], [to - 16, y], [to, y]];
  }

  /** Where the decoder starts from the average of all places: from each of them over the row to its first state. */
  averaged(layer, top) {
    const high = this.size.box / 2;
    const [rail, y, to] = [this.y(top, 0) - high - 6, this.y(layer, 0), this.x(1, 0, 0) - this.half(1)];
    this.cols[0].forEach(({ time }, place) => {
      if (time === undefined) return;
      const from = this.x(0, place, 0);
      this.links.push({ kind: "over", part: 0, layer: top, direction: 0, time, points: [[from, rail + 6], [from, rail], [to - 16, rail], [to - 16, y], [to, y]] });
    });
  }

  /** From the encoder's last state to the decoder's first, and from every state of its top layer to each output step. */
  handed() {
    const { net, cols, size } = this;
    const [encoder, decoder] = net.parts;
    for (let layer = 0; layer < decoder.layers; layer++) {
      if (net.averages) {
        this.averaged(layer, encoder.layers - 1);
        continue;
      }
      const y = this.y(layer, 0);
      const place = cols[0].length - 1;
      const points = [[this.x(0, place, 0) + this.half(0), y], [this.x(1, 0, 0) - this.half(1), y]];
      this.links.push({ kind: "over", part: 0, layer, direction: 0, time: cols[0][place].time, points });
      if (encoder.directions > 1) this.links.push({ kind: "over", part: 0, layer, direction: 1, time: 0, points: this.around(layer) });
    }
    if (!net.attends) return;
    const top = this.y(encoder.layers - 1, encoder.directions - 1) - size.box / 2;
    cols[0].forEach((from, place) =>
      cols[1].forEach((to, at) => {
        if (to.time === undefined) return;
        const rise = size.rows.y - size.answer / 2 + 4;
        const end = this.y(decoder.layers - 1, 0) - size.box / 2;
        const [x, tox] = [this.middles[0][place], this.x(1, at, 0)];
        const span = from.time === undefined ? from : { from: from.time, to: from.time };
        this.links.push({ kind: "look", part: 0, time: from.time ?? from.from, span, to: to.time, curve: [[x, top], [x, rise], [tox, rise], [tox, end]] });
      }),
    );
  }
}
