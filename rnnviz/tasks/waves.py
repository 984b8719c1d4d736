"""The next value of a noisy mixture of sines: a time series in its simplest dress."""

import dataclasses
from typing import ClassVar

import numpy as np

from rnnviz.core import fields, limits
from rnnviz.tasks.base import Defaults, Probes, Task
from rnnviz.tasks.batch import Batch
from rnnviz.tasks.declared import Amount
from rnnviz.tasks.shapes import EveryStep, Features, Numbers
from rnnviz.tasks.typed import read_numbers

SHORTEST, LONGEST = 6.0, 30.0  # period, time steps
FAINTEST, LOUDEST = 0.3, 0.7  # amplitude


@dataclasses.dataclass(frozen=True)
class Waves(Task):
    """The sum of two sines of unknown period, phase and height, with noise; name the next value at every step."""

    name: ClassVar[str] = "waves"
    place: ClassVar[int] = 3
    title: ClassVar[str] = "Continue a noisy wave"
    application: ClassVar[str] = "Speech and sensors"
    about: ClassVar[str] = (
        "Every sequence is the sum of two sine waves, each with its own period, phase and height, plus noise. At "
        "every time step the next value is asked. The current value is not enough: only earlier values show where the "
        "waves are going. The more of them are remembered, the better the noise averages out."
    )
    predicts_next: ClassVar[bool] = True
    score_name: ClassVar[str] = "mean squared error"
    higher_is_better: ClassVar[bool] = False
    guessing: ClassVar[str] = "repeating the value just seen"
    defaults: ClassVar[Defaults] = Defaults(steps=800, lr=1e-2)

    length: int = fields.whole(50, 4, limits.LONGEST_SEQUENCE, "Length of a sequence", "time steps")
    noise: float = fields.real(
        0.05, 0.0, 1.0, "Noise on every value; the waves are about 1 high", "as a standard deviation"
    )

    @property
    def steps(self) -> int:
        return self.length

    @property
    def reads(self) -> Features:
        return Features(1)

    @property
    def answers(self) -> EveryStep:
        return EveryStep(Numbers())

    @property
    def amount(self) -> Amount:
        return Amount("value")

    @property
    def best(self) -> float:
        """The variance of the noise, which nobody can foresee."""
        return self.noise**2

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        period = 1.0 / rng.uniform(1.0 / LONGEST, 1.0 / SHORTEST, (2, size))
        phase = rng.random((2, size))
        height = rng.uniform(FAINTEST, LOUDEST, (2, size))
        return self._noisy(rng, _mixture(self.length + 1, period, phase, height))

    def guess(self, batch: Batch) -> np.ndarray:
        return batch.inputs

    def probes(self) -> Probes:
        """▲ stands at a top of the wave without its noise, ▼ at a bottom."""
        period = np.array([[LONGEST, SHORTEST, LONGEST], [20.0, 8.0, SHORTEST]])
        phase = np.zeros((2, 3))
        height = np.array([[LOUDEST, LOUDEST, LOUDEST], [FAINTEST, FAINTEST, FAINTEST]])
        calm = _mixture(self.length + 1, period, phase, height)
        tokens = np.full((self.length, 3), "")
        inner = calm[1:-1]
        tokens[1:][(inner > calm[:-2]) & (inner >= calm[2:])] = "▲"
        tokens[1:][(inner < calm[:-2]) & (inner <= calm[2:])] = "▼"
        names = ("slow waves", "fast waves", "a fast wave on a slow one")
        return Probes(self._noisy(np.random.default_rng(4), calm), tokens, names)

    def _noisy(self, rng: np.random.Generator, calm: np.ndarray) -> Batch:
        values = calm + np.float32(self.noise) * rng.standard_normal(calm.shape, dtype=np.float32)
        return Batch(values[:-1, :, None], values[1:, :, None])

    @property
    def typing(self) -> str:
        return "numbers, such as 0.1, 0.4, 0.6, 0.7, 0.6, 0.4"

    def encode(self, text: str) -> tuple[np.ndarray, tuple[str, ...]]:
        values, _ = read_numbers(text, marks=False)
        return values[:, None, None], tuple(f"{value:.2f}" for value in values)

    def written(self, inputs: np.ndarray) -> str:
        return ", ".join(f"{value:.3f}" for value in inputs[:, 0])

    def solved(self, inputs: np.ndarray) -> tuple[str, ...]:
        return (*self.answers.of.words(inputs[1:, None], 0), "")

    def example(self) -> str:
        values = self.probes().batch.inputs[:6, 0, 0]
        *read, asked = (f"{value:.2f}" for value in values)
        return f"{'  '.join(read)} → {asked}"


def _mixture(length: int, period: np.ndarray, phase: np.ndarray, height: np.ndarray) -> np.ndarray:
    """The sum over waves of `height` · sin 2π(t / `period` + `phase`), each (wave, sample), as (length, sample)."""
    steps = np.arange(length, dtype=np.float32)[:, None, None]
    turns = steps * (1.0 / period).astype(np.float32) + phase.astype(np.float32)
    values: np.ndarray = (height.astype(np.float32) * np.sin(np.float32(2.0 * np.pi) * turns)).sum(axis=1)
    return values
