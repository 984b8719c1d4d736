"""States and gates of one model on one sequence: a raster for each variable, units by time steps."""

import itertools
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from rnnviz.cells import gate, part, shown_names, state_names, title
from rnnviz.charts import theme
from rnnviz.charts.drawing import Drawing
from rnnviz.charts.kit.rasters import Band, Layout, band_height, is_crisp, stack
from rnnviz.charts.kit.tokens import place
from rnnviz.charts.scales import BOUNDED, UNBOUNDED, Scale, gate_scale
from rnnviz.core.names import SIGNS, listed, percent


def states(
    label: str, trace: Mapping[str, np.ndarray], tokens: Sequence[str], bounded: bool = True, read: int = 0
) -> Drawing:
    """The hidden state and, where there is one, the cell state.

    trace:   name → (time, unit), of one sequence in one layer and direction; other variables are left out.
    tokens:  (time,), what stands under the time axis; "" for nothing.
    bounded: whether hidden states lie between −1 and 1; those of a ReLU do not.
    read:    of an encoder–decoder, the time steps of its encoder, which come first; 0 for any other model. What a half
             does not have is NaN and stays blank.
    """
    return variables(label, trace, tokens, [name for name in state_names() if name in trace], bounded, read)


def gates(label: str, trace: Mapping[str, np.ndarray], tokens: Sequence[str], read: int = 0) -> Drawing:
    """The gates and the candidate of a gated cell; arguments as for `states`.

    Raises:
        ValueError: the trace holds no gates, as that of a simple RNN.
    """
    names = [name for name in shown_names() if name in trace]
    if not names:
        raise ValueError(f"trace must hold gates; got {', '.join(trace)}")
    return variables(label, trace, tokens, names, read=read)


def variables(
    label: str,
    trace: Mapping[str, np.ndarray],
    tokens: Sequence[str],
    names: Iterable[str],
    bounded: bool = True,
    read: int = 0,
) -> Drawing:
    """The rasters of the variables called `names`, in that order; other arguments as for `states`."""
    names = tuple(names)
    scales = [scale_of(name, bounded) for name in names]
    arrays = [np.asarray(trace[name], np.float32).T for name in names]
    units, times = arrays[0].shape
    new = [True] + [above != below for above, below in itertools.pairwise(scales)]
    bands = [
        Band(scale, band_height(units), legend=first, roomy=first or scale is UNBOUNDED)
        for scale, first in zip(scales, new, strict=True)
    ]
    ends, placed = ("1", str(units)), place(tuple(tokens))
    crisp = is_crisp(units, times)
    layout = Layout(tuple(bands), 0.5, times + 0.5, x_title(tokens), placed, ends, crisp, read=read)
    titles = [title(name) for name in names]
    titles[0] += f", {units} unit{'' if units == 1 else 's'}"
    notes = [note(scale, array) for scale, array in zip(scales, arrays, strict=True)]
    shown = listed([title(name) for name in names])
    return stack(
        layout,
        titles,
        arrays,
        f"Heatmaps: {shown} of {units} units of the {theme.style_of(label).name} at {times} time steps.",
        notes,
    )


def scale_of(name: str, bounded: bool = True) -> Scale:
    """The fixed colours of a variable; `bounded` as for `states`."""
    if one := gate(name):
        return gate_scale(*one.legend)
    return UNBOUNDED if part(name).range == "any" or (name == "hidden" and not bounded) else BOUNDED


def note(scale: Scale, array: np.ndarray) -> str:
    """The share of values past the ends of a scale, to be written beside its legend; "" for none."""
    beyond = scale.beyond(array[~np.isnan(array)])
    return f"{percent(100 * beyond)} outside the scale" if beyond else ""


def x_title(tokens: Iterable[str]) -> str:
    """The name of the time axis, and what the signs above it mean."""
    seen = set(tokens)
    return " ".join(["time step", *(f"{sign} {meaning}" for sign, meaning in SIGNS.items() if sign in seen)])
