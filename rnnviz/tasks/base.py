"""What every task is: sequences to learn, a loss, a score in plain words, and probes to look at."""

import abc
import dataclasses
import functools
from typing import ClassVar

import numpy as np

from rnnviz import fields

HELD_OUT_SEED = 7_919  # the held-out sequences are the same for every experiment on a task
HELD_OUT_SIZE = 256  # sequences


@dataclasses.dataclass(frozen=True)
class Batch:
    """Sequences with what is to be answered.

    inputs:  (time, sample, feature) float32; symbols come one-hot.
    targets: float32 numbers (sample, output) or classes int64 (sample,) if the task answers once, at the end;
             (time, sample, output) or (time, sample) if it answers at every step.
    """

    inputs: np.ndarray
    targets: np.ndarray


@dataclasses.dataclass(frozen=True)
class Probes:
    """A few fixed sequences that are traced in every frame.

    batch:  the sequences.
    tokens: (time, sample) str, what stands under the time axis; "" where nothing needs to be read.
    names:  one per sample, what makes it worth a look.
    """

    batch: Batch
    tokens: np.ndarray
    names: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Defaults:
    """The training with which a task shows its point, chosen by a table over seeds."""

    steps: int
    batch: int = 32
    lr: float = 3e-3
    clip: float | None = 1.0
    hidden: int = 32
    forget_bias: float | None = 1.0


class Task(abc.ABC):
    """A kind of sequence to learn. A subclass is a frozen dataclass; its fields are its parameters."""

    name: ClassVar[str]  # in links and files
    title: ClassVar[str]  # on screen
    about: ClassVar[str]  # one paragraph: what is asked, and what it asks of memory
    kind: ClassVar[str]  # "numbers" (mean squared error) | "classes" (cross-entropy)
    answers: ClassVar[str]  # "last" | "every": at the last time step or at every one
    predicts_next: ClassVar[bool] = False  # the answer is the next input, so a backward direction would read it
    score_name: ClassVar[str]  # "mean squared error", "answers right"
    score_unit: ClassVar[str] = ""  # "" or "%"
    higher_is_better: ClassVar[bool]
    guessing: ClassVar[str]  # how one scores without memory: "always answering 1"
    defaults: ClassVar[Defaults]

    def __post_init__(self) -> None:
        fields.validate(self)

    @property
    @abc.abstractmethod
    def steps(self) -> int:
        """Time steps of one sequence."""

    @property
    @abc.abstractmethod
    def input_size(self) -> int:
        """Features of the input at one time step."""

    @property
    @abc.abstractmethod
    def output_size(self) -> int:
        """Numbers that the readout gives: outputs, or one logit per class."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes by name, in the order of the logits; empty for numbers."""
        return ()

    @abc.abstractmethod
    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        """`size` sequences to train on."""

    @abc.abstractmethod
    def probes(self) -> Probes:
        """The sequences that are looked at: always the same, easy to read."""

    @property
    @abc.abstractmethod
    def baseline(self) -> float:
        """The score of `guessing`, measured on the held-out sequences."""

    def held_out(self) -> Batch:
        """Sequences that are scored and never trained on; the same at every call."""
        return _held_out(self)

    def make_held_out(self, rng: np.random.Generator) -> Batch:
        """Where held-out sequences come from; a task with a fixed text overrides it."""
        return self.sample(rng, HELD_OUT_SIZE)

    @property
    def held_out_is_new(self) -> bool:
        """Whether the held-out sequences are kept away from training (a very short text leaves none)."""
        return True

    def score(self, outputs: np.ndarray, targets: np.ndarray) -> float:
        """How good `outputs` (… , output) are: mean squared error, or percent of right classes."""
        if self.kind == "numbers":
            return float(np.mean((outputs.astype(np.float64) - targets) ** 2))
        return float(100.0 * np.mean(outputs.argmax(-1) == targets))


@functools.lru_cache(maxsize=32)
def _held_out(task: Task) -> Batch:
    return task.make_held_out(np.random.default_rng(HELD_OUT_SEED))


def one_hot(symbols: np.ndarray, size: int) -> np.ndarray:
    """Symbols (time, sample) int as (time, sample, size) float32."""
    return np.eye(size, dtype=np.float32)[symbols]
