"""The loss of a network that is trained by hand."""

from collections.abc import Sequence

import altair
import numpy as np

from rnnviz.byhand import CELL
from rnnviz.charts import theme
from rnnviz.charts.drawing import Drawing, Structure, kept_structure, structure
from rnnviz.charts.kit import lines

_LENGTHS = (10, 30, 100, 300, 1_000, 3_000)  # where the axis ends: it grows rarely, as the chart is then built anew
_HEIGHT = 150  # pixels


def hand_losses(losses: Sequence[float]) -> Drawing:
    """The loss of the whole word against the number of changes since the network was begun.

    losses: one for the beginning and one for each change, at most 3,001.
    """
    longest = next(length for length in _LENGTHS if len(losses) - 1 <= length)
    table = {
        "change": list(range(len(losses))),
        "value": np.asarray(losses, np.float64),
    }
    rest = lines.rules([], [0.0])
    about = "Line chart: loss of the whole word against the number of changes."
    return Drawing(_structure(longest), {"lines": table, "rules": rest}, about)


@kept_structure
def _structure(longest: int) -> Structure:
    x = lines.across("change", 0, longest, "change")
    y = lines.up("value", "loss of the word", altair.Scale(nice=True), tickCount=4)
    style = {"color": theme.style_of(CELL).colour, "strokeWidth": theme.LINE, "tooltip": None}
    line = altair.Chart(altair.NamedData("lines")).mark_line(point={"size": 36, "color": style["color"]}, **style)
    floor, _ = lines.rule("rules", y)
    return structure([floor, line.encode(x=x, y=y)], ("lines", "rules"), _HEIGHT)
