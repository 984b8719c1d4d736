"""Runs of every kind of task and model, a few steps each."""

import functools

import rnnviz as rv
from rnnviz.runs.run import Run

LEAST = {"adding": {"length": 9}, "waves": {"length": 9}, "brackets": {"length": 8}, "recall": {"lag": 6}}
LEAST["traffic"] = {"length": 18}
HALVES = (
    rv.ModelSpec("gru", 4, bidirectional=True, attention="additive"),
    rv.ModelSpec("lstm", 4, layers=2, attention="dot", decoder="gru"),
    rv.ModelSpec("gru", 4),
)
AT_ONCE = (
    rv.ModelSpec("gru", 4, attention="additive"),
    rv.ModelSpec("lstm", 4, layers=2, attention="dot"),
    rv.ModelSpec("gru", 4),
)
DEEP = (rv.ModelSpec("lstm", 4, layers=2, bidirectional=True), rv.ModelSpec("gru", 5), rv.ModelSpec("rnn", 3, layers=2))
ONE_WAY = (rv.ModelSpec("lstm", 4, layers=2), rv.ModelSpec("gru", 5), rv.ModelSpec("rnn", 3))
SIX = tuple(rv.ModelSpec(cell, 3) for cell in ("rnn", "lstm", "gru") * 2)


def experiment(task: str, models: tuple[rv.ModelSpec, ...] = (), steps: int = 4, **params: object) -> rv.Experiment:
    """A small one; without models those that fit the task: stacked, of different widths, in both directions."""
    chosen = rv.task(task, **(LEAST.get(task, {}) | params))
    halves = AT_ONCE if chosen.at_once else HALVES
    fitting = {"sequence": halves, "last": DEEP}.get(chosen.answers.name, ONE_WAY)
    return rv.Experiment(chosen, models or fitting, rv.TrainingSpec(steps=steps, batch=4))


@functools.cache
def run(task: str, models: tuple[rv.ModelSpec, ...] = ()) -> Run:
    """It, trained; shared, so never append to it."""
    return rv.run(experiment(task, models))
