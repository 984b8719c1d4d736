"""The vectors of one time step, one strip each: a cell for every unit, the chosen unit marked in all of them."""

import dataclasses
import zlib
from collections.abc import Sequence
from typing import Any

import altair
import numpy as np

from rnnviz.charts import theme
from rnnviz.charts.drawing import Drawing, Pictures, Structure, kept_structure, structure
from rnnviz.charts.kit.png import data_url
from rnnviz.charts.scales import BOUNDED
from rnnviz.charts.traces import scale_of
from rnnviz.core.names import number

_ROW, _GAP = 20, 6  # pixels
_FOOT = 20  # pixels below the strips, where the unit's number stands
_NAMES, _VALUES = 44, 46  # pixels left and right of the strips
_TABLES = ("pictures", "strips", "chosen", "ends")
_PLAIN = {"tooltip": None, "aria": False}


@dataclasses.dataclass(frozen=True)
class Strip:
    """One vector.

    name:     its symbol.
    variable: what it is, which decides its colours, such as `forget_gate`; "" for what is read.
    values:   (unit,), or (input,) for what is read, which has no chosen unit.
    value:    what is written behind it: that of the chosen unit, or the mean; None for nothing.
    """

    name: str
    variable: str
    values: np.ndarray
    value: float | None


def strips(cell: str, found: Sequence[Strip], unit: int | None, bounded: bool = True) -> Drawing:
    """All vectors below one another.

    cell:    its name for those who cannot see it.
    unit:    the chosen unit, from 0; None if the values are means over all.
    bounded: whether hidden states lie between −1 and 1; those of a ReLU do not.
    """
    size = max(len(one.values) for one in found if one.variable)
    tops = [place * (_ROW + _GAP) for place in range(len(found))]
    first = next(top for top, one in zip(tops, found, strict=True) if one.variable)
    bottoms = [top + _ROW for top in tops]
    scales = [scale_of(one.variable, bounded) if one.variable else BOUNDED for one in found]
    urls = [data_url(one.values[None, :], scale) for one, scale in zip(found, scales, strict=True)]
    tables = {
        "pictures": {
            "top": tops,
            "bottom": bottoms,
            "url": urls,
            "key": [f"{row} {zlib.crc32(url.encode())}" for row, url in enumerate(urls)],
            "order": [1] * len(urls),
        },
        "strips": {
            "middle": [top + _ROW / 2 for top in tops],
            "bottom": bottoms,
            "name": [one.name for one in found],
            "value": ["" if one.value is None else number(one.value) for one in found],
        },
        "chosen": {
            "from": [] if unit is None else [unit / size],
            "to": [] if unit is None else [(unit + 1) / size],
            "top": [] if unit is None else [first - 2],
            "bottom": [] if unit is None else [tops[-1] + _ROW + 2],
        },
        "ends": {"place": [0.0, 1.0], "text": ["unit 1", f"unit {size}"], "end": [0, 1]},
    }
    about = f"Heatmaps: the vectors of one time step of the {cell}, {size} units each."
    filled = sum(int(np.count_nonzero(~np.isnan(one.values))) for one in found)
    return Drawing(_structure(len(found)), tables, about, Pictures("pictures", filled))


@kept_structure
def _structure(rows: int) -> Structure:
    height = rows * (_ROW + _GAP) + _FOOT
    chart = altair.Chart(altair.NamedData("strips"))
    left, right = altair.value(_NAMES), altair.value(altair.ExprRef(f"width - {_VALUES}"))
    picture = altair.Chart(altair.NamedData("pictures")).mark_image(aspect=False, smooth=False, **_PLAIN)
    style = {"baseline": "middle", "fontSize": theme.TEXT, "color": theme.INK, **_PLAIN}
    before = altair.value(_NAMES - 8)
    layers = [
        picture.encode(
            x=left, x2=right, y=_down("top", height), y2="bottom", url="url:N", key="key:N", order="order:Q"
        ),  # see `Pictures`
        chart.mark_text(align="right", fontWeight=600, **style).encode(
            x=before, y=_down("middle", height), text="name:N"
        ),
        chart.mark_text(align="right", **style).encode(
            x=altair.value(altair.ExprRef("width")), y=_down("middle", height), text="value:N"
        ),
        _mark(height),
        *_ends(height),
    ]
    return structure(layers, _TABLES, height)


def _mark(height: int) -> altair.Chart:
    chart = altair.Chart(altair.NamedData("chosen"))
    frame = chart.mark_rect(filled=False, stroke=theme.INK, strokeWidth=2, **_PLAIN)
    return frame.encode(x=_along("from"), x2=_along("to"), y=_down("top", height), y2="bottom")


def _ends(height: int) -> list[altair.Chart]:
    """The numbers of the first and the last unit."""
    style = {"baseline": "middle", "fontSize": theme.NOTE, "color": theme.INK, "opacity": theme.SOFT, **_PLAIN}
    y = altair.value(height - _FOOT / 2)
    chart = altair.Chart(altair.NamedData("ends"))
    return [
        chart.transform_filter(f"datum.end == {end}")
        .mark_text(align=align, **style)
        .encode(x=_along("place"), y=y, text="text:N")
        for end, align in ((0, "left"), (1, "right"))
    ]


def _along(field: str) -> Any:
    return altair.value(altair.ExprRef(f"{_NAMES} + datum['{field}'] * (width - {_NAMES + _VALUES})"))


def _down(field: str, height: int) -> altair.Y:
    scale = altair.Scale(domain=[height, 0], nice=False, zero=False)
    return altair.Y(field, type="quantitative", scale=scale, axis=None)
