"""Fed with the right answer beside running free: over training, and along the output."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rnnviz.charts import theme
from rnnviz.charts.drawing import Drawing
from rnnviz.charts.kit import lines, two_ways
from rnnviz.charts.kit.two_ways import Layout, draw
from rnnviz.core.names import listed

if TYPE_CHECKING:
    import pandas as pd

FED, FREE = "fed with the right answer", "running free"  # the values of the column mode
_BOTH = f"Both {FED} and {FREE}."


def exposure(table: "pd.DataFrame", labels: Sequence[str], steps: int, mark: int = -1) -> Drawing:
    """Cross-entropy per symbol against training step: thick while running free, thin when fed with the right answer.

    What lies between the two is shaded where there are few models.

    table:  columns step, label, mode (`FED` or `FREE`), value.
    labels: all models that may occur.
    steps:  training steps of the whole training.
    mark:   the training step that the rest of the page shows; -1 for no mark.
    """
    series = lines.of_models(labels)
    layout = Layout(series, "step", 0, steps, "training step", "cross-entropy per symbol (nats)", FED, FREE)
    about = f"Line chart: cross-entropy per symbol of {_names(labels)} against training step. {_BOTH}"
    return draw(layout, table, labels, about, mark)


def positions(table: "pd.DataFrame", labels: Sequence[str], output_steps: int) -> Drawing:
    """Percent of right symbols at every place of the output, in both modes as in `exposure`.

    table:        columns position (from 1), label, mode, value in percent.
    output_steps: places of the longest output.
    """
    series, end = lines.of_models(labels), output_steps + 0.5
    layout = Layout(series, "position", 0.5, end, "output position", "symbols right (%)", FED, FREE, True, points=True)
    about = f"Line chart: percent of right symbols of {_names(labels)} at every output position. {_BOTH}"
    return draw(layout, table, labels, about)


def line_looks(models: int) -> list[dict[str, object]]:
    """How a line of each mode is drawn beside so many models, `FED` first: mode, width in pixels, opacity."""
    return two_ways.looks(models, FED, FREE)


def _names(labels: Sequence[str]) -> str:
    return listed([look.name for look in theme.looks(labels)])
