// A student's answers, skill by skill, and over them how likely the next answer to each skill is right: to a model and
// to the exact filter of the simulation.
import { drawn, element, number, percent } from "../kit/dom.js";
import { Own } from "../parts/own.js";

const TICKS = [5, 10, 20, 50, 100];
const TICK_ROOM = 2.2; // letters' heights between two numbers below
const BELOW = 2.7; // letters' heights of the numbers below, and of what they count
const STACK = 3.3; // letters' heights of a row in which 1, the skill and 0 stand above each other

export class Mastery extends Own {
  constructor(told) {
    super(told);
    this.svg = drawn("svg", { role: "img", "aria-label": `The answers of a student, skill by skill. Lines: how likely the ${told.name} and the Bayesian ideal find a right answer next` });
    this.plot = element("div", { class: "rv-mastery-plot" }, this.svg);
    this.field.classList.add("rv-mastery");
    this.field.append(this.legend(), this.plot);
    this.watch(this.plot);
    this.svg.addEventListener("pointermove", (event) => (event.buttons ? this.choose(this.found(event).time) : this.hub?.point(this.found(event))));
    this.svg.addEventListener("pointerleave", () => this.hub?.point(null));
    this.svg.addEventListener("pointerdown", (event) => this.press(this.found(event).time));
  }

  legend() {
    const sign = (...parts) => drawn("svg", { viewBox: "0 0 20 12", "aria-hidden": "true" }, ...parts);
    const line = (attributes) => drawn("path", { d: "M0 6 H20", fill: "none", ...attributes });
    const entry = (picture, words, title) => element("span", { title }, picture, words);
    return element(
      "p",
      { class: "rv-mastery-legend" },
      entry(sign(line({ class: "rv-said", stroke: this.told.colour })), "model", "How likely the model finds the next exercise on a skill to be answered right: 0 below, 1 above"),
      entry(sign(line({ class: "rv-asked" })), "ideal", `The same from the exact Bayesian filter, which knows all rates of the simulation and scores ${this.told.best}. Below stands the mean distance from it over all skills and exercises, in percentage points`),
      entry(sign(answer(10, 6, 4.5, true)), "right", "An exercise answered right"),
      entry(sign(answer(10, 6, 4.5, false)), "wrong", "An exercise answered wrong"),
      entry(sign(drawn("rect", { class: "rv-mastered", width: 20, height: 12 })), "mastered", "The student has really mastered the skill: the simulation's truth, which nobody is told"),
    );
  }

  // What stands still

  make(probe) {
    const { clientWidth: width, clientHeight: height } = this.plot;
    this.student = this.told.students[probe];
    this.painted = undefined;
    if (!width || !height) return;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.letter = parseFloat(getComputedStyle(this.plot).fontSize);
    const { names } = this.told;
    this.exercises = this.student.skills.length;
    this.across = { left: 1.9 * this.letter, right: width - 2 };
    this.row = (height - BELOW * this.letter) / names.length;
    this.radius = Math.max(2.6, Math.min(0.45 * this.step, 0.09 * this.row, 6));
    this.lines = names.map(() => drawn("path", { class: "rv-said", fill: "none", stroke: this.told.colour }));
    this.rule = drawn("line", { y1: 0, y2: this.row * names.length, stroke: "currentColor", "stroke-width": 1.5 });
    this.over = drawn("rect", { class: "rv-to-come", y: 0, height: this.row * names.length });
    const rows = names.flatMap((name, skill) => [...this.frame(name, skill), ...this.mastered(skill), this.ideal(skill)]);
    this.svg.replaceChildren(...rows, ...this.lines, ...this.ticks(), ...this.answers(), this.over, this.rule);
  }

  get step() {
    return (this.across.right - this.across.left) / this.exercises;
  }

  x(exercise) {
    return this.across.left + (exercise + 0.5) * this.step;
  }

  /** Where a chance from 0 to 1 lies in the row of a skill. */
  y(skill, chance) {
    const free = this.radius + 3;
    return (skill + 1) * this.row - free - chance * (this.row - 2 * free);
  }

  frame(name, skill) {
    const { left, right } = this.across;
    const level = (chance) => drawn("line", { class: "rv-level", x1: left, x2: right, y1: this.y(skill, chance), y2: this.y(skill, chance) });
    const ends = this.row > STACK * this.letter ? [text(left - 4, this.y(skill, 1) + 0.65 * this.letter, "1", "end"), text(left - 4, this.y(skill, 0), "0", "end")] : [];
    return [level(0), level(1), text(0, (skill + 0.5) * this.row + 0.35 * this.letter, name, "start", "rv-skill"), ...ends];
  }

  /** One block for each time in which a skill is mastered. */
  mastered(skill) {
    const { length } = this.told.names;
    const there = (exercise) => exercise >= 0 && exercise < this.exercises && this.student.mastered[exercise * length + skill];
    const found = [];
    for (let from = 0; from < this.exercises; from++) {
      if (!there(from) || there(from - 1)) continue;
      let to = from;
      while (there(to)) to++;
      found.push(drawn("rect", { class: "rv-mastered", x: this.x(from - 0.5), width: (to - from) * this.step, y: skill * this.row + 1.5, height: this.row - 3 }));
    }
    return found;
  }

  ideal(skill) {
    return drawn("path", { class: "rv-asked", fill: "none", d: this.steps(skill, (at) => this.student.ideal[at] / 100) });
  }

  /** A line of steps: what is foreseen after an exercise holds until the next one. */
  steps(skill, chance) {
    const { length } = this.told.names;
    let path = "";
    for (let time = 0; time < this.exercises - 1; time++) {
      const share = chance(time * length + skill);
      if (!Number.isFinite(share)) continue;
      const y = this.y(skill, share).toFixed(1);
      path += `${path ? `V${y}` : `M${this.x(time).toFixed(1)} ${y}`}H${this.x(time + 1).toFixed(1)}`;
    }
    return path;
  }

  answers() {
    const { skills, right } = this.student;
    return skills.map((skill, at) => answer(this.x(at), this.y(skill, right[at] ? 1 : 0), this.radius, right[at]));
  }

  ticks() {
    const y = this.row * this.told.names.length + 1.15 * this.letter;
    const every = TICKS.find((one) => one * this.step > TICK_ROOM * this.letter) ?? 200;
    const numbers = [];
    for (let one = every; one <= this.exercises; one += every) numbers.push(text(this.x(one - 1), y, String(one), "middle"));
    return [...numbers, text(this.across.right, y + 1.15 * this.letter, "exercise", "end")];
  }

  // What changes

  paint(numbers, { point }) {
    if (!this.lines) return;
    const now = [numbers, this.time, point];
    if (this.painted?.every((one, at) => one === now[at])) return;
    this.painted = now;
    this.numbers = numbers;
    this.lines.forEach((line, skill) => line.setAttribute("d", numbers ? this.steps(skill, (at) => numbers.chances[at]) : ""));
    const end = this.time === null ? this.across.right : this.x(this.time);
    this.over.setAttribute("x", end);
    this.over.setAttribute("width", Math.max(0, this.across.right - end));
    const ruled = point?.time ?? this.time;
    this.rule.style.display = ruled === null ? "none" : "";
    for (const name of ["x1", "x2"]) this.rule.setAttribute(name, this.x(ruled ?? 0));
    this.say(numbers ? `off the ideal by ${number(numbers.off, 1)} points` : "");
  }

  // What is pointed at

  /** Where it is pressed once more, the whole sequence is seen again. */
  press(time) {
    this.choose(time === this.time ? null : time);
  }

  found({ clientX, clientY }) {
    const { left, top } = this.svg.getBoundingClientRect();
    const { names } = this.told;
    const time = Math.floor((clientX - left - this.across.left) / this.step);
    const skill = Math.max(0, Math.min(names.length - 1, Math.floor((clientY - top) / this.row)));
    const at = Math.max(0, Math.min(this.exercises - 2, time));
    const { ideal, belief } = this.student;
    const place = at * names.length + skill;
    const named = `next on skill ${names[skill]}: ideal ${ideal[place]} % (mastered ${belief[place]} %)`;
    return { time: at, unit: skill, row: skill, label: this.told.label, band: "mastery", named };
  }

  valueAt({ time, unit, band }) {
    const chance = band === "mastery" ? this.numbers?.chances[time * this.told.names.length + unit] : undefined;
    return chance === undefined ? "" : percent(chance);
  }
}

/** A filled disc for an answer that is right, a cross for a wrong one. */
function answer(x, y, radius, right) {
  if (right) return drawn("circle", { class: "rv-is-right", cx: x, cy: y, r: radius });
  const d = `M${x - radius} ${y - radius} L${x + radius} ${y + radius} M${x - radius} ${y + radius} L${x + radius} ${y - radius}`;
  return drawn("path", { class: "rv-is-wrong", d });
}

function text(x, y, words, anchor, kind = "") {
  const made = drawn("text", { x, y, "text-anchor": anchor, class: kind });
  made.textContent = words;
  return made;
}
