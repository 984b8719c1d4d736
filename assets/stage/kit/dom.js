// Elements without HTML from strings: every text is a text node.

/**
 * A new element. `props` are properties, except `class`, `style` (an object), `data-…`/`aria-…`/`role` attributes.
 * @param {string} tag  @param {object} props  @param {...(Node|string)} children
 */
export function element(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) set(made, name, value);
  made.append(...children);
  return made;
}

function set(made, name, value) {
  if (name === "class") made.className = value;
  else if (name === "style") for (const [key, said] of Object.entries(value)) made.style.setProperty(key, said);
  else if (/^(data-|aria-|role$|for$|tabindex$)/.test(name)) made.setAttribute(name, value);
  else made[name] = value;
}

const SVG = "http://www.w3.org/2000/svg";

/** A new SVG element. @param {string} tag  @param {object} attributes */
export function drawn(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Change a text only if it differs: the browser then has nothing to lay out. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** The name by which a part is found: as Streamlit gives its containers one. */
export const keyed = (key) => `st-key-${key}`;

/** A coloured square in front of a model's name; hollow for a second of the same cell. */
export function swatch({ colour, dash }) {
  const hollow = dash?.length ? " rv-hollow" : "";
  return element("span", { class: `rv-swatch${hollow}`, style: { "--rv-colour": colour }, "aria-hidden": "true" });
}

/** A number as people read it: a minus that is one, at most `digits` after the point. */
export function number(value, digits = 2) {
  if (value === null || !Number.isFinite(value)) return "–";
  const text = value.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

/** A share as people read it, without digits after the point. */
export const percent = (share) => (Number.isFinite(share) ? `${Math.round(100 * share)} %` : "–");

/** Whole numbers with their thousands parted. */
export const counted = (value) => value.toLocaleString("en-US");
