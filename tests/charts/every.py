"""Every chart, drawn from a run as it was at a step. A new chart belongs here, and is then held to what all must do."""

from collections.abc import Callable

from rnnviz import analysis, charts
from rnnviz.charts import Drawing
from rnnviz.runs import Run


def _until(run: Run, step: int) -> Run:
    """The run as it was at a step."""
    return Run(run.experiment, [frame for frame in run.frames if frame.step <= step])


def _loss(run: Run) -> Drawing:
    experiment = run.experiment
    table, labels, steps = analysis.loss_curve(run), experiment.labels, experiment.training.steps
    return charts.loss(table, labels, steps, "mean squared error", True, (0.17, "always answering 1"), run.steps[-1])


def _score(run: Run) -> Drawing:
    labels, steps = run.experiment.labels, run.experiment.training.steps
    return charts.score(analysis.score_curve(run), labels, steps, "answers right", "%", (12.5, "any symbol"))


def _grad_norm(run: Run) -> Drawing:
    labels, steps = run.experiment.labels, run.experiment.training.steps
    return charts.grad_norm(analysis.grad_norm_curve(run), labels, steps, 1.0)


def _singular_values(run: Run) -> Drawing:
    names, top = analysis.block_names(run.experiment, "gru"), analysis.largest_singular_value(run)
    steps = run.experiment.training.steps
    return charts.singular_values(analysis.singular_curve(run, "gru"), "gru", names, steps, top)


def _states(run: Run) -> Drawing:
    return charts.states("lstm", analysis.trace(run, "lstm"), analysis.tokens(run.experiment))


def _gates(run: Run) -> Drawing:
    return charts.gates("lstm", analysis.trace(run, "lstm"), analysis.tokens(run.experiment))


def _gate_means(run: Run) -> Drawing:
    table = analysis.gate_means(analysis.trace(run, "gru"))
    names = analysis.gate_names(run.experiment, "gru")
    return charts.gate_means("gru", table, names, run.experiment.task.steps)


def _gradient_norm(run: Run) -> Drawing:
    return charts.gradient_norm(analysis.gradient_norms(run), run.experiment.labels, run.experiment.task.steps)


def _gradient_history(run: Run) -> Drawing:
    return charts.gradient_history(analysis.gradient_histories(run), run.experiment.training.steps)


def _cells(run: Run) -> Drawing:
    values = analysis.trace(run, "lstm")["forget_gate"]
    return charts.cells("lstm", "forget_gate", values, analysis.tokens(run.experiment))


def _answers(run: Run) -> Drawing:
    return charts.answers(analysis.answers(run), run.experiment.labels, run.experiment.task.steps)


_DRAW: dict[str, Callable[[Run], Drawing]] = {
    "loss": _loss,
    "score": _score,
    "grad_norm": _grad_norm,
    "singular_values": _singular_values,
    "states": _states,
    "gates": _gates,
    "gate_means": _gate_means,
    "gradient_norm": _gradient_norm,
    "gradient_history": _gradient_history,
    "cells": _cells,
    "answers": _answers,
}
NAMES = tuple(_DRAW)


def draw(name: str, run: Run, step: int) -> Drawing:
    """One chart of a run as it was at a step."""
    return _DRAW[name](_until(run, step))
