"""What a task reads and how it is answered: small objects with behaviour, from which everything else is looked up.

    Reads:    Features(size) · Symbols(names)                    what comes in at every time step
                 · Image(…) · Nodes(…)                           the same at places, see `places`
    Answers:  Once(of) · EveryStep(of) · Sequence(of, end)       when an answer is asked
              of = Numbers(size) · Measured(size, …)             what one answer is: see `values`
                 · Classes(names) · Flags(names)                 and `flags`

A kind of input is added by a class here and its reader in `rnnviz.nn.models`; a kind of answer by a class in `values`
or beside it and, where it has a loss of its own, that loss in `rnnviz.nn.models.losses`.
"""

import abc
import dataclasses
from typing import Any, ClassVar, Protocol

import numpy as np

from rnnviz.core.names import counted
from rnnviz.tasks.batch import one_hot
from rnnviz.tasks.flags import Flags as Flags
from rnnviz.tasks.values import Classes as Classes
from rnnviz.tasks.values import Measured as Measured
from rnnviz.tasks.values import Numbers as Numbers
from rnnviz.tasks.values import Values as Values

# What comes in


class Reads(Protocol):
    """What a task reads at every time step; `one`: what one step brings, where one alone is spoken of."""

    one: ClassVar[str]

    @property
    def size(self) -> int:
        """Features of one time step, or symbols that there are."""

    @property
    def said(self) -> str:
        """What one time step is, in words: "10 numbers", "25 symbols"."""

    def given(self, places: np.ndarray) -> np.ndarray:
        """Symbols by their places (…,) int64 as a model reads them."""

    def places(self, inputs: np.ndarray) -> np.ndarray:
        """The places (…,) int64 of symbols that a model reads so."""


class Numbered(abc.ABC):
    """Numbers, or symbols given one-hot: what comes in goes into the recurrent layers as it is."""

    size: Any

    def given(self, places: np.ndarray) -> np.ndarray:
        """Symbols (…,) one-hot: (…, size) float32."""
        return one_hot(places, self.size)

    def places(self, inputs: np.ndarray) -> np.ndarray:
        """The places (…,) int64 of symbols that are given one-hot."""
        found: np.ndarray = inputs.argmax(-1).astype(np.int64)
        return found


@dataclasses.dataclass(frozen=True)
class Features(Numbered):
    """Numbers without any order among them."""

    one: ClassVar[str] = "step"
    size: int

    @property
    def said(self) -> str:
        """What one time step is, in words."""
        return counted(self.size, "number")


@dataclasses.dataclass(frozen=True)
class Symbols:
    """Symbols by their places in `names`, each turned into a learned vector (embedding) of the model's width."""

    one: ClassVar[str] = "symbol"
    names: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.names)

    @property
    def said(self) -> str:
        """What one time step is, in words."""
        return counted(self.size, "symbol")

    def given(self, places: np.ndarray) -> np.ndarray:
        """Symbols (…,) int64 as they are."""
        return places.astype(np.int64)

    def places(self, inputs: np.ndarray) -> np.ndarray:
        """Symbols (…,) int64 as they are."""
        return inputs.astype(np.int64)


# When an answer is asked


@dataclasses.dataclass(frozen=True)
class Answers(abc.ABC):
    """When a task asks for an answer, and what one answer is.

    name:          in what is told to a browser: "last", "every", "sequence".
    shape:         what the sequences of such a task are called: "many-to-one".
    asked:         when an answer is asked, in words.
    at_end:        whether all that counts is one answer, after the last time step.
    at_every_step: whether every time step that is read has an answer of its own.
    by_decoder:    whether the answer is a sequence of its own, which a decoder writes.
    """

    of: Values
    name: ClassVar[str]
    shape: ClassVar[str]
    asked: ClassVar[str]
    at_end: ClassVar[bool] = False
    at_every_step: ClassVar[bool] = False
    by_decoder: ClassVar[bool] = False

    @abc.abstractmethod
    def times(self, steps: int) -> np.ndarray:
        """The time steps, of `steps` that are read, after which an answer is asked: (answer,) int64."""

    @abc.abstractmethod
    def in_numbers(self, read: int, answers: int) -> str:
        """How many steps are read and answered, in words."""

    @abc.abstractmethod
    def take(self, targets: np.ndarray, samples: slice | np.ndarray) -> np.ndarray:
        """The targets of some samples of a batch."""

    @property
    def as_curve(self) -> bool:
        """Whether the answers to one sequence are quantities in a row: a curve says more than fifty of them."""
        return self.at_every_step and self.of.is_number

    @abc.abstractmethod
    def described(self, asked: tuple[str, ...], answered: tuple[str, ...], outputs: np.ndarray, off: float) -> str:
        """One line on the answers to one sequence.

        asked, answered: the right answers and the model's, in words.
        outputs:         (answer, output), what the readout gave.
        off:             by how much quantities are off on average.
        """


@dataclasses.dataclass(frozen=True)
class Once(Answers):
    """One answer, after the last time step (many-to-one)."""

    name: ClassVar[str] = "last"
    shape: ClassVar[str] = "many-to-one"
    asked: ClassVar[str] = "one answer at the end"
    at_end: ClassVar[bool] = True

    def times(self, steps: int) -> np.ndarray:
        return np.array([steps - 1])

    def in_numbers(self, read: int, answers: int) -> str:
        return f"{counted(read, 'input')}, one answer at the end"

    def take(self, targets: np.ndarray, samples: slice | np.ndarray) -> np.ndarray:
        return targets[samples]

    def described(self, asked: tuple[str, ...], answered: tuple[str, ...], outputs: np.ndarray, off: float) -> str:
        return f"right: {asked[0]}, answered: {answered[0]}{self.of.confidence(outputs[-1])}"


@dataclasses.dataclass(frozen=True)
class EveryStep(Answers):
    """An answer after every time step (aligned many-to-many)."""

    name: ClassVar[str] = "every"
    shape: ClassVar[str] = "many-to-many, aligned"
    asked: ClassVar[str] = "an answer at every time step"
    at_every_step: ClassVar[bool] = True

    def times(self, steps: int) -> np.ndarray:
        return np.arange(steps)

    def in_numbers(self, read: int, answers: int) -> str:
        return f"{counted(read, 'input')}, {counted(answers, 'answer')}"

    def take(self, targets: np.ndarray, samples: slice | np.ndarray) -> np.ndarray:
        return targets[:, samples]

    def described(self, asked: tuple[str, ...], answered: tuple[str, ...], outputs: np.ndarray, off: float) -> str:
        if self.of.is_number:
            return f"off by {off:.2f}{self.of.unit and f' {self.of.unit}'} on average"
        pairs = [(a, b) for a, b in zip(asked, answered, strict=True) if a]
        return f"right at {sum(a == b for a, b in pairs)} of {len(pairs)} time steps"


@dataclasses.dataclass(frozen=True)
class Sequence(Answers):
    """A sequence of its own length (encoder–decoder), which ends with the class `end`."""

    end: int = 0
    name: ClassVar[str] = "sequence"
    shape: ClassVar[str] = "encoder–decoder"
    asked: ClassVar[str] = "a sequence is read, another one written"
    by_decoder: ClassVar[bool] = True

    def times(self, steps: int) -> np.ndarray:
        return np.empty(0, np.int64)

    def in_numbers(self, read: int, answers: int) -> str:
        return f"{read} symbols read, then {answers} written"

    def take(self, targets: np.ndarray, samples: slice | np.ndarray) -> np.ndarray:
        return targets[:, samples]

    def described(self, asked: tuple[str, ...], answered: tuple[str, ...], outputs: np.ndarray, off: float) -> str:
        right = sum(a == b for a, b in zip(asked, answered, strict=True) if a)
        return f"fed with the right answer, right at {right} of {sum(map(bool, asked))} output positions"
