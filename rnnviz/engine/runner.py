"""The seam between the jobs and who carries them out."""

from typing import Protocol

from rnnviz.specs.branch import Branch
from rnnviz.specs.experiment import Experiment


class Runner(Protocol):
    """Who carries out jobs: a local worker process. None of these calls may block."""

    @property
    def broken(self) -> bool:
        """Whether it fails to start, so that new jobs should go elsewhere."""

    def train(self, number: int, experiment: Experiment, start: Branch | None = None) -> None:
        """Train an experiment from its start, first weights or a branch; report on it under `number`."""

    def hold(self, number: int) -> None:
        """Pause it, ready to go on."""

    def resume(self, number: int) -> None:
        """Go on with it."""

    def drop(self, number: int) -> None:
        """Forget it."""
