// Small images of a film and of units at their places, drawn on one canvas without smoothing.
import { colours, bitsOf } from "../kit/colours.js";
import { number } from "../kit/dom.js";

/** The greys of a frame that is told as hexadecimal digits, as 16 bits each. @param {string} digits */
export const greysOf = (digits) => Uint16Array.from(digits, (digit) => bitsOf(parseInt(digit, 16) / 15));

const ABOUT = 0.8; // of the largest size that tiles can have
const small = document.createElement("canvas");

/**
 * Draw an image into a box of a canvas.
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number, y: number, width: number, height: number}} box
 * @param {ArrayLike<number>} bits values row by row, as 16 bits
 * @param {number} columns
 * @param {{palette: string, low: number, high: number}} scale
 */
export function paintImage(context, { x, y, width, height }, bits, columns, scale) {
  const table = colours.table(scale);
  const rows = bits.length / columns;
  if (small.width !== columns) small.width = columns;
  if (small.height !== rows) small.height = rows;
  const inner = small.getContext("2d", { willReadFrequently: true });
  const image = inner.createImageData(columns, rows);
  const words = new Uint32Array(image.data.buffer);
  for (let at = 0; at < bits.length; at++) words[at] = table[bits[at]];
  inner.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, x, y, width, height);
}

/**
 * So many tiles of one size beside and below each other in a box, each with a caption above: about as large as fit, in
 * full rows, and rather beside than below each other.
 * @param {number} least pixels from one tile to the next: the room of a caption
 */
export function tiled(count, { x, y, width, height }, caption, gap, least = 0) {
  const ways = Array.from({ length: count }, (_, at) => {
    const columns = at + 1, rows = Math.ceil(count / columns);
    const size = Math.floor(Math.min((width - at * gap) / columns, height / rows - caption));
    return { columns, size: at && width / columns < least ? 0 : Math.max(0, size), empty: rows * columns - count };
  });
  const enough = ABOUT * Math.max(...ways.map(({ size }) => size));
  const { size, columns } = ways.filter((way) => way.size >= enough).sort((one, other) => one.empty - other.empty || other.columns - one.columns)[0];
  const step = Math.min(Math.max(size + 4 * gap, least), (width - size) / Math.max(1, columns - 1));
  return Array.from({ length: count }, (_, at) => ({
    x: x + Math.round((at % columns) * step),
    y: y + caption + Math.floor(at / columns) * (size + caption),
    width: size,
    height: size,
  }));
}

/** Whether a place lies in a box. */
export const within = ({ x, y, width, height }, left, top) => left >= x && left < x + width && top >= y && top < y + height;

/** The ends of a scale: "±3", or "0–1". */
export function rangeOf({ low, high }) {
  const [from, to] = [low, high].map((end) => number(end, 1).replace(".0", ""));
  return low === -high ? `±${to}` : `${from}–${to}`;
}

/** An image that is not there yet. */
export function hollow(context, { x, y, width, height }) {
  context.strokeStyle = colours.dark ? "#ffffff55" : "#00000055";
  context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
}
