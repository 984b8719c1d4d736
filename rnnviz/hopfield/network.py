"""The network itself: what is stored in its weights, and the energy of a state."""

import dataclasses

import numpy as np

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError


@dataclasses.dataclass(frozen=True, eq=False)
class Network:
    """N units of +1 or −1, each joined to all others (Hopfield 1982).

        h_i = Σ_j W_ij s_j + θ_i,   s_i ← sign(h_i), unchanged where h_i = 0,   E(s) = −½ sᵀ W s − θᵀ s

    W:     (N, N), symmetric, its diagonal 0. Without both the energy could rise.
    theta: (N,), the bias of each unit.

    Raises:
        ExperimentError: a shape, a number or a matrix that is not allowed.
    """

    W: np.ndarray
    theta: np.ndarray

    def __post_init__(self) -> None:
        W, theta = np.array(self.W, np.float64), np.array(self.theta, np.float64)
        if W.ndim != 2 or W.shape[0] != W.shape[1] or not 1 <= len(W) <= limits.MOST_HOPFIELD_UNITS:
            raise ExperimentError("W", f"square, of 1 to {limits.MOST_HOPFIELD_UNITS} units", W.shape)
        if theta.shape != (len(W),):
            raise ExperimentError("theta", f"of shape {(len(W),)}", theta.shape)
        if not (np.isfinite(W).all() and np.isfinite(theta).all()):
            raise ExperimentError("W and theta", "finite numbers", "others")
        if not np.array_equal(W, W.T) or np.diagonal(W).any():
            raise ExperimentError("W", "symmetric with a diagonal of zeros", "another matrix")
        for name, array in (("W", W), ("theta", theta)):
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @property
    def units(self) -> int:
        """N."""
        return len(self.W)

    def field(self, state: np.ndarray) -> np.ndarray:
        """h of a state (N,): what each unit gets from all others and its bias."""
        found: np.ndarray = self.W @ state + self.theta
        return found

    def energy(self, state: np.ndarray) -> float:
        """E of a state (N,)."""
        return float(-0.5 * state @ self.W @ state - self.theta @ state)


def store(patterns: np.ndarray, theta: np.ndarray | None = None) -> Network:
    """The network that the Hebbian rule makes: W = (1/N) Σ_μ x^μ x^μᵀ, its diagonal set to 0.

    patterns: (P, N) of +1 and −1; none at all gives weights of 0.
    theta:    (N,), 0 if it is not given.

    Raises:
        ExperimentError: something else.
    """
    x = checked("patterns", patterns, 2)
    W = x.T @ x / x.shape[1]
    np.fill_diagonal(W, 0.0)
    return Network(W, np.zeros(x.shape[1]) if theta is None else theta)


def checked(name: str, values: np.ndarray, dimensions: int) -> np.ndarray:
    """The values as float64, if all are +1 or −1.

    Raises:
        ExperimentError: they are not, or have another number of dimensions.
    """
    array = np.array(values, np.float64)
    if array.ndim != dimensions:
        raise ExperimentError(name, f"an array of {dimensions} dimension{'s' * (dimensions > 1)}", array.shape)
    if not 1 <= array.shape[-1] <= limits.MOST_HOPFIELD_UNITS:
        raise ExperimentError(name, f"of 1 to {limits.MOST_HOPFIELD_UNITS} units", array.shape)
    if not (np.abs(array) == 1).all():
        raise ExperimentError(name, "made of +1 and −1", "another number")
    return array
