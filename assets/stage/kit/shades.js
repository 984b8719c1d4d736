// The colour of a single value, and a writing that can be read on it.
import { colours } from "./colours.js";

const NEUTRAL = "#b4bdc6"; // of what stands for no single number
const DARK = "#1c2733";
const PALE = "#f4f6f8";

/** @param {number | undefined} value  @param {{palette: string, low: number, high: number}} scale */
export function shadeOf(value, { palette, low, high }) {
  if (!Number.isFinite(value)) return NEUTRAL;
  const shades = colours.named(palette);
  const last = shades.length / 6 - 1;
  const at = Math.round(Math.min(1, Math.max(0, (value - low) / (high - low))) * last);
  return `#${shades.slice(6 * at, 6 * at + 6)}`;
}

/** Whichever can be read on a colour, by its luminance. */
export function inkOn(shade) {
  const rgb = parseInt(shade.slice(1), 16);
  return 0.299 * (rgb >> 16) + 0.587 * ((rgb >> 8) & 255) + 0.114 * (rgb & 255) > 125 ? DARK : PALE;
}
