// The loss over training in two ways: fed the right symbols and running free, with what lies between them shaded.
import { Chart, ghostOf } from "../parts/chart.js";

const MOST_SHADED = 3; // models; the gaps of more would hide one another

export class Exposure extends Chart {
  constructor(scene) {
    super("exposure", scene.charts.exposure);
  }

  /** Both lines of each model, from the numbers of all moments. */
  trend({ channel, moment, following, scene }, told) {
    const { drawn, view } = this;
    const changed = drawn.channel !== channel || drawn.version !== channel.version;
    if (changed) {
      Object.assign(drawn, { channel, version: channel.version });
      const pairs = scene.models.flatMap((model, at) => both(channel, model, at, told.modes));
      const whole = scene.models.length > MOST_SHADED ? [] : pairs.filter((pair) => pair.length === 2);
      const ghost = ghostOf(channel, told, (found) => scene.models.flatMap((model, at) => both(found, model, at, told.modes).flat()));
      if (ghost) view.data("ghost", ghost.filter(({ step }) => step <= scene.steps));
      view.data("lines", pairs.flat()).data("gaps", whole.map(([fed, free]) => ({ ...fed, free: free.value }))); // prettier-ignore
    }
    this.now.hidden = following || !moment;
    if (!this.now.hidden) this.now.style.left = `${view.origin()[0] + view.padding().left + view.scale("x")(moment.step)}px`;
    return changed;
  }
}

/** Of each moment the values of one model in both ways, as rows. */
function both({ steps, numbers }, { name, colour }, at, modes) {
  return Array.from(steps, (step, place) =>
    modes
      .map(({ numbers: of, ...looks }) => ({ step, series: name, colour, value: numbers[of]?.[place]?.[at], ...looks }))
      .filter(({ value }) => Number.isFinite(value)),
  );
}
