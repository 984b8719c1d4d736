"""Fed with the right answer beside running free: over training, and along the output."""

import dataclasses
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

FED, FREE = "fed with the right answer", "running free"  # the values of the column mode
_THICK = 4.0  # pixels, a line of running free
_THIN = ((2.0, 0.85), (1.75, 0.65))  # pixels and opacity, a line when fed: beside few models, beside many
_KEY = ("━━ running free", "── fed with the right answer")
_ROOM = 6  # pixels beyond the ends of the vertical axis, so that a line that runs along one is as thick as elsewhere
_MOST_SHADED = 3  # models; the gaps of more would hide one another
_TABLES = ("lines", "gaps", "key", "now")


@dataclasses.dataclass(frozen=True)
class Layout:
    """Everything about such a chart that stays the same while a run goes on.

    across:    field of the horizontal axis.
    low, high: where that axis ends.
    percent:   whether the vertical axis goes from 0 to 100; else it begins at 0.
    points:    whether every value has a point.
    """

    series: tuple[Series, ...]
    across: str
    low: float
    high: float
    across_title: str
    title: str
    percent: bool = False
    points: bool = False


def exposure(table: "pd.DataFrame", labels: Sequence[str], steps: int, mark: int = -1) -> Drawing:
    """Cross-entropy per symbol against training step: thick while running free, thin when fed with the right answer.

    What lies between the two is shaded where there are few models.

    table:  columns step, label, mode (`FED` or `FREE`), value.
    labels: all models that may occur.
    steps:  training steps of the whole training.
    mark:   the training step that the rest of the page shows; -1 for no mark.
    """
    series = lines.of_models(labels)
    layout = Layout(series, "step", 0, steps, "training step", "cross-entropy per symbol (nats)")
    about = f"Line chart: cross-entropy per symbol of {_names(labels)} against training step, {FED} and {FREE}."
    return _draw(layout, table, labels, about, mark)


def positions(table: "pd.DataFrame", labels: Sequence[str], output_steps: int) -> Drawing:
    """Percent of right symbols at every place of the output, in both modes as in `exposure`.

    table:        columns position (from 1), label, mode, value in percent.
    output_steps: places of the longest output.
    """
    series, end = lines.of_models(labels), output_steps + 0.5
    layout = Layout(series, "position", 0.5, end, "place in the output", "symbols right (%)", True, True)
    about = f"Line chart: percent of right symbols of {_names(labels)} at every place of the output, {FED} and {FREE}."
    return _draw(layout, table, labels, about)


def line_looks(models: int) -> list[dict[str, object]]:
    """How a line of each mode is drawn beside so many models, `FED` first: mode, width in pixels, opacity."""
    width, opacity = _THIN[models > _MOST_SHADED]
    fed = {"mode": FED, "width": width, "opacity": opacity}
    return [fed, {"mode": FREE, "width": _THICK, "opacity": 1.0}]


def _draw(layout: Layout, table: "pd.DataFrame", labels: Sequence[str], about: str, mark: int = -1) -> Drawing:
    names = dict(zip(labels, (one.name for one in layout.series), strict=True))
    series, across = [names[label] for label in table["label"]], table[layout.across].to_numpy()
    value, modes = table["value"].to_numpy(float), list(table["mode"])
    found = dict(zip(zip(series, across, modes, strict=True), value, strict=True))
    shaded = [(name, at) for name, at, mode in found if mode == FREE and (name, at, FED) in found]
    if len(labels) > _MOST_SHADED:
        shaded = []
    colours = {one.name: one.colour for one in layout.series}
    drawn = {one["mode"]: one for one in line_looks(len(labels))}
    tables = {
        "lines": {
            layout.across: across,
            "series": series,
            "mode": modes,
            "value": value,
            "colour": [colours[name] for name in series],
            "width": [drawn[mode]["width"] for mode in modes],
            "opacity": [drawn[mode]["opacity"] for mode in modes],
        },
        "gaps": {
            layout.across: [at for _, at in shaded],
            "series": [name for name, _ in shaded],
            "value": [found[name, at, FED] for name, at in shaded],
            "colour": [colours[name] for name, _ in shaded],
            "free": [found[name, at, FREE] for name, at in shaded],
        },
        "key": {"name": ["\u2003".join(_KEY)]},
        "now": {"now": [mark] if mark >= 0 else []},
    }
    return Drawing(_structure(layout), tables, about)


@kept_structure
def _structure(layout: Layout) -> Structure:
    x = lines.across(layout.across, layout.low, layout.high, layout.across_title)
    if layout.percent:
        scale, ticks = altair.Scale(domain=[0, 100], nice=False, padding=_ROOM), {"values": [0, 25, 50, 75, 100]}
    else:
        scale, ticks = altair.Scale(zero=True, nice=False, padding=_ROOM), {}
    y = lines.up("value", layout.title, scale, 1, **{"tickCount": 5, **ticks})
    line = lines.lines(x, y, layout.series, 1).encode(
        detail="mode:N",
        size=altair.Size("width:Q", scale=None, legend=None),  # of a line its width
        opacity=altair.Opacity("opacity:Q", scale=None, legend=None),
    )
    area = altair.Chart(altair.NamedData("gaps")).mark_area(opacity=0.13, line=False, clip=True, tooltip=None)
    fill = altair.Fill("colour:N", scale=None, legend=None)
    gap = area.encode(x=x, y=y, y2="free", fill=fill, detail="series:N")
    key = altair.Chart(altair.NamedData("key")).mark_text(
        align="left",
        baseline="bottom",
        fontSize=theme.TEXT,
        color=theme.INK,
        limit=altair.ExprRef("width"),
        tooltip=None,
        aria=False,
    )
    marked = lines.now("now", lines.across("now", layout.low, layout.high, layout.across_title))
    layers = [marked, gap, line, *([_points(x, y)] if layout.points else [])]
    return structure([*layers, key.encode(x=altair.value(0), y=altair.value(-7), text="name:N")], _TABLES, theme.CURVES)


def _points(x: altair.X, y: altair.Y) -> altair.Chart:
    chart = altair.Chart(altair.NamedData("lines")).mark_point(filled=True, size=36, tooltip=None)
    opacity = altair.Opacity("opacity:Q", scale=None, legend=None)
    fill = altair.Fill("colour:N", scale=None, legend=None)
    return chart.encode(x=x, y=y, fill=fill, opacity=opacity)


def _names(labels: Sequence[str]) -> str:
    return listed([look.name for look in theme.looks(labels)])
