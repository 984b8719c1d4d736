// The colours of values: fixed scales, on a dark page with a dark middle.
import { CONFIG } from "./config.js";
import { colourTable } from "./halves.js";
import { isDark } from "./place.js";

export const colours = {
  dark: false,

  /** Look again whether the page is dark. */
  refresh() {
    this.dark = isDark();
    document.documentElement.classList.toggle("rv-dark", this.dark);
  },

  /** Every pattern of 16 bits as a pixel. @param {{palette: string, low: number, high: number}} scale */
  table({ palette, low, high }) {
    return colourTable(this.named(palette), low, high);
  },

  /** A scale from low to high in so many pixels. */
  shades({ palette, low, high }, count) {
    const table = this.table({ palette, low, high });
    return Array.from({ length: count }, (_, i) => table[bitsOf(low + ((high - low) * i) / (count - 1))]);
  },

  named(palette) {
    return (this.dark && CONFIG.palettes[`${palette}-dark`]) || CONFIG.palettes[palette];
  },
};

const single = new Float32Array(1);
const word = new Uint32Array(single.buffer);

/** The 16 bits of a number, rounded towards 0; numbers too small for it become 0, and what is none stays so. */
export function bitsOf(value) {
  single[0] = value;
  const sign = (word[0] >> 16) & 0x8000;
  const exponent = ((word[0] >> 23) & 0xff) - 112;
  if (exponent <= 0) return sign;
  if (exponent >= 31) return sign | (Number.isNaN(value) ? 0x7e00 : 0x7c00);
  return sign | (exponent << 10) | ((word[0] >> 13) & 0x3ff);
}
