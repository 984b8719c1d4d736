"""Lines over training: step, label, value. Models are named by their labels."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.analysis.diagnoses import FEW
from rnnviz.analysis.tables import table
from rnnviz.runs.datasets import place_of
from rnnviz.runs.frames import ModelFrame
from rnnviz.runs.run import Run

if TYPE_CHECKING:
    import pandas as pd

MOST_POINTS = 200  # of one model's line; more than a chart has pixels for would only cost time
SHARE_POINTS = 24  # of a line of shares, unless a point would count fewer than `FEW` steps


def loss_curve(run: Run) -> "pd.DataFrame":
    """Training loss: step, label, value; means over so many steps that a whole training fits into `MOST_POINTS`."""
    return _binned(run, lambda model: model.losses, np.add, mean=True)


def grad_norm_curve(run: Run) -> "pd.DataFrame":
    """Gradient norm before clipping: step, label, value; the largest of the steps that `loss_curve` takes a mean of."""
    return _binned(run, lambda model: model.grad_norms, np.maximum, mean=False)


def clipped_curve(run: Run) -> "pd.DataFrame":
    """Percentage of clipped updates in each group of consecutive training steps: step, label, value.

    Each group has two rows: its first step and the first step after it.

    Only whole rows: the last steps may be too few, and the very last gradient changes no weight. Empty where nothing
    is clipped.
    """
    clip, width = run.experiment.training.clip, steps_per_share(run)
    if clip is None:
        return table([], "step", "label", "value")
    found = _binned(run, lambda model: 100.0 * (model.grad_norms > clip), np.add, mean=True, width=width)
    half = (width - 1) / 2  # a point of `_binned` stands in the middle of its steps
    rows = found[(found["step"] % width == half) & (found["step"] + half < run.experiment.training.steps)]
    ends = [(at, label, share) for step, label, share in rows.to_numpy() for at in (step - half, step + half + 1)]
    return table(ends, "step", "label", "value")


def score_curve(run: Run) -> "pd.DataFrame":
    """Score on held-out sequences at every frame: step, label, value."""
    measured = [(f.step, label, model.score) for f in run.frames for label, model in f.models.items()]
    return table(measured, "step", "label", "value")


def singular_curve(run: Run, label: str, layer: int = -1, direction: str = "forward") -> "pd.DataFrame":
    """Largest singular value of each gate's block of W_hh at every frame: step, label (name of the gate), value."""
    place = place_of(run.experiment, label, layer, direction)
    names = run.experiment.model(label).kind.block_names
    kept = [(frame.step, frame.models[label].singular_values[place]) for frame in run.frames if label in frame.models]
    rows = [(step, name, float(block[0])) for step, blocks in kept for name, block in zip(names, blocks, strict=True)]
    return table(rows, "step", "label", "value")


def largest_singular_value(run: Run) -> float:
    """The largest singular value of any block of any model so far; 0 before the first frame."""
    found = (m.singular_values for frame in run.frames for m in frame.models.values())
    return max((float(values.max()) for values in found if values.size), default=0.0)


def steps_per_point(run: Run) -> int:
    """How many training steps a point of `loss_curve` and of `grad_norm_curve` stands for."""
    return -(-(run.experiment.training.steps + 1) // MOST_POINTS)


def steps_per_share(run: Run) -> int:
    """Of how many training steps `clipped_curve` tells a share: enough for one."""
    return max(FEW, -(-run.experiment.training.steps // SHARE_POINTS))


def _binned(
    run: Run, read: Callable[[ModelFrame], np.ndarray], join: np.ufunc, mean: bool, width: int = 0
) -> "pd.DataFrame":
    """Values of every training step, joined over `width` steps, or few enough points: step, label, value."""
    width = width or steps_per_point(run)
    rows: list[tuple[float, str, float]] = []
    for label in run.experiment.labels:
        parts = [read(frame.models[label]) for frame in run.frames if label in frame.models]
        values = np.concatenate(parts).astype(np.float64) if parts else np.empty(0)
        starts = np.arange(0, len(values), width)
        if not starts.size:
            continue
        counts = np.diff(np.append(starts, len(values)))
        joined = join.reduceat(values, starts) / (counts if mean else 1)
        rows += zip(starts + (counts - 1) / 2, [label] * len(starts), joined, strict=True)
    return table(rows, "step", "label", "value")


def marked_score(model: ModelFrame) -> float:
    """What share of the held-out answers is right that the task marks, in percent.

    NaN where it marks none, and in a run that was saved before it was measured.
    """
    return float(model.get("marked/score", math.nan))


def held_out_loss(model: ModelFrame) -> float:
    """The loss on held-out sequences, of a decoder while it is fed the right answer.

    NaN in a run that was saved before it was measured.
    """
    of_decoder = model.translated.get("held_out_loss")
    return float(of_decoder[0] if of_decoder is not None else model.get("held_out_loss", math.nan))
