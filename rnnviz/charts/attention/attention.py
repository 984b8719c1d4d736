"""Where a decoder looks: the weight of every input symbol at every output symbol, as a picture."""

import zlib
from collections.abc import Sequence

import altair
import numpy as np

from rnnviz.charts.attention import alignment
from rnnviz.charts.attention.alignment import WEIGHT, Layout
from rnnviz.charts.drawing import Drawing, Pictures, Structure, kept_structure, structure
from rnnviz.charts.kit.png import data_url

_TABLES = ("pictures", *alignment.TABLES)


def attention(
    weights: np.ndarray,
    inputs: Sequence[str],
    outputs: Sequence[str],
    marks: Sequence[bool] = (),
    chosen: int | None = None,
    rows: int = 0,
    columns: int = 0,
    letters: int = 0,
) -> Drawing:
    """The weights of attention as a picture, input symbols across and output symbols down.

    weights: (output_time, input_time), each row sums to 1; what is NaN stays blank.
    inputs:  (input_time,) symbols that were read; "" for nothing.
    outputs: (output_time,) symbols that were written.
    marks:   (output_time,) whether a symbol is wrong, shown by a cross; may be shorter.
    chosen:  the row in a frame, from 0; None for none.
    rows, columns, letters: output symbols, input symbols and letters of a symbol to keep room for, so that the chart
             stays as large as it is while a run goes on; more if there are more.
    """
    weights = np.asarray(weights, np.float32)
    layout = alignment.layout_of(weights, inputs, outputs, rows, columns, letters)
    padded = np.full((layout.rows, layout.columns), np.nan, np.float32)
    padded[: len(outputs), : len(inputs)] = weights
    url = data_url(padded, WEIGHT)
    picture = {
        "top": [layout.top],
        "bottom": [layout.top + layout.row * layout.rows],
        "url": [url],
        "key": [f"0 {zlib.crc32(url.encode())}"],
        "order": [1],
    }
    tables = {"pictures": picture, **alignment.tables(layout, inputs, outputs, marks, chosen)}
    about = "Heatmap: weight of attention of every input symbol (across) at every output symbol (down), 0 to 1."
    return Drawing(_structure(layout), tables, about, Pictures("pictures", int(np.count_nonzero(~np.isnan(weights)))))


@kept_structure
def _structure(layout: Layout) -> Structure:
    chart = altair.Chart(altair.NamedData("pictures"))
    picture = chart.mark_image(aspect=False, smooth=False, tooltip=None, aria=False).encode(
        x=alignment.along(layout, "0"),
        x2=alignment.along(layout, str(layout.columns)),
        y=alignment.down("top", layout),
        y2="bottom",
        url="url:N",
        key="key:N",
        order="order:Q",  # see `Pictures`
    )
    return structure([picture, *alignment.layers(layout)], _TABLES, layout.height)
