"""What the context of one output step is made of: a bar over every input symbol."""

from collections.abc import Sequence
from typing import Any

import altair
import numpy as np

from rnnviz.charts import theme
from rnnviz.charts.drawing import Columns, Drawing, Structure, kept_structure, structure
from rnnviz.charts.kit import legends
from rnnviz.charts.kit.legends import ACCENT, PLAIN, PLAIN_MARK, Sign
from rnnviz.charts.kit.symbols import Across, longest, symbol_label

_TABLES = ("bars", "tokens", "key")
_BARS, _WIDEST = 150, 56  # pixels, height of a full bar, width of a column
_KEYS = 24  # pixels above the bars for what they are called
_TITLE = "share of the context"
_COLUMNS = ("left", "right", "value", "solid", "colour")
ORIGINAL, CHANGED = "original", "changed"
KEYS = (Sign("□", PLAIN, ORIGINAL), Sign("■", ACCENT, CHANGED))


def composition(
    tokens: Sequence[str],
    weights: np.ndarray,
    changed: np.ndarray | None = None,
    columns: int = 0,
    letters: int = 0,
) -> Drawing:
    """How much of the context of one output step comes from each input symbol.

    tokens:  (input_time,) the symbols that were read; "" for nothing.
    weights: (input_time,), they sum to 1.
    changed: the same after a change, drawn solid beside the original in outline; None for none.
    columns, letters: symbols and letters of a symbol to keep room for; more if there are more.
    """
    weights = np.asarray(weights, float)
    series = [weights] if changed is None else [weights, np.asarray(changed, float)]
    if any(values.shape != (len(tokens),) for values in series):
        raise ValueError(f"weights must be {len(tokens)}, one for each symbol; got {[v.shape for v in series]}")
    across = _across(max(1, columns, len(tokens)), max(letters, longest(tokens)))
    sides = ((0.14, 0.86),) if changed is None else ((0.1, 0.5), (0.5, 0.9))
    outlined = changed is not None
    looks = ((0.0, PLAIN), (1.0, ACCENT)) if outlined else ((1.0, ACCENT),)
    rows = [
        (place + left, place + right, value, *look)
        for values, (left, right), look in zip(series, sides, looks, strict=True)
        for place, value in enumerate(values)
        if np.isfinite(value)
    ]
    tables: dict[str, Columns] = {
        "bars": {
            **{name: [row[at] for row in rows] for at, name in enumerate(_COLUMNS)},
            "foot": [0.0] * len(rows),
        },
        "tokens": {"column": list(range(len(tokens))), "token": [symbol_label(token) for token in tokens]},
        "key": legends.key_table(KEYS if outlined else ()),
    }
    about = f"Diagram: bars over the input symbols, the {_TITLE} that comes from each, 0 to 1"
    about += ", before and after a change." if outlined else "."
    return Drawing(_structure(across, outlined), tables, about)


def _across(columns: int, letters: int) -> Across:
    return Across(columns, min(14, letters), widest=_WIDEST)


@kept_structure
def _structure(across: Across, keys: bool) -> Structure:
    above = _KEYS if keys else 8
    foot = across.height + 4
    height = above + _BARS + foot
    y = _up(across, above, foot)
    chart = altair.Chart(altair.NamedData("bars"))
    bars = chart.mark_rect(strokeWidth=2, cornerRadius=1, **PLAIN_MARK).encode(
        x=_at(across.at("datum.left")),
        x2=_at(across.at("datum.right")),
        y=y,
        y2="foot",
        fill=altair.Fill("colour:N", scale=None, legend=None),
        stroke=altair.Stroke("colour:N", scale=None, legend=None),
        fillOpacity=altair.FillOpacity("solid:Q", scale=None, legend=None),
    )
    tokens = altair.Chart(altair.NamedData("tokens")).mark_text(
        fontSize=altair.ExprRef(across.size),
        angle=altair.ExprRef(across.angle),
        align=altair.ExprRef(f"{across.upright} ? 'center' : 'right'"),
        baseline="middle",
        color=theme.INK,
        **PLAIN_MARK,
    )
    middle = altair.value(above + _BARS + 12)
    return structure(
        [bars, tokens.encode(x=_at(across.at("datum.column + 0.5")), y=middle, text="token:N"), *legends.key("key")],
        _TABLES,
        height,
    )


def _up(across: Across, above: int, foot: int) -> altair.Y:
    """0 to 1 on `_BARS` pixels, with room above for names and below for symbols."""
    scale = altair.Scale(domain=[-foot / _BARS, 1 + above / _BARS], nice=False, zero=False)
    style = {**theme.AXIS, "titleFontWeight": 600, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "end"}
    room = max(theme.SHORT_NUMBERS, across.overhang - 24)  # the first word, aslant, stands out to the left
    axis = altair.Axis(
        title=_TITLE,
        values=[0, 0.25, 0.5, 0.75, 1],
        format=".2~f",
        domain=False,
        minExtent=room,
        maxExtent=room,
        titleBaseline="bottom",
        titleX=0,
        titleY=-6,
        **style,
    )
    return altair.Y("value", type="quantitative", scale=scale, axis=axis)


def _at(pixels: str) -> Any:
    return altair.value(altair.ExprRef(pixels))
