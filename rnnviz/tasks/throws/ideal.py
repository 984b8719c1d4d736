"""How soon the outcome of a throw can be known at all: Bayes' rule from what the camera has seen.

The four numbers of a throw have a normal distribution, the camera's errors too; flight depends on the numbers almost
linearly over their spread, so that what is known of them after each frame is a normal distribution as well (linearised
at the most likely throw, as in Laplace's approximation). Throws drawn from it are simulated to the end.
"""

import functools
from statistics import NormalDist

import numpy as np

from rnnviz.tasks.throws import flight

SHARPEST = 1e-3  # metres: of a camera without errors
ROUNDS = 2  # of finding the most likely throw
NUDGE = 0.5  # of the spread, to either side


def chances(distance: float, seen: np.ndarray, noise: float, draws: int, every: int) -> np.ndarray:
    """Of throws seen by a camera (frame, throw, 3), metres, the chance after each frame to go in: (frame, throw).

    noise: standard deviation of the camera's errors in metres, on every coordinate.
    draws: how many throws are simulated after each frame.
    every: after each how many frames; between them it is NaN.

    What the camera sees once a ball has touched something tells of no free flight: it is NaN.
    """
    means, spreads = _known(distance, seen, max(noise, SHARPEST))
    drawn = means[::every, ..., None] + spreads[::every] @ _spread_out(draws)
    params = flight.prior(distance)[:, :1] + flight.prior(distance)[:, 1:] * drawn.transpose(2, 0, 1, 3).reshape(4, -1)
    goes_in = flight.thrown(distance, params, 1).goes_in
    found = np.full(seen.shape[:2], np.nan)
    found[::every] = goes_in.reshape(*drawn.shape[:2], -1).mean(axis=-1)
    return found


@functools.lru_cache(maxsize=8)
def _spread_out(draws: int) -> np.ndarray:
    """Standard normal numbers (4, draw) that fill the space evenly: an additive sequence of four irrational steps.

    Each step is a power of the root of x⁵ = x + 1, which keeps the points apart in all four dimensions (Roberts 2018).
    """
    root = 1.0
    for _ in range(60):
        root = (1.0 + root) ** 0.2
    steps = root ** -np.arange(1.0, 5.0)
    found: np.ndarray = np.vectorize(NormalDist().inv_cdf)((0.5 + steps[:, None] * np.arange(1, draws + 1)) % 1.0)
    return found


def _known(distance: float, seen: np.ndarray, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """What is known of each throw after each frame, in spreads of the prior.

    Means (frame, throw, 4), and factors (frame, throw, 4, 4) that turn standard normal numbers into what is off them.
    """
    best = np.zeros((seen.shape[1], 4))
    for _ in range(ROUNDS):
        slopes, at = _linear(distance, best, len(seen))
        left = np.where(np.isnan(seen), 0.0, (seen - at) / noise)
        weighted = np.where(np.isnan(seen)[..., None], 0.0, slopes / noise)
        precision = np.eye(4) + np.cumsum(np.einsum("ftxp,ftxq->ftpq", weighted, weighted), axis=0)
        pulled = np.cumsum(
            np.einsum("ftxp,ftx->ftp", weighted, left + np.einsum("ftxp,tp->ftx", weighted, best)), axis=0
        )
        means = np.linalg.solve(precision, pulled[..., None])[..., 0]
        best = means[-1]
    return means, np.linalg.cholesky(np.linalg.inv(precision))


def _linear(distance: float, at: np.ndarray, frames: int) -> tuple[np.ndarray, np.ndarray]:
    """Free flight around throws (throw, 4), in spreads of the prior.

    Slopes (frame, throw, 3, 4) of the places by them, and the places (frame, throw, 3) in metres.
    """
    steps = np.concatenate([np.zeros((1, 4)), NUDGE * np.eye(4), -NUDGE * np.eye(4)])
    tried = (at[None] + steps[:, None]).reshape(-1, 4).T
    known = flight.prior(distance)
    places = flight.flown(distance, known[:, :1] + known[:, 1:] * tried, frames).reshape(frames, 9, len(at), 3)
    slopes = (places[:, 1:5] - places[:, 5:]) / (2 * NUDGE)
    return slopes.transpose(0, 2, 3, 1), places[:, 0]
