"""Where a gradient comes from and how far it reaches: the loss at every step by the state at every step."""

from collections.abc import Mapping, Sequence

import numpy as np

from rnnviz.charts import theme
from rnnviz.charts.drawing import Drawing
from rnnviz.charts.gradients import MARGIN
from rnnviz.charts.kit.rasters import Band, Layout, band_height, is_crisp, stack
from rnnviz.charts.kit.tokens import place
from rnnviz.charts.scales import INFLUENCE
from rnnviz.core.names import listed

_ALONE = "loss at time step s (down) by state at time step t"  # where the model's name stands above
_ROW = 26  # pixels, height of a single row
_TALLEST = 2  # times as high as a raster of states: its rows are time steps too


def influence(norms: Mapping[str, np.ndarray], tokens: Sequence[str]) -> Drawing:
    """‖∂L_s/∂h_t‖: one raster per model, the time step t of the state across, the step s of the loss down.

    What is exactly 0, such as the influence of a state on a loss before it, stays blank.

    norms:  label → (loss, time), all of the same shape; one loss is that of the last step. Rows and columns of which
            nothing was measured, all NaN, are left out.
    tokens: (time,), what stands under the time axis; "" for nothing.
    """
    losses, times = next(iter(norms.values())).shape
    norms = {label: _measured(values) for label, values in norms.items()}
    looks = theme.looks(norms)
    height = _ROW if losses == 1 else _TALLEST * band_height(losses)
    alone = len(looks) == 1
    colours = [theme.INK if alone else look.colour for look in looks]
    bands = [Band(INFLUENCE, height, colour, legend=not at, roomy=not at) for at, colour in enumerate(colours)]
    ends = ("s = 1", f"s = {losses}") if losses > 1 else ()
    layout = Layout(
        tuple(bands),
        0.5,
        times + 0.5,
        "time step t of the state",
        place(tuple(tokens)),
        ends,
        is_crisp(*next(iter(norms.values())).shape),
        MARGIN,
    )
    with np.errstate(divide="ignore"):
        logs = [np.where(values == 0, np.nan, np.log10(values)) for values in norms.values()]
    names = [look.name for look in looks]
    whose = "the loss" if losses == 1 else "the loss at every time step"
    about = f"Heatmaps: norm of the gradient of {whose} by the state of {listed(names)} at every time step."
    return stack(layout, [_ALONE] if alone else names, logs, about)


def _measured(values: np.ndarray) -> np.ndarray:
    """The rows and columns that hold anything; a model of which nothing is known keeps its shape."""
    known = ~np.isnan(values)
    return values[known.any(axis=1)][:, known.any(axis=0)] if known.any() else values
