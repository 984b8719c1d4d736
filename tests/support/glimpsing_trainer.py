"""A trainer that yields moments, for tests of glimpses. Workers load it by name."""

import time
from collections.abc import Iterator

import numpy as np

from rnnviz.runs.frames import Frame, GlimpsePoint
from rnnviz.specs.branch import Branch
from rnnviz.specs.experiment import Experiment

FRAME_EVERY = 400  # steps


def ticks(experiment: Experiment, start: Branch | None = None) -> Iterator[Frame | GlimpsePoint | None]:
    """A thousand steps a second. The only weight is the step, and is overwritten as real weights are."""
    weight = np.zeros(1, np.float32)
    for step in range(experiment.training.steps + 1):
        weight[:] = step
        if step % FRAME_EVERY == 0 or step == experiment.training.steps:
            yield Frame(step, {}, {})
        yield GlimpsePoint(step, lambda: {"rnn": {"weight": weight.copy()}})
        time.sleep(0.001)
