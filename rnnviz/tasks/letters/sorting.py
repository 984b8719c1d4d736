"""Sorting: the order of the answer is not that of the input."""

import dataclasses
from typing import ClassVar

import numpy as np

from rnnviz.tasks.batch import PAD
from rnnviz.tasks.letters.letters import Letters


@dataclasses.dataclass(frozen=True)
class Sort(Letters):
    """A string of letters; write the same letters in the order of the alphabet."""

    name: ClassVar[str] = "sort"
    place: ClassVar[int] = 7
    title: ClassVar[str] = "Sort letters"
    application: ClassVar[str] = "Sequence to sequence"
    about: ClassVar[str] = (
        "The encoder reads a string of letters. The decoder has to write them in the order of the alphabet. It is "
        "enough to count how often each letter came, so the order of the input need not be kept. But where the next "
        "letter stands is known only after a look at all of them."
    )

    def answer(self, strings: np.ndarray) -> np.ndarray:
        behind = np.where(strings == PAD, np.iinfo(np.int64).max, strings)
        ordered = np.sort(behind, axis=0)
        return np.where(ordered == np.iinfo(np.int64).max, PAD, ordered)
