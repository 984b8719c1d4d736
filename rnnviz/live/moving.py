"""Charts of one moment: with its data for a message, without any for the scene; and what a visitor draws first."""

from collections.abc import Callable
from typing import Any

from rnnviz import analysis, charts
from rnnviz.charts.drawing import Drawing
from rnnviz.charts.scales import SMALLEST_GRADIENT
from rnnviz.findings.gradients import travels
from rnnviz.live.view import View
from rnnviz.runs.view import RunView
from rnnviz.specs.experiment import Experiment


def gradient(at: RunView, view: View) -> Drawing:
    """‖∂L/∂h_t‖ against time step."""
    return _gradient(at, view, cells=False)


def both_gradients(at: RunView, view: View) -> Drawing:
    """The same, and that by every cell state."""
    return _gradient(at, view, cells=True)


def _gradient(at: RunView, view: View, cells: bool) -> Drawing:
    norms = analysis.gradient_norms(at, view.layer, view.direction)
    by_cell = analysis.cell_gradient_norms(at, view.layer, view.direction) if cells else None
    read = analysis.read_steps(at.experiment)
    return charts.gradient_norm(norms, at.experiment.labels, at.experiment.task.steps, by_cell, read)


def _title_of_both(experiment: Experiment) -> str:
    """Without a cell state nothing is dashed for it, but perhaps the second model of a cell."""
    if any(model.has_cell_state for model in experiment.models):
        return "‖∂L/∂h‖ now; dashed: ‖∂L/∂c‖"
    return "‖∂L/∂h‖ now, at each time step"


TITLES: dict[str, Callable[[Experiment], str]] = {
    "gradient": lambda _experiment: "Gradient at each time step, ‖∂L/∂h‖",
    "both_gradients": _title_of_both,
}
CHARTS: dict[str, Callable[[RunView, View], Drawing]] = {
    "gradient": gradient,
    "both_gradients": both_gradients,
}

GUESSED = "gradient"  # the chart over which a drawn guess is laid,
GUESS = "guess"  # the table of its points there,
_FEWEST = 8  # and of how many time steps on it is asked for


def asked(experiment: Experiment) -> dict[str, Any] | None:
    """Whose gradient a visitor draws before it is shown: its label, and the least value that the chart has.

    It is that of the first model with a state to hand on. None where the gradient of every sequence does not come from
    the last time step alone, so that nothing is to be said of what is left of it, and where there are few steps.
    """
    task = experiment.task
    label = next((label for label in experiment.labels if experiment.built(label).recurrent), None)
    if label is None or task.steps < _FEWEST or not travels(task):
        return None
    return {"label": label, "least": SMALLEST_GRADIENT}


def with_guess(chart: dict[str, Any]) -> dict[str, Any]:
    """The chart, as the scene tells it, with a dashed line above its own for what was drawn."""
    spec = chart["spec"]
    lines = next(
        layer for layer in spec["layer"] if layer["data"]["name"] == "lines" and layer["mark"]["type"] == "line"
    )
    places = {name: lines["encoding"][name] for name in ("x", "y")}
    line = {"type": "line", "clip": True, "strokeWidth": 2.5, "strokeDash": [7, 5], "color": "currentColor"}
    drawn = {"data": {"name": GUESS}, "mark": {**line, "tooltip": None}, "encoding": places}
    return {**chart, "spec": {**spec, "layer": [*spec["layer"], drawn], "datasets": {**spec["datasets"], GUESS: []}}}
