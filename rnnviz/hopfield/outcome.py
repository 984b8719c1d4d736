"""What a recall ended in, by name: a stored pattern, its negative, a mixture of several, or another state."""

import collections
import dataclasses
import functools
import itertools

import numpy as np

from rnnviz.hopfield.network import checked
from rnnviz.hopfield.recall import settle

KINDS = ("pattern", "negative", "near", "near negative", "mixture", "other")
NEAR = 0.05  # of the units may differ where a state is said to be nearly a pattern
_MIXED = (3, 5)  # numbers of patterns in a mixture
MOST_MIXED = 8  # patterns of which mixtures of five are looked at: of twelve there are 25,000


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What a state is.

    kind:  one of `KINDS`.
    of:    numbers of the patterns it is or is mixed of, from 0; of another state, of the one nearest to it.
    signs: +1 or −1 for each of them, −1 where it is the negative.
    wrong: units that differ from that pattern or its negative; 0 for a mixture.
    """

    kind: str
    of: tuple[int, ...] = ()
    signs: tuple[int, ...] = ()
    wrong: int = 0

    @property
    def spurious(self) -> bool:
        """Whether nobody stored it."""
        return self.kind in ("negative", "near negative", "mixture", "other")


class Known:
    """The states that can be named, of these patterns (P, N) of +1 and −1."""

    def __init__(self, patterns: np.ndarray) -> None:
        self.patterns = checked("patterns", patterns, 2)

    def name(self, state: np.ndarray) -> Outcome:
        """What a state (N,) is: the nearest pattern or negative if it is near enough, else a mixture that it equals."""
        m = overlaps(self.patterns, state)
        if not m.size:
            return Outcome("other")
        at = int(np.argmax(np.abs(m)))
        sign, wrong = 1 if m[at] > 0 else -1, round((1 - abs(m[at])) * len(state) / 2)
        if wrong <= NEAR * len(state):
            exact, near = ("pattern", "near") if sign > 0 else ("negative", "near negative")
            return Outcome(near if wrong else exact, (at,), (sign,), wrong)
        (equal,) = np.nonzero((self._table == np.asarray(state, np.int8)).all(1))
        return self._mixed[equal[0]] if equal.size else Outcome("other", (at,), (sign,), wrong)

    @functools.cached_property
    def mixed(self) -> tuple[int, ...]:
        """Of how many patterns those mixtures are that are looked for: of three, and of five where they are few."""
        many = len(self.patterns)
        return tuple(size for size in _MIXED if size <= many and (size == _MIXED[0] or many <= MOST_MIXED))

    @functools.cached_property
    def _mixed(self) -> list[Outcome]:
        """All mixtures of an odd number of patterns or their negatives: sign(Σ ± x), those of three first."""
        return [
            Outcome("mixture", of, signs)
            for size in self.mixed
            for of in itertools.combinations(range(len(self.patterns)), size)
            for signs in itertools.product((1, -1), repeat=size)
        ]

    @functools.cached_property
    def _table(self) -> np.ndarray:
        """(M, N) int8, the states of these mixtures: an odd sum of ±1 is never 0."""
        x = self.patterns.astype(np.int8)
        found = np.empty((len(self._mixed), x.shape[1]), np.int8)
        for row, one in enumerate(self._mixed):
            found[row] = np.sign(np.array(one.signs, np.int8) @ x[list(one.of)])
        return found


def overlaps(patterns: np.ndarray, states: np.ndarray) -> np.ndarray:
    """m = x·s / N of patterns (P, N) and a state (N,) or states (T, N): (P,) or (T, P), from −1 to 1."""
    found: np.ndarray = states @ patterns.T / patterns.shape[1]
    return found


@dataclasses.dataclass(frozen=True, eq=False)
class Found:
    """A state in which recalls from random starts ended, and how many did."""

    state: np.ndarray
    count: int
    outcome: Outcome


def search(patterns: np.ndarray, starts: int, generator: np.random.Generator) -> tuple[Found, ...]:
    """Recalls from so many random starts, and the states in which they end, those that came most often first.

    patterns: (P, N) of +1 and −1, P at least 1.
    """
    known = Known(patterns)
    begun = generator.choice((-1.0, 1.0), (starts, known.patterns.shape[1]))
    ends = settle(known.patterns[None], begun, generator)
    counts = collections.Counter(map(tuple, ends.tolist()))
    return tuple(Found(np.array(state), count, known.name(np.array(state))) for state, count in counts.most_common())
