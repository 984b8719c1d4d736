"""A change by hand inside a model: gates held at a value, and the state set to 0."""

import dataclasses
from collections.abc import Mapping

import numpy as np

from rnnviz.cells import Cell


@dataclasses.dataclass(frozen=True)
class Clamp:
    """What is changed in one layer and direction, while one sequence is read.

    layer, direction: from 0 for the lowest; 1 for the backward direction.
    gates:            names of gates, each with the value that it is held at.
    units:            of these units, from 0; None for all.
    first, last:      from and to this time step, from 0, both included.
    reset:            the time step, from 0, before which the states of all layers are set to 0; None for none.
    """

    layer: int = 0
    direction: int = 0
    gates: tuple[tuple[str, float], ...] = ()
    units: tuple[int, ...] | None = None
    first: int = 0
    last: int = 0
    reset: int | None = None

    @property
    def steps(self) -> range:
        """The time steps at which gates are held."""
        return range(self.first, self.last + 1)

    @property
    def changes(self) -> bool:
        """Whether it says that anything is changed."""
        return bool(self.gates) or self.reset is not None


@dataclasses.dataclass(frozen=True)
class Number:
    """One quantity of a time step, as it is in the original and in the changed model.

    name:   the variable of a trace.
    symbol: as diagrams write it, such as "fₜ".
    """

    name: str
    symbol: str
    original: float
    changed: float


def numbers_at(
    cell: Cell, clamp: Clamp, found: Mapping[str, np.ndarray], time: int, unit: int | None, other: bool = False
) -> list[Number]:
    """Old states, gates, candidate and new states of one time step, in the order in which they are computed.

    found: what `nn.measure.changed.clamping` answers.
    time:  from 0, in the order of the input.
    unit:  from 0; None for the mean over all units.
    other: in the cell's other convention, if it has one.
    """
    before = time + 1 if clamp.direction else time - 1

    def told(way: str) -> dict[str, np.ndarray]:
        values = {name: found[f"{way}/{name}"] for name in cell.variables}
        return cell.convention.trace(values) if other and cell.convention else values

    def value(way: str, name: str, old: bool) -> float:
        if old and (not 0 <= before < len(found[f"{way}/{name}"]) or (way == "changed" and clamp.reset == time)):
            return 0.0
        numbers = told(way)[name][before if old else time]
        return float(numbers.mean() if unit is None else numbers[unit])

    rows = []
    for one in cell.vectors:
        old = one.letter.endswith("0")
        symbol = one.symbol.replace("₋₁", "₊₁") if clamp.direction else one.symbol
        rows.append(
            Number(one.variable, symbol, value("original", one.variable, old), value("changed", one.variable, old))
        )
    return rows
