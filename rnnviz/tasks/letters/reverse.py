"""Reversing: the letters that were read first are written last."""

import dataclasses
from typing import ClassVar

import numpy as np

from rnnviz.tasks.batch import PAD
from rnnviz.tasks.letters.letters import Letters


@dataclasses.dataclass(frozen=True)
class Reverse(Letters):
    """A string of letters; write the same letters backwards."""

    name: ClassVar[str] = "reverse"
    place: ClassVar[int] = 6
    title: ClassVar[str] = "Write letters backwards"
    application: ClassVar[str] = "Sequence to sequence"
    about: ClassVar[str] = (
        "The encoder reads a string of letters. The decoder has to write them from the last to the first. So every "
        "letter and its place must be kept. It is known which letter has to be looked at when: always the one before."
    )

    def answer(self, strings: np.ndarray) -> np.ndarray:
        length = (strings != PAD).sum(axis=0)
        place = length - 1 - np.arange(len(strings))[:, None]
        return np.where(place < 0, PAD, np.take_along_axis(strings, np.maximum(place, 0), axis=0))
