"""One layer on a grid of places, its products as convolutions: forward and backward through time without autograd.

Inside, samples come last, (C, H, W, B): then the neighbours of all places are a few long copies, a convolution is one
product, (G·C, K·C) by (K·C, H·W·B), and each gate is one block of it. What happens inside the cell is its own `Pair`,
which acts on every number alone, so that all numbers of all samples may stand in one row.
"""

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional

from rnnviz.nn.cells.kind import Pair, StepRecord
from rnnviz.nn.cells.weights import Weights

Grid = tuple[int, int]  # height and width


class Kernel:
    """Shared matrices (G·C, K·F), K = k² shifts row by row, as a convolution on a grid; N stands for F or G·C."""

    def __init__(self, weight: Tensor, side: int, grid: Grid) -> None:
        self.side, self.grid = side, grid
        by_shift = weight.view(len(weight), side**2, -1)  # (G·C, K, F)
        self.forwards = by_shift.transpose(1, 2).flatten(1)
        self.backwards = by_shift.flip(1).permute(2, 0, 1).flatten(1)

    def neighbours(self, values: Tensor) -> Tensor:
        """What every shift brings to every place, zeros from outside: (T, N, H·W·B) → (T, N·K, H·W·B)."""
        (time, of, _), (height, width), border = values.shape, self.grid, self.side // 2
        framed: Tensor = functional.pad(values.view(time, of, height, width, -1), (0, 0, *4 * (border,)))
        at, each, down, right, _ = framed.stride()
        shape = (time, of, self.side, self.side, height, width, framed.shape[-1])
        return framed.as_strided(shape, (at, each, down, right, down, right, 1)).reshape(time, of * self.side**2, -1)

    def back(self, by_product: Tensor) -> Tensor:
        """The gradient by the values, (T, F, H·W·B), from the one by the product (T, G·C, H·W·B)."""
        return torch.matmul(self.backwards, self.neighbours(by_product))

    def by_weight(self, by_product: Tensor, near: Tensor) -> Tensor:
        """The gradient by the matrix (G·C, K·F), summed over time, from the neighbours (T, F·K, H·W·B)."""
        found: Tensor = torch.bmm(by_product, near.mT).sum(0)
        return found.view(len(found), -1, self.side**2).transpose(1, 2).flatten(1)


def samples_last(values: Tensor, places: int) -> Tensor:
    """(T, B, P·N) as (T, N, P·B)."""
    turned: Tensor = values.reshape(*values.shape[:2], places, -1).permute(0, 3, 2, 1).flatten(2)
    return turned


def samples_first(values: Tensor, places: int) -> Tensor:
    """(T, N, P·B) as (T, B, P·N)."""
    turned: Tensor = values.reshape(*values.shape[:2], places, -1).permute(0, 3, 2, 1).flatten(2)
    return turned


class ConvolvedLayer(torch.autograd.Function):
    """A layer whose first states are 0."""

    @staticmethod
    def forward(ctx: Any, pair: Pair, grid: Grid, states: int, x: Tensor, *shared: Tensor) -> tuple[Tensor, ...]:
        """x (T, B, P·F) and the shared weights → h (T, B, P·C), and the last states other than h (B, P·C)."""
        w, places = Weights(*shared), grid[0] * grid[1]
        read = samples_last(x, places)
        side = round((w.ih.shape[1] / read.shape[1]) ** 0.5)
        k_x, k_h = Kernel(w.ih, side, grid), Kernel(w.hh, side, grid)
        near_x = k_x.neighbours(read)
        products = torch.matmul(k_x.forwards, near_x).add_(w.b_ih[:, None])
        hidden = x.new_empty(len(x), w.hh.shape[1] // side**2, read.shape[2])
        near_h = x.new_empty(len(x), w.hh.shape[1], read.shape[2])
        h = torch.zeros_like(hidden[0]).view(1, -1)
        c, kept = torch.zeros_like(h) if states > 1 else None, []
        for a, h_t, near_t in zip(products.unbind(0), hidden.unbind(0), near_h.unbind(0), strict=True):
            near_t.copy_(k_h.neighbours(h.view(1, *h_t.shape))[0])
            p = torch.addmm(w.b_hh[:, None], k_h.forwards, near_t).view(1, -1)
            after, c_after, inside = pair.forward(a.view(1, -1), p, h, c)
            kept.append(StepRecord(h, c, inside))
            h, c = h_t.copy_(after.view(h_t.shape)).view(1, -1), c_after
        ctx.pair, ctx.kept, ctx.kernels, ctx.near, ctx.places = pair, kept, (k_x, k_h), (near_x, near_h), places
        last = () if c is None else (samples_first(c.view(1, *hidden.shape[1:]), places)[0],)
        return samples_first(hidden, places), *last

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dy: Tensor, *d_last: Tensor) -> tuple[Tensor | None, ...]:
        """Gradients by x and the shared weights."""
        (k_x, k_h), (near_x, near_h), places = ctx.kernels, ctx.near, ctx.places
        dy = samples_last(dy, places)
        dc = samples_last(d_last[0][None], places).reshape(1, -1) if d_last else None
        by_p = dy.new_empty(len(dy), len(k_h.forwards), dy.shape[2])
        by_a, later = by_p, None
        for t in reversed(range(len(dy))):
            direct = dy[t].reshape(1, -1)
            one = ctx.pair.back(ctx.kept[t], direct if later is None else later.add_(direct), dc)
            by_p[t] = one.at_hidden.view(by_p.shape[1:])
            if one.at_input is not one.at_hidden:
                by_a = torch.empty_like(by_p) if by_a is by_p else by_a
                by_a[t] = one.at_input.view(by_p.shape[1:])
            later = k_h.back(by_p[t : t + 1]).view(1, -1)
            later, dc = later if one.h is None else later.add_(one.h), one.c
        dx = samples_first(k_x.back(by_a), places) if ctx.needs_input_grad[3] else None
        by_w = k_x.by_weight(by_a, near_x), k_h.by_weight(by_p, near_h), by_a.sum((0, 2)), by_p.sum((0, 2))
        return None, None, None, dx, *by_w
