"""What some tasks have besides: sequences that can be listened to, words that are suggested while somebody types."""

import abc
from collections.abc import Mapping

import numpy as np


class Heard(abc.ABC):
    """Sequences of symbols that sound."""

    @abc.abstractmethod
    def sound(self, symbols: np.ndarray) -> bytes:
        """Symbols by their places (time,) as they sound: a WAV file; empty where there is nothing to hear."""


class Suggests(abc.ABC):
    """The next word is asked, and any sentence can be begun, as on the keyboard of a phone."""

    @abc.abstractmethod
    def begun(self, text: str) -> tuple[str, str]:
        """What is typed as words that are complete, for `encode`, and the letters of the one that is being typed.

        Raises:
            ExperimentError: there are too many words.
        """

    @abc.abstractmethod
    def candidates(self, chances: np.ndarray, letters: str, most: int) -> list[tuple[str, float]]:
        """Words that begin with these letters, the likeliest first, each with its chance of all (class,)."""

    @abc.abstractmethod
    def known(self, inputs: np.ndarray) -> Mapping[str, float]:
        """How likely each word is after inputs (time,), to who knows how sentences are made; empty if nobody does."""
