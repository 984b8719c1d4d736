// In front of a hall: large type, no sidebar. A key turns that on and off on every page, others turn to the pages.
import { change, look, onLook, write } from "./look.js";

const KEYS = "1234567890"; // of the first page, the second, …
const LINK = ".st-key-menu a";
const [OFTEN, PATIENCE] = [100, 30_000]; // ms

/** Which keys turn to so many pages, in words. */
export const keysOf = (pages) => (pages < KEYS.length ? `1–${pages}` : "1–9 and 0");

/** What the address says holds at once, also where no run is shown; whatever page comes, it stays. */
export function openHall() {
  look.big = new URLSearchParams(location.search).get("projector") === "1";
  const show = () => document.documentElement.classList.toggle("rv-big", look.big);
  show();
  onLook(show);
  document.addEventListener("keydown", press);
  document.addEventListener("click", ({ target }) => target.closest?.(LINK) && arrive(target.closest(LINK).pathname), true);
}

let arriving = 0;

/** A link to a page names the experiment alone: what is looked at is written behind it once that page is there. */
function arrive(path, until = performance.now() + PATIENCE) {
  clearTimeout(arriving);
  if (location.pathname === path) write();
  else if (performance.now() < until) arriving = setTimeout(() => arrive(path, until), OFTEN);
}

function press({ key, target, altKey, ctrlKey, metaKey, defaultPrevented }) {
  if (altKey || ctrlKey || metaKey || defaultPrevented) return;
  if (target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.type !== "range")) return;
  if (key.toLowerCase() === "p") change({ big: !look.big });
  else if (look.big && KEYS.includes(key)) document.querySelectorAll(LINK)[KEYS.indexOf(key)]?.click();
}
