"""The charts of the gradient laboratory, drawn once for all who look at the same answers."""

from collections.abc import Callable, Hashable, Mapping

import numpy as np
import pandas as pd

from pages._ui.gradients.laboratory import Measurement
from pages._ui.run.choices import Choice, has
from pages._ui.run.shown import Shown
from rnnviz import analysis, charts
from rnnviz.analysis.diagnoses import HORIZON, STEEPEST
from rnnviz.charts import Drawing
from rnnviz.core import limits
from rnnviz.core.cache import Cache
from rnnviz.runs.datasets import place_of
from rnnviz.specs.experiment import Experiment

SHARE = f"1/{1 / HORIZON:.0f}"  # of its size: where the memory ends
_drawn: Cache[Hashable, Drawing] = Cache("gradient drawings", limits.GRADIENT_DRAWING_BYTES_KEPT)


def singular_values(shown: Shown, label: str, choice: Choice) -> Drawing:
    """Largest singular values of a model's blocks of W_hh."""

    def draw() -> Drawing:
        table = analysis.singular_curve(shown.run, label, choice.layer, choice.direction)
        blocks, top = analysis.block_names(shown.run.experiment, label), analysis.largest_singular_value(shown.run)
        spec, steps = shown.run.experiment.model(label), shown.run.experiment.training.steps
        phi = spec.kind.phi(spec.activation)
        steepest = STEEPEST[phi] if phi else 1.0
        at = -1 if shown.step == shown.run.frames[-1].step else shown.step
        return charts.singular_values(table, label, blocks, steps, top, at, steepest)

    run = shown.run
    return _drawn.get((run.key, shown.shipped, run.frames[-1].step, shown.step, label, choice), draw)


def influence(shown: Shown, looks: Mapping[str, Measurement], choice: Choice) -> Drawing:
    """The loss at every step by the state at every step, of one model or several."""

    def draw() -> Drawing:
        norms = {label: of(shown, label, look, "influence", choice) for label, look in looks.items()}
        return charts.influence(norms, analysis.tokens(shown.run.experiment, choice.probe))

    return _kept(shown, "influence", looks, choice, draw)


def jacobian_values(shown: Shown, label: str, looks: Mapping[str, Measurement], choice: Choice) -> Drawing:
    """By what each time step of one model multiplies its gradient by h, on an axis shared by all models."""

    def draw() -> Drawing:
        values = of(shown, label, looks[label], "jacobian_values", choice)
        factor = _loss(shown, label, looks[label], "hidden_factor", choice)
        return charts.jacobian_values(label, values, _top(shown, looks, choice), factor)

    return _kept(shown, "jacobian_values", looks, choice, draw, label)


def cell_jacobian_values(shown: Shown, label: str, looks: Mapping[str, Measurement], choice: Choice) -> Drawing:
    """The same of the gradient by a cell state."""

    def draw() -> Drawing:
        values, forget = (
            of(shown, label, looks[label], name, choice) for name in ("cell_jacobian_values", "forget_mean")
        )
        factor, both = (_loss(shown, label, looks[label], name, choice) for name in ("cell_factor", "cell_both_factor"))
        top = 1.1 if factor is None else _top(shown, looks, choice)
        return charts.cell_jacobian_values(label, values, forget, top, factor, both)

    return _kept(shown, "cell_jacobian_values", looks, choice, draw, label)


def path_shares(shown: Shown, label: str, look: Measurement, choice: Choice) -> Drawing:
    """Which share of the gradient by a cell state takes which path."""

    def draw() -> Drawing:
        additive, gates = (of(shown, label, look, name, choice) for name in ("additive_share", "gate_share"))
        return charts.path_shares(label, additive, gates)

    return _kept(shown, "path_shares", {label: look}, choice, draw)


def lags(shown: Shown, looks: Mapping[str, Measurement], choice: Choice) -> Drawing:
    """How much the last state depends on earlier ones, with the bounds of plain cells."""
    experiment = shown.run.experiment

    def draw() -> Drawing:
        measured = {label: of(shown, label, look, "lag_norm", choice) for label, look in looks.items()}
        cells, bounds = (
            {n: of(shown, n, look, name, choice) for n, look in looks.items() if name in look.found}
            for name in ("cell_lag_norm", "bound")
        )
        gone = (HORIZON, f"{SHARE}: here the memory horizon is")
        time = analysis.analysed_steps(experiment, choice.probe)
        return charts.lags(measured, cells, bounds, _chained(experiment), time, gone)

    return _kept(shown, "lags", looks, choice, draw)


def memory_horizon(shown: Shown, table: pd.DataFrame, choice: Choice) -> Drawing:
    """The memory horizon of all models over training; `table` as the chart wants it."""
    experiment = shown.run.experiment
    at = -1 if shown.step == shown.run.frames[-1].step else shown.step

    def draw() -> Drawing:
        labels, steps = _chained(experiment), experiment.training.steps
        last = analysis.analysed_steps(experiment, choice.probe) - 1
        return charts.memory_horizon(table, labels, steps, last, SHARE, at)

    return _drawn.get((_run(shown), "memory_horizon", tuple(table["step"]), at, choice), draw)


def of(shown: Shown, label: str, look: Measurement, name: str, choice: Choice) -> np.ndarray:
    """What was found of a model under a name, in the chosen layer and direction."""
    found: np.ndarray = look.found[name][place_of(shown.run.experiment, label, choice.layer, choice.direction)]
    return found


def _loss(shown: Shown, label: str, look: Measurement, name: str, choice: Choice) -> np.ndarray | None:
    """The same of what is measured of a loss; None of an encoder alone, which has none."""
    return of(shown, label, look, name, choice) if name in look.found else None


def _top(shown: Shown, looks: Mapping[str, Measurement], choice: Choice) -> float:
    """What the axis reaches for all models: the largest singular value, or factor, that there is."""
    chosen = {label: look for label, look in looks.items() if has(shown.run.experiment, label, choice)}
    drawn = ("jacobian_values", "hidden_factor", "cell_both_factor")
    largest = [
        float(np.nanmax(of(shown, label, look, name, choice), initial=0.0))
        for label, look in chosen.items()
        for name in drawn
        if name in look.found
    ]
    return max([1.1, *largest])


def _kept(
    shown: Shown,
    view: str,
    looks: Mapping[str, Measurement],
    choice: Choice,
    draw: Callable[[], Drawing],
    *options: Hashable,
) -> Drawing:
    seen = tuple((label, look.step) for label, look in looks.items())
    return _drawn.get((_run(shown), view, seen, choice, *options), draw)


def _run(shown: Shown) -> Hashable:
    return shown.run.key, shown.shipped


def _chained(experiment: Experiment) -> tuple[str, ...]:
    """The models whose states hang on those before them: no others have a curve."""
    return tuple(label for label in experiment.labels if experiment.built(label).recurrent)
