"""The weights of attention cell by cell, with their values under the pointer, each to be chosen by a click."""

from collections.abc import Sequence

import altair
import numpy as np

from rnnviz.charts.attention import alignment
from rnnviz.charts.attention.alignment import WEIGHT, Layout
from rnnviz.charts.cells import MOST_CELLS
from rnnviz.charts.drawing import Drawing, Structure, kept_structure, structure
from rnnviz.charts.kit.symbols import symbol_label

CELL = "cell"  # the selection that a page asks for
_SEAM = 1.0  # pixels: without it the browser lets the page shine through between cells


def attention_cells(
    weights: np.ndarray,
    inputs: Sequence[str],
    outputs: Sequence[str],
    forced: int | None = None,
    marks: Sequence[bool] = (),
    rows: int = 0,
    columns: int = 0,
    letters: int = 0,
) -> Drawing:
    """The picture of `attention` made of rectangles: pointing at one shows its weight, a click chooses it.

    The click is the selection `cell` with the fields `row` and `column`, from 0.

    forced: the row whose weights were set by hand, in a frame; None for none.
    Other arguments as for `attention`.

    Raises:
        ValueError: there are more than `MOST_CELLS` weights.
    """
    weights = np.asarray(weights, np.float64)
    if weights.size > MOST_CELLS:
        raise ValueError(f"weights must be at most {MOST_CELLS:,}; got {len(outputs)} outputs × {len(inputs)} inputs")
    layout = alignment.layout_of(weights, inputs, outputs, rows, columns, letters)
    row, column = (places.ravel().tolist() for places in np.indices(weights.shape))
    cells = {
        "row": row,
        "column": column,
        "upper": [layout.top + at * layout.row for at in row],
        "lower": [layout.top + (at + 1) * layout.row + _SEAM for at in row],
        "input": [f"{at + 1}: {symbol_label(inputs[at])}" for at in column],
        "output": [f"{at + 1}: {symbol_label(outputs[at])}" for at in row],
        "value": weights.ravel(),
    }
    tables = {"cells": cells, **alignment.tables(layout, inputs, outputs, marks, forced)}
    about = "Heatmap: weight of attention of every input symbol at every output symbol, with values."
    return Drawing(_structure(layout), tables, about)


@kept_structure
def _structure(layout: Layout) -> Structure:
    picked = altair.selection_point(name=CELL, fields=["row", "column"], on="click", clear="dblclick")
    colours = altair.Scale(scheme=WEIGHT.scheme, domain=[WEIGHT.low, WEIGHT.high], clamp=True)
    shown = [
        altair.Tooltip("output:N", title="output"),
        altair.Tooltip("input:N", title="input"),
        altair.Tooltip("value:Q", title="weight", format=".3f"),
    ]
    rectangles = altair.Chart(altair.NamedData("cells"), name="cells").mark_rect(cursor="pointer")
    layer = rectangles.encode(
        x=alignment.along(layout, "datum.column"),
        x2=alignment.pixels(f"{layout.across.at('datum.column + 1')} + {_SEAM}"),
        y=alignment.down("upper", layout),
        y2="lower",
        color=altair.Color("value:Q", scale=colours, legend=None),
        tooltip=shown,
    )
    return structure([layer.add_params(picked), *alignment.layers(layout)], ("cells", *alignment.TABLES), layout.height)
