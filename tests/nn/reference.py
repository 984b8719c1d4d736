"""The recurrence written out step by step, with autograd: what everything fast is held against."""

from typing import Any

import torch
from torch import Tensor, nn

from rnnviz.nn.cells.kind import Kind, Point, as_it_is
from rnnviz.nn.cells.lookup import KINDS, every, kind_of
from rnnviz.nn.cells.weights import State, Weights, weights_of


def _named(kind: Kind[Any]) -> str:
    name = kind.description.name
    return name if kind is KINDS[name][0] else "_".join([name, *map(str, kind.options.values())])


NAMED = {_named(kind): kind for kind in every()}  # "rnn", "rnn_relu", "lstm", "gru", "gru_before", …
CARRYING = [name for name, kind in NAMED.items() if kind.description.recurrent]  # those that hand a state on
STOCK = [name for name, kind in NAMED.items() if kind.torchs is not None]  # those that torch has, too
STOCK_CELLS = tuple(cell for cell, kinds in KINDS.items() if kinds[0].torchs is not None)


def make_module(cell: str, dtype: torch.dtype = torch.float64, scale: float = 0.8, **sizes: Any) -> nn.RNNBase:
    """A stock torch layer, or one of ours where torch has none, with weights uniform in ±scale."""
    kind = NAMED[cell]
    make = kind.module if kind.torchs is None else kind.torchs.make
    module = make(sizes.pop("inputs"), sizes.pop("hidden"), sizes.pop("num_layers", 1), **sizes).to(dtype)
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for weight in module.parameters():
            weight.uniform_(-scale, scale, generator=generator)
    return module


def numbers(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> Tensor:
    """Standard normal numbers from a generator of their own."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(dtype)


def by_inputs(kind: Kind[Any], w: Weights, x: Tensor) -> list[Tensor]:
    """What x (T, B, I) brings to the pre-activations of every step (B, G·H), input by input."""
    blocks = w.ih.chunk(kind.span, 1)
    return [sum((x[t - back] @ blocks[back].T for back in range(min(t + 1, kind.span))), w.b_ih) for t in range(len(x))]


def one_step(kind: Kind[Any], w: Weights, x: Tensor, before: State, point: Point = as_it_is) -> State:
    """One step of what reads x (B, I), by the equations; where several inputs are read, the first of a sequence."""
    return kind.step(w, by_inputs(kind, w, x[None])[0], before, point)


def unrolled(module: nn.RNNBase, x: Tensor, h0: Tensor | None = None) -> tuple[Tensor, dict[str, list[list[Tensor]]]]:
    """Run x (T, B, I) step by step, from zeros or from h0 (layers·directions, B, H), which no LSTM takes here.

    Returns:
        The output (T, B, directions·H) and for "hidden" and "cell" the states [layer·direction][time],
        in the order of the input, each of which keeps its gradient.
    """
    states: dict[str, list[list[Tensor]]] = {"hidden": [], "cell": []}
    directions = 2 if module.bidirectional else 1
    for layer in range(module.num_layers):
        parts = []
        for direction in range(directions):
            along = x.flip(0) if direction else x
            first = None if h0 is None else h0[layer * directions + direction]
            hidden, cells = _one(module, along, layer, direction, first)
            order = -1 if direction else 1
            states["hidden"].append(hidden[::order])
            states["cell"].append(cells[::order])
            parts.append(torch.stack(hidden[::order]))
        x = torch.cat(parts, -1)
    return x, states


def _one(
    module: nn.RNNBase, x: Tensor, layer: int, direction: int, h0: Tensor | None
) -> tuple[list[Tensor], list[Tensor]]:
    kind, w = kind_of(module), weights_of(module, layer, direction)
    first = x.new_zeros(x.shape[1], module.hidden_size) if h0 is None else h0
    state: State = (first,) * len(kind.description.states)
    steps = []
    for a in by_inputs(kind, w, x):
        state = kind.step(w, a, state)
        for part in state:
            part.retain_grad()
        steps.append(state)
    hidden, *cells = ([*parts] for parts in zip(*steps, strict=True))
    return hidden, cells[0] if cells else []
