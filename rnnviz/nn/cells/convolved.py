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

    Whatever every shift brings to every place is then one view of them.
    """

    def __init__(self, like: Tensor, time: int, channels: int, side: int, grid: Grid) -> None:
        """like: numbers (…, H·W·B), for their precision, device and samples."""
        (height, width), border, samples = grid, side // 2, like.shape[-1] // (grid[0] * grid[1])
        whole = like.new_zeros(time, channels, height + 2 * border, width + 2 * border, samples)
        self.inside = whole.narrow(2, border, height).narrow(3, border, width)
        of, each, down, right, _ = whole.stride()
        shape = (time, channels, side, side, height, width, samples)
        self.shifted = whole.as_strided(shape, (of, each, down, right, down, right, 1))

    def put(self, time: int, values: Tensor) -> None:
        """The values of one step, (N, H·W·B) or as many in another shape."""
        self.inside[time].copy_(values.view(self.inside.shape[1:]))

    def near(self, time: int) -> Tensor:
        """What every shift brings to every place at one step, zeros from outside: (N·K, H·W·B)."""
        return self.shifted[time].reshape(self.shifted.shape[1] * self.shifted.shape[2] ** 2, -1)


def framed(values: Tensor, side: int, grid: Grid) -> Framed:
    """Values (T, N, H·W·B) of all steps."""
    found = Framed(values, len(values), values.shape[1], side, grid)
    found.inside.copy_(values.view(found.inside.shape))
    return found


class Kernel:
    """A shared matrix (G·C, K·F), K = k² shifts row by row, as a convolution on a grid.

    forwards:  (G·C, F·K), by which what is near is multiplied.
    backwards: (F, G·C·K), the same for gradients on their way back: the shifts the other way round.
    """

    def __init__(self, weight: Tensor, side: int) -> None:
        self.side = side
        by_shift = weight.view(len(weight), side**2, -1)  # (G·C, K, F)
        self.forwards = by_shift.transpose(1, 2).flatten(1)
        self.backwards = by_shift.flip(1).permute(2, 0, 1).flatten(1)

    def as_weight(self, by_forwards: Tensor) -> Tensor:
        """The gradient by the matrix (G·C, K·F), from the one by `forwards`."""
        return by_forwards.view(len(by_forwards), -1, self.side**2).transpose(1, 2).flatten(1)


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
        k_x, k_h, b_x, b_h = Kernel(w.ih, side), Kernel(w.hh, side), w.b_ih[:, None], w.b_hh[:, None]
        read = framed(values, side, grid)
        before = Framed(values, len(x) + 1, w.hh.shape[1] // side**2, side, grid)
        h = before.inside.new_zeros(1, before.inside[0].numel())
        c, kept = torch.zeros_like(h) if states > 1 else None, []
        for t in range(len(x)):
            a = torch.addmm(b_x, k_x.forwards, read.near(t)).view(1, -1)
            p = torch.addmm(b_h, k_h.forwards, before.near(t)).view(1, -1)
            after, c_after, inside = pair.forward(a, p, h, c)
            kept.append(StepRecord(h, c, inside))
            before.put(t + 1, after)
            h, c = after, c_after
        ctx.pair, ctx.kept, ctx.kernels, ctx.framed, ctx.grid = pair, kept, (k_x, k_h), (read, before), grid
        hidden = before.inside[1:].reshape(len(x), before.inside.shape[1], -1)
        last = () if c is None else (samples_first(c.view(1, *hidden.shape[1:]), places)[0],)
        return samples_first(hidden, places), *last

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dy: Tensor, *d_last: Tensor) -> tuple[Tensor | None, ...]:
        """Gradients by x and the shared weights."""
        (k_x, k_h), (read, before), places = ctx.kernels, ctx.framed, ctx.grid[0] * ctx.grid[1]
        dy = samples_last(dy, places)
        dc = samples_last(d_last[0][None], places).reshape(1, -1) if d_last else None
        rows, later = len(k_h.forwards), None
        by_x, by_h = torch.zeros_like(k_x.forwards), torch.zeros_like(k_h.forwards)
        by_biases, spread = dy.new_zeros(2, rows), Framed(dy, 1, rows, k_h.side, ctx.grid)
        dx = dy.new_empty(len(dy), len(k_x.backwards), dy.shape[2]) if ctx.needs_input_grad[3] else None
        for t in reversed(range(len(dy))):
            direct = dy[t].reshape(1, -1)
            one = ctx.pair.back(ctx.kept[t], direct if later is None else later.add_(direct), dc)
            by_a, by_p = one.at_input.view(rows, -1), one.at_hidden.view(rows, -1)
            by_x.addmm_(by_a, read.near(t).t())
            by_h.addmm_(by_p, before.near(t).t())
            by_biases[0] += by_a.sum(1)
            by_biases[1] += by_p.sum(1)
            if dx is not None:
                spread.put(0, by_a)
                dx[t] = k_x.backwards @ spread.near(0)
            spread.put(0, by_p)
            later = (k_h.backwards @ spread.near(0)).view(1, -1)
            later, dc = later if one.h is None else later.add_(one.h), one.c
        by_read = None if dx is None else samples_first(dx, places)
        return None, None, None, by_read, k_x.as_weight(by_x), k_h.as_weight(by_h), *by_biases
