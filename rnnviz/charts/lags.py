"""How much the last state depends on one further and further back, beside what theory allows at most."""

from collections.abc import Mapping, Sequence

import numpy as np

from rnnviz.charts import norms, theme
from rnnviz.charts.drawing import Drawing
from rnnviz.charts.lines import Series, of_models
from rnnviz.names import listed

Mark = tuple[float, str] | None  # where a dashed line runs across the chart, and its name
_TITLE = "‖∂h_T/∂h_t‖, T the last step"
_ABOVE = 30.0  # a bound that is larger than whatever was measured by more than this is not followed further


def lags(
    measured: Mapping[str, np.ndarray],
    bounds: Mapping[str, np.ndarray],
    labels: Sequence[str],
    bounded: Sequence[str],
    times: int,
    gone: Mark = None,
) -> Drawing:
    """‖∂h_T/∂h_{T-lag}‖ of all models against the lag, and each simple RNN's bound, dashed, both on a logarithmic axis.

    measured: label → (lag,) spectral norms, from lag 0 on.
    bounds:   label → (lag,), (σ_max(W_hh) · max φ′)^lag. It ends where it leaves the measured norms far below it, so
              that those keep their place on the axis.
    labels:   all models of the experiment.
    bounded:  those that may have a bound.
    times:    time steps of the sequence, which fixes the axis.
    gone:     where a norm counts as gone, drawn as a dashed line, and its name.
    """
    top = max((float(np.nanmax(values, initial=1.0)) for values in measured.values()), default=1.0)
    rows = [(theme.look(label).name, np.asarray(values, float)) for label, values in measured.items()]
    rows += [(_of_bound(label).name, _followed(values, top * _ABOVE)) for label, values in bounds.items()]
    places = [lag for _, values in rows for lag in range(len(values))]
    names = [name for name, values in rows for _ in values]
    values = np.concatenate([values for _, values in rows]) if rows else np.empty(0)
    series = (*of_models(labels), *map(_of_bound, bounded))
    layout = norms.Layout(series, "lag", 0, times - 1, "lag: steps back from the last", _TITLE, rows=1)
    shown = listed([look.name for look in theme.looks(labels)])
    beside = ", beside the bound of the simple RNN" if bounded else ""
    about = f"Line chart: norm of the derivative of the last state of {shown} by earlier ones against the lag{beside}."
    return norms.draw(layout, places, names, values, about, gone, reach=(1.0,))


def _of_bound(label: str) -> Series:
    look = theme.look(label)
    return Series(f"{look.name} bound", look.colour, theme.second_dash(look))


def _followed(bound: np.ndarray, most: float) -> np.ndarray:
    """A bound up to `most`, with NaN from there on."""
    bound = np.asarray(bound, float)
    return np.where(bound <= most, bound, np.nan)
