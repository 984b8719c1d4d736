"""How well what is to be remembered can be read from the states of each model, from before it was read to the end."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import altair
import numpy as np

from rnnviz.cells import CELLS
from rnnviz.charts import theme
from rnnviz.charts.drawing import Columns, Drawing, Structure, kept_structure, structure
from rnnviz.charts.gradients import of_cell
from rnnviz.charts.kit import lines
from rnnviz.charts.kit.lines import Series, of_models
from rnnviz.core.names import listed
from rnnviz.specs.labels import parsed

_HEIGHT = 320  # pixels
_TABLES = ("lines", "ends", "zone", "read")
_ACROSS = "time steps since it came in"
_RIGHT, _EXPLAINED = "share read right", "share of the variance read (R²)"
_LOWEST = -0.2  # R² at which the axis ends
_ROOM = 6  # pixels beyond 1, so that no line there is cut in half
_BESIDE, _BESIDE_PERCENT = 34, 44  # pixels left of the plot for the numbers of its axis
_ZONE = 0.08  # opacity


class Curve(NamedTuple):
    """Scores (lag,) at lags (lag,), as `analysis.readouts` says; NaN where none was measured."""

    lags: np.ndarray
    scores: np.ndarray


def readable(
    hidden: Mapping[str, Curve],
    cells: Mapping[str, Curve],
    labels: Sequence[str],
    chance: tuple[float, str],
    threshold: float,
    classes: bool,
) -> Drawing:
    """The score of a readout from each model's hidden state against the lag; dashed that from its cell state.

    hidden:    label → curve, at least of one model.
    cells:     the same of the cell states that there are.
    labels:    all models of the experiment.
    chance:    the score of one who reads no state, drawn as a dashed line, and what that is.
    threshold: the score from which on something counts as readable: above it the chart is shaded.
    classes:   whether scores are shares of right classes; else R².
    """
    lags = [lag for curve in hidden.values() for lag in curve.lags.tolist()]
    rows = [row for label, curve in hidden.items() for row in _points(theme.style_of(label).name, curve)]
    rows += [row for label, curve in cells.items() for row in _points(of_cell(label).name, curve)]
    names, places, scores = zip(*rows, strict=True) if rows else ((), (), ())
    tables: dict[str, Columns] = {
        "lines": {"series": list(names), "lag": list(places), "value": list(scores)},
        "ends": lines.rules([chance], reach=(_lowest(classes), 1.0)),
        "zone": {"low": [threshold], "high": [1.0], "name": ["shaded: readable"]},
        "read": {"lag": [0]},
    }
    second = [of_cell(label) for label in labels if CELLS[parsed(label).cell].has_cell_state]
    about = (
        f"Line chart: what can be read from the states of {listed([look.name for look in theme.looks(labels)])}. It is "
        "drawn against the time steps since what is to be remembered came in."
    )
    layout = _structure((*of_models(labels), *second), min(lags) - 0.5, max(lags) + 0.5, classes)
    return Drawing(layout, dict(zip(_TABLES, tables.values(), strict=True)), about)


def _points(name: str, curve: Curve) -> list[tuple[str, int, float]]:
    """The scores that were measured."""
    pairs = zip(curve.lags.tolist(), curve.scores.tolist(), strict=True)
    return [(name, lag, score) for lag, score in pairs if np.isfinite(score)]


def _lowest(classes: bool) -> float:
    return 0.0 if classes else _LOWEST


@kept_structure
def _structure(series: tuple[Series, ...], low: float, high: float, classes: bool) -> Structure:
    x = lines.across("lag", low, high, _ACROSS)
    scale = altair.Scale(domain=[_lowest(classes), 1], nice=False, padding=_ROOM)
    beside = _BESIDE_PERCENT if classes else _BESIDE
    numbers = {"format": ".0%", "tickCount": 4} if classes else {"format": ".1~f", "tickCount": 6}
    extent = {"minExtent": beside, "maxExtent": beside}
    y = lines.up("value", _RIGHT if classes else _EXPLAINED, scale, rows=1, **numbers, **extent)
    zone = altair.Chart(altair.NamedData("zone"))
    bottom = altair.Y("low", type="quantitative", scale=scale)
    shade = zone.mark_rect(color=theme.INK, opacity=_ZONE, tooltip=None).encode(y=bottom, y2="high")
    text = {"fontSize": theme.TEXT, "color": theme.INK, "opacity": theme.SOFT, "tooltip": None}
    word = zone.mark_text(align="right", baseline="bottom", **text)
    points = altair.Chart(altair.NamedData("lines")).mark_point(
        filled=True, size=34, opacity=1, clip=True, tooltip=None
    )
    chance, name = lines.rule("ends", y)
    return structure(
        [
            shade,
            word.encode(x=altair.value("width"), y=altair.value(-7), text="name:N"),
            lines.now("read", x),
            chance,
            name,
            lines.lines(x, y, series, rows=1),
            points.encode(x=x, y=y, color=lines.colour(series, rows=1)),
        ],
        _TABLES,
        _HEIGHT,
    )
