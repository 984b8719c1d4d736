"""A gate held by hand: states of one sequence as they are and as they become, and the gradient back through both."""

from collections.abc import Mapping, Sequence

import numpy as np

from rnnviz.cells import part, title
from rnnviz.charts import theme
from rnnviz.charts.drawing import Drawing
from rnnviz.charts.kit import norms
from rnnviz.charts.kit.lines import Series
from rnnviz.charts.kit.rasters import Band, Layout, band_height, is_crisp, stack
from rnnviz.charts.kit.tokens import place
from rnnviz.charts.scales import UNBOUNDED
from rnnviz.charts.traces import note, scale_of, x_title
from rnnviz.core.names import listed

BEFORE, AFTER, BETWEEN = "original", "changed", "changed − original"


def clamped_states(
    label: str,
    state: str,
    before: np.ndarray,
    after: np.ndarray,
    gates: Mapping[str, np.ndarray],
    tokens: Sequence[str],
    bounded: bool = True,
) -> Drawing:
    """Rasters, units by time steps: the gates that are held, the state as it was, as it is now, and the difference.

    state:         the name of the state: "hidden", "cell".
    before, after: (time, unit).
    gates:         name → (time, unit) of each gate that is held, as it is now.
    tokens:        (time,), what stands under the time axis; "" for nothing.
    bounded:       whether hidden states lie between −1 and 1.
    """
    names = (*gates, state, state, state)
    scales = [scale_of(name, bounded) for name in names]
    arrays = [np.asarray(values, np.float32).T for values in (*gates.values(), before, after, after - before)]
    units, times = arrays[0].shape
    new = [at in (0, len(gates)) for at in range(len(names))]
    bands = [
        Band(scale, band_height(units), legend=first, roomy=first or scale is UNBOUNDED)
        for scale, first in zip(scales, new, strict=True)
    ]
    whose = [f"{title(name)}, {AFTER}" for name in gates]
    whose += [f"{title(state)}, {BEFORE}", f"{title(state)}, {AFTER}", f"difference: {BETWEEN}"]
    whose[0] += f", {units} unit{'' if units == 1 else 's'}"
    crisp = is_crisp(units, times)
    layout = Layout(
        tuple(bands), 0.5, times + 0.5, x_title(tokens), place(tuple(tokens)), ("1", str(units)), crisp=crisp
    )
    held = f" with {listed([title(name) for name in gates])} held" if gates else " after a change"
    about = (
        f"Heatmaps: {title(state)} of {units} units of the {theme.style_of(label).name} at {times} time steps, "
        f"{BEFORE}, and{held}, and the difference."
    )
    notes = [note(scale, array) for scale, array in zip(scales, arrays, strict=True)]
    return stack(layout, whose, arrays, about, notes)


def clamped_gradient(label: str, state: str, before: np.ndarray, after: np.ndarray) -> Drawing:
    """‖∂L/∂h_t‖ of the loss L of the last answer against time step, original and changed, on a logarithmic axis.

    state:         by which it is: "hidden" for h_t, "cell" for c_t.
    before, after: (time,).
    """
    look, symbol = theme.style_of(label), part(state).plain
    series = (Series(BEFORE, theme.ASKED_COLOUR, theme.ASKED_DASH), Series(AFTER, look.colour))
    times = len(before)
    name = f"‖∂L/∂{symbol}‖, L: loss of the last answer"
    layout = norms.Layout(series, "time", 0.5, times + 0.5, f"time step t of the {title(state)}", name)
    places = [*range(1, times + 1)] * 2
    names = [BEFORE] * times + [AFTER] * times
    about = (
        f"Line chart: ‖∂L/∂{symbol}‖ of the {look.name} at each time step, original and changed. L is the loss of the "
        "last answer."
    )
    return norms.draw(layout, places, names, np.concatenate([before, after]).astype(float), about, reach=(1.0,))
