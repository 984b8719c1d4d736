"""Gates at a glance: the mean over units at every time step."""

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

import altair

from rnnviz.cells import OPEN_SHUT, gate, title
from rnnviz.charts import theme
from rnnviz.charts.drawing import Columns, Drawing, Structure, kept_structure, structure
from rnnviz.charts.kit import halves, lines
from rnnviz.charts.kit.lines import Series
from rnnviz.core.names import listed

if TYPE_CHECKING:
    import pandas as pd

_HEIGHT = 100  # pixels
_WORDS = 10  # pixels from the top to the names of the halves
_TITLE = "gate means (1 open)"


def gate_means(label: str, table: "pd.DataFrame", gates: Sequence[str], times: int, read: int = 0) -> Drawing:
    """Mean of each gate over the units of one layer against time step, between 0 (shut) and 1 (open).

    table: columns time (from 1), gate, value (see `analysis.gate_means`).
    gates: names of the gates that may occur.
    times: time steps of the sequence, which fixes the axis, so that it lines up with the rasters above it.
    read:  of an encoder–decoder, the time steps of its encoder, which come first; 0 for any other model.
    """
    names = dict(zip(gates, (one.name for one in _series(gates)), strict=True))
    series = [names[name] for name in table["gate"]]
    columns = {"time": table["time"].to_numpy(), "series": series, "value": table["value"].to_numpy(float)}
    shown = listed([title(name) for name in gates])
    about = f"Line chart: mean of {shown} of the {theme.style_of(label).name} over its units against time step, 0 to 1."
    tables: dict[str, Columns] = {"lines": columns} | ({halves.TABLE: halves.table(read)} if read else {})
    return Drawing(_structure(tuple(gates), times, read), tables, about)


def _series(gates: Sequence[str]) -> tuple[Series, ...]:
    pairs = zip(gates, lines.of_gates(gates), strict=True)
    return tuple(dataclasses.replace(one, name=one.name + _otherwise(name)) for name, one in pairs)


def _otherwise(name: str) -> str:
    """What the 1 of a gate means, where it is not that it stands open."""
    block = gate(name)
    return f" (1 {block.legend[1]})" if block and block.legend != OPEN_SHUT else ""


@kept_structure
def _structure(gates: tuple[str, ...], times: int, read: int) -> Structure:
    scale = altair.Scale(domain=[0, 1], nice=False)
    y = lines.up("value", _TITLE, scale, values=[0, 0.5, 1], minExtent=theme.MARGIN, maxExtent=theme.MARGIN)
    x, at = (lines.across(field, 0.5, times + 0.5, "time step") for field in ("time", "at"))
    drawn = lines.lines(x, y, _series(gates))
    if not read:
        return structure([drawn], ("lines",), _HEIGHT)
    return structure([drawn, *halves.layers(at, altair.value(_WORDS))], ("lines", halves.TABLE), _HEIGHT)
