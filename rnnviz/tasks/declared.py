"""What a task declares: its usual training; what of a sequence may be changed; which files may be brought to it."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal

import numpy as np

from rnnviz.core import limits

Chosen = tuple[str | None, str | None]


@dataclasses.dataclass(frozen=True)
class Tables:
    """Tables that a task learns.

    program: the module that reads one, run as a process of its own.
    asked:   what is to be uploaded, without its size.
    hint:    what is learned without one.
    back:    to put it away, on a button.
    columns: what the two columns are that may be chosen; or the one thing that may be.
    encoding: of the same bytes: in which encoding the table was read, in words; None where it is no text.
    both:    whether both are needed.
    told:    of the bytes that were stored: the names of all columns, and which are those two.
    suits:   of a task that learns one: name of a field → a value that fits the table, where the usual one does not.
    megabytes: that a file may have at most.
    """

    program: str
    asked: str
    hint: str
    back: str
    columns: tuple[str, str] | tuple[str]
    told: Callable[[memoryview], tuple[tuple[str, ...], Chosen]]
    encoding: Callable[[memoryview], str] | None = None
    both: bool = True
    suits: Callable[[Any], Mapping[str, int]] = lambda _: {}
    megabytes: int = limits.LARGEST_TABLE // 1_000_000


@dataclasses.dataclass(frozen=True)
class Textbook:
    """What a lecture leads one to expect of the default models: those that have something do better than the others.

    said: the expectation, in a few words: "gates help".
    has:  what the better ones have: "gates", "attention", "bidirectional", or "reach", weights that places share.
    """

    said: str
    has: Literal["gates", "attention", "bidirectional", "reach"]


@dataclasses.dataclass(frozen=True)
class Defaults:
    """The training with which a task shows its point, chosen by a table over seeds."""

    steps: int
    batch: int = 32
    lr: float = 3e-3
    clip: float | None = 1.0
    hidden: int = 32
    forget_bias: float | None = 1.0
    both_ways: str = ""  # a cell that is also trained reading in both directions, beside the three that do not
    models: tuple[Mapping[str, Any], ...] = ()  # fields of the models to compare, where those are not the three cells


@dataclasses.dataclass(frozen=True)
class Amount:
    """The one number of a time step that may be changed: `middle` + `spread` times feature `feature`, in `unit`."""

    name: str
    feature: int = 0
    middle: float = 0.0
    spread: float = 1.0
    unit: str = ""
    digits: int = 2

    def shown(self, inputs: np.ndarray) -> np.ndarray:
        """Inputs (…, feature) as that number (…), in its unit."""
        found: np.ndarray = self.middle + self.spread * inputs[..., self.feature].astype(np.float64)
        return found

    def read(self, value: float) -> float:
        """Such a number as a model reads it."""
        return (value - self.middle) / self.spread


class Changeable:
    """What of one time step may be changed, and which time steps a task says are to be ignored."""

    counts: ClassVar[str] = ""  # a time step that is not `ignored`: "a marked number"; "" where all may count
    ignores: ClassVar[str] = ""  # one that is: "a number without a mark"

    @property
    def amount(self) -> Amount | None:
        """Of a task that reads numbers, which one is changed; None for symbols, and where no single one stands out."""
        return None

    def ignored(self, inputs: np.ndarray) -> np.ndarray | None:
        """Which time steps of a sequence (time, feature) change no right answer: (time,) bool; None if unknown."""
        return None
