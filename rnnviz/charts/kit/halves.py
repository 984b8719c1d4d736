"""Where a time axis passes from what is read to what is written: a thin rule, and the two words beside it."""

from collections.abc import Sequence
from typing import Any

import altair

from rnnviz.charts import theme
from rnnviz.charts.drawing import Columns

TABLE = "halves"
READS, WRITES = "reads", "writes"
_BESIDE = 5  # pixels between the rule and a word
_PLAIN: dict[str, Any] = {"tooltip": None, "aria": False}


def table(read: int, spans: Sequence[tuple[float, float]] = ((0, 0),)) -> Columns:
    """The boundary on a time axis whose steps count from 1; the words stand beside the last part of the rule.

    read:  time steps of the encoder, after which those of the decoder come.
    spans: pixels from the top at which the parts of the rule begin and end, where it has parts.
    """
    silent = [""] * (len(spans) - 1)
    return {
        "at": [read + 0.5] * len(spans),
        "top": [float(top) for top, _ in spans],
        "bottom": [float(bottom) for _, bottom in spans],
        "before": [*silent, READS],
        "behind": [*silent, WRITES],
    }


def layers(x: altair.X, middle: Any, top: altair.Y | None = None) -> list[altair.Chart]:
    """The rule and its words.

    x:      the chart's own time axis, of the field "at".
    middle: where the words are, as an encoding of the vertical.
    top:    the chart's own vertical axis in pixels, of the field "top"; without it the rule takes the whole height.
    """
    chart = altair.Chart(altair.NamedData(TABLE))
    if top is None:
        rules = [chart.mark_rule(color=theme.INK, strokeWidth=1.5, **_PLAIN).encode(x=x)]
    else:
        rules = across(chart, x=x, y=top, y2="bottom")
    style = {"baseline": "middle", "fontSize": theme.NOTE, "color": theme.INK, "opacity": theme.SOFT, **_PLAIN}
    return [
        *rules,
        chart.mark_text(align="right", dx=-_BESIDE, **style).encode(x=x, y=middle, text="before:N"),
        chart.mark_text(align="left", dx=_BESIDE, **style).encode(x=x, y=middle, text="behind:N"),
    ]


def across(chart: altair.Chart, **where: Any) -> list[altair.Chart]:
    """A rule over pictures: black in white, so that it is seen on every colour."""
    wide, thin = ({"color": colour, "strokeWidth": width} for colour, width in (("white", 4.5), ("black", 1.5)))
    return [chart.mark_rule(**style, **_PLAIN).encode(**where) for style in (wide, thin)]
