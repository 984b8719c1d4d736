"""Charts of one moment: with its data for a message, without any for the scene."""

from collections.abc import Callable

from rnnviz import analysis, charts
from rnnviz.charts.drawing import Drawing
from rnnviz.live.view import View
from rnnviz.runs.run import Run


def gradient(run: Run, step: int, view: View) -> Drawing:
    """‖∂L/∂h_t‖ against time step."""
    return _gradient(run, step, view, cells=False)


def both_gradients(run: Run, step: int, view: View) -> Drawing:
    """The same, and that by every cell state."""
    return _gradient(run, step, view, cells=True)


def _gradient(run: Run, step: int, view: View, cells: bool) -> Drawing:
    at = (run, step, view.layer, view.direction)
    by_cell = analysis.cell_gradient_norms(*at) if cells else None
    task, read = run.experiment.task, analysis.read_steps(run.experiment)
    return charts.gradient_norm(analysis.gradient_norms(*at), run.experiment.labels, task.steps, by_cell, read)


TITLES = {"gradient": "Gradient at each time step, ‖∂L/∂h‖", "both_gradients": "‖∂L/∂h‖ now; dashed: ‖∂L/∂c‖"}
CHARTS: dict[str, Callable[[Run, int, View], Drawing]] = {
    "gradient": gradient,
    "both_gradients": both_gradients,
}
