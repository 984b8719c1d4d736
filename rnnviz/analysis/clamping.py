"""A change by hand inside a model: gates held at a value, and the state set to 0."""

import dataclasses

import numpy as np

MOST_OPEN = 3  # units that are shown, or changed, as those that carry most: as many lines as the stage draws


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


def most_open(values: np.ndarray, many: int = MOST_OPEN) -> tuple[int, ...]:
    """The units, from 0, whose gate is most open on average over the steps of a sequence: the most open one first.

    values: (time, unit), of the gate that keeps the state.
    """
    means = np.nanmean(np.asarray(values, np.float64), axis=0)
    return tuple(int(unit) for unit in np.argsort(-means, kind="stable")[:many])
