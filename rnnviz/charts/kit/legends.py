"""Colours and signs of what belongs to no model, and a row that explains them, as wide as it needs to be."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import altair

from rnnviz.charts import theme
from rnnviz.charts.drawing import Columns

ACCENT = "#8A63D2"  # what a reader is to see first; no cell and no gate has it
SECOND = "#C08A1E"  # what it is compared with
PLAIN = "#8C8C8C"  # what was there before, and what does not matter
WRONG = "#E0474C"  # always with a sign beside it
CROSS, TICK = "×", "✓"

_LETTER, _SYMBOL, _GAP = 6.6, 17, 16  # pixels
_MIDDLE = 10  # pixels from the top of a chart to the middle of the first row of signs
PLAIN_MARK: dict[str, Any] = {"tooltip": None, "aria": False}


@dataclasses.dataclass(frozen=True)
class Sign:
    """One entry: a sign in a colour and what it means."""

    sign: str
    colour: str
    name: str


def key_table(signs: Sequence[Sign]) -> Columns:
    """Columns for `key`: the signs from left to right."""
    before = [_SYMBOL if len(one.sign) == 1 else 2 * _SYMBOL for one in signs]
    widths = [room + _LETTER * len(one.name) + _GAP for room, one in zip(before, signs, strict=True)]
    half = max(widths[::2], default=0)
    return {
        "start": [sum(widths[:place]) for place in range(len(signs))],
        "all": [sum(widths)] * len(signs),
        "column": [half * (place % 2) for place in range(len(signs))],
        "row": [place // 2 for place in range(len(signs))],
        "room": before,
        "sign": [one.sign for one in signs],
        "name": [one.name for one in signs],
        "colour": [one.colour for one in signs],
    }


def key(table: str) -> list[altair.Chart]:
    """The layers of a row of signs at the top of a chart, or of rows of two where it is narrower than all.

    Its places are pixels, whatever the axes count.
    """
    chart = altair.Chart(altair.NamedData(table))
    style = {"align": "left", "baseline": "middle", "fontSize": theme.NOTE + 1, **PLAIN_MARK}
    fits = "width >= datum.all"
    start, y = f"({fits} ? datum.start : datum.column)", _at(f"{_MIDDLE} + ({fits} ? 0 : {theme.ROW} * datum.row)")
    colour = altair.Color("colour:N", scale=None, legend=None)
    sign = chart.mark_text(fontWeight=700, **style).encode(x=_at(start), y=y, text="sign:N", color=colour)
    name = chart.mark_text(color=theme.INK, **style)
    return [sign, name.encode(x=_at(f"{start} + datum.room"), y=y, text="name:N")]


def _at(pixels: str) -> Any:
    return altair.value(altair.ExprRef(pixels))
