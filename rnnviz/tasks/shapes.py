"""What a task reads and how it is answered: small objects with behaviour, from which everything else is looked up.

    Reads:    Features(size) · Symbols(names)                    what comes in at every time step
    Answers:  Once(of) · EveryStep(of) · Sequence(of, end)       when an answer is asked
              of = Numbers(size) · Classes(names)                what one answer is

A kind of input is added by a class here and its reader in `rnnviz.nn.models`; a kind of answer by a class here and,
where it has a loss of its own, that loss in `rnnviz.nn.models.losses`.
"""

import abc
import dataclasses
from typing import ClassVar, Protocol

import numpy as np

from rnnviz.core.names import counted, number, percent
from rnnviz.tasks.batch import PAD

# What comes in


class Reads(Protocol):
    """What a task reads at every time step."""

    @property
    def size(self) -> int:
        """Features of one time step, or symbols that there are."""

    @property
    def said(self) -> str:
        """What one time step is, in words: "10 numbers", "25 symbols"."""


@dataclasses.dataclass(frozen=True)
class Features:
    """Numbers, or symbols given one-hot: what comes in goes into the recurrent layers as it is."""

    size: int

    @property
    def said(self) -> str:
        """What one time step is, in words."""
        return counted(self.size, "number")


@dataclasses.dataclass(frozen=True)
class Symbols:
    """Symbols by their places in `names`, each turned into a learned vector (embedding) of the model's width."""

    names: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.names)

    @property
    def said(self) -> str:
        """What one time step is, in words."""
        return counted(self.size, "symbol")


# What one answer is


class Values(abc.ABC):
    """What one answer is, and how good it is.

    loss:      what is minimised, in words; `rnnviz.nn.models.losses` computes it.
    is_number: whether it is a quantity, which can be drawn as a curve; else it is one of several.
    best:      the best possible `score`.
    """

    loss: ClassVar[str]
    is_number: ClassVar[bool]
    best: ClassVar[float]

    @property
    @abc.abstractmethod
    def width(self) -> int:
        """Numbers that the readout gives for one answer."""

    @property
    def classes(self) -> tuple[str, ...]:
        """By name, in the order of the logits; empty for numbers."""
        return ()

    @property
    def said(self) -> str:
        """What one answer is, in words: "1 number", "10 classes"."""
        return f"{self.width} classes" if self.classes else counted(self.width, "number")

    @abc.abstractmethod
    def decided(self, outputs: np.ndarray) -> np.ndarray:
        """Outputs of a readout (…, output) as answers, of the shape of targets."""

    @abc.abstractmethod
    def score(self, outputs: np.ndarray, targets: np.ndarray) -> float:
        """How good outputs (…, output) are against targets."""

    @abc.abstractmethod
    def words(self, answers: np.ndarray, sample: int) -> tuple[str, ...]:
        """Answers or targets of one sample in words, one for each answered step; "" where nothing is asked."""

    @abc.abstractmethod
    def confidence(self, outputs: np.ndarray) -> str:
        """How sure the outputs (output,) of one answer are, to be written behind it; "" where they do not say."""

    @abc.abstractmethod
    def loss_of_guessing(self, baseline: float, guessing: str) -> tuple[float, str]:
        """The loss of one who knows nothing, and what that is called; `baseline` is the score of `guessing`."""


@dataclasses.dataclass(frozen=True)
class Numbers(Values):
    """Quantities: mean squared error is both loss and score."""

    count: int = 1
    loss: ClassVar[str] = "mean squared error"
    is_number: ClassVar[bool] = True
    best: ClassVar[float] = 0.0

    @property
    def width(self) -> int:
        return self.count

    def decided(self, outputs: np.ndarray) -> np.ndarray:
        return outputs

    def score(self, outputs: np.ndarray, targets: np.ndarray) -> float:
        return float(np.mean((outputs.astype(np.float64) - targets) ** 2))

    def words(self, answers: np.ndarray, sample: int) -> tuple[str, ...]:
        return tuple(number(value) for value in answers[..., sample, 0].reshape(-1))

    def confidence(self, outputs: np.ndarray) -> str:
        return ""

    def loss_of_guessing(self, baseline: float, guessing: str) -> tuple[float, str]:
        return baseline, guessing


@dataclasses.dataclass(frozen=True)
class Classes(Values):
    """One of several: cross-entropy (nats) is the loss, percent of right answers the score."""

    names: tuple[str, ...]
    loss: ClassVar[str] = "cross-entropy"
    is_number: ClassVar[bool] = False
    best: ClassVar[float] = 100.0

    @property
    def width(self) -> int:
        return len(self.names)

    @property
    def classes(self) -> tuple[str, ...]:
        return self.names

    def decided(self, outputs: np.ndarray) -> np.ndarray:
        found: np.ndarray = outputs.argmax(-1)
        return found

    def score(self, outputs: np.ndarray, targets: np.ndarray) -> float:
        asked = targets != PAD
        return float(100.0 * np.mean(outputs.argmax(-1)[asked] == targets[asked]))

    def words(self, answers: np.ndarray, sample: int) -> tuple[str, ...]:
        return tuple("" if place == PAD else self.names[place] for place in answers[..., sample].reshape(-1))

    def confidence(self, outputs: np.ndarray) -> str:
        logits = np.asarray(outputs, np.float64)
        return f" ({percent(100.0 / np.exp(logits - logits.max()).sum())} sure)"

    def loss_of_guessing(self, baseline: float, guessing: str) -> tuple[float, str]:
        return float(np.log(self.width)), "all answers alike"


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
    def take(self, targets: np.ndarray, samples: slice) -> np.ndarray:
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

    def take(self, targets: np.ndarray, samples: slice) -> np.ndarray:
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

    def take(self, targets: np.ndarray, samples: slice) -> np.ndarray:
        return targets[:, samples]

    def described(self, asked: tuple[str, ...], answered: tuple[str, ...], outputs: np.ndarray, off: float) -> str:
        if self.of.is_number:
            return f"off by {off:.2f} on average"
        pairs = [(a, b) for a, b in zip(asked, answered, strict=True) if a]
        return f"right at {sum(a == b for a, b in pairs)} of {len(pairs)} steps"


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

    def take(self, targets: np.ndarray, samples: slice) -> np.ndarray:
        return targets[:, samples]

    def described(self, asked: tuple[str, ...], answered: tuple[str, ...], outputs: np.ndarray, off: float) -> str:
        right = sum(a == b for a, b in zip(asked, answered, strict=True) if a)
        return f"fed with the right answer, right at {right} of {sum(map(bool, asked))} steps"
