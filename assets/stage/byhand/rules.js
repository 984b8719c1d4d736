// Equations as plain data, followed forwards and back, as rnnviz.byhand does it: the numbers are the same.

const FOUND = {
  product: (...terms) => terms.reduce((all, term) => all * term, 1),
  sum: (...terms) => terms.reduce((all, term) => all + term, 0),
  turned: (a) => 1 - a,
  tanh: Math.tanh,
  sigmoid: (a) => 0.5 * (1 + Math.tanh(a / 2)),
};
const SLOPES = {
  product: (values, _name, of, at) => of.reduce((all, one, place) => (place === at ? all : all * values[one]), 1),
  sum: () => 1,
  turned: () => -1,
  tanh: (values, name) => 1 - values[name] ** 2,
  sigmoid: (values, name) => values[name] * (1 - values[name]),
};
const WEIGHTS = ["w", "u", "b"]; // of the input, of the state, the bias

/** What is given, and what follows from it by name. */
function follow(rules, given) {
  const found = { ...given };
  for (const [name, rule, ...of] of rules) found[name] = FOUND[rule](...of.map((one) => found[one]));
  return found;
}

/** Derivatives by every value, from those by some of them. */
function back(rules, values, errors) {
  const found = { ...Object.fromEntries(Object.keys(values).map((name) => [name, 0])), ...errors };
  for (const [name, rule, ...of] of [...rules].reverse()) of.forEach((one, at) => (found[one] += found[name] * SLOPES[rule](values, name, of, at)));
  return found;
}

/**
 * All time steps of a cell.
 * @param {{rules: string[][], blocks: {letter: string}[], states: {letter: string}[]}} told
 * @param {{weights: number[][], xs: number[], h: number, c: number, length: number}} numbers
 * @returns {{steps: object[], sensitivities: Object<string, number[]>, gradients: Object<string, number>}} values of
 *   every step; of each state how its last value depends on it after each step, the one before the first too; and ∂h_T
 *   by all that can be set
 */
export function unroll(told, numbers) {
  const steps = forwards(told, numbers);
  const letters = told.states.map(({ letter }) => letter);
  const ways = letters.map((letter) => backwards(told, steps, letter));
  return { steps, sensitivities: Object.fromEntries(letters.map((letter, at) => [letter, ways[at].states.map((errors) => errors[letter])])), gradients: ways[0].gradients };
}

function forwards({ rules, blocks, states }, { weights, xs, length, ...first }) {
  const known = Object.fromEntries(blocks.flatMap(({ letter }, block) => WEIGHTS.map((name, column) => [`${name}_${letter}`, weights[block][column]])));
  const steps = [];
  for (let t = 0; t < length; t++) {
    const before = states.map(({ letter }) => [`${letter}0`, t ? steps[t - 1][letter] : first[letter]]);
    steps.push(follow(rules, { x: xs[t], ...Object.fromEntries(before), ...known }));
  }
  return steps;
}

function backwards({ rules, blocks, states }, steps, last) {
  const letters = states.map(({ letter }) => letter);
  const weights = blocks.flatMap(({ letter }) => WEIGHTS.map((name) => `${name}_${letter}`));
  const gradients = Object.fromEntries(weights.map((name) => [name, 0]));
  let errors = Object.fromEntries(letters.map((letter) => [letter, Number(letter === last)]));
  const found = [errors];
  for (let t = steps.length; t > 0; t--) {
    const by = back(rules, steps[t - 1], errors);
    errors = Object.fromEntries(letters.map((letter) => [letter, by[`${letter}0`]]));
    found.unshift(errors);
    gradients[`x${t}`] = by.x;
    for (const name of weights) gradients[name] += by[name];
  }
  for (const letter of letters) gradients[`${letter}0`] = errors[letter];
  return { states: found, gradients };
}
