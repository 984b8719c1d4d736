// Which time steps get a column of their own where not all fit: the first, the last, and those that are asked.

/**
 * @param {number} count time steps  @param {number} room columns that fit, a gap being one  @param {number[]} must steps that are always there
 * @returns {Array<{time: number} | {from: number, to: number}>} steps, and gaps of several
 */
export function columns(count, room, must = []) {
  if (count <= room) return Array.from({ length: count }, (_, time) => ({ time }));
  const ends = Math.max(2, room - 1);
  for (let more = ends; more >= 2; more--) {
    const first = Math.max(1, Math.floor(more * 0.45));
    const found = parted(count, first, more - first, must);
    if (found.length <= room) return found;
  }
  return parted(count, 1, 1, []);
}

function parted(count, first, last, must) {
  const found = [];
  for (let time = 0; time < count; time++) {
    if (time < first || time >= count - last || must.includes(time)) found.push({ time });
    else if (found.at(-1)?.to !== undefined) found.at(-1).to = time;
    else found.push({ from: time, to: time });
  }
  return found.map((one) => (one.from !== undefined && one.from === one.to ? { time: one.from } : one));
}

/** The same for parts of a network behind each other, which share the room: a short one leaves it to the other. */
export function shared(counts, room, musts) {
  const even = Math.max(3, Math.floor(room / counts.length));
  const spare = counts.reduce((left, count) => left + Math.max(0, even - count), 0);
  return counts.map((count, at) => columns(count, count > even ? even + spare : count, musts[at]));
}
