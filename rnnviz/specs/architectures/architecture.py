"""What an architecture is: which network a task's shape makes, known before it is built."""

import abc
from collections.abc import Mapping
from typing import ClassVar, Protocol

import numpy as np

from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task

Shapes = dict[str, tuple[int, ...]]


class Formed(Protocol):
    """A model, or what is known of one, as far as its label depends on it."""

    @property
    def attention(self) -> str | None:
        """As in `ModelSpec`."""

    @property
    def reach(self) -> int | None:
        """As in `ModelSpec`."""


class Architecture(abc.ABC):
    """How a model is put together for a kind of task. Its torch side is found by its name in `rnnviz.nn`.

    name:    in code and files: "recurrent".
    shapes:  what it is called among sequence shapes: "many-to-one, aligned many-to-many".
    writes:  whether a decoder writes the answer, fed with what it wrote.
    counted: how its parameters are counted, in a sentence or two.
    averages: whether a decoder starts from the average of what was read, not from the state after the last step.
    """

    name: ClassVar[str]
    shapes: ClassVar[str]
    writes: ClassVar[bool]
    counted: ClassVar[str]
    averages: ClassVar[bool] = False

    @abc.abstractmethod
    def fits(self, task: Task) -> bool:
        """Whether this is the architecture for a task, by what it reads and how it is answered."""

    @abc.abstractmethod
    def default_models(self, task: Task) -> tuple[ModelSpec, ...]:
        """The models that an experiment on a task has where it names none."""

    def offered_models(self, task: Task) -> tuple[ModelSpec, ...]:
        """One of every kind that a page offers to switch on, the default ones among them."""
        return self.default_models(task)

    def form(self, model: Formed, task: Task) -> str:
        """What a model's label says beside its cell: one of `labels.FORMS`."""
        return ""

    def check(self, model: ModelSpec, task: Task) -> None:
        """Compare what a model's field checks cannot: its sizes with those of the task.

        Raises:
            ExperimentError: they do not go together.
        """
        return

    def dense(self, model: ModelSpec, task: Task, weights: Mapping[str, np.ndarray]) -> Mapping[str, np.ndarray]:
        """The weights of a frame as matrices between single numbers, whatever of them places share."""
        return weights

    def built(self, model: ModelSpec) -> ModelSpec:
        """A model with the cells that its parts have: where what reads is not made of the model's own cell."""
        return model

    def called(self, name: str, part: ModelSpec) -> str:
        """What the layers of one of `parts` are, on screen: the cell's title."""
        return part.kind.title

    def embedded(self, weights: Mapping[str, np.ndarray], task: Task, inputs: np.ndarray) -> np.ndarray:
        """What the lowest layer that reads is given of one sequence (time, …): (time, input)."""
        return inputs

    @abc.abstractmethod
    def parts(self, model: ModelSpec) -> dict[str, ModelSpec]:
        """Name → recurrent layers of their own, in the order in which they work: "recurrent"; "encoder", "decoder"."""

    @abc.abstractmethod
    def weight_shapes(self, model: ModelSpec, task: Task) -> Shapes:
        """Name → shape of every weight, as in the model's `state_dict`."""

    @abc.abstractmethod
    def parameter_formula(self, model: ModelSpec, task: Task) -> str:
        """How many parameters a model has, with the sum written out."""

    @abc.abstractmethod
    def work(self, model: ModelSpec, task: Task) -> int:
        """Multiplications with recurrent weights in one forward pass over one sequence."""
