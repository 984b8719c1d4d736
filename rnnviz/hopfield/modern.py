"""The modern continuous form, whose update is attention (Ramsauer et al. 2021, "Hopfield Networks is All You Need").

    E(ξ) = −lse(β, Xᵀξ) + ½ ξᵀξ + β⁻¹ log P + ½ M²,   ξ ← X softmax(β Xᵀξ)

with the P stored patterns as the columns of X, M the largest of their norms, lse(β, z) = β⁻¹ log Σ_μ exp(β z_μ).
"""

import dataclasses
import math

import numpy as np

from rnnviz.core.errors import ExperimentError

_MOST_UPDATES = 200
_SAME = 1e-9  # the largest change of a state at which it counts as a fixed point


@dataclasses.dataclass(frozen=True, eq=False)
class ModernRecall:
    """What the updates did to a state.

    scores:   (P,), Xᵀξ of the start.
    weights:  (P,), softmax of β times these.
    states:   (T + 1, N), the start and the state after each update, up to a fixed point.
    energies: (T + 1,).
    """

    scores: np.ndarray
    weights: np.ndarray
    states: np.ndarray
    energies: np.ndarray

    @property
    def updates(self) -> int:
        """T."""
        return len(self.states) - 1


def modern_energy(patterns: np.ndarray, state: np.ndarray, beta: float) -> float:
    """E of a state (N,) for patterns (P, N) of any numbers."""
    z = beta * (patterns @ state)
    lse = (z.max() + math.log(np.exp(z - z.max()).sum())) / beta
    largest = (patterns**2).sum(1).max()
    return float(-lse + 0.5 * state @ state + math.log(len(patterns)) / beta + 0.5 * largest)


def modern_update(patterns: np.ndarray, state: np.ndarray, beta: float) -> np.ndarray:
    """X softmax(β Xᵀξ): (N,), for patterns (P, N) and a state (N,)."""
    found: np.ndarray = patterns.T @ _softmax(beta * (patterns @ state))
    return found


def attention(query: np.ndarray, keys: np.ndarray, values: np.ndarray, scale: float) -> np.ndarray:
    """softmax(scale · q Kᵀ) V, term by term as `rnnviz.nn.models.attention` has it, sharing nothing with the update.

        e_j = q · k_j,   α_j = exp(scale · e_j) / Σ_k exp(scale · e_k),   context = Σ_j α_j v_j

    query: (N,). keys, values: (P, N).
    """
    scores = [scale * math.fsum(map(float.__mul__, query.tolist(), key.tolist())) for key in keys]
    above = max(scores)
    exps = [math.exp(score - above) for score in scores]
    total = math.fsum(exps)
    rows = [[exp / total * value for value in row.tolist()] for exp, row in zip(exps, values, strict=True)]
    return np.array([math.fsum(column) for column in zip(*rows, strict=True)])


def modern_recall(patterns: np.ndarray, start: np.ndarray, beta: float, most: int = _MOST_UPDATES) -> ModernRecall:
    """Update until the state stays, at most so many times.

    patterns: (P, N), P at least 1. start: (N,).

    Raises:
        ExperimentError: no patterns, or a β that is not above 0.
    """
    if not len(patterns):
        raise ExperimentError("patterns", "one or more", "none")
    if not (beta > 0 and math.isfinite(beta)):
        raise ExperimentError("beta", "a number above 0", beta)
    x = np.asarray(patterns, np.float64)
    states = [np.asarray(start, np.float64)]
    while len(states) <= most:
        states.append(modern_update(x, states[-1], beta))
        if np.abs(states[-1] - states[-2]).max() <= _SAME:
            break
    scores: np.ndarray = x @ states[0]
    energies = np.array([modern_energy(x, state, beta) for state in states])
    return ModernRecall(scores, _softmax(beta * scores), np.array(states), energies)


def _softmax(z: np.ndarray) -> np.ndarray:
    exps = np.exp(z - z.max())
    found: np.ndarray = exps / exps.sum()
    return found
