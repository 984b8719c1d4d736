"""How much such a network holds: recall of random patterns against their number, measured."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError
from rnnviz.hopfield.recall import settle

CRITICAL_LOAD = 0.138  # P/N from which on recall breaks down as N grows (Amit, Gutfreund & Sompolinsky 1985, 1987)
LOADS = (0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.24, 0.28)
DRAWS = 50
SHARE = 0.1  # of the units of a start, turned over
CLOSE = 0.05  # of the units may be wrong where a pattern counts as recalled


@dataclasses.dataclass(frozen=True, eq=False)
class Capacity:
    """Recall rates at several loads.

    units:    N.
    patterns: (L,), P at each load, rising.
    draws:    networks of random patterns at each.
    recalled: (L,), in how many of them the recall ended in the pattern it began from, at most 5 % of the units wrong.
    exact:    (L,), in how many without any wrong unit.
    overlap:  (L,), the mean overlap of the last state with that pattern.
    """

    units: int
    patterns: np.ndarray
    draws: int
    recalled: np.ndarray
    exact: np.ndarray
    overlap: np.ndarray

    @property
    def loads(self) -> np.ndarray:
        """(L,), P/N."""
        found: np.ndarray = self.patterns / self.units
        return found


def capacity(
    units: int, draws: int = DRAWS, share: float = SHARE, seed: int = 0, loads: Sequence[float] = LOADS
) -> Capacity:
    """Store P random patterns, start from one of them with a share of its units turned over, see what is recalled.

    Each draw has patterns, turned units and an order of its own. The seed fixes all; that of a load does not depend on
    the other loads.

    Raises:
        ExperimentError: something that is not allowed.
    """
    if not 10 <= units <= limits.MOST_HOPFIELD_UNITS:
        raise ExperimentError("units", f"10 to {limits.MOST_HOPFIELD_UNITS}", units)
    if not 1 <= draws <= limits.MOST_HOPFIELD_DRAWS:
        raise ExperimentError("draws", f"1 to {limits.MOST_HOPFIELD_DRAWS}", draws)
    if not 0 <= share <= 0.5:
        raise ExperimentError("share", "0 to 0.5", share)
    if not loads or not all(0 < load <= 1 for load in loads):
        raise ExperimentError("loads", "one or more numbers above 0, at most 1", tuple(loads))
    many = sorted({max(1, round(load * units)) for load in loads})
    ends = [_overlaps(units, P, draws, share, np.random.default_rng((seed, units, P))) for P in many]
    m = np.array(ends)
    wrong = (1 - m) * units / 2
    return Capacity(
        units,
        np.array(many),
        draws,
        (wrong <= CLOSE * units + 0.5e-6 * units).sum(1),
        (m == 1).sum(1),
        m.mean(1),
    )


def _overlaps(units: int, many: int, draws: int, share: float, generator: np.random.Generator) -> np.ndarray:
    """(draws,), the overlap of each last state with the pattern that it began from."""
    patterns = generator.integers(0, 2, (draws, many, units), np.int8) * 2 - 1
    starts = patterns[:, 0].astype(np.float64)
    turned = generator.permuted(np.tile(np.arange(units), (draws, 1)), axis=1)[:, : round(share * units)]
    np.put_along_axis(starts, turned, -np.take_along_axis(starts, turned, 1), 1)
    ends = settle(patterns, starts, generator)
    found: np.ndarray = (ends * patterns[:, 0]).sum(1) / units
    return found
