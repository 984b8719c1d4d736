"""How well outputs are right as a whole by the length of what was read, and where training ended."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import altair

from rnnviz.charts import theme
from rnnviz.charts.drawing import Drawing, Structure, kept_structure, structure
from rnnviz.charts.kit import lines
from rnnviz.charts.kit.lines import Series
from rnnviz.core.names import listed

if TYPE_CHECKING:
    import pandas as pd

_TABLES = ("lines", "beyond")
_WORDS = "trained up to here"
_ROOM = 6  # pixels beyond 0 and 100, so that no line or point there is cut in half


def by_length(
    table: "pd.DataFrame",
    labels: Sequence[str],
    trained_to: float,
    title: str = "exact match (%)",
    longest: float = 0.0,
) -> Drawing:
    """Percent of outputs that are right as a whole against the length of the input.

    table:      columns length (the middle of a group of lengths), label, value in percent.
    labels:     all models that may occur.
    trained_to: the longest input that was trained on; what is longer is shaded.
    title:      what the vertical axis counts.
    longest:    the longest input there is; at least what the table holds.
    """
    names = dict(zip(labels, (one.name for one in lines.of_models(labels)), strict=True))
    length = table["length"].to_numpy(float)
    high = max([longest, trained_to, *length]) + 0.5
    low = min([1.0, *length]) - 0.5
    tables = {
        "lines": {
            "length": length,
            "series": [names[label] for label in table["label"]],
            "value": table["value"].to_numpy(float),
        },
        "beyond": {
            "start": [trained_to + 0.5],
            "end": [high],
            "name": [_WORDS],
            "side": [-1 if trained_to > (low + high) / 2 else 1],
        },
    }
    shown = listed([look.name for look in theme.looks(labels)])
    about = f"Line chart: {title} of {shown} by the length of the input. Marked is the longest that was trained on."
    return Drawing(_structure(lines.of_models(labels), low, high, title), tables, about)


@kept_structure
def _structure(series: tuple[Series, ...], low: float, high: float, title: str) -> Structure:
    x = lines.across("length", low, high, "length of the input")
    start = lines.across("start", low, high, "length of the input")
    y = lines.up(
        "value", title, altair.Scale(domain=[0, 100], nice=False, padding=_ROOM), 1, values=[0, 25, 50, 75, 100]
    )
    chart = altair.Chart(altair.NamedData("beyond"))
    plain = {"tooltip": None, "aria": False}
    shade = chart.mark_rect(color=theme.INK, opacity=0.07, **plain).encode(x=start, x2="end")
    rule = chart.mark_rule(strokeDash=[5, 4], strokeWidth=1.5, color=theme.INK, opacity=theme.SOFT, **plain)
    words = chart.mark_text(
        align=altair.ExprRef("datum.side < 0 ? 'right' : 'left'"),
        baseline="bottom",
        fontSize=theme.TEXT,
        color=theme.INK,
        **plain,
    )
    points = altair.Chart(altair.NamedData("lines")).mark_point(filled=True, size=60, opacity=1, tooltip=None)
    return structure(
        [
            shade,
            rule.encode(x=start),
            lines.lines(x, y, series, 1),
            points.encode(x=x, y=y, color=lines.colour(series, 1)),
            words.encode(x=start, y=altair.value(-5), text="name:N"),
        ],
        _TABLES,
        theme.CURVES,
    )
