"""The loss on what is trained on beside that on what is held out: where they part, a model learns by heart."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rnnviz.charts import theme
from rnnviz.charts.drawing import Drawing
from rnnviz.charts.kit import lines, two_ways
from rnnviz.charts.kit.two_ways import Layout, draw
from rnnviz.core.names import listed

if TYPE_CHECKING:
    import pandas as pd

TRAINED, HELD_OUT = "training", "held out"  # the values of the column mode


def fit(table: "pd.DataFrame", labels: Sequence[str], steps: int, title: str, log: bool, mark: int = -1) -> Drawing:
    """Loss against training step: thick on held-out sequences, thin on those that are trained on.

    A triangle, where a table `lowest` has rows, marks the lowest held-out loss of a model that has risen since.

    table:  columns step, label, mode (`TRAINED` or `HELD_OUT`), value.
    labels: all models that may occur.
    steps:  training steps of the whole training.
    title:  what the loss is, such as "cross-entropy".
    log:    whether the loss spans powers of ten.
    mark:   the training step that the rest of the page shows; -1 for no mark.
    """
    series = lines.of_models(labels)
    layout = Layout(
        series, "step", 0, steps, "training step", f"loss: {title}", TRAINED, HELD_OUT, log=log, lowest="lowest"
    )
    who = listed([look.name for look in theme.looks(labels)])
    return draw(layout, table, labels, f"Line chart: loss of {who} on training and on held-out sequences.", mark)


def line_looks(models: int) -> list[dict[str, object]]:
    """How each line is drawn beside so many models, `TRAINED` first: mode, width in pixels, opacity."""
    return two_ways.looks(models, TRAINED, HELD_OUT)
