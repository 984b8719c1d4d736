// Bytes as numbers: the other side of rnnviz/live/wire.py.

const TYPES = { u1: Uint8Array, f2: Uint16Array, f4: Float32Array, i4: Int32Array };

/**
 * A message as `pack` wrote it. Arrays are views of the buffer; float16 stays as its 16 bits (see halves.js).
 * @param {ArrayBuffer} buffer
 * @returns {object}
 */
export function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const begin = 4 + length;
  const text = new TextDecoder().decode(new Uint8Array(buffer, 4, length));
  return JSON.parse(text, (_, value) => (value?.$ ? typed(buffer, begin, value.$) : value));
}

function typed(buffer, begin, [kind, at, size]) {
  return new TYPES[kind](buffer, begin + at, size);
}

/**
 * A table of columns as the rows that Vega takes.
 * @param {Object<string, Float32Array | {names: string[], places: Int32Array}>} columns
 */
export function rows(columns) {
  const names = Object.keys(columns);
  if (!names.length) return [];
  const cells = names.map((name) => reader(columns[name]));
  const first = columns[names[0]];
  const size = (first.places ?? first).length;
  return Array.from({ length: size }, (_, row) => Object.fromEntries(names.map((name, i) => [name, cells[i](row)])));
}

function reader(column) {
  if (column.places) return (row) => column.names[column.places[row]];
  return (row) => (Number.isNaN(column[row]) ? null : column[row]);
}
