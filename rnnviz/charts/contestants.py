"""How far each model came on each task, seed by seed, between guessing and the best that there can be."""

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

import altair

from rnnviz.charts import theme
from rnnviz.charts.drawing import Drawing, Structure, kept_structure, structure
from rnnviz.charts.kit import lines
from rnnviz.core.names import listed, percent

_ROW = 16  # pixels of one model's dots
_GAP = 14  # pixels between two tasks
_LEAST = -0.25  # what lies further below is told by an arrow that stands here
_TICKS = [round(0.2 * at, 1) for at in range(-1, 6)]
_ENDS = (-0.29, 1.02)  # of the axis; where there is room for names beside the rows, it ends at
_NAMED, _ROOM = 1.32, 560  # and there is from so many pixels on
_TABLES = ("dots", "beyond", "rows", "ends")
_BEST_UNKNOWN = " *"  # behind a task's name


@dataclasses.dataclass(frozen=True)
class Contestant:
    """One model on one task: its `label`, and for each seed the share of the way from guessing (0) to the best (1).

    best_known: whether the best is known; else 1 is no error at all, or every answer right.
    """

    task: str
    label: str
    shares: tuple[float, ...]
    best_known: bool = True

    @property
    def name(self) -> str:
        """The task's, with a mark where the best is not known."""
        return self.task + _BEST_UNKNOWN * (not self.best_known)


def contestants(found: Sequence[Contestant]) -> Drawing:
    """A row for each model of each task, a dot for each seed; an arrow for those too far below guessing.

    found: task by task, in the order in which they are to stand.
    """
    places, top = list[float](), 0.0
    for before, one in zip([*found[:1], *found], found, strict=False):
        top += _GAP if one.task != before.task else 0
        places.append(top)
        top += _ROW
    tasks = list(dict.fromkeys(one.name for one in found))
    middles = [_middle([at for at, one in zip(places, found, strict=True) if one.name == task]) for task in tasks]
    labels = tuple(dict.fromkeys(one.label for one in found))
    about = f"Dot chart: how far {listed([theme.style_of(label).name for label in labels])} came on {len(tasks)} tasks."
    rows = list(zip(places, found, strict=True))
    names = {"place": places, "share": [1.04] * len(found), "name": [theme.style_of(one.label).name for one in found]}
    ends = {"share": [0.0, 1.0], "name": ["simple answer", "best possible"]}
    layout = _structure(labels, tuple(zip(tasks, middles, strict=True)), top)
    return Drawing(layout, dict(zip(_TABLES, (_dots(rows), _beyond(rows), names, ends), strict=True)), about)


def _dots(rows: list[tuple[float, Contestant]]) -> dict[str, list[Any]]:
    kept = [(at, one, share) for at, one in rows for share in one.shares if share >= _LEAST]
    return {
        "series": [theme.style_of(one.label).name for _, one, _ in kept],
        "place": [at for at, _, _ in kept],
        "share": [share for _, _, share in kept],
        "told": [f"{theme.style_of(one.label).name}: {percent(100 * share)}" for _, one, share in kept],
    }


def _beyond(rows: list[tuple[float, Contestant]]) -> dict[str, list[Any]]:
    """Where an arrow stands, for all dots of a row that are off the axis, and what they are."""
    low = [(at, one, [share for share in one.shares if share < _LEAST]) for at, one in rows]
    kept = [(at, one, shares) for at, one, shares in low if shares]
    return {
        "colour": [theme.style_of(one.label).colour for _, one, _ in kept],
        "place": [at for at, _, _ in kept],
        "share": [_LEAST] * len(kept),
        "name": [_spread(shares) for _, _, shares in kept],
    }


def _spread(shares: Sequence[float]) -> str:
    """From the best to the worst: "−144 to −177 %"."""
    high, low = (f"{100 * share:.0f}".replace("-", "−") for share in (max(shares), min(shares)))
    return f"{high} %" if high == low else f"{high} to {low} %"


def _middle(places: Sequence[float]) -> float:
    return (places[0] + places[-1]) / 2


@kept_structure
def _structure(labels: tuple[str, ...], tasks: tuple[tuple[str, float], ...], top: float) -> Structure:
    end = altair.ExprRef(f"width >= {_ROOM} ? {_NAMED} : {_ENDS[1]}")
    shares = altair.Axis(title="share of the way to the best possible", format=".0%", values=_TICKS, **theme.AXIS)
    scale = altair.Scale(domainMin=_ENDS[0], domainMax=end, nice=False, zero=False)
    x = altair.X("share", type="quantitative", scale=scale, axis=shares)
    down = altair.Scale(domain=[-_ROW, top + _ROW], reverse=True, nice=False, zero=False)
    y = altair.Y("place", type="quantitative", scale=down, axis=_names(tasks))
    marks = altair.Chart(altair.NamedData("ends"))
    rule = marks.mark_rule(strokeWidth=1.5, strokeDash=[5, 4], color=theme.INK, opacity=theme.SOFT, tooltip=None)
    soft = {"color": theme.INK, "opacity": theme.SOFT, "tooltip": None}
    end_name = marks.mark_text(baseline="bottom", fontSize=theme.TEXT, align="right", dx=4, **soft)
    dots = altair.Chart(altair.NamedData("dots")).mark_point(size=60, strokeWidth=2, opacity=0.85)
    beyond = altair.Chart(altair.NamedData("beyond"))
    arrow = beyond.mark_point(size=80, shape="triangle-left", filled=True, opacity=1, tooltip=None)
    far = beyond.mark_text(align="left", baseline="middle", fontSize=theme.NOTE, dx=9, **soft)
    named = altair.ExprRef(f"width >= {_ROOM} ? datum.name : ''")
    row = altair.Chart(altair.NamedData("rows")).mark_text(
        align="left", baseline="middle", fontSize=theme.NOTE, text=named, **soft
    )
    return structure(
        [
            rule.encode(x=x),
            end_name.encode(x=x, y=altair.value(-4), text="name:N"),
            row.encode(x=x, y=y),
            arrow.encode(x=x, y=y, color=altair.Color("colour:N", scale=None)),
            far.encode(x=x, y=y, text="name:N"),
            dots.encode(x=x, y=y, tooltip="told:N", **lines.marks(lines.of_models(labels), rows=1)),
        ],
        _TABLES,
        int(top + 2 * _ROW),
    )


def _names(tasks: tuple[tuple[str, float], ...]) -> altair.Axis:
    """The tasks, each beside the middle of its rows."""
    names = " : ".join(f"datum.value == {middle:g} ? {json.dumps(task)}" for task, middle in tasks) + " : ''"
    return altair.Axis(
        values=[middle for _, middle in tasks],
        labelExpr=names,
        title=None,
        grid=False,
        ticks=False,
        domain=False,
        labelFontSize=theme.TEXT,
        labelColor=theme.INK,
        labelLimit=230,
    )
