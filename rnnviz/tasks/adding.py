"""The adding problem (Hochreiter & Schmidhuber 1997, section 5.4)."""

import dataclasses
from typing import ClassVar

import numpy as np

from rnnviz import fields, limits
from rnnviz.tasks.base import Batch, Defaults, Probes, Task


@dataclasses.dataclass(frozen=True)
class Adding(Task):
    """At every step a number from 0 to 1 and a mark; two numbers are marked; answer their sum at the end."""

    name: ClassVar[str] = "adding"
    title: ClassVar[str] = "Add two marked numbers"
    about: ClassVar[str] = "To be written from the table over seeds."
    kind: ClassVar[str] = "numbers"
    answers: ClassVar[str] = "last"
    score_name: ClassVar[str] = "mean squared error"
    higher_is_better: ClassVar[bool] = False
    guessing: ClassVar[str] = "always answering 1"
    defaults: ClassVar[Defaults] = Defaults(steps=1000, lr=1e-2)

    length: int = fields.whole(50, 4, limits.LONGEST_SEQUENCE, "Length of a sequence", "time steps")

    @property
    def steps(self) -> int:
        return self.length

    @property
    def input_size(self) -> int:
        return 2

    @property
    def output_size(self) -> int:
        return 1

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        first = rng.integers(0, self.length // 2, size)
        second = rng.integers(self.length // 2, self.length, size)
        return self._marked(rng.random((self.length, size), dtype=np.float32), first, second)

    def _marked(self, values: np.ndarray, first: np.ndarray, second: np.ndarray) -> Batch:
        samples = np.arange(values.shape[1])
        marks = np.zeros_like(values)
        marks[first, samples] = 1.0
        marks[second, samples] = 1.0
        total = values[first, samples] + values[second, samples]
        return Batch(np.stack([values, marks], axis=-1), total[:, None])

    def probes(self) -> Probes:
        rng = np.random.default_rng(1)
        last, middle = self.length - 1, self.length // 2
        first = np.array([0, middle - 1, 1])
        second = np.array([last, middle, middle])
        values = rng.random((self.length, 3), dtype=np.float32)
        batch = self._marked(values.round(1), first, second)
        marked = batch.inputs[:, :, 1] == 1.0
        tokens = np.where(marked, np.char.mod("%.1f", batch.inputs[:, :, 0]), "")
        return Probes(batch, tokens, ("first and last step", "two neighbours", "both early"))

    @property
    def baseline(self) -> float:
        targets = self.held_out().targets
        return self.score(np.ones_like(targets), targets)
