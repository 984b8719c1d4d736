"""One variable cell by cell, with its values under the pointer: for a view that stands still."""

from collections.abc import Sequence

import altair
import numpy as np

from rnnviz.cells import title
from rnnviz.charts import theme
from rnnviz.charts.drawing import Drawing, Structure, kept_structure, structure
from rnnviz.charts.kit import lines
from rnnviz.charts.scales import Scale
from rnnviz.charts.traces import scale_of

MOST_CELLS = 2_000  # marks; a browser needs a fifth of a second for as many
_SEAM = 0.03  # of a cell: without it the browser lets the page shine through between cells
_ROW, _LEAST, _MOST = 10, 120, 480  # pixels


def cells(label: str, name: str, values: np.ndarray, tokens: Sequence[str], bounded: bool = True) -> Drawing:
    """One variable of a model, a rectangle for each unit and time step, its value shown on pointing at it.

    name:    name of the variable, such as `forget_gate`.
    values:  (time, unit).
    tokens:  (time,), shown beside the value.
    bounded: as for `traces.states`.

    Raises:
        ValueError: there are more than `MOST_CELLS` values.
    """
    times, units = values.shape
    if times * units > MOST_CELLS:
        raise ValueError(f"values must be at most {MOST_CELLS:,}; got {times} time steps × {units} units")
    time, unit = np.meshgrid(np.arange(1, times + 1), np.arange(1, units + 1), indexing="ij")
    columns = {
        "time": time.ravel(),
        "unit": unit.ravel(),
        "left": time.ravel() - 0.5,
        "right": time.ravel() + 0.5 + _SEAM,
        "upper": unit.ravel() - 0.5,
        "lower": unit.ravel() + 0.5 + _SEAM,
        "token": np.repeat([str(token) for token in tokens], units),
        "value": np.asarray(values, np.float64).ravel(),
    }
    named = title(name)
    about = f"Heatmap: {named} of {units} units of the {theme.style_of(label).name} at {times} time steps, with values."
    return Drawing(_structure(named, scale_of(name, bounded), times, units), {"cells": columns}, about)


@kept_structure
def _structure(named: str, scale: Scale, times: int, units: int) -> Structure:
    rows = altair.Scale(domain=[units + 0.5, 0.5], nice=False, zero=False)
    y = lines.up("upper", "unit", rows, grid=False, format="d", tickMinStep=1)
    x = lines.across("left", 0.5, times + 0.5, "time step")
    colours = altair.Scale(scheme=scale.scheme, domain=[scale.low, scale.high], clamp=True)
    legend = altair.Legend(
        title=None, offset=28, orient="top", gradientLength=160, labelFontSize=theme.TEXT, labelColor=theme.INK
    )
    shown = [
        altair.Tooltip("time:Q", title="time step"),
        altair.Tooltip("token:N", title="token"),
        altair.Tooltip("unit:Q", title="unit"),
        altair.Tooltip("value:Q", title=named, format=".3f"),
    ]
    rectangles = altair.Chart(altair.NamedData("cells")).mark_rect(clip=True)
    colour = altair.Color("value:Q", scale=colours, legend=legend)
    layer = rectangles.encode(x=x, x2="right", y=y, y2="lower", color=colour, tooltip=shown)
    return structure([layer], ("cells",), min(_MOST, max(_LEAST, _ROW * units)))
