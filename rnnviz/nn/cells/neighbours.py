"""One layer at places that read a few neighbours each, with sums over neighbours in place of large matrices.

Rows are places of samples: a step gathers the states of each row's neighbours, (B·P, C) → (B·P, K·C), and multiplies
them with the shared matrix, (K·C, G·C). The way back gathers the same gradients the other way. What happens inside the
cell is its own `Pair`.

K neighbours, P places, C channels, F numbers read at each place, G blocks, B samples, T steps.
"""

from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from rnnviz.nn.cells.kind import Pair, StepRecord
from rnnviz.nn.cells.weights import Weights


class Neighbours(NamedTuple):
    """Which place neighbour k of a place is, and of which place it is neighbour k: both (P·K,) int64, P for none."""

    of: Tensor
    back: Tensor

    def gathered(self, values: Tensor) -> Tensor:
        """Values (N, P, C) of all neighbours of each place, 0 for none: (N·P, K·C)."""
        count, places, _ = values.shape
        found = _padded(values).index_select(1, self.of.to(values.device))
        return found.view(count * places, -1)

    def returned(self, values: Tensor, places: int) -> Tensor:
        """The transpose of `gathered`, (N·P, K·C) → (N·P, C)."""
        kernel = len(self.back) // places
        by_entry = values.view(-1, places * kernel, values.shape[1] // kernel)
        found = _padded(by_entry).index_select(1, self.back.to(values.device))
        return found.view(len(values), kernel, -1).sum(1)


def neighbours_in(mixing: Tensor) -> Neighbours | None:
    """The neighbours that matrices (K, P, P) stand for; None where they are no shifts, 1 at one place of a row or 0."""
    kernel, places, _ = mixing.shape
    if not bool(((mixing == 0) | (mixing == 1)).all()) or mixing.sum(1).max() > 1 or mixing.sum(2).max() > 1:
        return None
    of = torch.where(mixing.sum(2) > 0, mixing.argmax(2), places)  # (K, P)
    entry = mixing.argmax(1) * kernel + torch.arange(kernel)[:, None]  # of the place that reads this one as neighbour k
    back = torch.where(mixing.sum(1) > 0, entry, places * kernel)
    return Neighbours(of.t().reshape(-1), back.t().reshape(-1))


def _padded(values: Tensor) -> Tensor:
    return torch.nn.functional.pad(values, (0, 0, 0, 1))


class NeighbourLayer(torch.autograd.Function):
    """Forward and backward through time; each weight's gradient in one product over all steps."""

    @staticmethod
    def forward(ctx: Any, pair: Pair, near: Neighbours, states: int, x: Tensor, *shared: Tensor) -> tuple[Tensor, ...]:
        """x (T, B, P, F) and the shared weights → h (T, B, P·C), and the last states other than h (B, P·C)."""
        w, (time, batch, places, _) = Weights(*shared), x.shape
        read = near.gathered(x.flatten(0, 1))
        a = torch.addmm(w.b_ih, read, w.ih.t()).view(time, batch * places, -1)
        channels = w.hh.shape[1] * places // len(near.of)
        h = x.new_zeros(batch * places, channels)
        c = torch.zeros_like(h) if states > 1 else None
        hidden, seen, kept = x.new_empty(time, batch * places, channels), [], []
        turned = w.hh.t()
        for a_t, h_t in zip(a.unbind(0), hidden.unbind(0), strict=True):
            seen.append(near.gathered(h.view(batch, places, channels)))
            after, c_after, inside = pair.forward(a_t, torch.addmm(w.b_hh, seen[-1], turned), h, c)
            kept.append(StepRecord(h, c, inside))
            h, c = h_t.copy_(after), c_after
        ctx.pair, ctx.near, ctx.kept, ctx.shape = pair, near, kept, x.shape
        ctx.save_for_backward(read, torch.stack(seen), *shared)
        last = () if c is None else (c.view(batch, -1),)
        return hidden.view(time, batch, -1), *last

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dy: Tensor, *d_last: Tensor) -> tuple[Tensor | None, ...]:
        """Gradients by x and the shared weights."""
        read, seen, *shared = ctx.saved_tensors
        w, near, (time, batch, places, _) = Weights(*shared), ctx.near, ctx.shape
        dy = dy.reshape(time, batch * places, -1)
        dc = d_last[0].reshape(batch * places, -1) if d_last else None
        later, at_input, at_hidden = None, [], []
        for kept, dh in zip(reversed(ctx.kept), reversed(dy.unbind(0)), strict=True):
            one = ctx.pair.back(kept, dh if later is None else dh + later, dc)
            at_input.append(one.at_input)
            at_hidden.append(one.at_hidden)
            later = near.returned(one.at_hidden @ w.hh, places)
            later, dc = later if one.h is None else later.add_(one.h), one.c
        by_a = torch.stack(at_input[::-1]).flatten(0, 1)
        by_p = by_a if at_hidden[0] is at_input[0] else torch.stack(at_hidden[::-1]).flatten(0, 1)
        dx = near.returned(by_a @ w.ih, places).view(ctx.shape) if ctx.needs_input_grad[3] else None
        by_w = by_a.t() @ read, by_p.t() @ seen.flatten(0, 1), by_a.sum(0), by_p.sum(0)
        return None, None, None, dx, *by_w
