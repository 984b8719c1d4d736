"""How far the gradient reaches back in time: now, and over training."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.cells import CELLS
from rnnviz.charts import theme
from rnnviz.charts.drawing import Drawing
from rnnviz.charts.kit import halves, norms
from rnnviz.charts.kit.lines import Series, of_models
from rnnviz.charts.kit.rasters import Band, Layout, band_height, is_crisp, stack
from rnnviz.charts.scales import GRADIENT, LARGEST_GRADIENT
from rnnviz.core.names import listed
from rnnviz.specs.labels import parsed

if TYPE_CHECKING:
    import pandas as pd

MARGIN = 50  # pixels, left of a raster whose rows are time steps
_TITLE = "gradient at each time step, ‖∂L/∂h_t‖"
_BOTH = "‖∂L/∂h_t‖, and ‖∂L/∂c_t‖ of the cell"


def gradient_norm(
    table: "pd.DataFrame", labels: Sequence[str], times: int, cells: "pd.DataFrame | None" = None, read: int = 0
) -> Drawing:
    """‖∂L/∂h_t‖ of all models against time step, on a logarithmic axis, and on demand ‖∂L/∂c_t‖ of cell states, dashed.

    Norms under `SMALLEST_GRADIENT`, also those that are 0, stand on the axis' lower end with a mark of their own.

    table: columns time (from 1), label, value (see `analysis.gradient_norms`).
    times: time steps of the sequence.
    cells: the same columns by the cell state (see `analysis.cell_gradient_norms`); None leaves them out.
    read:  of encoder–decoders, the time steps of the encoder, which come first; 0 for any other models.
    """
    models, with_cell = of_models(labels), [] if cells is None else _with_cell(labels, cells)
    cell_series = tuple(of_cell(label) for label in with_cell)
    title = _BOTH if cell_series else _TITLE
    layout = norms.Layout((*models, *cell_series), "time", 0.5, times + 0.5, "time step", title, read=read)
    places, names = list(table["time"]), [theme.style_of(label).name for label in table["label"]]
    values = table["value"].to_numpy(float)
    if cells is not None:
        places, names = [*places, *cells["time"]], [*names, *(of_cell(label).name for label in cells["label"])]
        values = np.concatenate([values, cells["value"].to_numpy(float)])
    shown = listed([look.name for look in theme.looks(labels)])
    letters = "‖∂L/∂h‖" if cells is None else "‖∂L/∂h‖ and ‖∂L/∂c‖"
    about = f"Line chart: {letters} of {shown} at each time step."
    return norms.draw(layout, places, names, values, about, reach=(LARGEST_GRADIENT,))


def _with_cell(labels: Sequence[str], cells: "pd.DataFrame") -> list[str]:
    """The models that have a cell state, and encoder–decoders of which one half has one."""
    found = set(cells["label"])
    return [label for label in labels if CELLS[parsed(label).cell].has_cell_state or label in found]


def of_cell(label: str) -> Series:
    """The second line of a model: that of its cell state."""
    look = theme.style_of(label)
    return Series(f"{look.name} cell", look.colour, theme.second_dash(look))


def gradient_history(histories: Mapping[str, np.ndarray], steps: int, read: int = 0) -> Drawing:
    """‖∂L/∂h_t‖ over training: one raster per model, training steps across, time steps up (the last on top).

    histories: label → (time, column) norms, the columns evenly spaced from training step 0 to `steps`, NaN where
               training has not come yet (see `analysis.gradient_history`). All have the same shape.
    read:      of encoder–decoders, the time steps of the encoder, below those of the decoder; 0 for any other models.
    """
    shape = next(iter(histories.values())).shape
    looks = theme.looks(histories)
    height = max(48, band_height(shape[0]) * 3 // 4)
    bands = [Band(GRADIENT, height, look.colour, legend=look is looks[0], roomy=look is looks[0]) for look in looks]
    ends = (halves.WRITES, halves.READS) if read else (f"t = {shape[0]}", "t = 1")
    layout = Layout(
        tuple(bands),
        0,
        steps,
        "training step",
        ends=ends,
        crisp=is_crisp(*shape),
        margin=MARGIN,
        written=1 - read / shape[0] if read else 0.0,
    )
    with np.errstate(divide="ignore"):
        logs = [np.log10(history[::-1]) for history in histories.values()]
    names = [look.name for look in looks]
    about = f"Heatmap: norm of the gradient by the hidden state of {listed(names)}, training steps by time steps."
    return stack(layout, names, logs, about)
