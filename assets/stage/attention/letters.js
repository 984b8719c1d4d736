// How large the symbols beside a picture of attention are: as large as fit, for a hall.

export const LETTER = 0.62; // width of a letter by its size
const LARGE = 1.6; // times the page's letters at most, on a small screen
const TALL = 0.045; // of the height, on a large one
const SMALL = 1; // times: smaller ones are turned upright, where words are long
const LINE = 1.3; // height of a line by its letters
const TITLE = 1.6; // times the page's letters: the line above
const PART = 0.32; // of the width or the height at most
const FILLED = 0.86; // of a row or a column

/**
 * @param {{inputs: string[], asked: string[]}} pair
 * @returns {{left: number, top: number, down: number, across: number, upright: boolean, short: boolean}} pixels: room at
 *   the left and on top, sizes of letters; whether input symbols stand upright, and whether outputs are so short that a
 *   second one fits beside each
 */
export function fitted({ inputs, asked }, width, height, font) {
  const [longest, written] = [inputs, asked].map((all) => Math.max(...all.map((symbol) => symbol.length)));
  const short = written <= 2;
  const letters = short ? 2 * written + 1.6 : written + 1.8;
  const most = Math.max(LARGE * font, TALL * height);
  const guess = Math.min(most, (FILLED * (height - 3 * font)) / asked.length / LINE, (PART * width) / letters / LETTER);
  const left = letters * LETTER * guess;
  const column = (width - left) / inputs.length;
  const flat = Math.min(most, (FILLED * column) / longest / LETTER);
  if (flat >= SMALL * font || longest <= 2) return { left, top: LINE * flat, down: guess, across: flat, upright: false, short };
  const across = Math.min(most, (FILLED * column) / LINE, (PART * height) / longest / LETTER);
  const top = longest * LETTER * across + 0.3 * font;
  const down = Math.min(guess, (FILLED * (height - top - TITLE * font)) / asked.length / LINE);
  return { left, top, down, across, upright: true, short };
}
