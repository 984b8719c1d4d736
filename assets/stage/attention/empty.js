// In place of a picture of attention: how all that was read goes through the few numbers that the decoder starts from.
import { drawn, element, say } from "../kit/dom.js";

/** The middle of one of so many columns or rows. */
export const place = (at, count) => `${((at + 0.5) / count) * 100}%`;

/** @param {{numbers: number, unit: string, made: string}} told a picture of the scene */
export function empty({ numbers, unit, made }) {
  const funnel = drawn("polygon", { points: "0,0 100,0 62,100 38,100", fill: "currentColor", opacity: 0.12 });
  const svg = drawn("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", "aria-hidden": "true" }, funnel);
  const why = element("p");
  const box = element("div", { class: "rv-nothing" }, svg, element("b", {}, `${numbers} numbers`), why);
  const show = (symbols) =>
    say(why, `No attention: it cannot look back. Of the ${symbols} ${unit}s the decoder gets ${numbers} numbers, made of ${made}, however many there are.`);
  return { box, show };
}
