// Numbers that were set by hand, kept in this tab until it is closed: a page that is loaded again has them.
const PREFIX = "rnnviz-by-hand ";

/** @param {string} cell  @param {object} numbers */
export function keep(cell, numbers) {
  try {
    sessionStorage.setItem(PREFIX + cell, JSON.stringify(numbers));
  } catch {
    // a private window, or no room
  }
}

/** What was kept of a cell, if it is made as the numbers that it begins with. */
export function kept(cell, begin) {
  try {
    const found = JSON.parse(sessionStorage.getItem(PREFIX + cell));
    return found && alike(found, begin) ? found : null;
  } catch {
    return null;
  }
}

/** Whether two are of the same numbers, lists and names. */
function alike(one, other) {
  if (typeof other !== "object") return Number.isFinite(one);
  return typeof one === "object" && Object.keys(one).join() === Object.keys(other).join() && Object.keys(other).every((name) => alike(one[name], other[name]));
}
