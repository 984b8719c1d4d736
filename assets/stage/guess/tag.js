// At the end of a run, beside the name of a model: whether what a visitor guessed of it came true.
import { element, say } from "../kit/dom.js";
import { experimentOf } from "../view/channel.js";
import { measured } from "./drawn.js";
import { ended, guessAt } from "./kept.js";

/** Of each model that was guessed: its guess, and whether it came true, undefined before the end. */
export function told(context) {
  const { hub, moment, scene } = context;
  const guess = guessAt(experimentOf(hub.run)) ?? {};
  const over = ended(context);
  return scene.models.filter(({ label }) => typeof guess[label] === "boolean").map(({ label, name }) => {
    const found = over ? moment.models[label]?.learned ?? undefined : undefined;
    return { label, name, learns: guess[label], right: found === undefined ? undefined : found === guess[label] };
  });
}

/** What came of the guesses, with the first sentence where there is room for it. */
export function summary(context, sentence) {
  const found = measured(context);
  return [found, counts(context), !found && sentence].filter(Boolean).join(" ");
}

/** How many came true; "" before the end, and where nothing was guessed. */
function counts(context) {
  const all = told(context);
  const known = all.filter(({ right }) => right !== undefined);
  if (!known.length) return "";
  const wrong = known.filter(({ right }) => !right).map(({ name }) => name);
  const count = `${known.length - wrong.length} of ${known.length} guesses came true`;
  return wrong.length ? `${count}; not yours of ${wrong.join(" and ")}.` : `${count}.`;
}

export class Tag {
  constructor(label) {
    this.label = label;
    this.box = element("span", { class: "rv-guessed", hidden: true });
  }

  draw(context) {
    const found = told(context).find(({ label }) => label === this.label);
    this.box.hidden = found?.right === undefined;
    if (this.box.hidden) return;
    say(this.box, `your guess ${found.right ? "✓" : "✗"}`);
    this.box.dataset.right = String(found.right);
    this.box.title = `You guessed that it ${found.learns ? "learns" : "does not learn"} the task, which ${found.right ? "came" : "did not come"} true`;
  }
}
