"""Scheduled sampling: how often the decoder is fed the right symbol, over training."""

from collections.abc import Sequence
from typing import Any

import altair
import numpy as np

from rnnviz.charts import theme
from rnnviz.charts.drawing import Drawing, Structure, kept_structure, structure
from rnnviz.charts.kit import lines
from rnnviz.charts.kit.legends import ACCENT, SECOND
from rnnviz.charts.kit.lines import Series
from rnnviz.core.names import percent

_TABLES = ("lines", "place")
_SET, _MEASURED = Series("set by the schedule", ACCENT), Series("measured", SECOND, (2, 3))
_HEIGHT = 150  # pixels
_ROOM = 6  # pixels beyond 0 and 100, so that no line there is cut in half
_BESIDE = 12  # pixels, from the point to its value


def schedule(
    points: Sequence[tuple[float, float]],
    step: float,
    steps: int,
    measured: Sequence[tuple[float, float]] | None = None,
) -> Drawing:
    """The probability of being fed the right symbol against training step, with its value at one step.

    points:   (step, probability 0 to 1), in order.
    step:     the training step that the rest of the page shows; below 0 for no mark.
    steps:    training steps of the whole training.
    measured: (step, share 0 to 1) of how often the right symbol was really fed; None for no such line.
    """
    both = [(_SET.name, points), *([(_MEASURED.name, measured)] if measured is not None else [])]
    rows = [(at, name, 100 * value) for name, line in both for at, value in line]
    tables = {
        "lines": {name: [row[at] for row in rows] for at, name in enumerate(("step", "series", "value"))},
        "place": _place(points, step, steps),
    }
    about = "Line chart: how often the decoder is fed the right symbol, in percent, against training step."
    return Drawing(_structure(steps, measured is not None), tables, about)


def _place(points: Sequence[tuple[float, float]], step: float, steps: int) -> dict[str, list[Any]]:
    if step < 0 or not len(points):
        return {name: [] for name in ("step", "value", "name", "side", "drop")}
    at, values = zip(*points, strict=True)
    value = 100 * float(np.interp(step, at, values))
    return {
        "step": [float(step)],
        "value": [value],
        "name": [percent(value)],
        "side": [-1 if step > 0.7 * steps else 1],  # towards the middle, where there is room
        "drop": [14 if value > 85 else -10],
    }


@kept_structure
def _structure(steps: int, measured: bool) -> Structure:
    x = lines.across("step", 0, steps, "training step")
    scale = altair.Scale(domain=[0, 100], nice=False, padding=_ROOM)
    y = lines.up("value", "right symbol fed (%)", scale, values=[0, 25, 50, 75, 100])
    series = (_SET, _MEASURED) if measured else (_SET,)
    line = lines.lines(x, y, series)
    if not measured:
        line = line.encode(color=altair.value(_SET.colour))
    chart = altair.Chart(altair.NamedData("place"))
    point = chart.mark_point(filled=True, size=130, color=ACCENT, stroke=theme.INK, strokeWidth=1.5, opacity=1)
    text = chart.mark_text(
        align=altair.ExprRef("datum.side < 0 ? 'right' : 'left'"),
        baseline="middle",
        dx=altair.ExprRef(f"{_BESIDE} * datum.side"),
        dy=altair.ExprRef("datum.drop"),
        fontSize=theme.HEADING,
        fontWeight=700,
        color=theme.INK,
        tooltip=None,
        aria=False,
    )
    return structure([line, point.encode(x=x, y=y), text.encode(x=x, y=y, text="name:N")], _TABLES, _HEIGHT)
