"""How sharply attention looks, over training."""

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

_TABLES = ("lines", "rules", "now")
_ROOM = 6  # pixels beyond the ends of the vertical axis, so that no line there is cut in half
_TITLES = {"entropy": "entropy of the weights (bits)", "peak": "largest weight"}


def sharpness(
    table: "pd.DataFrame",
    labels: Sequence[str],
    steps: int,
    kind: str,
    mark: int = -1,
    most: float | None = None,
) -> Drawing:
    """The entropy of the weights of attention, or the largest of them, against training step.

    table:  columns step, label, value.
    labels: all models that may occur.
    steps:  training steps of the whole training.
    kind:   "entropy" in bits, on an axis from 0, or "peak" from 0 to 1.
    mark:   the training step that the rest of the page shows; -1 for no mark.
    most:   what looking everywhere alike would give, drawn as a dashed line; None for none.

    Raises:
        ValueError: there is no such kind.
    """
    if kind not in _TITLES:
        raise ValueError(f"kind must be {' or '.join(_TITLES)}; got {kind!r}")
    series = lines.of_models(labels)
    names = dict(zip(labels, (one.name for one in series), strict=True))
    marks = [] if most is None else [(most, f"the same weight everywhere: {most:.2g}")]
    tables = {
        "lines": {
            "step": table["step"].to_numpy(),
            "series": [names[label] for label in table["label"]],
            "value": table["value"].to_numpy(float),
        },
        "rules": lines.rules(marks, (0.0, 1.0)),
        "now": {"now": [mark] if mark >= 0 else []},
    }
    shown = listed([look.name for look in theme.looks(labels)])
    about = f"Line chart: {_TITLES[kind]} of attention of {shown} against training step."
    return Drawing(_structure(series, steps, kind), tables, about)


@kept_structure
def _structure(series: tuple[Series, ...], steps: int, kind: str) -> Structure:
    x = lines.across("step", 0, steps, "training step")
    whole = altair.Scale(domain=[0, 1], nice=False, padding=_ROOM)
    scale = whole if kind == "peak" else altair.Scale(zero=True, nice=False, padding=_ROOM)
    y = lines.up("value", _TITLES[kind], scale, 1, tickCount=5)
    marked = lines.now("now", lines.across("now", 0, steps, "training step"))
    rule, name = lines.rule("rules", y)
    return structure([marked, rule, lines.lines(x, y, series, 1), name], _TABLES, theme.CURVES)
