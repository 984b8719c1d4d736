"""The recurrence written out step by step, with autograd: what everything fast is held against."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from rnnviz.nn.cells import gru, gru_before, lstm, rnn
from rnnviz.nn.cells.gru_before import ResetBeforeGRU
from rnnviz.nn.cells.weights import weights_of


def make_module(cell: str, dtype: torch.dtype = torch.float64, scale: float = 0.8, **sizes: Any) -> nn.RNNBase:
    """A stock torch layer, or "gru_before", of which torch has none, with weights uniform in ±scale."""
    kinds: dict[str, Callable[..., nn.RNNBase]] = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
    kinds["gru_before"] = ResetBeforeGRU
    module = kinds[cell](sizes.pop("inputs"), sizes.pop("hidden"), **sizes).to(dtype)
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for weight in module.parameters():
            weight.uniform_(-scale, scale, generator=generator)
    return module


def numbers(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> Tensor:
    """Standard normal numbers from a generator of their own."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(dtype)


def unrolled(
    module: nn.RNNBase, x: Tensor, activation: str = "tanh", h0: Tensor | None = None
) -> tuple[Tensor, dict[str, list[list[Tensor]]]]:
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
            hidden, cells = _one(module, along, layer, direction, activation, first)
            order = -1 if direction else 1
            states["hidden"].append(hidden[::order])
            states["cell"].append(cells[::order])
            parts.append(torch.stack(hidden[::order]))
        x = torch.cat(parts, -1)
    return x, states


def _one(
    module: nn.RNNBase, x: Tensor, layer: int, direction: int, activation: str, h0: Tensor | None
) -> tuple[list[Tensor], list[Tensor]]:
    w = weights_of(module, layer, direction)
    h = c = x.new_zeros(x.shape[1], module.hidden_size) if h0 is None else h0
    hidden, cells = [], []
    for x_t in x:
        if isinstance(module, nn.LSTM):
            h, c = lstm.step(w, x_t, h, c)
            c.retain_grad()
            cells.append(c)
        elif isinstance(module, nn.GRU):
            h = (gru_before if isinstance(module, ResetBeforeGRU) else gru).step(w, x_t, h)
        else:
            h = rnn.step(w, x_t, h, activation)
        h.retain_grad()
        hidden.append(h)
    return hidden, cells
