"""What both tasks on films have in common: how a film is read, typed and written."""

import abc
from typing import Any, ClassVar

import numpy as np

from rnnviz.tasks.base import Task, Textbook
from rnnviz.tasks.motion import films, told
from rnnviz.tasks.motion.told import Told
from rnnviz.tasks.places import Image

READS = Image(films.PLACES, films.PLACES, films.PATCH**2)
SHORTEST, LONGEST = 4, 60  # frames of a film


class Filmed(Task):
    """A task that reads films of `length` frames."""

    length: Any
    textbook: ClassVar[Textbook] = Textbook("shared weights help", "reach")

    @property
    def steps(self) -> int:
        found: int = self.length
        return found

    @property
    def reads(self) -> Image:
        return READS

    @property
    def typing(self) -> str:
        return told.FORM

    def encode(self, text: str) -> tuple[np.ndarray, tuple[str, ...]]:
        found = told.read(text)
        frames = self.filmed(found) if isinstance(found, Told) else found
        return films.as_read(frames)[:, None], tuple(str(time) for time in range(1, len(frames) + 1))

    def written(self, inputs: np.ndarray) -> str:
        return told.written(films.as_frames(inputs))

    @abc.abstractmethod
    def filmed(self, film: Told) -> np.ndarray:
        """A film that is told, without noise: (time, row, column) float32."""
