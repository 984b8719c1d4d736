"""How well each class is told, from how often it was taken for which."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class Report:
    """One number for each class; 0 where there is nothing to divide by.

    precision: of the answers that name the class, how many are right.
    recall:    of what is of this class, how much is named.
    f1:        their harmonic mean.
    count:     how often it is right.
    seen:      whether it was right or answered at all: means are over these classes.
    """

    precision: np.ndarray
    recall: np.ndarray
    f1: np.ndarray
    count: np.ndarray
    seen: np.ndarray
    accuracy: float

    @property
    def macro(self) -> tuple[float, float, float]:
        """Means over classes of precision, recall and F1."""
        precision, recall, f1 = (
            float(values[self.seen].mean()) if self.seen.any() else 0.0
            for values in (self.precision, self.recall, self.f1)
        )
        return precision, recall, f1


def report(confusion: np.ndarray) -> Report:
    """From counts (right class, answered class)."""
    hits, asked, answered = confusion.diagonal(), confusion.sum(axis=1), confusion.sum(axis=0)
    return Report(
        precision=_share(hits, answered),
        recall=_share(hits, asked),
        f1=_share(2 * hits, asked + answered),
        count=asked,
        seen=(asked + answered) > 0,
        accuracy=float(hits.sum() / max(1, confusion.sum())),
    )


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    ratios: np.ndarray = np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)
    return ratios
