"""What ails a network or carries it, read off plain arrays: no run needed, so it works on anybody's model."""

import numpy as np

HORIZON = 0.01  # where the norm of ∂h_T/∂h_{T-lag} has fallen to this part of its 1 at lag 0, the memory ends


def horizon(lag_norm: np.ndarray, factor: float = HORIZON) -> np.ndarray:
    """The memory horizon in steps: the largest lag at which the last state still depends on the one before it by
    `factor` or more, so that at every later lag it is less. T − 1 if it reaches beyond the sequence.

    lag_norm: (…, T), norms of ∂h_T/∂h_{T-lag} over the lag, 1 at lag 0. NaN is a lag that was not measured.

    Returns:
        (…) int; −1 where nothing but lag 0 could be measured.
    """
    time = lag_norm.shape[-1]
    with np.errstate(invalid="ignore"):
        felt = lag_norm >= factor
    last = time - 1 - np.argmax(felt[..., ::-1], axis=-1)
    known = np.isfinite(lag_norm[..., 1:]).any(-1) if time > 1 else np.isfinite(lag_norm).any(-1)
    return np.where(known & felt.any(-1), last, -1)
