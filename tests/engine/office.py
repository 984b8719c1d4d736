"""A desk whose runners only take notes, and whose clock is set by hand."""

import collections

import numpy as np

from rnnviz.engine import protocol
from rnnviz.engine.desk import Desk
from rnnviz.engine.jobs import Job
from rnnviz.runs.frames import Frame, ModelFrame
from rnnviz.specs.branch import Branch
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import TrainingSpec


class Notes:
    """A runner that notes what it is told."""

    broken = False

    def __init__(self) -> None:
        self.told: dict[int, list[str]] = collections.defaultdict(list)

    def train(self, number: int, experiment: Experiment, start: Branch | None = None) -> None:
        self.told[number].append("train")

    def hold(self, number: int) -> None:
        self.told[number].append("hold")

    def resume(self, number: int) -> None:
        self.told[number].append("resume")

    def drop(self, number: int) -> None:
        self.told[number].append("drop")


class Office:
    """A desk with runners that take notes, and its clock."""

    def __init__(self, runners: int = 1) -> None:
        self.now = 0.0
        self.runners = [Notes() for _ in range(runners)]
        self.desk = Desk(self.runners, grace=10.0, keep=60.0, clock=lambda: self.now)

    def submit(self, seed: int, visitor: str = "a", again: bool = False) -> Job:
        return self.desk.submit(Experiment(training=TrainingSpec(seed=seed, steps=100)), visitor, again)

    def number(self, job: Job) -> int:
        assert job.place
        return job.place.number

    def begin(self, job: Job, step: int = 0) -> None:
        self.desk.report(protocol.FrameMade(self.number(job), Frame(step, {}, {})))

    def finish(self, job: Job) -> None:
        self.desk.report(protocol.Finished(self.number(job), 1.0))

    def told(self, job: Job) -> list[str]:
        return [word for runner in self.runners for word in runner.told[self.number(job)]]

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.desk.tend()


def heavy(step: int, nbytes: int) -> Frame:
    return Frame(step, {"rnn": ModelFrame({"outputs": np.zeros(nbytes, np.uint8)})}, {})
