"""How much the last state depends on one further and further back, beside what theory allows at most."""

from collections.abc import Mapping, Sequence

import numpy as np

from rnnviz.cells import CELLS
from rnnviz.charts import theme
from rnnviz.charts.drawing import Drawing
from rnnviz.charts.gradients import of_cell
from rnnviz.charts.kit import norms
from rnnviz.charts.kit.lines import Series, of_models
from rnnviz.core.names import listed
from rnnviz.specs.labels import parsed

Mark = tuple[float, str] | None  # where a dashed line runs across the chart, and its name
_TITLE, _BOTH = "‖∂h_T/∂h_t‖, T the last time step", "‖∂h_T/∂h_t‖, and ‖∂h_T/∂c_t‖ of the cell"
_ABOVE = 30.0  # a bound that is larger than whatever was measured by more than this is not followed further


def lags(
    measured: Mapping[str, np.ndarray],
    cells: Mapping[str, np.ndarray],
    bounds: Mapping[str, np.ndarray],
    labels: Sequence[str],
    times: int,
    gone: Mark = None,
) -> Drawing:
    """‖∂h_T/∂h_{T-lag}‖ of all models against the lag, on a logarithmic axis.

    Dashed beside it ‖∂h_T/∂c_{T-lag}‖ of every cell state and the bound of every plain cell.

    measured: label → (lag,) spectral norms, from lag 0 on; NaN where none was measured.
    cells:    label → (lag,), the same by the cell state of those that have one.
    bounds:   label → (lag,), (σ_max(W_hh) · max φ′)^lag. It ends where it leaves the measured norms far below it, so
              that those keep their place on the axis.
    labels:   all models of the experiment.
    times:    time steps of the sequence, which fixes the axis.
    gone:     where a norm counts as gone, drawn as a dashed line, and its name.
    """
    top = max((float(np.nanmax(values, initial=1.0)) for values in measured.values()), default=1.0)
    points = [(lag, theme.style_of(n).name, value) for n, values in measured.items() for lag, value in _known(values)]
    points += [(lag, of_cell(n).name, value) for n, values in cells.items() for lag, value in _known(values)]
    points += [
        (lag, _of_bound(n).name, value)
        for n, values in bounds.items()
        for lag, value in _known(values)
        if value <= top * _ABOVE
    ]
    extra = [second for label in labels if (second := _second(label))]
    series = (*of_models(labels), *extra)
    title = _BOTH if any(look in extra for look in map(of_cell, labels)) else _TITLE
    layout = norms.Layout(series, "lag", 0, times - 1, "lag: time steps back from T, the last", title, rows=1)
    shown = listed([look.name for look in theme.looks(labels)])
    about = f"Line chart: norm of the derivative of the last state of {shown} by earlier ones against the lag."
    places, names = [lag for lag, _, _ in points], [name for _, name, _ in points]
    return norms.draw(layout, places, names, np.array([value for *_, value in points]), about, gone, reach=(1.0,))


def _second(label: str) -> Series | None:
    """The dashed line of a model, if it has one."""
    cell = CELLS[parsed(label).cell]
    return of_cell(label) if cell.has_cell_state else _of_bound(label) if cell.is_plain else None


def _of_bound(label: str) -> Series:
    look = theme.style_of(label)
    return Series(f"{look.name} bound", look.colour, theme.second_dash(look))


def _known(values: np.ndarray) -> list[tuple[int, float]]:
    """The lags that were measured, with their norms."""
    return [(lag, float(value)) for lag, value in enumerate(values) if np.isfinite(value)]
