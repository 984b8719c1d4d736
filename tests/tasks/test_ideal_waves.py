"""How well `waves` can be continued at all, by one who knows how they are made and weighs every possibility.

Every pair of frequencies on a fine grid is held possible; for each, heights and phases are followed by a Kalman filter
(as if normally distributed); the predictions are averaged with their posterior weights.
"""

import numpy as np
import pytest

from rnnviz.tasks import task
from rnnviz.tasks.waves import FAINTEST, LONGEST, LOUDEST, SHORTEST, Waves


def ideal_score(chosen: Waves, sequences: int, grid: int = 60) -> float:
    """Mean squared error of the ideal listener on the first held-out sequences."""
    held_out = chosen.held_out()
    values = np.concatenate([held_out.inputs[:1, :sequences, 0], held_out.targets[:, :sequences, 0]]).astype(float)
    features = sines_and_cosines(len(values), grid)
    pairs, variance = features.shape[1], (LOUDEST**3 - FAINTEST**3) / (LOUDEST - FAINTEST) / 3 / 2
    covariance = np.tile(variance * np.eye(4), (pairs, 1, 1))
    mean, weight, errors = np.zeros((sequences, pairs, 4)), np.zeros((sequences, pairs)), []
    for seen, feature in zip(values, features, strict=True):
        predicted = (mean * feature).sum(-1)
        belief = np.exp(weight - weight.max(1, keepdims=True))
        errors.append(((belief * predicted).sum(1) / belief.sum(1) - seen) ** 2)
        spread = np.einsum("kij,kj->ki", covariance, feature)
        expected = (spread * feature).sum(-1) + chosen.noise**2
        surprise = seen[:, None] - predicted
        weight -= np.log(expected) / 2 + surprise**2 / expected / 2
        gain = spread / expected[:, None]
        mean += gain * surprise[..., None]
        covariance -= gain[:, :, None] * spread[:, None, :]
    return float(np.mean(errors[1:]))


def sines_and_cosines(length: int, grid: int) -> np.ndarray:
    """Sines and cosines of every pair of frequencies: (time, pair of frequencies, 4)."""
    frequency = np.linspace(1 / LONGEST, 1 / SHORTEST, grid)
    pairs = np.stack(np.triu_indices(grid, 1), axis=1)
    angles = 2 * np.pi * np.arange(length)[:, None, None] * frequency[pairs]
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=-1)


def test_an_ideal_listener_scores_between_the_noise_and_guessing():
    chosen = task("waves")
    score = ideal_score(chosen, 128)
    assert score == pytest.approx(0.0095, abs=5e-4)  # 0.0098 on this grid, 0.0093 on one twice as fine
    assert chosen.best < score < chosen.baseline
