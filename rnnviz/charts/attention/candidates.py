"""What a model would write next: its likeliest symbols as bars across, the right one marked."""

from collections.abc import Sequence
from typing import Any

import altair
import numpy as np

from rnnviz.charts import theme
from rnnviz.charts.attention.composition import KEYS
from rnnviz.charts.drawing import Columns, Drawing, Structure, kept_structure, structure
from rnnviz.charts.kit import legends
from rnnviz.charts.kit.legends import ACCENT, PLAIN, PLAIN_MARK, TICK, Sign
from rnnviz.charts.kit.symbols import LETTER, SIZE, longest, symbol_label
from rnnviz.core.names import percent

_TABLES = ("bars", "names", "key")
_RIGHT = "#1E9E6A"  # always with a tick
_KEYS, _ROW, _PAIR = 24, 28, 38  # pixels: the row of signs, a symbol's row, a row of two bars
_TICK, _NUMBER = 20, 68  # pixels left and right of the bars
MOST = 6  # symbols for which there is room


def candidates(
    symbols: Sequence[str],
    probabilities: np.ndarray,
    right: str = "",
    changed: np.ndarray | None = None,
    longest_symbol: int = 0,
) -> Drawing:
    """The likeliest symbols, each with its probability as a bar and in percent.

    symbols:       as they are to stand from top to bottom, usually the likeliest first.
    probabilities: (symbol,), 0 to 1.
    right:         the right symbol, marked by a tick; "" if it is not known.
    changed:       (symbol,) the probabilities of the same symbols after a change, solid beside the original in outline.
    longest_symbol: letters to keep room for; more if a symbol has more.
    """
    series = [np.asarray(probabilities, float)] + ([] if changed is None else [np.asarray(changed, float)])
    if any(values.shape != (len(symbols),) for values in series):
        raise ValueError(f"probabilities must be {len(symbols)}, one for each symbol; got {[v.shape for v in series]}")
    pair = changed is not None
    row, rows = (_PAIR if pair else _ROW), max(MOST, len(symbols))
    thick = (row - 8) / len(series)
    bars = [
        (_KEYS + place * row + 4 + at * thick, thick, value, pair and not at)
        for at, values in enumerate(series)
        for place, value in enumerate(values)
        if np.isfinite(value)
    ]
    tops = [top for top, *_ in bars]
    colours = [PLAIN if outline else ACCENT for *_, outline in bars]
    middles = [_KEYS + (place + 0.5) * row for place in range(len(symbols))]
    ticks = [TICK if right and symbol == right else "" for symbol in symbols]
    known = (Sign(TICK, _RIGHT, "the right symbol"),) if right else ()
    tables: dict[str, Columns] = {
        "bars": {
            "top": [top + 1 for top in tops],
            "middle": [top + thick / 2 for top in tops],
            "bottom": [top + thick - 1 for top in tops],
            "value": [min(1.0, max(0.0, value)) for _, _, value, _ in bars],
            "percent": [percent(100 * value) for _, _, value, _ in bars],
            "colour": colours,
            "solid": [0.0 if outline else 1.0 for *_, outline in bars],
        },
        "names": {
            "middle": middles,
            "symbol": [symbol_label(symbol) for symbol in symbols],
            "tick": ticks,
        },
        "key": legends.key_table((*known, *(KEYS if pair else ()))),
    }
    about = "Diagram: bars, the probability of each of the symbols that are likeliest to be written next"
    about += ", before and after a change." if pair else "."
    left = _TICK + round(LETTER * min(14, max(longest_symbol, longest(symbols), 2))) + 8
    return Drawing(_structure(rows, row, left), tables, about)


@kept_structure
def _structure(rows: int, row: int, left: int) -> Structure:
    height = _KEYS + rows * row + 2
    bar, name = altair.Chart(altair.NamedData("bars")), altair.Chart(altair.NamedData("names"))
    style = {"baseline": "middle", **PLAIN_MARK}
    end = f"{left} + datum.value * max(1, width - {left + _NUMBER})"
    rectangle = bar.mark_rect(strokeWidth=2, cornerRadius=1, **PLAIN_MARK).encode(
        x=altair.value(left),
        x2=_at(end),
        y=_down("top", height),
        y2="bottom",
        fill=altair.Fill("colour:N", scale=None, legend=None),
        stroke=altair.Stroke("colour:N", scale=None, legend=None),
        fillOpacity=altair.FillOpacity("solid:Q", scale=None, legend=None),
    )
    number = bar.mark_text(align="left", fontSize=theme.TEXT, color=theme.INK, **style)
    symbol = name.mark_text(
        align="right", fontSize=SIZE + 1, fontWeight=600, color=theme.INK, limit=left - _TICK, **style
    )
    tick = name.mark_text(align="left", fontSize=SIZE + 3, fontWeight=700, color=_RIGHT, **style)
    y = _down("middle", height)
    return structure(
        [
            rectangle,
            number.encode(x=_at(f"{end} + 6"), y=y, text="percent:N"),
            symbol.encode(x=altair.value(left - 8), y=y, text="symbol:N"),
            tick.encode(x=altair.value(0), y=y, text="tick:N"),
            *legends.key("key"),
        ],
        _TABLES,
        height,
    )


def _down(field: str, height: int) -> altair.Y:
    scale = altair.Scale(domain=[height, 0], nice=False, zero=False)
    return altair.Y(field, type="quantitative", scale=scale, axis=None)


def _at(pixels: str) -> Any:
    return altair.value(altair.ExprRef(pixels))
