"""Frames as answers."""

import dataclasses

import numpy as np

from rnnviz.core.names import number
from rnnviz.tasks.values import Numbers


@dataclasses.dataclass(frozen=True)
class Pixels(Numbers):
    """The pixels of a frame; in words and as a curve their mean stands for them."""

    def shown(self, answers: np.ndarray) -> np.ndarray:
        found: np.ndarray = answers.mean(-1)
        return found

    def words(self, answers: np.ndarray, sample: int) -> tuple[str, ...]:
        return tuple(number(value, 3) for value in self.shown(answers[..., sample, :]).reshape(-1))
