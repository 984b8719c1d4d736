"""Lines in a single view: the parts that all line charts share."""

import dataclasses
import json
from collections.abc import Iterable, Sequence
from typing import Any

import altair

from rnnviz.cells import Block, part
from rnnviz.charts import theme

_ABOVE = 7  # pixels above a chart for remarks
_LEFT = 30  # pixels beside the plot, where the numbers of its axis stand, that a remark begins
_REMARK = 5.8  # pixels of a letter of a remark, about
_APART = 6  # pixels between two numbers of a horizontal axis; where they would be nearer, every other one is left out
_TITLE = 20  # pixels above a chart for the title of its vertical axis
_SYMBOL, _LETTER = 33, 6.4  # pixels, beside a name in a legend and for each of its letters
_DECADES, _NARROW = range(-12, 9), 20


def _within(*digits: int) -> str:
    """So many values in every decade, as an array of Vega's."""
    return str([float(f"{digit}e{power}") for power in _DECADES for digit in digits])


# Powers of ten are labelled in full, 2 and 5 between them while there is room; more where the axis is short of decades.
LOG_AXIS = {
    "values": altair.ExprRef(
        f"domain('y')[1] < {_NARROW} * domain('y')[0] ? {_within(1, 2, 3, 4, 5, 7)} : {_within(1, 2, 5)}"
    ),
    "format": "~g",
    "labelOverlap": "greedy",
}


@dataclasses.dataclass(frozen=True)
class Series:
    """One line's name, colour, dash and width in pixels."""

    name: str
    colour: str
    dash: tuple[int, ...] = (1, 0)
    mark: tuple[str, bool] = ("circle", True)
    width: float = theme.LINE


def of_models(labels: Sequence[str]) -> tuple[Series, ...]:
    """A series for each model: one colour per cell, a dash and a mark of its own for the second, third, … of it."""
    return tuple(Series(look.name, look.colour, look.dash, look.mark) for look in theme.looks(labels))


def of_gates(names: Sequence[str]) -> tuple[Series, ...]:
    """A series for each gate or candidate, under a name short enough for three beside each other on a phone."""
    blocks = [block for block in map(part, names) if isinstance(block, Block)]
    return tuple(Series(block.short, theme.ROLES[block.role], block.dash) for block in blocks)


def lines(x: altair.X, y: altair.Y, series: tuple[Series, ...], rows: int = 0) -> altair.Chart:
    """A line for each series of the table `lines` with the columns `series` and those that x and y name.

    rows: how many rows of remarks stand between the chart and its title.
    """
    several = any(one.width != theme.LINE for one in series)
    wide = {} if several else {"strokeWidth": theme.LINE}  # a width of the mark's own would overrule the series'
    chart = altair.Chart(altair.NamedData("lines")).mark_line(clip=True, tooltip=None, **wide)
    encoded = chart.encode(x=x, y=y, color=colour(series, rows))
    if several:
        encoded = encoded.encode(strokeWidth=_widths(series))
    if all(one.dash == (1, 0) for one in series):
        return encoded
    scale = altair.Scale(domain=[s.name for s in series], range=[list(s.dash) for s in series])
    return encoded.encode(strokeDash=altair.StrokeDash("series:N", scale=scale, legend=_legend(series, rows)))


def _widths(series: tuple[Series, ...]) -> altair.StrokeWidthValue:
    """Each line as wide as its series says; a scale of Vega's would space the widths evenly."""
    wide = [
        {"test": f"datum.series === {json.dumps(one.name, ensure_ascii=False)}", "value": one.width} for one in series
    ]
    return altair.StrokeWidthValue(theme.LINE, condition=wide)


def colour(series: tuple[Series, ...], rows: int = 0) -> altair.Color:
    """The colours of the series with a legend above the chart; all series stand in it, also before they have data."""
    scale = altair.Scale(domain=[s.name for s in series], range=[s.colour for s in series])
    return altair.Color("series:N", scale=scale, legend=_legend(series, rows))


def marks(series: tuple[Series, ...], rows: int = 0) -> dict[str, Any]:
    """How dots of the series look, by channel, with one legend above the chart: colour, shape, filled or hollow."""
    names, legend = [s.name for s in series], _legend(series, rows, symbolStrokeWidth=2, symbolSize=120)
    found = {
        altair.Stroke: [s.colour for s in series],
        altair.Fill: [s.colour if s.mark[1] else "transparent" for s in series],
        altair.Shape: [s.mark[0] for s in series],
    }
    return {
        kind.__name__.lower(): kind("series:N", scale=altair.Scale(domain=names, range=shown), legend=legend)
        for kind, shown in found.items()
    }


def _legend(series: tuple[Series, ...], rows: int, **symbol: Any) -> altair.Legend:
    return altair.Legend(
        title=None,
        orient="top",
        direction="horizontal",
        columns=_columns(series),
        labelFontSize=theme.TEXT,
        labelColor=theme.INK,
        columnPadding=12,
        labelOffset=4,
        padding=0,
        offset=_TITLE + 8 + rows * theme.ROW,
        **(symbol or {"symbolType": "stroke", "symbolStrokeWidth": 3, "symbolSize": 260}),
    )


def _columns(series: tuple[Series, ...]) -> altair.ExprRef:
    """As many names side by side as fit above the chart, so that the legend never makes it narrower."""
    widths = [_SYMBOL + _LETTER * len(one.name) for one in series]
    return altair.ExprRef(f"width >= {sum(widths):.0f} ? {len(series)} : width >= {2 * max(widths):.0f} ? 2 : 1")


def across(field: str, low: float, high: float, title: str) -> altair.X:
    """A horizontal axis over a fixed range of steps."""
    scale = altair.Scale(domain=[low, high], nice=False, zero=False)
    axis = altair.Axis(title=title, grid=False, format="d", tickMinStep=1, labelSeparation=_APART, **theme.AXIS)
    return altair.X(field, type="quantitative", scale=scale, axis=axis)


def up(field: str, title: str, scale: altair.Scale, rows: int = 0, **axis: Any) -> altair.Y:
    """A vertical axis, its title written level above its upper end and above `rows` of remarks."""
    level = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleBaseline": "bottom"}
    written = {**theme.AXIS, "titleFontWeight": 600, "titleX": 0, "titleY": -8 - rows * theme.ROW, **level, **axis}
    numbers = theme.NUMBERS if scale.to_dict().get("type") == "log" else theme.SHORT_NUMBERS
    extent = {"minExtent": numbers, "maxExtent": numbers}  # so that the plot keeps its width
    full = altair.Axis(title=title, **{**extent, **written})
    return altair.Y(field, type="quantitative", scale=scale, axis=full)


def rules(marks: Iterable[tuple[float, str]], reach: Iterable[float] = ()) -> dict[str, list[Any]]:
    """Columns for `rule`: a value and its name for each of `marks`, and unseen values that the axis is to `reach`."""
    seen, unseen = list(marks), list(reach)
    return {
        "value": [float(value) for value, _ in seen] + [float(value) for value in unseen],
        "name": [f"– – {name}" for _, name in seen] + [""] * len(unseen),
        "opacity": [theme.SOFT] * len(seen) + [0.0] * len(unseen),
    }


def rule(table: str, y: altair.Y) -> tuple[altair.Chart, altair.Chart]:
    """A dashed line across at each `value` of a table, and its `name` above the chart, where no curve runs through it.

    One line at most has a name: it takes the one row of remarks. Where it does not fit, it ends before its colon.
    """
    chart = altair.Chart(altair.NamedData(table))
    shown = {"fontSize": theme.TEXT, "color": theme.INK, "limit": altair.ExprRef(f"width + {_LEFT}"), "tooltip": None}
    fits = f"width + {_LEFT} >= {_REMARK} * length(datum.name)"
    named = altair.ExprRef(f"{fits} ? datum.name : split(datum.name, ':')[0]")
    text = chart.mark_text(align="left", baseline="bottom", text=named, **shown)
    line = chart.mark_rule(strokeDash=[5, 4], strokeWidth=1.5, color=theme.INK, tooltip=None)
    opacity = altair.Opacity("opacity:Q", scale=None, legend=None)
    left, above = altair.value(-_LEFT), altair.value(-_ABOVE)
    return line.encode(y=y, opacity=opacity), text.encode(x=left, y=above, opacity=opacity)


def now(table: str, x: altair.X) -> altair.Chart:
    """A thin line up at the `step` that the rest of the page shows."""
    chart = altair.Chart(altair.NamedData(table))
    return chart.mark_rule(strokeWidth=1.5, color=theme.INK, opacity=theme.FAINT, tooltip=None).encode(x=x)
