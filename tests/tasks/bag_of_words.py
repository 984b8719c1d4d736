"""What the words of a sentence say without their order: logistic regression on how often each of them comes."""

import numpy as np

from rnnviz.tasks import Task
from rnnviz.tasks.batch import PAD

_ROUNDS, _RATE, _DECAY = 400, 1.0, 1e-4


def score(task: Task, size: int = 4_000) -> float:
    """Percent of the held-out sentences of a task with two classes that it gets right."""
    batch, held_out = task.sample(np.random.default_rng(1), size), task.held_out()
    x, y = _counts(task, batch.inputs), batch.targets
    weights = np.zeros(x.shape[1])
    for _ in range(_ROUNDS):
        right = 1 / (1 + np.exp(-x @ weights))
        weights -= _RATE * (x.T @ (right - y) / size + _DECAY * weights)
    found = _counts(task, held_out.inputs) @ weights > 0
    return float(100 * (found == held_out.targets).mean())


def _counts(task: Task, inputs: np.ndarray) -> np.ndarray:
    """(sample, word + 1), the last for a bias."""
    found = np.zeros((inputs.shape[1], task.input_size + 1))
    for step in inputs:
        real = step != PAD
        np.add.at(found, (np.flatnonzero(real), step[real]), 1)
    found[:, -1] = 1
    return found
