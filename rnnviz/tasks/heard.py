"""What a task has besides whose sequences can be listened to."""

import abc

import numpy as np


class Heard(abc.ABC):
    """Sequences of symbols that sound."""

    @abc.abstractmethod
    def sound(self, symbols: np.ndarray) -> bytes:
        """Symbols by their places (time,) as they sound: a WAV file; empty where there is nothing to hear."""
