// Numbers of 16 bits (IEEE 754 binary16): what they are worth, and their colours, each looked up at once.

/** The value of every pattern of 16 bits. */
export const VALUE = Float32Array.from({ length: 65536 }, (_, bits) => value(bits));

function value(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const tables = new Map();

/**
 * The colour of every pattern of 16 bits as a pixel of a canvas; no value is transparent, what is past an end takes its
 * colour.
 * @param {string} colours six hexadecimal digits for each shade, from low to high
 * @returns {Uint32Array}
 */
export function colourTable(colours, low, high) {
  const key = `${colours.slice(0, 48)} ${colours.length} ${low} ${high}`;
  if (!tables.has(key)) tables.set(key, build(colours, low, high));
  return tables.get(key);
}

function build(colours, low, high) {
  const last = colours.length / 6 - 1;
  const shades = Uint32Array.from({ length: last + 1 }, (_, i) => pixel(parseInt(colours.slice(6 * i, 6 * i + 6), 16)));
  return Uint32Array.from(VALUE, (number) => {
    if (Number.isNaN(number)) return 0;
    const share = Math.min(1, Math.max(0, (number - low) / (high - low)));
    return shades[Math.round(share * last)];
  });
}

function pixel(rgb) {
  return (0xff000000 | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0;
}
