"""What is asked of the models at every time step, and what they answer."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import altair

from rnnviz.charts import theme
from rnnviz.charts.drawing import Drawing, Structure, kept_structure, structure
from rnnviz.charts.kit import lines
from rnnviz.charts.kit.lines import Series
from rnnviz.core.names import ASKED, listed

if TYPE_CHECKING:
    import pandas as pd

_ASKED = Series(ASKED, theme.ASKED_COLOUR, theme.ASKED_DASH)
_HEIGHT = 180  # pixels


def answers(table: "pd.DataFrame", labels: Sequence[str], times: int) -> Drawing:
    """The numbers asked for and those that all models answer, against time step.

    table:  columns time (from 1), label, value; `names.ASKED` is the label of what is asked (see `analysis.answers`).
    labels: all models of the experiment.
    times:  time steps of the sequence, which fixes the axis.
    """
    columns = {
        "time": table["time"].to_numpy(),
        "series": [ASKED if label == ASKED else theme.style_of(label).name for label in table["label"]],
        "value": table["value"].to_numpy(float),
    }
    names = listed([look.name for look in theme.looks(labels)])
    about = f"Line chart: the value asked for and the answers of {names} at each time step."
    return Drawing(_structure(lines.of_models(labels), times), {"lines": columns}, about)


@kept_structure
def _structure(models: tuple[Series, ...], times: int) -> Structure:
    x = lines.across("time", 0.5, times + 0.5, "time step")
    y = lines.up("value", "value asked and answered", altair.Scale(nice=True, zero=False), tickCount=5)
    return structure([lines.lines(x, y, (_ASKED, *models))], ("lines",), _HEIGHT)
