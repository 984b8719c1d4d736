// Where the page was loaded from, and its theme.

const script = document.querySelector('script[type=module][src*="static/js/"]');

/** The root of the app: holds under a base path, behind a proxy's prefix and on every page. */
const BASE = new URL("../../", script ? script.src : `${location.origin}/static/js/x.js`);

/** The full address of a path of the app. */
export const at = (path) => new URL(path, BASE).href;

/** The same for a WebSocket. */
export const socketAt = (path) => at(path).replace(/^http/, "ws");

/** Whether the theme is a dark one, by the colour behind the page. */
export function isDark() {
  const main = document.querySelector(".stApp") ?? document.body;
  const [red, green, blue] = (getComputedStyle(main).backgroundColor.match(/[\d.]+/g) ?? [255, 255, 255]).map(Number);
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}
