"""What every single time step does to a gradient that passes through it."""

import dataclasses
from collections.abc import Mapping

import altair
import numpy as np

from rnnviz.cells import CELLS, Block
from rnnviz.charts import theme
from rnnviz.charts.drawing import Drawing, Structure, kept_structure, structure
from rnnviz.charts.kit import lines
from rnnviz.charts.kit.lines import Series
from rnnviz.specs.labels import parsed

_TABLES = ("lines", "rules")
_HEIGHT = 180  # pixels
_THICK = "Line chart: by what each time step multiplies the gradient of the {name}, before its singular values."
_GATES = "through the gates"
_HEAVY, _LIGHT, _THIN = 4.0, 2.0, 1.5  # pixels, of lines
_LEAST_SHARE, _MOST_SHARE = -0.5, 1.5  # a share past these is drawn at the edge


@dataclasses.dataclass(frozen=True)
class _Layout:
    series: tuple[Series, ...]
    times: int
    title: str


def jacobian_values(label: str, values: np.ndarray, top: float, factor: np.ndarray | None = None) -> Drawing:
    """Largest, median and smallest singular value of ∂h_t/∂h_{t-1} against time step, with 1 marked.

    values: (time, rank), largest first; NaN where none was measured.
    top:    what the axis reaches at least; give all models the same, so that their charts compare.
    factor: (time,), by what each time step multiplies the gradient by h: the thick line before the others. NaN where
            there is no gradient; None where no loss was measured.
    """
    look = theme.style_of(label)
    about = f"Line chart: singular values of the Jacobian of the {look.name} at every time step."
    if factor is None:
        return _draw(_ranks(label, values), "singular values of each time step’s Jacobian", about, top)
    own = {Series("this gradient", look.colour, width=_HEAVY): factor}
    return _draw(own, "factor of ‖∂L/∂h‖, one time step back", _THICK.format(name=look.name), top, _behind(values))


def cell_jacobian_values(
    label: str,
    values: np.ndarray,
    forget: np.ndarray,
    top: float,
    factor: np.ndarray | None = None,
    both: np.ndarray | None = None,
) -> Drawing:
    """The same for a cell state's ∂c_t/∂c_{t-1}, beside the mean of the gate that keeps it.

    values: (time, rank), largest first.
    forget: (time,) means over units; they are left out where there is a gradient.
    factor: (time,), of the gradient by c along the cell alone; both: with what comes through h.
    """
    look, gate = theme.style_of(label), _keeps(label)
    of = f"the cell's Jacobian of the {look.name}"
    about = f"Line chart: singular values of {of} at every time step, and its {gate.title}."
    if factor is None or both is None:
        mean = Series(f"mean {gate.title}", theme.ROLES[gate.role], (9, 3, 2, 3))
        return _draw(_ranks(label, values) | {mean: forget}, "singular values of the cell’s Jacobian", about, top)
    own = {
        Series(f"× {gate.letter} alone", look.colour, width=_HEAVY): factor,
        Series("both ways", look.colour, (7, 3), width=_LIGHT): both,
    }
    return _draw(own, "factor of ‖∂L/∂c‖, one time step back", _THICK.format(name=look.name), top, _behind(values))


def path_shares(label: str, additive: np.ndarray, gates: np.ndarray) -> Drawing:
    """Which share of the gradient by a cell state, ∂L/∂c, comes through the additive path and which through the gates.

    additive, gates: (time,), adding up to 1 at each step; one may be negative where the two pull against each other.
    """
    series = (
        Series(f"through the cell: × {_keeps(label).letter}", theme.ROLES["keeps"]),
        Series(_GATES, theme.ROLES["shows"], (7, 3)),
    )
    found = {
        one.name: np.clip(np.asarray(shares, float), _LEAST_SHARE, _MOST_SHARE)
        for one, shares in zip(series, (additive, gates), strict=True)
    }
    about = (
        f"Line chart: shares of the gradient of the {theme.style_of(label).name} by its two paths at each time step."
    )
    layout = _Layout(series, len(additive), "share of ∂L/∂c")
    return _lines(layout, found, (1.0, "1: the whole gradient"), (0.0, 1.1), about)


def _keeps(label: str) -> Block:
    """The gate that keeps the cell state of a model.

    Raises:
        ValueError: it has none.
    """
    gate = CELLS[parsed(label).cell].keeps
    if gate is None:
        raise ValueError(f"label must be of a model with a gate that keeps its state; got {label}")
    return gate


_Found = dict[Series, np.ndarray]


def _ranks(label: str, values: np.ndarray) -> _Found:
    colour, values = theme.style_of(label).colour, np.asarray(values, float)
    return {
        Series("largest", colour): values[:, 0],
        Series("median", colour, (7, 3)): np.median(values, axis=1),
        Series("smallest", colour, (2, 2)): values[:, -1],
    }


def _behind(values: np.ndarray) -> _Found:
    """The same, thin and grey."""
    grey, values = theme.ROLES["offers"], np.asarray(values, float)
    return {
        Series("σ largest", grey, width=_THIN): values[:, 0],
        Series("σ median", grey, (7, 3), width=_THIN): np.median(values, axis=1),
        Series("σ smallest", grey, (2, 2), width=_THIN): values[:, -1],
    }


def _draw(own: _Found, title: str, about: str, top: float, behind: _Found | None = None) -> Drawing:
    """Lines named in the order in which they are given; those `behind` come first, so that the others lie on them."""
    behind = behind or {}
    layout = _Layout((*own, *behind), len(next(iter(own.values()))), title)
    found = {one.name: np.asarray(values, float) for one, values in (*behind.items(), *own.items())}
    mark = "1: as large as before" if behind else "1 (above: enlarges)"
    return _lines(layout, found, (1.0, mark), (0.0, top), about)


def _lines(
    layout: _Layout,
    found: Mapping[str, np.ndarray],
    mark: tuple[float, str],
    reach: tuple[float, ...],
    about: str,
) -> Drawing:
    points = [(at, name, v) for name, values in found.items() for at, v in enumerate(values, 1) if np.isfinite(v)]
    columns = {"time": [p[0] for p in points], "series": [p[1] for p in points], "value": [p[2] for p in points]}
    return Drawing(_structure(layout), {"lines": columns, "rules": lines.rules([mark], reach)}, about)


@kept_structure
def _structure(layout: _Layout) -> Structure:
    x = lines.across("time", 0.5, layout.times + 0.5, "time step")
    y = lines.up("value", layout.title, altair.Scale(nice=True), 1, tickCount=5)
    line, name = lines.rule("rules", y)
    return structure([line, lines.lines(x, y, layout.series, 1), name], _TABLES, _HEIGHT)
