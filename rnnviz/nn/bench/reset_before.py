"""How fast the GRU with its reset gate before the product is, for which torch has no layer to compare with."""

import statistics

import torch
from torch import Tensor, nn

from rnnviz.nn.bench.timing import B, H, I, T, taking_turns
from rnnviz.nn.cells.gru_before import ResetBeforeGRU
from rnnviz.nn.cells.weights import weights_of

AT_LEAST = 1.5


def compare_reset_before(repeats: int) -> None:
    """Print forward and backward of one layer against a plain autograd loop of the same equations."""
    module, generator = ResetBeforeGRU(I, H), torch.Generator().manual_seed(0)
    x, dy = torch.randn(T, B, I, generator=generator), torch.randn(T, B, H, generator=generator)
    weights = list(module.parameters())
    functions = [
        lambda: torch.autograd.grad(plain_loop(module, x), weights, dy),
        lambda: torch.autograd.grad(module(x)[0], weights, dy),
    ]
    theirs, mine = (statistics.median(row) * 1e3 for row in taking_turns(functions, repeats))
    print("Reset before: against a plain autograd loop of the same equations, forward and backward, median ms\n")
    print("| cell | plain loop | ours | ratio | at least |\n|---|---|---|---|---|")
    print(f"| gru, reset before | {theirs:.2f} | {mine:.2f} | {theirs / mine:.2f} | {AT_LEAST} |\n")


def plain_loop(module: nn.GRU, x: Tensor) -> Tensor:
    """The equations as one writes them in torch, all inputs multiplied at once: x (T, B, I) → h (T, B, H)."""
    w = weights_of(module, 0, 0)
    size, h = w.hidden, x.new_zeros(x.shape[1], w.hidden)
    states = []
    for a in (x @ w.ih.T + w.b_ih).unbind(0):
        r, z = torch.sigmoid(a[:, : 2 * size] + h @ w.hh[: 2 * size].T + w.b_hh[: 2 * size]).chunk(2, -1)
        n = torch.tanh(a[:, 2 * size :] + (r * h) @ w.hh[2 * size :].T + w.b_hh[2 * size :])
        h = z * h + (1 - z) * n
        states.append(h)
    return torch.stack(states)
