"""One layer on a grid of places, its products as convolutions: forward and backward through time without autograd.

Inside, samples come last, (C, H, W, B): then the neighbours of all places are a few long copies, a convolution is one
product, (G·C, K·C) by (K·C, H·W·B), and each gate is one block of it. What happens inside the cell is its own `Pair`,
which acts on every number alone, so that all numbers of all samples may stand in one row.
"""

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from rnnviz.nn.cells.kind import Pair, StepRecord
from rnnviz.nn.cells.weights import Weights

Grid = tuple[int, int]  # height and width


class Framed:
    """Values on a grid at T time steps with a frame of zeros around, wide enough for a kernel of side k.

    inside:  the values, (T, N, H, W, B).
    shifted: what every shift brings to every place, zeros from outside, (T, N, k, k, H, W, B), a view.
    """

    def __init__(self, like: Tensor, time: int, channels: int, side: int, grid: Grid) -> None:
        """like: numbers (…, H·W·B), for their precision, device and samples."""
        (height, width), border, samples = grid, side // 2, like.shape[-1] // (grid[0] * grid[1])
        self.whole = like.new_zeros(time, channels, height + 2 * border, width + 2 * border, samples)
        self.inside = self.whole.narrow(2, border, height).narrow(3, border, width)
        of, each, down, right, _ = self.whole.stride()
        shape = (time, channels, side, side, height, width, samples)
        self.shifted = self.whole.as_strided(shape, (of, each, down, right, down, right, 1))


class Near:
    """What is read at one step with all neighbours, (N·K + 1, H·W·B), with a row of ones below, by which a bias goes.

    The memory is the same at every step, as fresh memory costs more than the copy.
    """

    def __init__(self, framed: Framed) -> None:
        self.framed, each = framed, framed.shifted[0]
        self._rows = each.new_ones(each.shape[:3].numel() + 1, each.shape[3:].numel())
        self._values = self._rows[:-1].view(each.shape)

    def at(self, time: int) -> Tensor:
        """At that step, until the next call."""
        self._values.copy_(self.framed.shifted[time])
        return self._rows


class Returned:
    """The transpose of a kernel's product: what each place is owed by all that read it."""

    def __init__(self, forwards: Tensor, like: Framed) -> None:
        """forwards: as a `Kernel` has it; like: what it read."""
        _, channels, side, _, height, width, samples = like.shifted.shape
        numbers = forwards.new_empty(height * width * samples)
        self._weight, self._framed = forwards[:, :-1].t(), Framed(numbers, 1, channels, side, (height, width))
        to = self._framed.shifted[0]
        self._shares = to.new_empty(len(self._weight), len(numbers))
        by_shift = self._shares.view(to.shape)
        shifts = [(down, right) for down in range(side) for right in range(side)]
        self._from, self._to = ([by[:, down, right] for down, right in shifts] for by in (by_shift, to))

    def of(self, values: Tensor, onto: Tensor) -> Tensor:
        """Gradients by the products (G·C, H·W·B) → by what was read, added to `onto`: (1, N·H·W·B)."""
        torch.mm(self._weight, values, out=self._shares)
        self._framed.inside.copy_(onto.view(self._framed.inside.shape))
        torch._foreach_add_(self._to, self._from)
        return self._framed.inside.reshape(1, -1)


class Kernel:
    """A shared matrix (G·C, K·F), K = k² shifts row by row, as a convolution on a grid.

    forwards: (G·C, F·K + 1), with the bias (G·C), by which what is near is multiplied.
    """

    def __init__(self, weight: Tensor, bias: Tensor, side: int) -> None:
        self.side = side
        by_shift = weight.view(len(weight), side**2, -1).transpose(1, 2).flatten(1)
        self.forwards = torch.cat([by_shift, bias[:, None]], 1)

    def gradients(self, by_forwards: Tensor) -> tuple[Tensor, Tensor]:
        """By the matrix (G·C, K·F) and the bias (G·C), from the one by `forwards`, turned: (F·K + 1, G·C)."""
        by_shift = by_forwards[:-1].view(-1, self.side**2, by_forwards.shape[1])
        return by_shift.permute(2, 1, 0).flatten(1), by_forwards[-1]


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
        values = samples_last(x, places)
        side = round((w.ih.shape[1] / values.shape[1]) ** 0.5)
        k_x, k_h = Kernel(w.ih, w.b_ih, side), Kernel(w.hh, w.b_hh, side)
        near_x, near_h = _laid_out(values, w.hh.shape[1] // side**2, side, grid)
        hidden = near_h.framed.inside
        h = hidden.new_zeros(1, hidden[0].numel())
        c, kept = torch.zeros_like(h) if states > 1 else None, []
        for t in range(len(x)):
            a, p = (k_x.forwards @ near_x.at(t)).view(1, -1), (k_h.forwards @ near_h.at(t)).view(1, -1)
            after, c_after, inside = pair.forward(a, p, h, c)
            kept.append(StepRecord(h, c, inside))
            hidden[t + 1].copy_(after.view(hidden.shape[1:]))
            h, c = after, c_after
        ctx.pair, ctx.kept, ctx.kernels, ctx.near, ctx.places = pair, kept, (k_x, k_h), (near_x, near_h), places
        last = () if c is None else (samples_first(c.view(1, hidden.shape[1], -1), places)[0],)
        return hidden[1:].permute(0, 4, 2, 3, 1).flatten(2), *last

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dy: Tensor, *d_last: Tensor) -> tuple[Tensor | None, ...]:
        """Gradients by x and the shared weights."""
        (k_x, k_h), (near_x, near_h), places, pair = ctx.kernels, ctx.near, ctx.places, ctx.pair
        dy = samples_last(dy, places)
        dc = samples_last(d_last[0][None], places).reshape(1, -1) if d_last else None
        rows, dh = len(k_h.forwards), dy[-1].reshape(1, -1)
        by_x, by_h = (torch.zeros_like(one.forwards.t()) for one in (k_x, k_h))
        to_x, to_h = Returned(k_x.forwards, near_x.framed), Returned(k_h.forwards, near_h.framed)
        dx = torch.zeros_like(near_x.framed.inside).flatten(1) if ctx.needs_input_grad[3] else None
        for t in reversed(range(len(dy))):
            one = pair.back(ctx.kept[t], dh, dc)
            by_a, by_p = one.at_input.view(rows, -1), one.at_hidden.view(rows, -1)
            by_x.addmm_(near_x.at(t), by_a.t())
            by_h.addmm_(near_h.at(t), by_p.t())
            if dx is not None:
                dx[t] = to_x.of(by_a, onto=dx[t])
            if t:
                dh = to_h.of(by_p, onto=dy[t - 1])
                dh, dc = dh if one.h is None else dh.add_(one.h), one.c
        by_read = None if dx is None else samples_first(dx.view(len(dy), -1, dy.shape[2]), places)
        (d_ih, d_b_ih), (d_hh, d_b_hh) = k_x.gradients(by_x), k_h.gradients(by_h)
        return None, None, None, by_read, d_ih, d_hh, d_b_ih, d_b_hh


def _laid_out(values: Tensor, channels: int, side: int, grid: Grid) -> tuple[Near, Near]:
    """Inputs (T, F, H·W·B) of all steps, and room for as many states after a first one of zeros."""
    read = Framed(values, len(values), values.shape[1], side, grid)
    read.inside.copy_(values.view(read.inside.shape))
    return Near(read), Near(Framed(values, len(values) + 1, channels, side, grid))
