"""What one sweep back through time finds out about a layer."""

from typing import NamedTuple

import torch
from torch import Tensor

from rnnviz.nn.cells.weights import State, earlier, spread, summed_outer


class Sweep(NamedTuple):
    """Gradients of a loss by everything in one layer and direction.

    hidden:    (T, B, H), total derivative by h_t, through every later step.
    cell:      (T, B, H), the same by c_t; None of a cell without a cell state.
    at_input:  (T, B, G·H), by the pre-activations, on the side of the input product.
    at_hidden: (T, B, G·H), on the side of the hidden product (differs for a GRU: the reset gate lies between).
    first:     by every state before the first step, each (B, H).
    gated:     (T, B, H), what the last block of W_hh is multiplied with where that is not h_{t-1}: r_t ⊙ h_{t-1} in a
               GRU whose reset gate comes before the product; no gradient, but the weights' gradients need it.
    span:      of how many time steps a step reads the inputs.
    """

    hidden: Tensor
    cell: Tensor | None
    at_input: Tensor
    at_hidden: Tensor
    first: State
    gated: Tensor | None = None
    span: int = 1

    def weight_gradients(self, x: Tensor, h: Tensor, h0: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Gradients by W_ih, W_hh, b_ih, b_hh: sums over time steps, since the steps share their weights."""
        by_hh = self._by_hh(h, h0)
        by_b_ih = self.at_input.sum((0, 1))
        by_b_hh = by_b_ih if self.at_hidden is self.at_input else self.at_hidden.sum((0, 1))
        return self._by_ih(x), by_hh, by_b_ih, by_b_hh

    def _by_ih(self, x: Tensor) -> Tensor:
        parts = [summed_outer(self.at_input, part) for part in spread(x, self.span)]
        return parts[0] if len(parts) == 1 else torch.cat(parts, 1)

    def _by_hh(self, h: Tensor, h0: Tensor) -> Tensor:
        if self.gated is None:
            return summed_outer(self.at_hidden[1:], h[:-1]).addmm_(self.at_hidden[0].t(), h0)
        rest = self.at_hidden.shape[-1] - h.shape[-1]
        by_plain = summed_outer(self.at_hidden[..., :rest], earlier(h, h0))
        return torch.cat([by_plain, summed_outer(self.at_hidden[..., rest:], self.gated)])
