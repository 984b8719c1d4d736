"""How far the gradient reaches back in time: now, and over training."""

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import altair
import numpy as np

from rnnviz.charts import lines, theme
from rnnviz.charts.drawing import Drawing, Structure, structure
from rnnviz.charts.lines import Series
from rnnviz.charts.rasters import Band, Layout, band_height, is_crisp, stack
from rnnviz.charts.scales import GRADIENT, LARGEST_GRADIENT, SMALLEST_GRADIENT
from rnnviz.names import listed

if TYPE_CHECKING:
    import pandas as pd

_TABLES = ("lines", "ends")
_MARGIN = 50  # pixels, left of the history
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_TITLE = "gradient at each time step, ‖∂L/∂h_t‖"
_ROOM = 1.5  # a line at the upper end is seen in its whole width


def gradient_norm(table: "pd.DataFrame", labels: Sequence[str], times: int) -> Drawing:
    """‖∂L/∂h_t‖ of all models against time step, on a logarithmic axis.

    Norms under `SMALLEST_GRADIENT`, also those that are 0, stand on the axis' lower end with a mark of their own.

    table: columns time (from 1), label, value (see `analysis.gradient_norms`).
    times: time steps of the sequence.
    """
    values = table["value"].to_numpy(float)
    columns = {
        "time": table["time"].to_numpy(),
        "series": [theme.look(label).name for label in table["label"]],
        "value": np.maximum(values, SMALLEST_GRADIENT),  # NaN stays and breaks the line
        "floored": np.where(values <= SMALLEST_GRADIENT, 1.0, 0.0),
    }
    top = max(LARGEST_GRADIENT, *values[np.isfinite(values)]) * _ROOM
    ends = lines.rules([], reach=(SMALLEST_GRADIENT, top))
    names = listed([look.name for look in theme.looks(labels)])
    about = f"Line chart: norm of the gradient of the loss by the hidden state of {names} at each time step."
    return Drawing(_structure(lines.of_models(labels), times), {"lines": columns, "ends": ends}, about)


def gradient_history(histories: Mapping[str, np.ndarray], steps: int) -> Drawing:
    """‖∂L/∂h_t‖ over training: one raster per model, training steps across, time steps up (the last on top).

    histories: label → (time, column) norms, the columns evenly spaced from training step 0 to `steps`, NaN where
               training has not come yet (see `analysis.gradient_history`). All have the same shape.
    """
    shape = next(iter(histories.values())).shape
    looks = theme.looks(histories)
    height = max(48, band_height(shape[0]) * 3 // 4)
    bands = [Band(GRADIENT, height, look.colour, legend=look is looks[0], roomy=look is looks[0]) for look in looks]
    ends = (f"t = {shape[0]}", "t = 1")
    layout = Layout(tuple(bands), 0, steps, "training step", ends=ends, crisp=is_crisp(*shape), margin=_MARGIN)
    with np.errstate(divide="ignore"):
        logs = [np.log10(history[::-1]) for history in histories.values()]
    names = [look.name for look in looks]
    about = f"Heatmap: norm of the gradient by the hidden state of {listed(names)}, training steps by time steps."
    return stack(layout, names, logs, about)


@functools.lru_cache(maxsize=64)
def _structure(series: tuple[Series, ...], times: int) -> Structure:
    x = lines.across("time", 0.5, times + 0.5, "time step")
    y = lines.up("value", _TITLE, altair.Scale(type="log", nice=False), **_decades())
    floor = altair.Chart(altair.NamedData("lines")).mark_point(
        shape="triangle-down", size=30, filled=True, opacity=1, tooltip=None
    )
    shown = altair.Opacity("floored:Q", scale=None, legend=None)
    marks = floor.encode(x=x, y=y, color=lines.colour(series), opacity=shown)
    ends, _ = lines.rule("ends", y)
    return structure([ends, lines.lines(x, y, series), marks], _TABLES, theme.CURVES)


def _decades() -> dict[str, Any]:
    """Every second power of ten, written with its exponent raised; the lowest stands for all that is smaller."""
    powers = range(-8, 40, 2)
    names = {power: "10" + str(power).translate(_RAISED) for power in powers} | {-8: "≤ 10⁻⁸", 0: "1"}
    label = " : ".join(f"datum.value < {10.0**power * 2} ? '{name}'" for power, name in names.items())
    return {"values": [10.0**power for power in powers], "labelExpr": f"{label} : ''"}
