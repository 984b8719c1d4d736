"""Where a decoder looks, in numbers: what is said about weights of attention (output_time, input_time), numpy only.

Every row sums to 1, or to 0 where the attention was taken away.
"""

import dataclasses

import numpy as np

ENOUGH = 0.9  # of the weight: who holds the rest is not named
LITTLE = 0.05  # of the weight: who holds less is not named


@dataclasses.dataclass(frozen=True)
class Focus:
    """The few input symbols that hold most of some weight.

    places: of those symbols, in the order of the input.
    shares: of the weight that lies on each of them, 0 to 1.
    """

    places: tuple[int, ...]
    shares: tuple[float, ...]


def peak(weights: np.ndarray) -> np.ndarray:
    """The input symbol with the largest weight at every output step: (output_time,) places."""
    found: np.ndarray = np.asarray(weights).argmax(-1)
    return found


def entropy(weights: np.ndarray) -> np.ndarray:
    """Entropy of every row in bits: 0 where all weight lies on one symbol, log2 n where n share it evenly."""
    weights = np.asarray(weights, np.float64)
    logs = np.log2(weights, out=np.zeros_like(weights), where=weights > 0)
    nats: np.ndarray = np.maximum(0.0, -(weights * logs).sum(-1))
    return nats


def shared_by(weights: np.ndarray) -> float:
    """As spread as if it were shared evenly by so many input symbols: the mean over rows of 2 to the entropy."""
    return float((2.0 ** entropy(weights)).mean())


def where(weights: np.ndarray, most: int = 3) -> Focus:
    """The input symbols that hold most weight, on average over the rows given: (input_time,) or (rows, …).

    As few as hold `ENOUGH` of it, and at most `most`; beside the first none that holds less than `LITTLE`.
    """
    mean = np.atleast_2d(np.asarray(weights, np.float64)).mean(axis=0)
    kept: list[int] = []
    for place in np.argsort(-mean, kind="stable")[:most]:
        if kept and (mean[kept].sum() >= ENOUGH or mean[place] < LITTLE):
            break
        kept.append(int(place))
    return Focus(tuple(sorted(kept)), tuple(float(mean[place]) for place in sorted(kept)))


def mass_near_antidiagonal(weights: np.ndarray, within: int = 1) -> float:
    """Mean share of attention weight on the antidiagonal or at most `within` columns beside it.

    For tasks whose output is the input reversed; the mean is over rows that cross the antidiagonal.
    """
    weights = np.asarray(weights, np.float64)
    near = _near_antidiagonal(weights.shape, within)
    rows = min(weights.shape)
    return float((weights * near)[:rows].sum() / rows)


def even_near_antidiagonal(shape: tuple[int, int], within: int = 1) -> float:
    """The same if all input symbols had the same weight at every output step."""
    return mass_near_antidiagonal(np.full(shape, 1 / shape[1]), within)


def agree(weights: np.ndarray, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> int:
    """At how many output steps the input symbol with the largest weight is the very symbol that is written."""
    return sum(inputs[place] == symbol for place, symbol in zip(peak(weights), outputs, strict=True))


def _near_antidiagonal(shape: tuple[int, ...], within: int) -> np.ndarray:
    row, column = np.indices(shape)
    found: np.ndarray = np.abs(shape[1] - 1 - row - column) <= within
    return found
