"""Whoever answers as guessing does is seen to be wrong on the sequences that are shown."""

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.tasks import TASKS, Task

WRONG = 25.0  # percent of the answers to a sequence, from which on it shows
TIMES_BEST = 4.0  # and so many times the error that nobody beats,
OF_GUESSING = 0.5  # or this part of what guessing scores on new sequences


def _scores(task: Task) -> list[float]:
    """Of guessing, probe by probe."""
    batch = task.probes().batch
    guess, axis = np.asarray(task.guess(batch)), batch.targets.ndim - 1 if task.classes else batch.targets.ndim - 2
    return [
        task.score(np.take(guess, [one], axis), np.take(batch.targets, [one], axis)) for one in range(task.probe_count)
    ]


def _wrong(task: Task, score: float) -> bool:
    if task.higher_is_better:
        return score <= 100.0 - WRONG
    best = task.best
    return score >= (OF_GUESSING * task.baseline if best is None or not best else TIMES_BEST * best)


@pytest.mark.parametrize("name", TASKS)
def test_guessing_is_visibly_wrong_on_every_sequence_that_is_shown(name: str) -> None:
    task = rv.task(name)
    wrong = [_wrong(task, score) for score in _scores(task)]
    if len(task.classes) == 2:  # one of the two classes is what guessing says: it is not first, and not most of them
        assert wrong[0] and sum(wrong) > len(wrong) / 2
    else:
        assert all(wrong)


def test_sums_that_are_shown_lie_far_from_the_guess_whatever_the_length() -> None:
    for length in (4, 5, 50, 200):
        task = rv.task("adding", length=length)
        probes = task.probes().batch
        assert (np.abs(probes.targets - task.guess(probes)) >= 0.499).all()
        assert (probes.inputs[:, :, 1].sum(0) == 2).all()
        assert np.allclose((probes.inputs[:, :, 0] * probes.inputs[:, :, 1]).sum(0)[:, None], probes.targets)
