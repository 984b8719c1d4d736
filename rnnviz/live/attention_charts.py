"""Charts of encoder–decoders alone: over the training, and of one moment along the output and by length."""

import math
from collections.abc import Callable

import numpy as np

from rnnviz import charts
from rnnviz.analysis import translating as tables
from rnnviz.charts.attention.exposure import line_looks
from rnnviz.charts.drawing import Drawing
from rnnviz.live.view import View
from rnnviz.runs.frames import Frame, ModelFrame
from rnnviz.runs.run import Run
from rnnviz.runs.view import RunView
from rnnviz.specs.experiment import Experiment

NUMBERS = ("fed", "free", "entropy", "peak")  # one of each for every moment and model
TITLES: dict[str, Callable[[Experiment], str]] = {
    "exposure": lambda _: "Loss per symbol, running free (thick) and fed the right symbols (thin)",
    "entropy": lambda _: "Entropy of the weights, bits",
    "peak": lambda _: "Largest weight",
}
MOVING_TITLES = {
    "positions": "Symbols right at each place of the output, %",
    "by_length": "Exact match by the length of the input, %",
}


def exposure(experiment: Experiment) -> Drawing:
    """Loss when fed the right symbols and running free, without data."""
    return charts.exposure(tables.exposure(Run(experiment)), experiment.labels, experiment.training.steps)


def entropy(experiment: Experiment) -> Drawing:
    """The entropy of the weights of attention, without data."""
    return _sharpness(experiment, tables.ENTROPY, tables.uniform_entropy)


def peak(experiment: Experiment) -> Drawing:
    """The largest weight, without data."""
    return _sharpness(experiment, tables.PEAK, tables.uniform_peak)


def _sharpness(experiment: Experiment, kind: str, even: Callable[..., float]) -> Drawing:
    run = Run(experiment)
    steps, most = experiment.training.steps, even(tables.task_of(run))
    return charts.sharpness(tables.sharpness(run, kind), tables.attending(run), steps, kind, most=most)


def positions(at: RunView, _view: View) -> Drawing:
    """Percent of right symbols at every place of the output."""
    return charts.positions(tables.positions(at), at.experiment.labels, tables.task_of(at).output_steps)


def by_length(at: RunView, _view: View) -> Drawing:
    """Exact match against the length of the input."""
    task = tables.task_of(at)
    ends = (task.length_trained, "exact match (%)", float(task.lengths[-1][1]))
    return charts.by_length(tables.by_length(at), at.experiment.labels, *ends)


def numbers(run: Run, frames: list[Frame]) -> dict[str, np.ndarray]:
    """Name → (moment × model) float32, row by row; NaN where a model has ended or has no attention.

    fed, free: cross-entropy per symbol on held-out sequences, fed the right symbols and running free; entropy (bits),
    peak: of the weights of attention, mean over all held-out output steps.
    """
    rows = [[_numbers(frame.models.get(label)) for label in run.experiment.labels] for frame in frames]
    table = np.array(rows, np.float32).reshape(-1, len(NUMBERS))
    return {name: table[:, place].copy() for place, name in enumerate(NUMBERS)}


def _numbers(model: ModelFrame | None) -> tuple[float, ...]:
    if model is None:
        return (math.nan,) * len(NUMBERS)
    sharp = model.translated.get("alignment", (math.nan, math.nan))
    return tuple(float(one) for one in (*model.translated["held_out_loss"], *sharp))


def modes(experiment: Experiment) -> list[dict[str, object]]:
    """The two lines of each model in `exposure`: which number, which mode, and how each is drawn."""
    return [{"numbers": name, **one} for name, one in zip(NUMBERS, line_looks(len(experiment.labels)), strict=False)]


MODES = {"exposure": modes}
TRENDS: dict[str, Callable[[Experiment], Drawing]] = {"exposure": exposure, "entropy": entropy, "peak": peak}
MOVING: dict[str, Callable[[RunView, View], Drawing]] = {"positions": positions, "by_length": by_length}
