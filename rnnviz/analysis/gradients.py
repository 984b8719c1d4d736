"""Gradient norms over time steps, and their history over training; of a model that has ended, at its last frame."""

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.analysis.tables import table
from rnnviz.runs.datasets import place_of
from rnnviz.runs.run import Run
from rnnviz.runs.states import DIRECTIONS
from rnnviz.runs.view import RunView
from rnnviz.specs.experiment import Experiment

if TYPE_CHECKING:
    import pandas as pd

HISTORY_COLUMNS = 120  # of a raster over training


def gradient_norms(at: RunView, layer: int = -1, direction: str = "forward") -> "pd.DataFrame":
    """‖∂L/∂h_t‖ of every model that has this layer and direction: time (from 1), label, value.

    NaN where the decoder of an encoder–decoder has no such direction, and where no sequence of the batch is that long.
    """
    first = first_half(at.experiment)
    found = {label: within(gradient_norm(at, label, layer, direction), first) for label in having(at, layer, direction)}
    rows = [(time, label, float(norm)) for label, norms in found.items() for time, norm in enumerate(norms, 1)]
    return table(rows, "time", "label", "value")


def cell_gradient_norms(at: RunView, layer: int = -1, direction: str = "forward") -> "pd.DataFrame":
    """‖∂L/∂c_t‖ of every cell state in this layer and direction: time (from 1), label, value.

    NaN where a half of an encoder–decoder has no cell state, and where no sequence of the batch is that long.
    """
    rows: list[tuple[int, str, float]] = []
    for label in having(at, layer, direction):
        norms = at.model(label).cell_grad_norm
        if norms is not None:
            found = within(norms[place_of(at.experiment, label, layer, direction)], first_half(at.experiment))
            rows += [(time, label, float(norm)) for time, norm in enumerate(found, 1)]
    return table(rows, "time", "label", "value")


def gradient_norm(at: RunView, label: str, layer: int = -1, direction: str = "forward") -> np.ndarray:
    """‖∂L/∂h_t‖ of one model: (time,) float32."""
    norms: np.ndarray = at.model(label).hidden_grad_norm[place_of(at.experiment, label, layer, direction)]
    return norms


def gradient_histories(run: Run, layer: int = -1, direction: str = "forward") -> dict[str, np.ndarray]:
    """‖∂L/∂h_t‖ over training: label → (time, column) float32.

    The columns are evenly spaced from training step 0 to the last of the plan; each shows the frame nearest to its
    middle, and NaN where training has not come yet or had ended, or no sequence of the batch is that long.
    """
    known = having(run.at(), layer, direction) if run.frames else []
    return {label: _history(run, label, layer, direction) for label in known}


def _history(run: Run, label: str, layer: int, direction: str) -> np.ndarray:
    place = place_of(run.experiment, label, layer, direction)
    kept = [(frame.step, frame.models[label].hidden_grad_norm[place]) for frame in run.frames if label in frame.models]
    steps = np.array([step for step, _ in kept])
    norms = within(np.stack([norms for _, norms in kept], axis=1), first_half(run.experiment))
    middles = (np.arange(HISTORY_COLUMNS) + 0.5) / HISTORY_COLUMNS * run.experiment.training.steps
    columns = norms[:, np.abs(middles[:, None] - steps).argmin(axis=1)]
    return np.where(middles <= steps[-1], columns, np.float32("nan"))


def read_steps(experiment: Experiment) -> int:
    """Of the time steps of an encoder–decoder's longest sequences, how many are its encoder's; 0 for any other model.

    They are those of gradient norms, which are of a whole batch.
    """
    return experiment.task.encoder_steps


def first_half(experiment: Experiment) -> int:
    """Number of time steps in the half that `within` separates first.

    Those of the encoder; all where one network reads sequences of different lengths; 0 where all are equally long.
    """
    return experiment.task.encoder_steps or (0 if experiment.task.equally_long else experiment.task.steps)


def within(norms: np.ndarray, first: int) -> np.ndarray:
    """Norms (time, …) with NaN for the zeros at the end of a half, where all sequences of a batch are over.

    A half of nothing but zeros keeps them: there the gradient itself is gone.

    first: as `first_half` says.
    """
    if not first:
        return norms
    reached = [np.maximum.accumulate(half[::-1] != 0)[::-1] for half in np.split(norms, [first])]
    return np.where(np.concatenate([half | ~half[:1] for half in reached]), norms, np.float32("nan"))


def having(at: RunView, layer: int, direction: str) -> list[str]:
    """Labels of the models with that layer and direction that have been measured."""
    specs, way = {label: at.experiment.model(label) for label in at.measured}, DIRECTIONS.index(direction)
    return [label for label, spec in specs.items() if -spec.layers <= layer < spec.layers and way < spec.directions]
