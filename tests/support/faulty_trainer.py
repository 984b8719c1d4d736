"""A trainer for tests of faults: the seed says what goes wrong. Workers load it by name."""

import os
import signal
import time
from collections.abc import Iterator

from rnnviz.core.errors import ExperimentError
from rnnviz.runs.frames import Frame
from rnnviz.specs.branch import Branch
from rnnviz.specs.experiment import Experiment

FINE, RAISES, REFUSES, DIES, HANGS, ENDLESS = range(10, 16)


def ticks(experiment: Experiment, start: Branch | None = None) -> Iterator[Frame | None]:
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
