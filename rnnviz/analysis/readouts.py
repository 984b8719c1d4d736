"""What can be read from states: a linear readout for each time step, fitted on some sequences and scored on others.

The readout is a ridge regression (Hoerl & Kennard 1970) in double precision: with centred states x and values y it
makes mean |y − w·x|² + PENALTY · |w|² as small as it can be. States are not rescaled, so that a readout needs large
weights where states hardly differ: differences far below √PENALTY = 0.01 are not read. Classes are read as one number
each, 1 for the right one, and the largest wins.

Lag: time steps since what is to be remembered was read; 0 is the state right after, below 0 it was not read yet.
"""

import dataclasses

import numpy as np

from rnnviz.specs.models import ModelSpec
from rnnviz.tasks.batch import Remembered

PENALTY = 1e-4
BEFORE = 8  # lags below 0 that are looked at
MOST_LAGS = 60  # of longer sequences, one of every so many
FEWEST = 32  # sequences in each half
FIT, SCORED = slice(0, None, 2), slice(1, None, 2)  # which of the sequences at a lag


@dataclasses.dataclass(frozen=True)
class Span:
    """From which lag to which something can be read.

    to_end: whether the last is the last that was measured.
    gaps:   whether it cannot be read at two lags in a row or more between them; a single one may be chance.
    """

    first: int
    last: int
    to_end: bool
    gaps: bool


def causal(spec: ModelSpec) -> bool:
    """Whether there are states of the top layer that know nothing of what is read later."""
    return not spec.bidirectional or spec.layers == 1


def lags_of(found: Remembered, lengths: np.ndarray) -> np.ndarray:
    """The lags (lag,) that sequences of these lengths (sample,) have; 0 is among them, and at most `MOST_LAGS` are."""
    least, most = -min(int(found.since.max()), BEFORE), int((lengths - 1 - found.since).max())
    every = -(-(most - least + 1) // MOST_LAGS)
    return np.arange(-(-least // every), most // every + 1) * every


def scores(states: np.ndarray, there: np.ndarray, found: Remembered) -> np.ndarray:
    """How well the values can be read at every lag: R² of numbers, the share of classes that are right.

    states: (lag, sample, unit).
    there:  (lag, sample) bool, whether a sequence has a state at that lag.

    Returns:
        (lag,) float64, of the sequences on which no readout was fitted. NaN where either half has fewer than `FEWEST`
        sequences, or fewer than two for each unit: of so few a readout would learn by heart.
    """
    fewest = max(FEWEST, 2 * states.shape[-1])
    scored = np.full(len(states), np.nan)
    for lag, (at_lag, has) in enumerate(zip(states, there, strict=True)):
        if has.sum() >= 2 * fewest:
            scored[lag] = _score(at_lag[has].astype(np.float64), found.values[has], len(found.classes))
    return scored


def chance(found: Remembered) -> float:
    """What one scores who reads no state: of classes, always answering the most frequent one of the fitted half."""
    if not found.classes:
        return 0.0
    most = np.bincount(found.values[FIT]).argmax()
    return float((found.values[SCORED] == most).mean())


def threshold(by_chance: float) -> float:
    """From which score on something counts as readable: halfway from chance to perfect."""
    return (1 + by_chance) / 2


def span(lags: np.ndarray, scored: np.ndarray, by_chance: float) -> Span | None:
    """From which lag to which, 0 or later, scores (lag,) are at least `threshold`; None where none is.

    NaN was not measured.
    """
    measured = np.isfinite(scored) & (lags >= 0)
    readable = scored[measured] >= threshold(by_chance)
    places = np.flatnonzero(readable)
    if not places.size:
        return None
    first, last = places[0], places[-1]
    known = lags[measured]
    gaps = bool((np.diff(places) > 2).any())
    return Span(int(known[first]), int(known[last]), bool(last == len(known) - 1), gaps)


def ridge(states: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights (unit, value) and offsets (value,) that read values (sample, value) from states (sample, unit)."""
    centre, mean = states.mean(axis=0), values.mean(axis=0)
    x = states - centre
    product = x.T @ x / len(x) + PENALTY * np.eye(x.shape[1])
    weights = np.linalg.solve(product, x.T @ (values - mean) / len(x))
    return weights, mean - centre @ weights


def _score(states: np.ndarray, values: np.ndarray, classes: int) -> float:
    wanted = np.eye(classes)[values] if classes else values[:, None]
    weights, offsets = ridge(states[FIT], wanted[FIT])
    read, right = states[SCORED] @ weights + offsets, wanted[SCORED]
    if classes:
        return float((read.argmax(axis=1) == values[SCORED]).mean())
    return 1.0 - float(((read - right) ** 2).sum() / ((right - right.mean()) ** 2).sum())
