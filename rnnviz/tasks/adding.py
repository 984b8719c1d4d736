"""The adding problem (Hochreiter & Schmidhuber 1997, section 5.4)."""

import dataclasses
from typing import ClassVar

import numpy as np

from rnnviz.core import fields, limits
from rnnviz.tasks.base import Defaults, Probes, Remembered, Task
from rnnviz.tasks.batch import Batch
from rnnviz.tasks.declared import Amount
from rnnviz.tasks.shapes import Features, Numbers, Once
from rnnviz.tasks.typed import MARK, read_numbers


@dataclasses.dataclass(frozen=True)
class Adding(Task):
    """At every step a number from 0 to 1 and a mark; two numbers are marked; answer their sum at the end."""

    name: ClassVar[str] = "adding"
    place: ClassVar[int] = 0
    title: ClassVar[str] = "Add two marked numbers"
    application: ClassVar[str] = "Long dependencies"
    about: ClassVar[str] = (
        "At every time step the network reads a number from 0 to 1. Two of the numbers, one in each half, carry a "
        "mark. At the end their sum is asked. So the first marked number has to be kept to the end. It must be kept "
        "as an exact amount, not just as a yes or no. All numbers without a mark are to be ignored."
    )
    kept: ClassVar[str] = "the first marked number"
    remembers: ClassVar[str] = kept
    counts: ClassVar[str] = "a marked number"
    ignores: ClassVar[str] = "a number without a mark"
    score_name: ClassVar[str] = "mean squared error"
    higher_is_better: ClassVar[bool] = False
    guessing: ClassVar[str] = "always answering 1"
    defaults: ClassVar[Defaults] = Defaults(steps=1500, lr=5e-3)

    length: int = fields.whole(50, 4, limits.LONGEST_SEQUENCE, "Length of a sequence", "time steps")

    @property
    def steps(self) -> int:
        return self.length

    @property
    def kept_for(self) -> tuple[int, int]:
        return self.length - self.length // 2, self.length - 1

    @property
    def reads(self) -> Features:
        return Features(2)

    @property
    def answers(self) -> Once:
        return Once(Numbers())

    @property
    def amount(self) -> Amount:
        return Amount("number")

    def ignored(self, inputs: np.ndarray) -> np.ndarray:
        return np.asarray(inputs[:, 1] == 0)

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        first = rng.integers(0, self.length // 2, size)
        second = rng.integers(self.length // 2, self.length, size)
        return _marked(rng.random((self.length, size), dtype=np.float32), first, second)

    def guess(self, batch: Batch) -> np.ndarray:
        return np.ones_like(batch.targets)

    def remembered(self, batch: Batch) -> Remembered:
        first = batch.inputs[:, :, 1].argmax(axis=0)
        return Remembered(batch.inputs[first, np.arange(batch.size), 0].astype(np.float64), first)

    def probes(self) -> Probes:
        """Their sums lie far from 1, which one answers who knows nothing: such an answer is seen to be wrong."""
        middle = self.length // 2
        first, second = np.array([0, middle - 1, 0]), np.array([self.length - 1, middle, middle])
        values = np.random.default_rng(1).random((self.length, 3), dtype=np.float32).round(1)
        values[first, range(3)], values[second, range(3)] = (0.9, 0.1, 0.2), (0.6, 0.4, 0.3)
        batch = _marked(values, first, second)
        tokens = np.where(batch.inputs[:, :, 1] == 1.0, np.char.mod("%.1f", batch.inputs[:, :, 0]), "")
        return Probes(batch, tokens, ("first and last number", "two neighbours", "then a long wait"))

    @property
    def typing(self) -> str:
        return f"numbers, with {MARK} behind those that are marked, such as 0.3, 0.8{MARK}, 0.1, 0.5{MARK}"

    def encode(self, text: str) -> tuple[np.ndarray, tuple[str, ...]]:
        values, marks = read_numbers(text, marks=True)
        inputs = np.stack([values, marks.astype(np.float32)], axis=-1)
        return inputs[:, None], tuple(_shown(value, mark) for value, mark in inputs)

    def written(self, inputs: np.ndarray) -> str:
        return ", ".join(_shown(value, mark) for value, mark in inputs)

    def solved(self, inputs: np.ndarray) -> tuple[str, ...]:
        values, marks = inputs[:, 0], inputs[:, 1] == 1.0
        return self.answers.of.words(values[marks].sum(keepdims=True)[:, None], 0) if marks.sum() == 2 else ()

    def example(self) -> str:
        probe = self.probes().batch
        numbers, marks = probe.inputs[:, 0, 0], probe.inputs[:, 0, 1]
        shown = [f"[{number:.1f}]" if mark else f"{number:.1f}" for number, mark in zip(numbers, marks, strict=True)]
        read = shown if len(shown) <= 8 else [*shown[:4], "…", *shown[-3:]]
        parts = " + ".join(f"{number:.1f}" for number in numbers[marks == 1.0])
        return f"{'  '.join(read)} → {parts} = {probe.targets[0, 0]:.1f}"


def _marked(values: np.ndarray, first: np.ndarray, second: np.ndarray) -> Batch:
    """Numbers (time, sample) with a mark at the steps `first` and `second` (sample,)."""
    samples = np.arange(values.shape[1])
    inputs = np.zeros((*values.shape, 2), np.float32)
    inputs[..., 0] = values
    inputs[first, samples, 1] = 1.0
    inputs[second, samples, 1] = 1.0
    total = values[first, samples] + values[second, samples]
    return Batch(inputs, total[:, None])


def _shown(value: float, mark: float) -> str:
    return f"{value:.4g}{MARK if mark else ''}"
