// The loss over training in two ways, with what lies between them shaded: thin and thick as `modes` of the chart say.
import { Chart } from "./chart.js";

const MOST_SHADED = 3; // models; the gaps of more would hide one another

export class TwoWays extends Chart {
  constructor(name, scene) {
    super(name, scene.charts[name]);
  }

  /** Both lines of each model, from the numbers of all moments. */
  trend(context, told) {
    const { channel, moment, following, scene } = context;
    const { drawn, view } = this;
    const changed = drawn.channel !== channel || drawn.version !== channel.version;
    if (changed) {
      Object.assign(drawn, { channel, version: channel.version });
      const pairs = scene.models.flatMap((model, at) => both(channel, model, at, told.modes));
      const whole = scene.models.length > MOST_SHADED ? [] : pairs.filter((pair) => pair.length === 2);
      const ghost = this.ghost(context, (found) => scene.models.flatMap((model, at) => both(found, model, at, told.modes).flat()));
      if (ghost) view.data("ghost", ghost.filter(({ step }) => step <= scene.steps));
      if (told.rise) view.data("lowest", scene.models.flatMap((_, at) => lowest(pairs.filter(([row]) => row?.at === at).map((pair) => pair.at(-1)), told.rise)));
      view.data("lines", pairs.flat()).data("gaps", whole.map(([fed, free]) => ({ ...fed, free: free.value }))); // prettier-ignore
    }
    this.now.hidden = following || !moment;
    if (!this.now.hidden) this.now.style.left = `${view.origin()[0] + view.padding().left + view.scale("x")(moment.step)}px`;
    return changed;
  }
}

/** Where a thick line that has risen since was lowest: that row, or none. */
function lowest(rows, { times, by, moments }) {
  if (!rows.length) return [];
  const least = rows.reduce((best, row) => (row.value < best.value ? row : best));
  const lately = Math.min(...rows.slice(-moments).map(({ value }) => value));
  return lately > least.value && lately >= Math.max(times * least.value, by + least.value) ? [least] : [];
}

/** Of each moment the values of one model in both ways, as rows. */
function both({ steps, numbers }, { name, colour }, at, modes) {
  return Array.from(steps, (step, place) =>
    modes
      .map(({ numbers: of, ...looks }) => ({ at, step, series: name, colour, value: numbers[of]?.[place]?.[at], ...looks }))
      .filter(({ value }) => Number.isFinite(value)),
  );
}
