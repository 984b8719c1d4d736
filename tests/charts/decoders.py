"""Charts of decoders as examples for `every`."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from rnnviz import charts
from rnnviz.charts import Drawing
from rnnviz.runs.run import Run

_READ, _WRITTEN = tuple("3 May 2021"), tuple("2021-05-03■")


def _weights(run: Run, rows: int) -> np.ndarray:
    """Weights of attention that differ from step to step: each row sums to 1."""
    weights = np.random.default_rng(run.steps[-1]).uniform(size=(rows, len(_READ)))
    return weights / weights.sum(axis=1, keepdims=True)


def _attention(run: Run) -> Drawing:
    rows = 4 + run.steps[-1]  # an output grows longer while a model learns to end it
    return charts.attention(_weights(run, rows), _READ, _WRITTEN[:rows], [False, True], 2, rows=11)


def _attention_cells(run: Run) -> Drawing:
    return charts.attention_cells(_weights(run, len(_WRITTEN)), _READ, _WRITTEN, 3)


def _composition(run: Run) -> Drawing:
    before, after = _weights(run, 2)
    return charts.composition(_READ, before, after)


def _candidates(run: Run) -> Drawing:
    symbols = tuple("0123")[: 3 + run.steps[-1] % 2]
    return charts.candidates(symbols, _weights(run, 1)[0][: len(symbols)], "1")


def _beam_tree(run: Run) -> Drawing:
    found, score = [], -0.1 * (run.steps[-1] + 1)
    for at in range(4 + run.steps[-1] % 2):
        found.append(charts.BeamNode(2 * at, 2 * at - 2, at, 0, "2", score, True, at < 2, True, at == 3))
        found.append(charts.BeamNode(2 * at + 1, 2 * at - 2, at, 1, "é", 2 * score, at < 3, at > 1))
    return charts.beam_tree(found, 6, 3)


def _schedule(run: Run) -> Drawing:
    steps = run.experiment.training.steps
    return charts.schedule([(step, 1 - step / steps) for step in range(steps + 1)], run.steps[-1], steps)


def _by_mode(run: Run, across: str, places: Sequence[int], most: float) -> pd.DataFrame:
    rows = [
        (place, label, mode, most / (1 + place + run.steps[-1]))
        for label in run.experiment.labels
        for place in places
        for mode in ("fed with the right answer", "running free")
    ]
    return pd.DataFrame(rows, columns=[across, "label", "mode", "value"])


def _exposure(run: Run) -> Drawing:
    experiment = run.experiment
    table = _by_mode(run, "step", run.steps, 2.0)
    return charts.exposure(table, experiment.labels, experiment.training.steps, run.steps[-1])


def _positions(run: Run) -> Drawing:
    return charts.positions(_by_mode(run, "position", [1, 2, 3], 90.0), run.experiment.labels, 3)


def _by_length(run: Run) -> Drawing:
    labels = run.experiment.labels
    rows = [(length, label, 90.0 / (length + run.steps[-1])) for label in labels for length in (2.5, 6, 9.5)]
    return charts.by_length(pd.DataFrame(rows, columns=["length", "label", "value"]), labels, 6)


def _sharpness(run: Run) -> Drawing:
    rows = [(step, label, 1 / (1 + step)) for label in run.experiment.labels for step in run.steps]
    table = pd.DataFrame(rows, columns=["step", "label", "value"])
    steps = run.experiment.training.steps
    return charts.sharpness(table, run.experiment.labels, steps, "entropy", run.steps[-1], 3.3)


DECODERS: dict[str, Callable[[Run], Drawing]] = {
    "attention": _attention,
    "attention_cells": _attention_cells,
    "composition": _composition,
    "candidates": _candidates,
    "beam_tree": _beam_tree,
    "schedule": _schedule,
    "exposure": _exposure,
    "positions": _positions,
    "by_length": _by_length,
    "sharpness": _sharpness,
}
