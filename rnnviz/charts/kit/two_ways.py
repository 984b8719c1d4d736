"""Two lines for each model, one thick and one thin, with what lies between them shaded where there are few models."""

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair

from rnnviz.charts import theme
from rnnviz.charts.drawing import Drawing, Structure, kept_structure, structure
from rnnviz.charts.kit import lines
from rnnviz.charts.kit.lines import Series

if TYPE_CHECKING:
    import pandas as pd

_THICK = 4.0  # pixels, a thick line
_THIN = ((2.0, 0.85), (1.75, 0.65))  # pixels and opacity, a thin one: beside few models, beside many
_ROOM = 6  # pixels beyond the ends of the vertical axis, so that a line that runs along one is as thick as elsewhere
_MOST_SHADED = 3  # models; the gaps of more would hide one another
_TABLES = ("lines", "gaps", "lowest", "key", "now")


@dataclasses.dataclass(frozen=True)
class Layout:
    """Everything about such a chart that stays the same while a run goes on.

    across:      field of the horizontal axis.
    low, high:   where that axis ends.
    thin, thick: what the two lines of a model are, as values of the column mode.
    percent:     whether the vertical axis goes from 0 to 100; else it begins at 0.
    log:         whether it is logarithmic instead.
    lowest:      what a triangle means; "" where there is none.
    points:      whether every value has a point.
    """

    series: tuple[Series, ...]
    across: str
    low: float
    high: float
    across_title: str
    title: str
    thin: str
    thick: str
    percent: bool = False
    log: bool = False
    points: bool = False
    lowest: str = ""

    @property
    def key(self) -> str:
        """What is thick and what is thin."""
        return "\u2003".join([f"━ {self.thick}", f"─ {self.thin}", *([f"▼ {self.lowest}"] if self.lowest else [])])


def looks(models: int, thin: str, thick: str) -> list[dict[str, object]]:
    """How both lines are drawn beside so many models, the thin one first: mode, width in pixels, opacity."""
    width, opacity = _THIN[models > _MOST_SHADED]
    return [{"mode": thin, "width": width, "opacity": opacity}, {"mode": thick, "width": _THICK, "opacity": 1.0}]


def draw(layout: Layout, table: "pd.DataFrame", labels: Sequence[str], about: str, mark: int = -1) -> Drawing:
    """Such a chart.

    table:  columns `layout.across`, label, mode (`layout.thin` or `layout.thick`), value.
    labels: all models that may occur.
    about:  what it shows, in a sentence.
    mark:   where on the horizontal axis the rest of the page is; -1 for no mark.
    """
    names = dict(zip(labels, (one.name for one in layout.series), strict=True))
    series, across = [names[label] for label in table["label"]], table[layout.across].to_numpy()
    value, modes = table["value"].to_numpy(float), list(table["mode"])
    found = dict(zip(zip(series, across, modes, strict=True), value, strict=True))
    shaded = [(name, at) for name, at, mode in found if mode == layout.thick and (name, at, layout.thin) in found]
    if len(labels) > _MOST_SHADED:
        shaded = []
    colours = {one.name: one.colour for one in layout.series}
    drawn = {one["mode"]: one for one in looks(len(labels), layout.thin, layout.thick)}
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
            "value": [found[name, at, layout.thin] for name, at in shaded],
            "colour": [colours[name] for name, _ in shaded],
            "free": [found[name, at, layout.thick] for name, at in shaded],
        },
        "lowest": {layout.across: [], "series": [], "value": [], "colour": []},
        "key": {"name": [layout.key]},
        "now": {"now": [mark] if mark >= 0 else []},
    }
    return Drawing(_structure(layout), tables, about)


@kept_structure
def _structure(layout: Layout) -> Structure:
    x = lines.across(layout.across, layout.low, layout.high, layout.across_title)
    ticks: dict[str, Any]
    if layout.percent:
        scale, ticks = (
            altair.Scale(domain=[0, 100], nice=False, padding=_ROOM),
            {"values": [0, 25, 50, 75, 100], "format": "d"},
        )
    elif layout.log:
        scale, ticks = altair.Scale(type="log", nice=False, padding=_ROOM), dict(lines.LOG_AXIS)
    else:
        scale, ticks = altair.Scale(zero=True, nice=False, padding=_ROOM), {}
    usual = {} if layout.log else {"tickCount": 5, "format": "~g"}
    y = lines.up("value", layout.title, scale, 1, **{**usual, **ticks})
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
    lowest = altair.Chart(altair.NamedData("lowest")).mark_point(
        shape="triangle-down", filled=True, size=130, yOffset=-9
    )
    lowest = lowest.encode(x=x, y=y, fill=fill, opacity=altair.value(1))
    marked = lines.now("now", lines.across("now", layout.low, layout.high, layout.across_title))
    layers = [marked, gap, line, lowest, *([_points(x, y)] if layout.points else [])]
    return structure([*layers, key.encode(x=altair.value(0), y=altair.value(-7), text="name:N")], _TABLES, theme.CURVES)


def _points(x: altair.X, y: altair.Y) -> altair.Chart:
    chart = altair.Chart(altair.NamedData("lines")).mark_point(filled=True, size=36, tooltip=None)
    opacity = altair.Opacity("opacity:Q", scale=None, legend=None)
    fill = altair.Fill("colour:N", scale=None, legend=None)
    return chart.encode(x=x, y=y, fill=fill, opacity=opacity)
