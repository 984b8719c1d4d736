// A drawing's pixels on a canvas, and over its places a veil: bright where a model looks, dark elsewhere.
import { element } from "../kit/dom.js";

export const VEIL = 0.82; // opacity over a place that is not looked at
export const SHADE = "12, 18, 26"; // its red, green and blue

/** The pixels of a drawing, six hexadecimal digits each, on a canvas of their own. */
export function paper({ pixels, across }) {
  const down = pixels.length / 6 / across;
  const made = element("canvas", { width: across, height: down });
  const context = made.getContext("2d");
  const image = context.createImageData(across, down);
  for (let at = 0; at < across * down; at++) {
    for (let part = 0; part < 3; part++) image.data[4 * at + part] = parseInt(pixels.slice(6 * at + 2 * part, 6 * at + 2 * part + 2), 16);
    image.data[4 * at + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return made;
}

/** A canvas of so many pixels of the page, both ways. */
export function sized(canvas, side) {
  const ratio = devicePixelRatio || 1;
  Object.assign(canvas, { width: Math.round(side * ratio), height: Math.round(side * ratio) });
  Object.assign(canvas.style, { width: `${side}px`, height: `${side}px` });
}

/** Draw a paper as large as a canvas, and its veil where there are weights. @param {number[] | null} weights of its places, line by line */
export function lay(canvas, sheet, weights, { rows, columns }) {
  const context = canvas.getContext("2d");
  const { width } = canvas;
  context.imageSmoothingEnabled = false;
  context.drawImage(sheet, 0, 0, width, width);
  const [high, wide] = [width / rows, width / columns];
  const most = weights ? Math.max(...weights) : 0;
  weights?.forEach((weight, place) => {
    const [left, top] = [Math.round((place % columns) * wide), Math.round(Math.floor(place / columns) * high)];
    const [right, bottom] = [Math.round(((place % columns) + 1) * wide), Math.round((Math.floor(place / columns) + 1) * high)];
    context.fillStyle = `rgba(${SHADE}, ${(VEIL * (1 - weight / most)).toFixed(3)})`;
    context.fillRect(left, top, right - left, bottom - top);
  });
}

/** Frame one place, to be seen on any colour. */
export function frame(canvas, place, { rows, columns }) {
  const context = canvas.getContext("2d");
  const [high, wide] = [canvas.width / rows, canvas.width / columns];
  for (const [colour, line] of [["#ffffff", 5], ["#000000", 2]]) {
    Object.assign(context, { strokeStyle: colour, lineWidth: line });
    context.strokeRect((place % columns) * wide + 2.5, Math.floor(place / columns) * high + 2.5, wide - 5, high - 5);
  }
}
