"""Every chart that a page places, drawn once for all who look at the same moment of the same run."""

import math
from collections.abc import Callable, Hashable

from pages._ui.run.choices import Choice
from pages._ui.run.shown import Shown
from rnnviz import analysis, charts
from rnnviz.charts import Drawing
from rnnviz.diagnoses import STEEPEST
from rnnviz.drawn import Drawn
from rnnviz.tasks import Task

_drawn: Drawn[Drawing] = Drawn()


def loss(shown: Shown) -> Drawing:
    """Training loss of all models."""
    experiment = shown.run.experiment
    title = "mean squared error" if experiment.task.kind == "numbers" else "cross-entropy"
    log = experiment.task.kind == "numbers"
    return _curve(
        shown,
        "loss",
        lambda: charts.loss(
            analysis.loss_curve(shown.run),
            experiment.labels,
            experiment.training.steps,
            title,
            log,
            _guess(experiment.task),
            _mark(shown),
            analysis.steps_per_point(shown.run),
        ),
    )


def _guess(task: Task) -> tuple[float, str]:
    """The loss of guessing, with its name."""
    if task.kind == "numbers":
        return task.baseline, task.guessing
    return math.log(task.output_size), "all answers alike"


def score(shown: Shown) -> Drawing:
    """Score of all models on held-out sequences."""
    experiment, task = shown.run.experiment, shown.run.experiment.task
    guess = (task.baseline, task.guessing)
    return _curve(
        shown,
        "score",
        lambda: charts.score(
            analysis.score_curve(shown.run),
            experiment.labels,
            experiment.training.steps,
            task.score_name,
            task.score_unit,
            guess,
            _mark(shown),
        ),
    )


def grad_norm(shown: Shown) -> Drawing:
    """Gradient norm of all models before clipping."""
    experiment = shown.run.experiment
    return _curve(
        shown,
        "grad_norm",
        lambda: charts.grad_norm(
            analysis.grad_norm_curve(shown.run),
            experiment.labels,
            experiment.training.steps,
            experiment.training.clip,
            _mark(shown),
            analysis.steps_per_point(shown.run),
        ),
    )


def clipped(shown: Shown) -> Drawing:
    """Share of the training steps at which a model's gradient was clipped."""
    experiment = shown.run.experiment
    return _curve(
        shown,
        "clipped",
        lambda: charts.clipped(
            analysis.clipped_curve(shown.run),
            experiment.labels,
            experiment.training.steps,
            _mark(shown),
            analysis.steps_per_share(shown.run),
        ),
    )


def singular_values(shown: Shown, label: str, choice: Choice) -> Drawing:
    """Largest singular values of a model's blocks of W_hh."""

    def draw() -> Drawing:
        table = analysis.singular_curve(shown.run, label, choice.layer, choice.direction)
        blocks, top = analysis.block_names(shown.run.experiment, label), analysis.largest_singular_value(shown.run)
        spec, steps = shown.run.experiment.model(label), shown.run.experiment.training.steps
        steepest = STEEPEST[spec.activation] if spec.cell == "rnn" else 1.0
        return charts.singular_values(table, label, blocks, steps, top, _mark(shown), steepest)

    return _curve(shown, "singular_values", draw, label, choice)


def states(shown: Shown, label: str, choice: Choice) -> Drawing:
    """Hidden state, and the cell state of an LSTM, on one probe."""
    experiment = shown.run.experiment
    return _moment(
        shown,
        "states",
        lambda: charts.states(
            label,
            trace(shown, label, choice),
            tokens(shown, choice),
            analysis.is_bounded(experiment, label),
            analysis.probe_read_steps(experiment, choice.probe),
        ),
        label,
        choice,
    )


def gates(shown: Shown, label: str, choice: Choice) -> Drawing:
    """Gates and candidate of a gated cell on one probe."""
    return _moment(
        shown,
        "gates",
        lambda: charts.gates(
            label,
            trace(shown, label, choice),
            tokens(shown, choice),
            analysis.probe_read_steps(shown.run.experiment, choice.probe),
        ),
        label,
        choice,
    )


def gate_means(shown: Shown, label: str, choice: Choice) -> Drawing:
    """Mean of each gate over units on one probe."""
    experiment = shown.run.experiment
    names = analysis.gate_names(experiment, label)
    return _moment(
        shown,
        "gate_means",
        lambda: charts.gate_means(
            label,
            analysis.gate_means(trace(shown, label, choice)),
            names,
            len(tokens(shown, choice)),
            analysis.probe_read_steps(experiment, choice.probe),
        ),
        label,
        choice,
    )


def gradient_norm(shown: Shown, choice: Choice) -> Drawing:
    """Gradient by the hidden state of every model at every time step."""
    return _moment(
        shown,
        "gradient_norm",
        lambda: charts.gradient_norm(
            analysis.gradient_norms(shown.run, shown.step, choice.layer, choice.direction),
            shown.run.experiment.labels,
            shown.run.experiment.task.steps,
            read=analysis.read_steps(shown.run.experiment),
        ),
        choice,
    )


def both_gradient_norms(shown: Shown, choice: Choice) -> Drawing:
    """The same, and that by every LSTM's cell state."""
    experiment = shown.run.experiment

    def draw() -> Drawing:
        at = (shown.run, shown.step, choice.layer, choice.direction)
        norms, cells = analysis.gradient_norms(*at), analysis.cell_gradient_norms(*at)
        read = analysis.read_steps(experiment)
        return charts.gradient_norm(norms, experiment.labels, experiment.task.steps, cells, read)

    return _moment(shown, "both_gradient_norms", draw, choice)


def gradient_history(shown: Shown, choice: Choice) -> Drawing:
    """Gradient by the hidden state over training and time steps."""
    return _curve(
        shown,
        "gradient_history",
        lambda: charts.gradient_history(
            analysis.gradient_histories(shown.run, choice.layer, choice.direction),
            shown.run.experiment.training.steps,
            analysis.read_steps(shown.run.experiment),
        ),
        choice,
    )


def answers(shown: Shown, choice: Choice) -> Drawing:
    """What is asked and what all models answer at every step of one probe; for tasks of numbers."""
    experiment = shown.run.experiment

    def draw() -> Drawing:
        table = analysis.answers(shown.run, shown.step, choice.probe)
        return charts.answers(table, experiment.labels, experiment.task.steps)

    return _moment(shown, "answers", draw, choice)


def cells(shown: Shown, label: str, name: str, units: int, choice: Choice) -> Drawing:
    """One variable of the first units of one model with every value to point at."""
    bounded = analysis.is_bounded(shown.run.experiment, label)

    def draw() -> Drawing:
        values = trace(shown, label, choice)[name][:, :units]
        return charts.cells(label, name, values, tokens(shown, choice), bounded)

    return _moment(shown, "cells", draw, label, name, units, choice)


def trace(shown: Shown, label: str, choice: Choice) -> dict:
    """States and gates of a model on the chosen probe: name → (time, unit)."""
    return analysis.trace(shown.run, label, shown.step, choice.probe, choice.layer, choice.direction)


def tokens(shown: Shown, choice: Choice) -> tuple[str, ...]:
    """What stands under the time axis."""
    return analysis.tokens(shown.run.experiment, choice.probe)


def _mark(shown: Shown) -> int:
    """The step to mark in a curve: none at its end."""
    return -1 if shown.step == shown.run.frames[-1].step else shown.step


def _curve(shown: Shown, view: str, draw: Callable[[], Drawing], *options: Hashable) -> Drawing:
    """A drawing of the whole training so far."""
    return _moment(shown, view, draw, shown.run.frames[-1].step, *options)


def _moment(shown: Shown, view: str, draw: Callable[[], Drawing], *options: Hashable) -> Drawing:
    """A drawing of one moment."""
    return _drawn.get((shown.run.experiment.key, shown.shipped, shown.step, view, *options), draw)
