// What this browser looks at: one object for all parts and all pages, kept in the address so that a link shows the same.

const CHOICES = { probe: 0, layer: -1, direction: "forward" }; // what changes the data that is sent
const NAMES = { step: "step", probe: "sequence", layer: "layer", direction: "direction", sort: "units", shown: "shown", model: "model", unit: "hidden_unit", time: "time", flow: "flow", begins: "begins", temperature: "temperature", top_k: "top_k", big: "projector" };
const WHOLE = { step: 0, probe: 1, layer: 1, unit: 1, time: 1 }; // whole numbers, and what people count them from

export const SORTS = { index: "by number", keep: "how much they keep", alike: "by likeness" };

export const FLOWS = { forwards: "Forwards", backwards: "Backwards", sharing: "Shared weights" }; // through a network unrolled

export const HOTTEST = 2; // the highest temperature that is offered
export const TOP_KS = ["", "1", "3", "5", "10", "20"]; // characters among which one is drawn; all if empty

export const look = {
  ...CHOICES,
  step: null, // the training step looked at; null follows the newest
  sort: "keep",
  shown: "", // labels of the models that have pictures, with commas between; all if empty
  model: "",
  unit: null,
  time: null,
  flow: "forwards",
  begins: "", // what models read before they write; the usual if empty
  temperature: "1",
  top_k: "",
  big: false, // in front of a hall
};

const PLAIN = { ...look };
const listeners = new Set();

/** Hear of every change; returns what ends that. @param {(names: string[]) => void} listener */
export function onLook(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Change what is looked at. @param {Partial<typeof look>} changes */
export function change(changes) {
  const names = Object.keys(changes).filter((name) => look[name] !== changes[name]);
  if (!names.length) return;
  Object.assign(look, changes);
  write();
  tell(names);
}

function tell(names) {
  for (const listener of listeners) listener(names);
}

/** The view of a page as the server knows it. */
export function viewOf(page) {
  const said = Object.keys(CHOICES).filter((name) => look[name] !== CHOICES[name]);
  return [page, ...said.map((name) => `${name}=${look[name]}`)].join(";");
}

/** Take over what the address says, as far as the scene has it. */
export function read(scene) {
  begin(scene);
  const query = new URLSearchParams(location.search);
  for (const [name, key] of Object.entries(NAMES)) {
    const said = query.get(key);
    if (said === null) continue;
    if (name === "big") look.big = said === "1";
    else if (!(name in WHOLE)) look[name] = said;
    else if (/^\d{1,7}$/.test(said)) look[name] = Number(said) - WHOLE[name];
  }
  fit(scene);
}

/** Where one looks first at another experiment. */
export function begin({ opening }) {
  PLAIN.probe = look.probe = opening;
}

/** Back or Forward: what the address does not say is at its default again. */
export function restore(scene) {
  const before = { ...look };
  Object.assign(look, PLAIN);
  read(scene);
  tell(Object.keys(look).filter((name) => look[name] !== before[name]));
}

/** What this scene does not have falls back. */
export function fit({ sequences, models, steps, times }) {
  const layers = Math.max(...models.map((model) => model.layers));
  const ways = Math.max(...models.map((model) => model.directions));
  if (!(look.probe >= 0 && look.probe < sequences.length)) look.probe = 0;
  if (!(look.layer >= -1 && look.layer < layers) || layers === 1) look.layer = -1;
  if (!["forward", "backward"].slice(0, ways).includes(look.direction)) look.direction = "forward";
  if (!Object.hasOwn(SORTS, look.sort)) look.sort = "keep";
  if (!Object.hasOwn(FLOWS, look.flow)) look.flow = PLAIN.flow;
  if (!(Number(look.temperature) >= 0 && Number(look.temperature) <= HOTTEST)) look.temperature = PLAIN.temperature;
  if (!TOP_KS.includes(look.top_k)) look.top_k = PLAIN.top_k;
  look.shown = look.shown.split(",").filter((label) => models.some((model) => model.label === label)).join();
  if (look.model && !models.some((model) => model.label === look.model)) look.model = "";
  if (look.unit !== null && !(look.unit >= 0 && look.unit < Math.max(...models.map((m) => m.units)))) look.unit = null;
  if (look.time !== null && !(look.time >= 0 && look.time < Math.max(times, ...sequences.map(({ tokens }) => tokens.length)))) look.time = null;
  if (look.step !== null) look.step = Math.min(steps, Math.max(0, look.step));
}

let writing = 0;

/** Put what differs from its default into the address, at most a few times a second: browsers refuse more. */
export function write() {
  clearTimeout(writing);
  writing = setTimeout(() => {
    const query = new URLSearchParams(location.search);
    for (const [name, key] of Object.entries(NAMES)) {
      if (look[name] === PLAIN[name]) query.delete(key);
      else query.set(key, written(name));
    }
    const text = query.toString();
    history.replaceState(history.state, "", `${location.pathname}${text ? `?${text}` : ""}${location.hash}`);
  }, 250);
}

function written(name) {
  if (name === "big") return "1";
  return name in WHOLE ? String(look[name] + WHOLE[name]) : look[name];
}

const PAIR = 2; // models beside each other in front of a hall

/** Which models a scene has. */
export const labelsOf = ({ models }) => models.map(({ label }) => label).sort().join();

/** Labels of the models whose pictures are shown. */
export function shownOf(models) {
  const all = models.map((model) => model.label);
  const chosen = look.shown ? all.filter((label) => look.shown.split(",").includes(label)) : all;
  return look.big ? chosen.slice(0, PAIR) : chosen;
}

/** Show a model's pictures, or no longer; in front of a hall the one chosen longest ago gives way. */
export function toggle(label, models) {
  const now = shownOf(models);
  let next = now.includes(label) ? now.filter((one) => one !== label) : [...now, label];
  if (look.big) next = next.slice(-PAIR);
  if (next.length) change({ shown: next.length === models.length ? "" : next.join() });
}
