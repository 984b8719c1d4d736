"""Where on a time axis something was changed: a thin rule where that time step begins, and what it stands for."""

from collections.abc import Sequence
from typing import Any

import altair

from rnnviz.charts import theme
from rnnviz.charts.drawing import Columns
from rnnviz.charts.kit.legends import ACCENT

TABLE = "marks"
_SIGN = "▲"
_PLAIN: dict[str, Any] = {"tooltip": None, "aria": False}


def table(step: int, high: float, spans: Sequence[tuple[float, float]], words: str) -> Columns:
    """The time step, from 1, on an axis that ends at `high`; the words stand below it.

    spans: pixels from the top at which the parts of the rule begin and end.
    """
    left, silent = step <= high / 2, [""] * (len(spans) - 1)
    return {
        "at": [step - 0.5] * len(spans),
        "top": [float(top) for top, _ in spans],
        "bottom": [float(bottom) for _, bottom in spans],
        "after": [*silent, f"{_SIGN} {words}" if left else ""],
        "before": [*silent, "" if left else f"{words} {_SIGN}"],
    }


def layers(x: altair.X, top: altair.Y, middle: float) -> list[altair.Chart]:
    """The rule across rasters and its words.

    x:      the chart's own time axis, of the field "at".
    top:    the chart's own vertical axis in pixels, of the field "top".
    middle: pixels from the top to the middle of the words.
    """
    chart = altair.Chart(altair.NamedData(TABLE))
    style = {"baseline": "middle", "fontSize": theme.TEXT, "fontWeight": 600, "color": theme.INK, **_PLAIN}
    return [
        chart.mark_rule(color=ACCENT, strokeWidth=2, **_PLAIN).encode(x=x, y=top, y2="bottom"),
        chart.mark_text(align="left", dx=-4, **style).encode(x=x, y=altair.value(middle), text="after:N"),
        chart.mark_text(align="right", dx=8, **style).encode(x=x, y=altair.value(middle), text="before:N"),
    ]
