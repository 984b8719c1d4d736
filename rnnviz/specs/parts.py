"""What an experiment is made of, for whoever reads one without knowing the class `Experiment`."""

from typing import NamedTuple, Protocol

from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import Task


class Specs(Protocol):
    """An experiment, or anything with its three parts."""

    @property
    def task(self) -> Task:
        """What is learned."""

    @property
    def models(self) -> tuple[ModelSpec, ...]:
        """Who learns it."""

    @property
    def training(self) -> TrainingSpec:
        """How."""


class Parts(NamedTuple):
    """The parts of an experiment as they were read; `models` is None where they were left out."""

    task: Task
    models: tuple[ModelSpec, ...] | None
    training: TrainingSpec
