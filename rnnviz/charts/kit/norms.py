"""Norms of derivatives against steps of a sequence, on a logarithmic axis with a floor: what such charts share."""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

import altair
import numpy as np

from rnnviz.charts import theme
from rnnviz.charts.drawing import Columns, Drawing, Structure, kept_structure, structure
from rnnviz.charts.kit import halves, lines
from rnnviz.charts.kit.lines import Series
from rnnviz.charts.scales import SMALLEST_GRADIENT

_TABLES = ("lines", "floor", "ends")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_ROOM = 1.5  # a line at the upper end is seen in its whole width
_WORDS = 10  # pixels from the top to the names of the halves
_LABELLED = range(-8, 40, 2)  # powers of ten


@dataclasses.dataclass(frozen=True)
class Layout:
    """Everything about such a chart that stays the same while a run goes on.

    across:    field of the horizontal axis.
    low, high: where that axis ends.
    rows:      1 if a dashed line across the chart has its name above it, else 0.
    read:      time steps that are read, before those that are written; 0 where there is no such boundary.
    """

    series: tuple[Series, ...]
    across: str
    low: float
    high: float
    across_title: str
    title: str
    rows: int = 0
    read: int = 0

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables that such a chart has."""
        return (*_TABLES, halves.TABLE) if self.read else _TABLES


def draw(
    layout: Layout,
    places: Sequence[float],
    names: Sequence[str],
    values: np.ndarray,
    alt: str,
    mark: tuple[float, str] | None = None,
    reach: Iterable[float] = (),
) -> Drawing:
    """Lines of `values` at `places`, each point belonging to the series of its name.

    Values up to `SMALLEST_GRADIENT`, also those that are 0, stand on the axis' lower end with a mark of their own; NaN
    breaks a line.

    mark:  where a dashed line runs across, and its name.
    reach: values that the axis must reach.
    """
    columns = {
        layout.across: places,
        "series": names,
        "value": np.maximum(values, SMALLEST_GRADIENT),
    }
    under = np.flatnonzero(values <= SMALLEST_GRADIENT)
    floor = {name: [column[place] for place in under] for name, column in columns.items()}
    top = max([*reach, *values[np.isfinite(values)]], default=1.0) * _ROOM
    ends = lines.rules([mark] if mark else [], reach=(SMALLEST_GRADIENT, top))
    tables: dict[str, Columns] = {"lines": columns, "floor": floor, "ends": ends}
    if layout.read:
        tables[halves.TABLE] = halves.table(layout.read)
    return Drawing(_structure(layout), tables, alt)


@kept_structure
def _structure(layout: Layout) -> Structure:
    x = lines.across(layout.across, layout.low, layout.high, layout.across_title)
    y = lines.up("value", layout.title, altair.Scale(type="log", nice=False), layout.rows, **_decades())
    floor = altair.Chart(altair.NamedData("floor")).mark_point(
        shape="triangle-down", size=30, filled=True, opacity=1, tooltip=None
    )
    marks = floor.encode(x=x, y=y, color=lines.colour(layout.series, layout.rows))
    ends, name = lines.rule("ends", y)
    layers = [ends, lines.lines(x, y, layout.series, layout.rows), marks, *([name] if layout.rows else [])]
    if layout.read:
        at = lines.across("at", layout.low, layout.high, layout.across_title)
        layers += halves.layers(at, altair.value(_WORDS))
    return structure(layers, layout.tables, theme.CURVES)


def _decades() -> dict[str, Any]:
    """Every second power of ten, written with its exponent raised; the lowest stands for all that is smaller."""
    names = {power: "10" + str(power).translate(_RAISED) for power in _LABELLED} | {-8: "≤ 10⁻⁸", 0: "1"}
    label = " : ".join(f"datum.value < {10.0**power * 2} ? '{name}'" for power, name in names.items())
    return {"values": [10.0**power for power in _LABELLED], "labelExpr": f"{label} : ''"}
