// The numbers of a cell at one time step: those of the moment, what follows from them, and how they are written.
import { number } from "../kit/dom.js";
import { VALUE } from "../kit/halves.js";

const DIGITS = 2; // after the point
const MOST_DIGITS = 4; // of the terms of a sum
const NUDGE = 1e-4; // of the last digit: nothing may hang on how a half is rounded

const RULES = {
  product: (a, b) => a * b,
  sum: (...terms) => terms.reduce((sum, term) => sum + term, 0),
  rest: (a, b) => a - b,
  tanh: Math.tanh,
  turned: (a) => 1 - a,
  minus: (a) => -a,
};

/**
 * Every value of one time step. Rules are told in the scene, each after those that it needs.
 * @param {Object<string, Uint16Array>} letters name → (time, unit) as 16 bits
 * @param {{rules: string[][]}} wiring
 * @returns {Object<string, number[]>} name → (unit,)
 */
export function vectorsAt(letters, { rules }, units, time) {
  const found = {};
  for (const [name, bits] of Object.entries(letters)) found[name] = valuesOf(bits, units, time);
  for (const [name, rule, ...of] of rules)
    if (of.every((one) => found[one])) found[name] = found[of[0]].map((_, unit) => RULES[rule](...of.map((one) => found[one][unit])));
  return found;
}

/** One row of (time, unit). */
export function valuesOf(bits, units, time) {
  return Array.from(bits.subarray(time * units, (time + 1) * units), (word) => VALUE[word]);
}

/** One number of each vector: that of a unit, or with null the mean over all. */
export function numbersOf(vectors, unit) {
  const of = (values) => (unit === null ? values.reduce((sum, value) => sum + value, 0) / values.length : values[Math.min(unit, values.length - 1)]);
  return Object.fromEntries(Object.entries(vectors).map(([name, values]) => [name, of(values)]));
}

/** As texts: two digits, of the terms of the sum as many as it takes for the shown ones to add up. */
export function written(numbers, { sum: [result, terms] }) {
  const most = digitsOf(terms.map((name) => numbers[name]), numbers[result]);
  const digits = (name) => (terms.includes(name) ? most : DIGITS);
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, number(value, digits(name))]));
}

function digitsOf(terms, result) {
  for (let digits = DIGITS; digits < MOST_DIGITS; digits++) {
    const sum = terms.reduce((all, term) => all + Number(term?.toFixed(digits)), 0);
    const nudge = NUDGE * 10 ** -DIGITS;
    if ([sum - nudge, sum + nudge].every((value) => number(value) === number(result))) return digits;
  }
  return MOST_DIGITS;
}
