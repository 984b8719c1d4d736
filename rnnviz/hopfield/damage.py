"""What a recall starts from: a stored pattern, damaged."""

import numpy as np

from rnnviz.core.errors import ExperimentError
from rnnviz.hopfield.network import checked


def flipped(pattern: np.ndarray, share: float, generator: np.random.Generator) -> np.ndarray:
    """The pattern (N,) with a share of its units, 0 to 1, drawn at random and turned over; a whole number of them.

    Raises:
        ExperimentError: another share.
    """
    if not 0 <= share <= 1:
        raise ExperimentError("share", "0 to 1", share)
    state = checked("pattern", pattern, 1)
    state[generator.choice(len(state), round(share * len(state)), replace=False)] *= -1
    return state


def covered(pattern: np.ndarray) -> np.ndarray:
    """The pattern (N,) with the second half of its units set to −1: of a picture the lower half."""
    state = checked("pattern", pattern, 1)
    state[len(state) // 2 :] = -1
    return state
