"""The weight matrices of one recurrent layer in one direction, under torch's names and layout."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol, runtime_checkable

import torch
from torch import Tensor, nn

AT_ONCE = 4_000_000  # numbers of inputs that are spread out together
State = tuple[Tensor, ...]  # what is carried from step to step, as the cell's description lists it: (h,) or (h, c)


class Weights(NamedTuple):
    """Weights of one layer and direction; G is the number of blocks that the cell's description lists.

    ih: (G·H, I), where a step reads the inputs of k steps (G·H, k·I);  hh: (G·H, H);  b_ih, b_hh: (G·H). Of a cell
    without recurrence hh is (0, H) and b_hh is (0).
    """

    ih: Tensor
    hh: Tensor
    b_ih: Tensor
    b_hh: Tensor

    @property
    def hidden(self) -> int:
        """H, the number of hidden units."""
        return self.hh.shape[1]


@runtime_checkable
class Sharing(Protocol):
    """Layers of one direction whose parameters are fewer than their weights."""

    def weights(self, layer: int) -> Weights:
        """Those of one layer between single units, differentiable by the parameters."""

    def written_out(self, name: str, weight: Tensor) -> Tensor:
        """What a parameter of that name, with the values of `weight`, is between single units."""


def as_used(module: nn.RNNBase, name: str, weight: Tensor) -> Tensor:
    """A parameter of a module, with the values of `weight`, as `weights_of` has it."""
    return module.written_out(name, weight) if isinstance(module, Sharing) else weight


def weights_of(module: nn.RNNBase, layer: int, direction: int) -> Weights:
    """The weights of `module` for one layer (0 is the lowest) and direction (0 forward, 1 backward).

    Of layers that share them between places, written out between single units.
    """
    if isinstance(module, Sharing):
        return module.weights(layer)
    suffix = f"l{layer}" + ("_reverse" if direction else "")
    ih, hh = getattr(module, f"weight_ih_{suffix}"), getattr(module, f"weight_hh_{suffix}", None)
    hh = ih.new_zeros(0, module.hidden_size) if hh is None else hh
    of_x, of_h = (getattr(module, f"bias_{which}_{suffix}", None) if module.bias else None for which in ("ih", "hh"))
    return Weights(ih, hh, _or_zeros(of_x, ih), _or_zeros(of_h, hh))


def _or_zeros(bias: Tensor | None, weight: Tensor) -> Tensor:
    return weight.new_zeros(len(weight)) if bias is None else bias


def side_by_side(w: Weights) -> list[Tensor]:
    """The weights of a single layer as parts of one vector, for autograd too: cuDNN copies others, and says so."""
    flat = torch.cat([part.reshape(-1) for part in w])
    parts = flat.split([part.numel() for part in w])
    return [part.view(of.shape) for part, of in zip(parts, w, strict=True)]


def input_product(weight: Tensor, bias: Tensor, x: Tensor) -> Tensor:
    """`weight x_t + bias` for all time steps in one product: x (T, B, I) → (T, B, rows of weight)."""
    time, batch, inputs = x.shape
    return torch.addmm(bias, x.reshape(time * batch, inputs), weight.t()).view(time, batch, -1)


def spread(x: Tensor, span: int) -> Iterator[Tensor]:
    """Inputs of the last `span` steps side by side: x (T, B, I) → (T, B, span·I), what W_ih multiplies.

    The input of the step itself comes first; before the sequence there are zeros. Yields parts along the last
    dimension if the whole were too large.
    """
    if span == 1:
        yield x
        return
    padded = nn.functional.pad(x, (0, 0, 0, 0, span - 1, 0))
    shifted = [padded[span - 1 - back : span - 1 - back + len(x)] for back in range(span)]
    together = max(1, AT_ONCE // x.numel())
    for begin in range(0, span, together):
        yield torch.cat(shifted[begin : begin + together], -1)


def summed_outer(left: Tensor, right: Tensor) -> Tensor:
    """Σ over time and batch of left ⊗ right: (T, B, M), (T, B, N) → (M, N)."""
    return left.flatten(0, -2).t() @ right.flatten(0, -2)


def earlier(states: Tensor, first: Tensor) -> Tensor:
    """h_{t-1} for every t: the states (T, B, H) moved one step later, with `first` (B, H) in front."""
    return torch.cat([first.unsqueeze(0), states[:-1]])
