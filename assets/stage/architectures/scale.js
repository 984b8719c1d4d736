// How large what flows is, as width and colour of an arrow: the same for all models, so that they compare.
import { shadeOf } from "../kit/shades.js";

export const THICKEST = 9; // pixels
const THINNEST = 1;
const SHADES = { palette: "blueorange", low: -1, high: 1 }; // its middle is the colour of the page: what is small fades

/** From a value to its share of the scale, 0 to 1; NaN for no value. */
export const forwards = ({ most }) => ({ share: (value) => Math.min(1, value / most), side: -1 });
export const backwards = ({ gradient: { low, high } }) => ({
  share: (value) => (value > 0 ? Math.min(1, Math.max(0, (Math.log10(value) - low) / (high - low))) : value === 0 ? 0 : NaN),
  side: 1,
});
/** Of weights of attention, and of probabilities. */
export const weights = { share: (value) => value, side: -1 };

export const shade = (share, side) => shadeOf(Number.isFinite(share) ? side * share : NaN, SHADES);
export const width = (share) => THINNEST + (THICKEST - THINNEST) * share;

const HIGH = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
export const power = (exponent) => `10${[...String(exponent)].map((sign) => HIGH[sign]).join("")}`;

/** A norm as people read it, however small. */
export function written(value) {
  if (!Number.isFinite(value)) return "not measured";
  if (value === 0) return "0";
  const exponent = Math.floor(Math.log10(value));
  if (exponent >= -2 && exponent < 4) return value.toFixed(Math.max(0, 2 - Math.max(0, exponent))).replace("-", "−");
  return `${(value / 10 ** exponent).toFixed(1)}·${power(exponent)}`;
}
