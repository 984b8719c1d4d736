"""How fast the cells are for which torch has no layer to compare with, such as the GRU with its reset gate before."""

import statistics
from typing import Any

import torch
from torch import Tensor

from rnnviz.nn.bench.timing import B, H, I, T, taking_turns
from rnnviz.nn.cells.kind import Kind
from rnnviz.nn.cells.lookup import every
from rnnviz.nn.cells.weights import Weights, weights_of


def compare_without_torch(repeats: int) -> None:
    """Print forward and backward of one layer against a plain autograd loop of the same equations."""
    generator = torch.Generator().manual_seed(0)
    x, dy = torch.randn(T, B, I, generator=generator), torch.randn(T, B, H, generator=generator)
    print("Torch has no such layer: against a plain autograd loop, forward and backward, median ms\n")
    print("| cell | plain loop | ours | ratio | at least |\n|---|---|---|---|---|")
    for kind in every():
        if kind.torchs is None and kind.at_least is not None:
            theirs, mine = _medians(kind, x, dy, repeats)
            options = "".join(f", {name} {value}" for name, value in kind.options.items())
            name, least = kind.description.name + options, kind.at_least.layer
            print(f"| {name} | {theirs:.2f} | {mine:.2f} | {theirs / mine:.2f} | {least} |")
    print()


def _medians(kind: Kind[Any], x: Tensor, dy: Tensor, repeats: int) -> list[float]:
    module = kind.module(I, H)
    weights = list(module.parameters())
    functions = [
        lambda: torch.autograd.grad(plain_loop(kind, weights_of(module, 0, 0), x), weights, dy),
        lambda: torch.autograd.grad(module(x)[0], weights, dy),
    ]
    return [statistics.median(row) * 1e3 for row in taking_turns(functions, repeats)]


def plain_loop(kind: Kind[Any], w: Weights, x: Tensor) -> Tensor:
    """The equations as one writes them in torch, all inputs multiplied at once: x (T, B, I) → h (T, B, H)."""
    state = (x.new_zeros(x.shape[1], w.hidden),) * len(kind.description.states)
    states = []
    for a in kind.products(w, x).unbind(0):
        state = kind.step(w, a, state)
        states.append(state[0])
    return torch.stack(states)
