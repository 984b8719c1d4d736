"""Sequences of different lengths through a recurrent module, exactly as if each were read alone.

Padding stands behind each sequence. A backward direction reads each sequence from its own end. The last hidden state of
each sequence is that of its own last step; a cell state, of which torch's fused kernel returns only that of the very
last step, is carried there by padding that holds it as it is: at the pre-activations that the cell names, by which it
may hold a state too that would grow without bound.
"""

import torch
from torch import Tensor, nn

from rnnviz.nn.cells.lookup import kind_of
from rnnviz.nn.cells.stack import Extent, Masks, handed_on, layer_input, turned
from rnnviz.nn.cells.weights import State, Weights, weights_of


def run_padded(module: nn.RNNBase, x: Tensor, extent: Extent, masks: Masks | None = None) -> tuple[Tensor, State]:
    """x (T, B, I) → output (T, B, directions·H), which means nothing on padding, and each sequence's last states.

    The states are (layers·directions, B, H) each.
    """
    directions, last = 2 if module.bidirectional else 1, []
    x = x.masked_fill(~extent.real[..., None], 0)
    for index in range(module.num_layers):
        x, outputs = layer_input(module, x, index, masks), []
        for direction in range(directions):
            along = turned(x, extent) if direction else x
            h, others = _layer(module, along, weights_of(module, index, direction), extent)
            last.append((extent.at_last(h), *others))
            outputs.append(turned(h, extent) if direction else h)
        x = handed_on(module, outputs[0] if directions == 1 else torch.cat(outputs, -1), x, index)
    return x, tuple(torch.stack(parts) for parts in zip(*last, strict=True))


def _layer(module: nn.RNNBase, x: Tensor, w: Weights, extent: Extent) -> tuple[Tensor, State]:
    """The states (T, B, H) of one layer in one direction, and the last of those other than h, (B, H) each."""
    kind = kind_of(module)
    first = (x.new_zeros(x.shape[1], w.hidden),) * len(kind.description.states)
    if kind.held is not None:
        x, w = _marked(x, extent), _with_input(w, *kind.held)
    return kind.layer(w, x, first)


def _marked(x: Tensor, extent: Extent) -> Tensor:
    """x (T, B, I) with one more feature, which is 1 on padding."""
    return torch.cat([x, (~extent.real).to(x.dtype)[..., None]], -1)


def _with_input(w: Weights, *by_gate: float) -> Weights:
    """The weights of a layer with one more feature, which goes into each gate's units with one fixed weight."""
    column = torch.cat([w.ih.new_full((w.hidden, 1), of_gate) for of_gate in by_gate])
    return w._replace(ih=torch.cat([w.ih, column], 1))
