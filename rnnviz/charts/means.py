"""Gates at a glance: the mean over units at every time step."""

import dataclasses
import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import altair

from rnnviz.charts import lines, theme
from rnnviz.charts.drawing import Drawing, Structure, structure
from rnnviz.charts.lines import Series
from rnnviz.names import VARIABLES, listed

if TYPE_CHECKING:
    import pandas as pd

_HEIGHT = 100  # pixels
_TITLE = "gate means (1 open)"
_OTHERWISE = {"update_gate": "update (1 keeps)"}  # gates whose 1 means something else


def gate_means(label: str, table: "pd.DataFrame", gates: Sequence[str], times: int) -> Drawing:
    """Mean of each gate over the units of one layer against time step, between 0 (shut) and 1 (open).

    table: columns time (from 1), gate, value (see `analysis.gate_means`).
    gates: names of the gates that may occur.
    times: time steps of the sequence, which fixes the axis, so that it lines up with the rasters above it.
    """
    names = dict(zip(gates, (one.name for one in _series(gates)), strict=True))
    series = [names[gate] for gate in table["gate"]]
    columns = {"time": table["time"].to_numpy(), "series": series, "value": table["value"].to_numpy(float)}
    shown = listed([VARIABLES[gate] for gate in gates])
    about = f"Line chart: mean of {shown} of the {theme.look(label).name} over its units against time step, 0 to 1."
    return Drawing(_structure(tuple(gates), times), {"lines": columns}, about)


def _series(gates: Sequence[str]) -> tuple[Series, ...]:
    pairs = zip(gates, lines.of_gates(gates), strict=True)
    return tuple(dataclasses.replace(one, name=_OTHERWISE.get(gate, one.name)) for gate, one in pairs)


@functools.lru_cache(maxsize=64)
def _structure(gates: tuple[str, ...], times: int) -> Structure:
    scale = altair.Scale(domain=[0, 1], nice=False)
    y = lines.up("value", _TITLE, scale, values=[0, 0.5, 1], minExtent=theme.MARGIN, maxExtent=theme.MARGIN)
    x = lines.across("time", 0.5, times + 0.5, "time step")
    return structure([lines.lines(x, y, _series(gates))], ("lines",), _HEIGHT)
