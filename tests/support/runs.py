"""Small runs to draw and to judge: a real one, and ones bent to show what the real one does not."""

import functools
from typing import Any

import numpy as np

from rnnviz.runs.frames import Frame
from rnnviz.runs.run import Run
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import task

THREE = (ModelSpec("rnn", 8), ModelSpec("lstm", 8, forget_bias=1.0), ModelSpec("gru", 8))


@functools.cache
def small_run(name: str = "adding", steps: int = 12) -> Run:
    """Three narrow cells trained for a few steps, a frame at every step; shared, so never append to it."""
    from rnnviz.nn.train.training import run

    params = {"adding": {"length": 12}, "waves": {"length": 12}, "recall": {"lag": 6}}.get(name, {})
    return run(Experiment(task(name, **params), THREE, TrainingSpec(steps=steps, batch=4)))


@functools.cache
def deep_run() -> Run:
    """Two LSTMs, one of two layers in both directions, and a GRU, for a few steps."""
    from rnnviz.nn.train.training import run

    models = (ModelSpec("lstm", 5), ModelSpec("lstm", 6, layers=2, bidirectional=True), ModelSpec("gru", 5))
    return run(Experiment(task("adding", length=9), models, TrainingSpec(steps=3, batch=4)))


def at(run: Run, step: int, ended: dict[str, str] | None = None, **changes: dict[str, Any]) -> Run:
    """A run of one frame at `step`: that of `run` there, with `changes` of its models, `label={name: value}`.

    A model whose changes are None is left out.
    """
    models = dict(run.frame(step).models)
    for label, change in changes.items():
        if change is None:
            del models[label]
        else:
            models[label] = models[label].replace(**change)
    return Run(run.experiment, [Frame(step, models, ended or {})])


def norms(*values: float) -> dict[str, np.ndarray]:
    """The gradient norms of a model with one layer and direction, first time step first, as a change for `at`."""
    return {"hidden_grad_norm": np.array(values, np.float32)[None, None]}
