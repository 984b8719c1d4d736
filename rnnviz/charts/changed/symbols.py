"""One time step of a sequence changed by hand: the difference of the states of all models, and its size over time."""

from collections.abc import Mapping, Sequence

import altair
import numpy as np

from rnnviz.cells import CELLS
from rnnviz.charts import theme
from rnnviz.charts.drawing import Columns, Drawing, Structure, kept_structure, structure
from rnnviz.charts.gradients import of_cell
from rnnviz.charts.kit import lines
from rnnviz.charts.kit.legends import ACCENT
from rnnviz.charts.kit.lines import Series, of_models
from rnnviz.charts.kit.rasters import Band, Layout, band_height, is_crisp, stack
from rnnviz.charts.kit.tokens import place
from rnnviz.charts.scales import APART, APART_UNBOUNDED
from rnnviz.charts.traces import note, x_title
from rnnviz.core.names import listed
from rnnviz.specs.labels import parsed

_HERE = "changed here"
_TITLE = "difference: ‖Δh‖"
_BOTH = f"{_TITLE}, dashed ‖Δc‖"
_HEIGHT = 240  # pixels
_REACH = 1.0  # what the vertical axis shows at least, so that next to nothing looks like next to nothing
_TABLES = ("lines", "ends", "changed")


def difference_states(
    apart: Mapping[str, np.ndarray], tokens: Sequence[str], mark: int, bounded: bool = True
) -> Drawing:
    """Changed less original hidden state: one raster per model, units by time steps, in the same colours for all.

    apart:   label → (time, unit).
    tokens:  (time,), what stands under the time axis of the changed sequence; "" for nothing.
    mark:    the time step, from 1, that was changed.
    bounded: whether the hidden states of all models lie between −1 and 1.
    """
    scale, looks = APART if bounded else APART_UNBOUNDED, theme.looks(apart)
    arrays = [np.asarray(values, np.float32).T for values in apart.values()]
    sizes, times = [len(one) for one in arrays], arrays[0].shape[1]
    bands = [
        Band(scale, band_height(size), look.colour, legend=not at, roomy=not at)
        for at, (size, look) in enumerate(zip(sizes, looks, strict=True))
    ]
    same = len(set(sizes)) == 1
    layout = Layout(
        tuple(bands),
        0.5,
        times + 0.5,
        x_title(tokens),
        place(tuple(tokens)),
        ("1", str(sizes[0])) if same else (),
        is_crisp(max(sizes), times),
        marked=_HERE,
    )
    titles = [f"{look.name}, {size} units" for look, size in zip(looks, sizes, strict=True)]
    about = (
        f"Heatmaps: difference of the hidden states of {listed([look.name for look in looks])} at {times} time steps, "
        "changed less original sequence."
    )
    beyond = note(scale, np.concatenate([one.ravel() for one in arrays]))
    return stack(layout, titles, arrays, about, [beyond, *[""] * (len(arrays) - 1)], mark)


def difference_norms(
    hidden: Mapping[str, np.ndarray], cells: Mapping[str, np.ndarray], labels: Sequence[str], mark: int
) -> Drawing:
    """The norm of the difference of each model's hidden state against time step; dashed that of its cell state.

    hidden: label → (time,), at least of one model; cells: the same of the cell states that there are.
    labels: all models of the experiment.
    mark:   the time step, from 1, that was changed.
    """
    times = len(next(iter(hidden.values())))
    rows = [(theme.style_of(label).name, values) for label, values in hidden.items()]
    rows += [(of_cell(label).name, values) for label, values in cells.items()]
    tables: dict[str, Columns] = {
        "lines": {
            "series": [name for name, _ in rows for _ in range(times)],
            "time": [*range(1, times + 1)] * len(rows),
            "value": np.concatenate([values for _, values in rows]).astype(float),
        },
        "ends": {"value": [0.0, _REACH]},
        "changed": {"at": [mark], "name": [f"▼ {_HERE}"]},
    }
    second = [of_cell(label) for label in labels if CELLS[parsed(label).cell].has_cell_state]
    about = (
        f"Line chart: norm of the difference of the states of {listed([look.name for look in theme.looks(labels)])} "
        "at each time step, changed less original sequence."
    )
    layout = _structure((*of_models(labels), *second), times, _BOTH if second else _TITLE)
    return Drawing(layout, dict(zip(_TABLES, tables.values(), strict=True)), about)


@kept_structure
def _structure(series: tuple[Series, ...], times: int, title: str) -> Structure:
    x = lines.across("time", 0.5, times + 0.5, "time step")
    y = lines.up("value", title, altair.Scale(nice=False, zero=True, padding=4), 1, tickCount=5)
    at = lines.across("at", 0.5, times + 0.5, "time step")
    marked = altair.Chart(altair.NamedData("changed"))
    align = altair.ExprRef(f"datum.at <= {times / 2} ? 'left' : 'right'")
    style = {"baseline": "bottom", "fontSize": theme.TEXT, "fontWeight": 600, "color": theme.INK, "tooltip": None}
    unseen = altair.Chart(altair.NamedData("ends")).mark_point(opacity=0, tooltip=None)
    return structure(
        [
            marked.mark_rule(color=ACCENT, strokeWidth=2, tooltip=None).encode(x=at),
            marked.mark_text(align=align, **style).encode(x=at, y=altair.value(-4), text="name:N"),
            unseen.encode(y=y),
            lines.lines(x, y, series, 1),
        ],
        _TABLES,
        _HEIGHT,
    )
