"""What each unit is for: how much worse the answers are without it, the most important unit on top."""

from collections.abc import Sequence

import altair
import numpy as np

from rnnviz.charts import theme
from rnnviz.charts.drawing import Drawing, Structure, kept_structure, structure

NAMED = 10  # units with their names and numbers
_ROW, _BAR = 22, 16  # pixels of a named row, and of its bar
_REST, _LEAST = 160, 2  # pixels of all other rows together, at most, and of one of them, at least
_HIGHEST = 6  # pixels of such a row
_LEFT, _RIGHT = 92, 1.3  # pixels left of the bars for names; what the axis reaches beyond the longest bar
_TABLES = ("bars", "names", "ends")
_PLAIN = {"tooltip": None, "aria": False}


def silenced(label: str, names: Sequence[str], worse: np.ndarray, said: Sequence[str], title: str) -> Drawing:
    """A bar for each unit, the ten most important with their names and numbers.

    names: of the units, the most important first, such as "unit 5".
    worse: (unit,), how much worse the score is without each, in that order; below 0 where it is better.
    said:  that number in words, behind the bars of the named ones.
    title: of the axis, with its unit.
    """
    look, count = theme.style_of(label), len(names)
    tops = [_top(at, count) for at in range(count)]
    highs = [_high(at, count) for at in range(count)]
    values = np.asarray(worse, float)
    bars = {
        "value": values.tolist(),
        "zero": [0.0] * count,
        "top": tops,
        "bottom": [top + high for top, high in zip(tops, highs, strict=True)],
    }
    few = min(NAMED, count)
    middles = [top + high / 2 for top, high in zip(tops[:few], highs[:few], strict=True)]
    named = {"value": np.maximum(values[:few], 0.0).tolist(), "middle": middles, "name": [*names[:few]]}
    named["said"] = [*said[:few]]
    most, least = max(float(values.max(initial=0.0)), 1e-12), min(float(values.min(initial=0.0)), 0.0)
    ends = {"value": [min(least, -0.02 * most), most * _RIGHT], "middle": [0.0, 0.0]}
    about = f"Bar chart: how much worse the score of the {look.name} is without each of {count} units."
    return Drawing(_structure(count, look.colour, title), dict(zip(_TABLES, (bars, named, ends), strict=True)), about)


def _thin(count: int) -> float:
    """Pixels of a row without a name."""
    return max(_LEAST, min(_HIGHEST, _REST / max(1, count - NAMED)))


def _top(at: int, count: int) -> float:
    return at * _ROW + (_ROW - _BAR) / 2 if at < NAMED else NAMED * _ROW + (at - NAMED) * _thin(count)


def _high(at: int, count: int) -> float:
    return _BAR if at < NAMED else 0.75 * _thin(count)


@kept_structure
def _structure(count: int, colour: str, title: str) -> Structure:
    height = int(_ROW * min(count, NAMED) + _thin(count) * max(0, count - NAMED)) + 4
    axis = altair.Axis(title=title, grid=False, tickCount=5, **theme.AXIS)
    x = altair.X("value", type="quantitative", scale=altair.Scale(nice=False), axis=axis)
    room = altair.Axis(
        labels=False, ticks=False, domain=False, grid=False, title=None, minExtent=_LEFT, maxExtent=_LEFT
    )
    scale = altair.Scale(domain=[height, 0], nice=False, zero=False)
    top, middle = (altair.Y(name, type="quantitative", scale=scale, axis=room) for name in ("top", "middle"))
    bars = altair.Chart(altair.NamedData("bars")).mark_rect(color=colour, **_PLAIN)
    names, ends = altair.Chart(altair.NamedData("names")), altair.Chart(altair.NamedData("ends"))
    text = {"baseline": "middle", "fontSize": theme.TEXT, "color": theme.INK, **_PLAIN}
    zero = altair.Chart(altair.NamedData("bars")).mark_rule(
        color=theme.INK, strokeWidth=1, opacity=theme.SOFT, **_PLAIN
    )
    return structure(
        [
            bars.encode(x=x, x2="zero", y=top, y2="bottom"),
            zero.encode(x=altair.X("zero", type="quantitative")),
            names.mark_text(align="right", **text).encode(x=altair.value(-8), y=middle, text="name:N"),
            names.mark_text(align="left", dx=6, **text).encode(x=x, y=middle, text="said:N"),
            ends.mark_point(opacity=0, **_PLAIN).encode(x=x, y=middle),
        ],
        _TABLES,
        max(60, height),
    )
