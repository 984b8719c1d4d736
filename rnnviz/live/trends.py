"""What goes on over the whole training: numbers of every measured moment, and the charts that they become."""

import math
from collections.abc import Callable

import numpy as np

from rnnviz import analysis, charts
from rnnviz.analysis.tables import table
from rnnviz.charts.drawing import Drawing
from rnnviz.charts.fit import line_looks
from rnnviz.core.names import percent
from rnnviz.findings.finding import sentence
from rnnviz.findings.overfitting import HIGHER, LASTING, RISEN
from rnnviz.findings.scores import KNOWN
from rnnviz.live.view import View
from rnnviz.runs.datasets import place_of
from rnnviz.runs.frames import Frame, ModelFrame
from rnnviz.runs.run import Run
from rnnviz.specs import architectures
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks import Task

TITLES: dict[str, Callable[[Experiment], str]] = {
    "loss": lambda experiment: f"Training loss ({experiment.task.answers.of.loss})",
    "score": lambda experiment: _score_title(experiment.task),
    "marked": lambda experiment: f"{sentence(experiment.task.marked_name)}, right (%)",
    "fit": lambda experiment: f"Loss ({experiment.task.answers.of.loss})",
    "norm": lambda _experiment: "Gradient norm before clipping, largest since the moment before",
    "clipped": lambda _experiment: "Training steps clipped, %",
}
NUMBERS = ("loss", "score", "norm", "clipped", "held")  # one of each for every moment and model, and
MARKED = "marked"  # where the task marks answers
SMALLEST = 1e-12  # where a logarithmic axis ends; 0 has no place on it


def loss(experiment: Experiment) -> Drawing:
    """The training loss, without data."""
    task, empty = experiment.task, analysis.loss_curve(Run(experiment))
    of, steps = task.answers.of, experiment.training.steps
    return charts.loss(empty, experiment.labels, steps, of.loss, of.is_number, task.loss_of_guessing)


def fit(experiment: Experiment) -> Drawing:
    """The loss in training beside that on held-out sequences, without data."""
    of, nothing = experiment.task.answers.of, table([], "step", "label", "mode", "value")
    return charts.fit(nothing, experiment.labels, experiment.training.steps, of.loss, of.is_number)


def modes(experiment: Experiment) -> list[dict[str, object]]:
    """The two lines of each model in `fit`: which number, which mode, and how each is drawn."""
    looks = line_looks(len(experiment.labels))
    return [{"numbers": name, **one} for name, one in zip(("loss", "held"), looks, strict=True)]


MODES = {"fit": modes}


def rise(experiment: Experiment) -> dict[str, float]:
    """By how much a held-out loss must have risen, and at how many moments in a row, to be marked at its lowest."""
    by = 0.0 if experiment.task.answers.of.is_number else RISEN
    return {"times": HIGHER, "by": by, "moments": LASTING}


def _score_title(task: Task) -> str:
    """What is scored, on how many sequences, and whether no model ever trains on them."""
    unit = task.answers.of.unit
    error = f"Error in {unit}" if unit else "Error"
    what = f"{sentence(task.score_name)} ({task.score_unit})" if task.score_unit else error
    if not task.held_out_is_new:
        return f"{what}, also trained on: too little to hold some back"
    if task.held_out_known >= KNOWN:
        known = percent(task.held_out_known)
        return f"{what}, {task.held_out_size} sequences, {known} of which is also trained on: it repeats itself"
    return f"{what}, {task.held_out_size} new {'pairs' if architectures.of(task).writes else 'sequences'}"


def score(experiment: Experiment) -> Drawing:
    """The score on held-out sequences, without data."""
    task, empty = experiment.task, analysis.score_curve(Run(experiment))
    guess = (task.baseline, task.guessing)
    return charts.score(empty, experiment.labels, experiment.training.steps, task.scored_in, task.score_unit, guess)


def marked(experiment: Experiment) -> Drawing:
    """How many of the held-out answers are right that the task marks, without data."""
    task, empty = experiment.task, analysis.score_curve(Run(experiment))
    return charts.score(empty, experiment.labels, experiment.training.steps, task.marked_name, "%", task.marked_guess)


def norm(experiment: Experiment) -> Drawing:
    """The gradient's norm before clipping, without data."""
    empty = analysis.grad_norm_curve(Run(experiment))
    return charts.grad_norm(empty, experiment.labels, experiment.training.steps, experiment.training.clip)


def clipped(experiment: Experiment) -> Drawing:
    """The share of steps whose gradient was clipped, without data."""
    return charts.clipped(analysis.clipped_curve(Run(experiment)), experiment.labels, experiment.training.steps)


def numbers(run: Run, frames: list[Frame]) -> dict[str, np.ndarray]:
    """Name → (moment × model) float32, row by row; NaN where a model has ended.

    loss: mean training loss of the steps since the moment before; score: on held-out sequences; norm: largest norm of
    the gradient of those steps, before clipping; clipped: percent of them at which it was clipped; held: loss on
    held-out sequences, NaN in a run that was saved before it was measured; marked: percent right of the held-out
    answers that the task marks, if it marks any.
    """
    clip = run.experiment.training.clip
    rows = [[_numbers(frame.models.get(label), clip) for label in run.experiment.labels] for frame in frames]
    table = np.array(rows, np.float32).reshape(-1, len(NUMBERS) + 1)
    names = (*NUMBERS, MARKED) if run.experiment.task.marks else NUMBERS
    return {name: table[:, place].copy() for place, name in enumerate(names)}


def _numbers(model: ModelFrame | None, clip: float | None) -> tuple[float, ...]:
    if model is None or not len(model.losses):
        return (math.nan,) * (len(NUMBERS) + 1)
    over = 0.0 if clip is None else 100.0 * float((model.grad_norms > clip).mean())
    norm, held_out = float(model.grad_norms.max()), analysis.held_out_loss(model)
    return float(model.losses.mean()), model.score, norm, over, held_out, analysis.marked_score(model)


def gradients(run: Run, frames: list[Frame], view: View) -> dict[str, np.ndarray]:
    """Label → (moment × time step) float16, log10 of ‖∂L/∂h_t‖; NaN where there is none, −inf where it is 0."""
    with np.errstate(divide="ignore"):
        return {label: np.log10(found).astype(np.float16) for label, found in norms(run, frames, view).items()}


def norms(run: Run, frames: list[Frame], view: View) -> dict[str, np.ndarray]:
    """Label → (moment × time step) float32, ‖∂L/∂h_t‖; NaN where there is none."""
    found = {}
    first = analysis.first_half(run.experiment)
    for label in run.experiment.labels:
        if not has(run.experiment, label, view):
            continue
        place = place_of(run.experiment, label, view.layer, view.direction)
        rows = [
            analysis.within(frame.models[label].hidden_grad_norm[place], first)
            if label in frame.models
            else np.full(run.experiment.task.steps, np.nan, np.float32)
            for frame in frames
        ]
        found[label] = np.array(rows, np.float32).reshape(-1)
    return found


def has(experiment: Experiment, label: str, view: View) -> bool:
    """Whether a model has the layer and the direction that are looked at."""
    spec = experiment.model(label)
    return view.layer < spec.layers and (view.direction == "forward" or spec.bidirectional)
