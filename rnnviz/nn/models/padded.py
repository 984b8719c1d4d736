"""Sequences of different lengths through a recurrent module, exactly as if each were read alone.

Padding stands behind each sequence. A backward direction reads each sequence from its own end. The last state of each
sequence is that of its own last step; the cell state of an LSTM, of which torch's fused kernel returns only that of the
very last step, is carried there by padding that shuts the input gate and opens the forget gate wholly. The states of a
ReLU are held at 0 on padding, where nothing else would keep them from growing without bound.
"""

import torch
from torch import Tensor, nn

from rnnviz.nn.cells.lstm import LSTM
from rnnviz.nn.cells.stack import ONE_LAYER, Extent, Masks, handed_on, read, turned
from rnnviz.nn.cells.unfolding import State
from rnnviz.nn.cells.weights import Weights, weights_of

WHOLLY = 1e4  # a pre-activation at which a gate is shut, or open, to the last bit
BELOW_ALL = -1e30  # a pre-activation that no other input makes positive


def run_padded(module: nn.RNNBase, x: Tensor, extent: Extent, masks: Masks | None = None) -> tuple[Tensor, State]:
    """x (T, B, I) → output (T, B, directions·H), which means nothing on padding, and each sequence's last states.

    The states are (h, c or None), each (layers·directions, B, H).
    """
    directions = 2 if module.bidirectional else 1
    last_h, last_c = [], []
    x = x.masked_fill(~extent.real[..., None], 0)
    for index in range(module.num_layers):
        x, outputs = read(module, x, index, masks), []
        for direction in range(directions):
            along = turned(x, extent) if direction else x
            h, c = _layer(module, along, weights_of(module, index, direction), extent)
            last_h.append(extent.at_last(h))
            last_c += [] if c is None else [c]
            outputs.append(turned(h, extent) if direction else h)
        x = handed_on(module, outputs[0] if directions == 1 else torch.cat(outputs, -1), x, index)
    return x, (torch.stack(last_h), torch.stack(last_c) if last_c else None)


def _layer(module: nn.RNNBase, x: Tensor, w: Weights, extent: Extent) -> tuple[Tensor, Tensor | None]:
    """The states (T, B, H) of one layer in one direction, and an LSTM's last cell state (B, H)."""
    zero = x.new_zeros(x.shape[1], w.hidden)
    if isinstance(module, LSTM):
        w = _with_input(w, -WHOLLY, WHOLLY, 0.0, 0.0)  # gates i, f, g, o: where it is 1, c_t = c_{t-1} to the last bit
        h, _, c = torch.lstm(_marked(x, extent), (zero[None], zero[None]), [*w], *ONE_LAYER)
        return h, c[0]
    if getattr(module, "activation", "") == "relu":
        x, w = _marked(x, extent), _with_input(w, BELOW_ALL)
    return module.one_layer(x, zero, w), None  # type: ignore[operator]


def _marked(x: Tensor, extent: Extent) -> Tensor:
    """x (T, B, I) with one more feature, which is 1 on padding."""
    return torch.cat([x, (~extent.real).to(x.dtype)[..., None]], -1)


def _with_input(w: Weights, *by_gate: float) -> Weights:
    """The weights of a layer with one more feature, which goes into each gate's units with one fixed weight."""
    column = w.ih.new_tensor(by_gate).repeat_interleave(w.hidden)[:, None]
    return w._replace(ih=torch.cat([w.ih, column], 1))
