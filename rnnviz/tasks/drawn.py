"""What a task reads that looks at a drawing: its places, small squares of pixels, all of them at once."""

import dataclasses
from typing import ClassVar

import numpy as np

from rnnviz.core.names import counted
from rnnviz.tasks.batch import one_hot
from rnnviz.tasks.shapes import Sequence


@dataclasses.dataclass(frozen=True)
class Drawing:
    """A drawing cut into places: `rows` × `columns` squares of `side` × `side` pixels with `channels` numbers each.

    Where other tasks have time steps, this one has places, from left to right and from top to bottom; the numbers of a
    place are those of its pixels in the same order, `channels` of each. A drawing is as good as known after one look:
    no place comes before another.
    """

    rows: int
    columns: int
    side: int
    channels: int
    one: ClassVar[str] = "place"

    @property
    def count(self) -> int:
        """Places that there are."""
        return self.rows * self.columns

    @property
    def size(self) -> int:
        """Numbers of one place."""
        return self.side * self.side * self.channels

    @property
    def said(self) -> str:
        """What one place is, in words."""
        return counted(self.size, "number")

    def given(self, places: np.ndarray) -> np.ndarray:
        """Which number of a place is 1, as a model reads it: (…, size) float32."""
        return one_hot(places, self.size)

    def places(self, inputs: np.ndarray) -> np.ndarray:
        """The largest number of every place (…,) int64."""
        found: np.ndarray = inputs.argmax(-1).astype(np.int64)
        return found

    @property
    def names(self) -> tuple[str, ...]:
        """What the places are called: a letter for the column, a number for the row, as on a map: "A1", "B1"."""
        return tuple(f"{chr(ord('A') + column)}{row + 1}" for row in range(self.rows) for column in range(self.columns))

    def cut(self, pixels: np.ndarray) -> np.ndarray:
        """Drawings (sample, down, across, channel) as (place, sample, number)."""
        samples, side = len(pixels), self.side
        parts = pixels.reshape(samples, self.rows, side, self.columns, side, self.channels)
        return np.ascontiguousarray(parts.transpose(1, 3, 0, 2, 4, 5).reshape(self.count, samples, self.size))

    def joined(self, inputs: np.ndarray) -> np.ndarray:
        """The way back: (place, sample, number) as drawings (sample, down, across, channel)."""
        side = self.side
        parts = inputs.reshape(self.rows, self.columns, -1, side, side, self.channels)
        whole: np.ndarray = parts.transpose(2, 0, 3, 1, 4, 5)
        return whole.reshape(-1, self.rows * side, self.columns * side, self.channels)


@dataclasses.dataclass(frozen=True)
class Described(Sequence):
    """A sequence of words about a drawing."""

    shape: ClassVar[str] = "one-to-many"
    asked: ClassVar[str] = "a drawing is read, words are written"

    def in_numbers(self, read: int, answers: int) -> str:
        return f"a drawing of {counted(read, 'place')} read, then {counted(answers, 'word')} written"
