"""What one time step does to small changes: the exact derivative of every step a layer took, in double precision.

With the states and gates known, every derivative is a product of known numbers and W_hh: no autograd, nothing run
twice. A state's vector is h_t, with a cell state h_t and then c_t, so it has S = H or 2·H numbers.
"""

import dataclasses
from abc import ABC, abstractmethod

import torch
from torch import Tensor

from rnnviz.nn.cells.weights import Weights


@dataclasses.dataclass(frozen=True)
class Derivatives(ABC):
    """The derivatives of all steps of one layer in one direction, in reading order; on the CPU, in double precision.

    What is said here of the size of a state and its parts holds where h_t is all that is carried.
    """

    w: Weights

    @property
    @abstractmethod
    def shape(self) -> torch.Size:
        """(T, B, H)."""

    @property
    def size(self) -> int:
        """S, the numbers in a state."""
        return self.w.hidden

    @abstractmethod
    def by_before(self, steps: slice = slice(None)) -> Tensor:
        """∂state_t/∂state_{t-1} of the chosen steps: (T, B, S, S)."""

    @abstractmethod
    def back(self, t: int, d: Tensor) -> tuple[Tensor, Tensor]:
        """Any number N of gradients by state_t, d (N, B, S), one step back.

        Returns:
            The gradients by state_{t-1} (N, B, S) and by the pre-activations on the side of the input (N, B, G·H).
        """

    def parts(self, t: int, d: Tensor) -> tuple[Tensor, ...]:
        """The total gradients by h_t and, where there is one, by c_t, on which h_t depends too: each (N, B, H)."""
        return (d,)


def weighted(factors: Tensor, w: Tensor) -> Tensor:
    """Σ over gates g of diag(factors_g) W_g: factors (T, B, G, H), w (G·H, H) → (T, B, H, H)."""
    time, batch, gates, size = factors.shape
    rows = factors.permute(3, 0, 1, 2).reshape(size, time * batch, gates)
    found = rows @ w.view(gates, size, size).transpose(0, 1)  # (H, T·B, H): one small product for every unit
    return found.transpose(0, 1).reshape(time, batch, size, size)
