"""What a model answers against what is right: a dot for each answer, and the diagonal on which all would be right."""

from collections.abc import Sequence

import altair
import numpy as np

from rnnviz.charts import theme
from rnnviz.charts.drawing import Drawing, Structure, kept_structure, structure
from rnnviz.charts.kit import lines

_HEIGHT = 280  # pixels
_TABLES = ("dots", "diagonal", "ends")
_DOT, _DOTS = 26, 0.55  # pixels of area, opacity
_PLAIN = {"tooltip": None, "aria": False}


def truth(
    label: str,
    right: np.ndarray,
    answered: np.ndarray,
    ends: tuple[float, float],
    unit: str = "",
    guess: tuple[float, str] | None = None,
) -> Drawing:
    """Answers of one model, upwards, against what is right, across.

    right, answered: (dot,), in their unit.
    ends:  from where to where both axes go at least: the same for all models that are compared.
    guess: what one who guesses always answers, and what that is called; a dashed line. None for no such line.
    """
    look, (low, high) = theme.style_of(label), ends
    known = np.isfinite(right) & np.isfinite(answered)
    tables = {
        "dots": {"right": np.asarray(right, float)[known], "answered": np.asarray(answered, float)[known]},
        "diagonal": {"from": [low], "to": [high]},
        "ends": lines.rules([guess] if guess else [], reach=(low, high)),
    }
    layout = _structure(look.colour, look.mark, unit)
    return Drawing(layout, tables, f"Dot chart: answers of the {look.name} against what is right.")


def ends_of(values: Sequence[np.ndarray]) -> tuple[float, float]:
    """From where to where axes go that show all of these."""
    all_of = np.concatenate([np.asarray(one, float).ravel() for one in values])
    all_of = all_of[np.isfinite(all_of)]
    if not all_of.size or all_of.min() == all_of.max():
        middle = float(all_of[0]) if all_of.size else 0.0
        return middle - 1.0, middle + 1.0
    return float(all_of.min()), float(all_of.max())


@kept_structure
def _structure(colour: str, mark: tuple[str, bool], unit: str) -> Structure:
    behind = f" ({unit})" if unit else ""
    scale = altair.Scale(nice=False, zero=False, padding=6)
    axis = altair.Axis(title=f"right{behind}", grid=False, tickCount=5, **theme.AXIS)
    y = lines.up("answered", f"answered{behind}", scale, 1, tickCount=5)
    x = altair.X("right", type="quantitative", scale=scale, axis=axis)
    chart = altair.Chart(altair.NamedData("diagonal"))
    diagonal = chart.mark_rule(color=theme.INK, strokeWidth=1.5, opacity=theme.SOFT, **_PLAIN)
    shape, filled = mark
    fill = {"fill": colour} if filled else {"fill": "transparent", "stroke": colour, "strokeWidth": 1.5}
    dots = altair.Chart(altair.NamedData("dots")).mark_point(
        shape=shape, size=_DOT, opacity=_DOTS, filled=filled, **fill, **_PLAIN
    )
    ends = altair.Chart(altair.NamedData("ends")).mark_point(opacity=0, **_PLAIN)
    guess, name = lines.rule("ends", _of(y, "value"))
    return structure(
        [
            ends.encode(x=_of(x, "value"), y=_of(y, "value")),
            guess,
            name,
            diagonal.encode(x=_of(x, "from"), x2="to", y=_of(y, "from"), y2="to"),
            dots.encode(x=x, y=y),
        ],
        _TABLES,
        _HEIGHT,
    )


def _of(axis: altair.X | altair.Y, field: str) -> altair.X | altair.Y:
    """The same axis for another field."""
    found = axis.copy(deep=False)
    found.shorthand = field
    return found
