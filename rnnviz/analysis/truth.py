"""Answers against what is right: how many are drawn, which classes have a row, and where one who guesses stands."""

import numpy as np

from rnnviz.tasks import Task

MOST_DOTS = 400  # of one model; more cover one another
MOST_NAMED = 12  # classes with a row of their own: more cannot be read beside each other
YES_NO = ("no", "yes")
_LEVEL = 1e-6  # what a guess may vary by and still be one number


def joined(confusion: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """The places (class,) of at most so many classes, the most frequent ones in their own order, and their counts.

    confusion: (right class, answered class).

    Returns:
        The counts have one more row and column, for all others together, if there are others.
    """
    count = len(confusion)
    if count <= most:
        return np.arange(count), confusion
    kept = np.sort(np.argsort(-confusion.sum(1), kind="stable")[:most])
    row = np.full(count, most)
    row[kept] = np.arange(most)
    found = np.zeros((most + 1, most + 1), np.int64)
    np.add.at(found, (row[:, None], row[None, :]), confusion)
    return kept, found


def names_of(task: Task, kept: np.ndarray) -> tuple[str, ...]:
    """The classes at these places by name, or no and yes; then "all others" if there are any."""
    if not task.classes:
        return YES_NO
    others = ("all others",) if len(kept) < len(task.classes) else ()
    return (*(task.classes[place] for place in kept), *others)


def guess_of(task: Task) -> float | None:
    """The one number that one who guesses always answers, in its unit; None if that differs from answer to answer."""
    guess = task.guess(task.held_out()).astype(np.float64)
    level = np.ptp(guess) <= _LEVEL * max(1.0, float(np.abs(guess).max()))
    return float(task.answers.of.quantities(guess).mean()) if level else None
