"""A trainer for tests of faults: the seed says what goes wrong. Workers load it by name."""

import os
import signal
import time
from collections.abc import Iterator

from rnnviz.errors import ExperimentError
from rnnviz.experiment import Experiment
from rnnviz.frames import Frame

FINE, RAISES, REFUSES, DIES, HANGS, ENDLESS = range(10, 16)


def ticks(experiment: Experiment) -> Iterator[Frame | None]:
    """Empty frames; trouble comes after the first."""
    kind = experiment.training.seed
    for step in range(experiment.training.steps + 1):
        yield Frame(step, {}, {})
        if kind == RAISES:
            raise RuntimeError("a secret of the server")
        if kind == REFUSES:
            raise ExperimentError("training.device", "a device that is there", "cuda")
        if kind == DIES:
            os.kill(os.getpid(), signal.SIGKILL)
        if kind == HANGS:
            signal.pause()
        while kind == ENDLESS:
            time.sleep(0.001)
            yield None
