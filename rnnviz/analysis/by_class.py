"""How well each class is told, from how often it was taken for which."""

import dataclasses
from collections.abc import Sequence

import numpy as np

MOST_CLASSES = 20  # of a report
HEAD = ("class", "precision", "recall", "F1", "count")


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

    @property
    def weighted(self) -> tuple[float, float, float]:
        """The same means, each class by how often it is right."""
        total = max(1, int(self.count.sum()))
        precision, recall, f1 = (
            float((values * self.count).sum() / total) for values in (self.precision, self.recall, self.f1)
        )
        return precision, recall, f1

    def rows(self, names: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
        """The table as it is printed: what a row is about; precision, recall, F1 and count, in two digits.

        One row for each class that was seen, then accuracy, macro and weighted average.

        names: of the classes.
        """
        total = f"{self.count.sum():,}"
        of_class = [
            (name, (*_digits(self.precision[i], self.recall[i], self.f1[i]), f"{self.count[i]:,}"))
            for i, name in enumerate(names)
            if self.seen[i]
        ]
        return [
            *of_class,
            ("accuracy", ("", "", *_digits(self.accuracy), total)),
            ("macro average", (*_digits(*self.macro), total)),
            ("weighted average", (*_digits(*self.weighted), total)),
        ]

    def text(self, names: Sequence[str]) -> str:
        """The same table in plain text, its columns under each other."""
        rows = [("", HEAD[1:]), *self.rows(names)]
        width = max(len(name) for name, _ in rows)
        return "\n".join(f"{name:>{width}}" + "".join(f"{cell:>11}" for cell in cells) for name, cells in rows)


def _digits(*values: float) -> tuple[str, ...]:
    return tuple(f"{value:.2f}" for value in values)


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
