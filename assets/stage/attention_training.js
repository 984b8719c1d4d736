// The loss over training in two ways: fed the right symbols and running free, with what lies between them shaded.
import { Chart } from "./chart.js";

const MOST_SHADED = 3; // models; the gaps of more would hide one another

export class Exposure extends Chart {
  constructor(scene) {
    super("exposure", scene.charts.exposure);
  }

  /** Both lines of each model, from the numbers of all moments. */
  trend({ channel, moment, following, scene }, told) {
    const { drawn, view } = this;
    const now = following || !moment ? -1 : moment.step;
    if (drawn.channel === channel && drawn.version === channel.version && drawn.now === now) return false;
    Object.assign(drawn, { channel, version: channel.version, now });
    const found = scene.models.flatMap((model, at) => both(channel, model, at, told.modes));
    view.data("lines", found.flatMap((pair) => pair));
    view.data("gaps", scene.models.length > MOST_SHADED ? [] : found.filter((pair) => pair.length === 2).map(([fed, free]) => ({ ...fed, free: free.value })));
    view.data("now", now < 0 ? [] : [{ now }]);
    return true;
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
