// In which order the units of a picture stand, found from one variable of one model on the sequence that it read.
import { VALUE } from "../kit/halves.js";

/**
 * @param {Uint16Array} bits (time, unit) as 16 bits  @param {number} units
 * @param {"index" | "keep" | "alike"} sort  @param {boolean} keeps whether it is a gate whose 1 keeps: its units stand by its mean
 * @returns {number[]} units from 0, that of the top row first
 */
export function orderOf(bits, units, sort, keeps) {
  const all = Array.from({ length: units }, (_, unit) => unit);
  if (!bits || sort === "index") return all;
  const lines = all.map((unit) => line(bits, units, unit));
  if (sort === "alike") return chain(lines.map(standard), all);
  const kept = lines.map(keeps ? mean : keeping);
  return all.sort((a, b) => kept[b] - kept[a] || a - b);
}

function line(bits, units, unit) {
  const found = [];
  for (let at = unit; at < bits.length; at += units) if (!Number.isNaN(VALUE[bits[at]])) found.push(VALUE[bits[at]]);
  return found;
}

/** How much a unit keeps: of its value at each step what is still there at the next, on average; its sign must stay. */
export function keeping(values) {
  let kept = 0;
  for (let time = 1; time < values.length; time++) {
    const [before, now] = [values[time - 1], values[time]];
    if (before * now > 0) kept += Math.min(Math.abs(before), Math.abs(now));
  }
  return kept / Math.max(1, values.length - 1);
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

function standard(values) {
  const middle = mean(values);
  const size = Math.hypot(...values.map((value) => value - middle)) || 1;
  return values.map((value) => (value - middle) / size);
}

/** Each unit is followed by the one most like it (or its mirror image) of those that are left. */
function chain(lines, all) {
  const left = new Set(all.slice(1));
  const found = [0];
  while (left.size) {
    const last = lines[found.at(-1)];
    let best = -1;
    let next;
    for (const unit of left) {
      const likeness = Math.abs(lines[unit].reduce((sum, value, time) => sum + value * last[time], 0));
      if (likeness > best) [best, next] = [likeness, unit];
    }
    left.delete(next);
    found.push(next);
  }
  return found;
}
