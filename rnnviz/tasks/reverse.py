"""Reversing: the letters that were read first are written last."""

import dataclasses
from typing import ClassVar

import numpy as np

from rnnviz.tasks.letters import Letters
from rnnviz.tasks.shapes import PAD


@dataclasses.dataclass(frozen=True)
class Reverse(Letters):
    """A string of letters; write the same letters backwards."""

    name: ClassVar[str] = "reverse"
    place: ClassVar[int] = 6
    title: ClassVar[str] = "Write letters backwards"
    about: ClassVar[str] = (
        "The encoder reads a string of letters; the decoder has to write them from the last to the first. So every "
        "letter and its place must be kept, and it is known which letter has to be looked at when: that one step "
        "further back."
    )
    measured: ClassVar[str] = (
        "With the default settings (strings of 2 to 10 letters, ten seeds) the GRU with attention writes 91 to 100 % "
        "of the held-out strings right, without attention 43 to 50 %. It is the length that counts: without attention "
        "69 to 88 % of the strings of four or five letters are right, 6 to 38 % of those of six or seven and at most "
        "19 % of those of eight or nine; with attention 94 to 100 % of all of these. But attention alone does not "
        "learn the rule for any length: of strings of 12 or 13 letters it writes 19 to 56 % right, of 14 or more at "
        "most 12 %."
    )

    def answer(self, strings: np.ndarray) -> np.ndarray:
        length = (strings != PAD).sum(axis=0)
        place = length - 1 - np.arange(len(strings))[:, None]
        return np.where(place < 0, PAD, np.take_along_axis(strings, np.maximum(place, 0), axis=0))
