// What Python tells the code once, in place of this line: palettes by name, where Vega is, and the style.
export const CONFIG = { palettes: {}, vega: "", css: "" };
