"""How exactly the numbers of a series are stored: in single precision, unless that loses what they change by."""

import numpy as np

LEAST = float(np.finfo(np.float32).tiny)  # standard deviation by which a network's numbers can be told apart
_LOST = 1e-3  # of the standard deviation may be lost in rounding
_DIGITS, _MOST_DIGITS = 6, 17  # in which a number is written


def too_small(known: np.ndarray) -> bool:
    """Whether numbers (row,) change by less than single precision can say."""
    return bool(known.max() - known.min() < LEAST)


def stored(values: np.ndarray) -> tuple[np.ndarray, float]:
    """Numbers (step, column) float64 with NaN as they are stored, and what the first column loses in rounding.

    They are float32 where that loses little of any column's standard deviation, else float64. What is lost is the
    distance between neighbours of the largest number; 0 where that is little.
    """
    if not _blurred(values, np.float32).any():
        return values.astype(np.float32), 0.0
    lost = float(np.spacing(np.nanmax(np.abs(values[:, 0])))) if _blurred(values, np.float64)[0] else 0.0
    return values, lost


def _blurred(values: np.ndarray, kind: type[np.floating]) -> np.ndarray:
    """Of which columns a kind of number loses too much: (column,) bool."""
    largest = np.nanmax(np.abs(values), axis=0, initial=0.0, where=np.isfinite(values))
    count = np.maximum(np.isfinite(values).sum(axis=0), 1)
    middle = np.nansum(values, axis=0) / count
    spread = np.sqrt(np.nansum((values - middle) ** 2, axis=0) / count)
    found: np.ndarray = (spread > 0) & (np.spacing(largest.astype(kind)) > _LOST * spread)
    return found


def written(column: np.ndarray) -> list[str]:
    """A few numbers (row,) in six digits, or in as many as it takes to tell them apart; "?" for NaN."""
    different = len(np.unique(column))
    for digits in range(_DIGITS, _MOST_DIGITS + 1):
        found = ["?" if np.isnan(one) else f"{one:.{digits}g}" for one in column]
        if len(set(found)) == different:
            break
    return found
