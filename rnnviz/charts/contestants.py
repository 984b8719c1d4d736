"""How far each model came on each task, seed by seed, between guessing and the best that there can be."""

import dataclasses
import json
from collections.abc import Sequence

import altair

from rnnviz.charts import theme
from rnnviz.charts.drawing import Drawing, Structure, kept_structure, structure
from rnnviz.charts.kit import lines
from rnnviz.core.names import listed

_ROW = 15  # pixels of one model's dots
_GAP = 14  # pixels between two tasks
_LEAST = -0.25  # a dot that lies further below guessing stands here
_TABLES = ("dots", "ends")


@dataclasses.dataclass(frozen=True)
class Contestant:
    """One model on one task: its `label`, and for each seed the share of the way from guessing (0) to the best (1)."""

    task: str
    label: str
    shares: tuple[float, ...]


def contestants(found: Sequence[Contestant]) -> Drawing:
    """A row for each model of each task, a dot for each seed.

    found: task by task, in the order in which they are to stand.
    """
    places, top = {}, 0
    for at, one in enumerate(found):
        top += _GAP if at and one.task != found[at - 1].task else 0
        places[at] = top
        top += _ROW
    rows = [(one, at, share) for at, one in enumerate(found) for share in one.shares]
    dots = {
        "series": [theme.style_of(one.label).name for one, _, _ in rows],
        "place": [places[at] for _, at, _ in rows],
        "share": [max(share, _LEAST) for _, _, share in rows],
    }
    tasks = list(dict.fromkeys(one.task for one in found))
    middles = [_middle([places[at] for at, one in enumerate(found) if one.task == task]) for task in tasks]
    labels = tuple(dict.fromkeys(one.label for one in found))
    about = f"Dot chart: how far {listed([theme.style_of(label).name for label in labels])} came on {len(tasks)} tasks."
    ends = {"share": [0.0, 1.0], "name": ["guessing", "best possible"]}
    layout = _structure(labels, tuple(zip(tasks, middles, strict=True)), float(top))
    return Drawing(layout, dict(zip(_TABLES, (dots, ends), strict=True)), about)


def _middle(places: Sequence[float]) -> float:
    return (places[0] + places[-1]) / 2


@kept_structure
def _structure(labels: tuple[str, ...], tasks: tuple[tuple[str, float], ...], top: float) -> Structure:
    series = lines.of_models(labels)
    shares = altair.Axis(
        title="share of the way from guessing to the best possible", format=".0%", tickCount=5, **theme.AXIS
    )
    scale = altair.Scale(domain=[_LEAST, 1.02], nice=False, zero=False)
    x = altair.X("share", type="quantitative", scale=scale, axis=shares)
    names = " : ".join(f"datum.value == {middle:g} ? {json.dumps(task)}" for task, middle in tasks) + " : ''"
    axis = altair.Axis(
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
    down = altair.Scale(domain=[-_ROW, top + _ROW], reverse=True, nice=False, zero=False)
    y = altair.Y("place", type="quantitative", scale=down, axis=axis)
    dots = altair.Chart(altair.NamedData("dots"))
    points = dots.mark_point(size=70, filled=True, opacity=0.75, tooltip=None)
    marks = altair.Chart(altair.NamedData("ends"))
    rule = marks.mark_rule(strokeWidth=1.5, strokeDash=[5, 4], color=theme.INK, opacity=theme.SOFT, tooltip=None)
    name = marks.mark_text(
        baseline="bottom", fontSize=theme.TEXT, color=theme.INK, opacity=theme.SOFT, align="right", dx=4, tooltip=None
    )
    return structure(
        [
            rule.encode(x=x),
            name.encode(x=x, y=altair.value(-4), text="name:N"),
            points.encode(x=x, y=y, color=lines.colour(series, rows=1, symbol="circle")),
        ],
        _TABLES,
        int(top + 2 * _ROW),
    )
