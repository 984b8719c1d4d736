"""The weight matrices of one recurrent layer in one direction, under torch's names and layout."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

State = tuple[Tensor, ...]  # what is carried from step to step, as the cell's description lists it: (h,) or (h, c)


class Weights(NamedTuple):
    """Weights of one layer and direction; G is the number of blocks that the cell's description lists.

    ih: (G·H, I);  hh: (G·H, H);  b_ih, b_hh: (G·H). Of a cell without recurrence hh is (0, H) and b_hh is (0).
    """

    ih: Tensor
    hh: Tensor
    b_ih: Tensor
    b_hh: Tensor

    @property
    def hidden(self) -> int:
        """H, the number of hidden units."""
        return self.hh.shape[1]


def weights_of(module: nn.RNNBase, layer: int, direction: int) -> Weights:
    """The weights of `module` for one layer (0 is the lowest) and direction (0 forward, 1 backward)."""
    suffix = f"l{layer}" + ("_reverse" if direction else "")
    ih, hh = getattr(module, f"weight_ih_{suffix}"), getattr(module, f"weight_hh_{suffix}")
    if not module.bias:
        zero = ih.new_zeros(ih.shape[0])
        return Weights(ih, hh, zero, zero)
    return Weights(ih, hh, getattr(module, f"bias_ih_{suffix}"), getattr(module, f"bias_hh_{suffix}"))


def input_product(weight: Tensor, bias: Tensor, x: Tensor) -> Tensor:
    """`weight x_t + bias` for all time steps in one product: x (T, B, I) → (T, B, rows of weight)."""
    time, batch, inputs = x.shape
    return torch.addmm(bias, x.reshape(time * batch, inputs), weight.t()).view(time, batch, -1)


def summed_outer(left: Tensor, right: Tensor) -> Tensor:
    """Σ over time and batch of left ⊗ right: (T, B, M), (T, B, N) → (M, N)."""
    return left.flatten(0, -2).t() @ right.flatten(0, -2)


def earlier(states: Tensor, first: Tensor) -> Tensor:
    """h_{t-1} for every t: the states (T, B, H) moved one step later, with `first` (B, H) in front."""
    return torch.cat([first.unsqueeze(0), states[:-1]])
