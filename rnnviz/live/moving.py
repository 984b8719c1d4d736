"""Charts of one moment: with its data for a message, without any for the scene."""

from collections.abc import Callable

from rnnviz import analysis, charts
from rnnviz.charts.drawing import Drawing
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
