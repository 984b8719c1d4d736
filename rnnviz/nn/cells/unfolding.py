"""A recurrent module unfolded in time: every state and gate of every layer and direction, then the way back.

Nothing is run twice and nothing is approximated: the states come from torch's own layers, the gates from the states.
"""

import dataclasses
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from rnnviz.nn.cells import gru, gru_before, lstm, rnn
from rnnviz.nn.cells.stack import Extent, Masks, skips, turned
from rnnviz.nn.cells.sweep import Sweep
from rnnviz.nn.cells.weights import Weights, earlier, weights_of

Gates = lstm.Gates | gru.Gates | gru_before.Gates
State = tuple[Tensor, Tensor | None]  # h and, for an LSTM, c: (layers·directions, B, H)


@dataclasses.dataclass(frozen=True)
class Unfolded:
    """One layer in one direction, in the order in which it reads: x (T, B, I), h (T, B, H), gates.

    skip: the layer hands on h_t + x_t in place of h_t.
    mask: (T, B, I) in the order of the input, what dropout multiplied the output of the layer below with to get x.
    extent: how far each sequence goes, where they differ in length; what stands behind its end means nothing.
    """

    weights: Weights
    x: Tensor
    h0: Tensor
    h: Tensor
    gates: Gates | None
    activation: str
    backward: bool
    skip: bool = False
    mask: Tensor | None = None
    extent: Extent | None = None

    def aligned(self, values: Tensor) -> Tensor:
        """`values` (T, …) in the order of the input."""
        return turned(values, self.extent) if self.backward else values

    def variables(self) -> dict[str, Tensor]:
        """Name → (T, B, H) in the order of the input: states and gates under their standard names."""
        found = {"hidden": self.h}
        if isinstance(self.gates, (gru.Gates, gru_before.Gates)):
            found |= {"reset_gate": self.gates.r, "update_gate": self.gates.z, "candidate": self.gates.n}
        if isinstance(self.gates, lstm.Gates):
            g = self.gates
            found |= {"input_gate": g.i, "forget_gate": g.f, "cell_candidate": g.g, "output_gate": g.o, "cell": g.c}
        return {name: self.aligned(values) for name, values in found.items()}

    def sweep(self, dy: Tensor, dc: Tensor | None) -> Sweep:
        """Back through time from the direct gradients dy by h_t and dc by c_t, (T, B, H), in reading order."""
        if isinstance(self.gates, lstm.Gates):
            return lstm.sweep(self.weights, self.gates, dy, dc)
        if isinstance(self.gates, gru.Gates):
            return gru.sweep(self.weights, self.h, self.gates, dy)
        if isinstance(self.gates, gru_before.Gates):
            return gru_before.sweep(self.weights, self.h, self.gates, dy)
        return rnn.sweep(self.weights, self.h, dy, self.activation)


Layers = list[list[Unfolded]]  # [layer][direction]


@torch.no_grad()
def unfold(
    module: nn.RNNBase,
    x: Tensor,
    state: State | None = None,
    masks: Masks | None = None,
    extent: Extent | None = None,
    known: Tensor | None = None,
) -> Layers:
    """Run `module` over x (T, B, I), layer by layer.

    masks:  those of dropout between the layers; without them it is off, as in `eval()`.
    extent: how far each sequence goes, where they differ in length.
    known:  the module's output (T, B, directions·H), if it just ran: the top layer then does not run again.
    """
    layers: Layers = []
    directions = 2 if module.bidirectional else 1
    for index in range(module.num_layers):
        found = []
        mask = masks[index - 1] if masks is not None and index else None
        x = x if mask is None else x * mask
        for direction in range(directions):
            h0, c0 = first_state(module, x, state, index * directions + direction)
            along = _along(x, extent, direction)
            h = None
            if known is not None and index == module.num_layers - 1 and not (index and skips(module)):
                h = _along(known.chunk(directions, -1)[direction], extent, direction)
            one = _unfold_one(module, weights_of(module, index, direction), along, h0, c0, bool(direction), h)
            found.append(dataclasses.replace(one, skip=index > 0 and skips(module), mask=mask, extent=extent))
        layers.append(found)
        x = outputs(found)
    return layers


def outputs(layer: Sequence[Unfolded]) -> Tensor:
    """What a layer hands on: (T, B, directions·H)."""
    parts = [one.aligned(one.h) for one in layer]
    states = parts[0] if len(parts) == 1 else torch.cat(parts, -1)
    return states + layer[0].x if layer[0].skip else states


def first_state(module: nn.RNNBase, x: Tensor, state: State | None, row: int) -> tuple[Tensor, Tensor]:
    """h_0 and c_0 (B, H) of one layer and direction; zeros unless given."""
    zero = x.new_zeros(x.shape[1], module.hidden_size)
    if state is None:
        return zero, zero
    return state[0][row], zero if state[1] is None else state[1][row]


def _along(x: Tensor, extent: Extent | None, direction: int) -> Tensor:
    """x (T, B, N) in the order in which a direction reads it."""
    return (turned(x, extent) if direction else x).contiguous()


def _unfold_one(
    module: nn.RNNBase, w: Weights, x: Tensor, h0: Tensor, c0: Tensor, backward: bool, h: Tensor | None
) -> Unfolded:
    """One layer and direction; if its states h are known, only the gates are found."""
    activation = getattr(module, "activation", getattr(module, "nonlinearity", "tanh"))
    h, gates = _run(module, w, x, h0, c0, activation) if h is None else (h, None)
    gates = _gates(module, w, x, h, h0, c0) if gates is None else gates
    return Unfolded(w, x, h0, h, gates, activation, backward)


def _run(
    module: nn.RNNBase, w: Weights, x: Tensor, h0: Tensor, c0: Tensor, activation: str
) -> tuple[Tensor, Gates | None]:
    """The states h_t (T, B, H), and the gates where they come with them."""
    plain = (list(w), True, 1, 0.0, False, False, False)  # biases, layers, dropout, train, bidirectional, batch first
    if isinstance(module, nn.LSTM):
        return torch.lstm(x, (h0[None], c0[None]), *plain)[0], None
    if isinstance(module, gru_before.ResetBeforeGRU):
        return gru_before.states(w, x, h0)
    if isinstance(module, gru.GRU) and not x.is_cuda:
        return gru.states(w, x, h0)
    if isinstance(module, nn.GRU):
        return torch.gru(x, h0[None], *plain)[0], None
    if isinstance(module, rnn.RNN) and (not x.is_cuda or activation == "sigmoid"):
        return rnn.states(w, x, h0, activation), None
    return (torch.rnn_relu if activation == "relu" else torch.rnn_tanh)(x, h0[None], *plain)[0], None


def _gates(module: nn.RNNBase, w: Weights, x: Tensor, h: Tensor, h0: Tensor, c0: Tensor) -> Gates | None:
    """The gates of all steps from their states; a simple RNN has none."""
    if isinstance(module, nn.LSTM):
        return lstm.gates(w, x, earlier(h, h0), c0)
    if isinstance(module, gru_before.ResetBeforeGRU):
        return gru_before.gates(w, x, earlier(h, h0))
    return gru.gates(w, x, earlier(h, h0)) if isinstance(module, nn.GRU) else None


@torch.no_grad()
def sweep_back(layers: Layers, dy: Tensor, d_last: State | None = None) -> list[list[Sweep]]:
    """Back through all layers, from the direct gradient dy (T, B, directions·H) by the top layer's outputs.

    d_last: direct gradients by the final states, as torch returns them: (layers·directions, B, H).

    Returns:
        For every layer and direction what `Sweep` says, in reading order.
    """
    found: list[list[Sweep]] = []
    for index in range(len(layers) - 1, -1, -1):
        parts = dy.chunk(len(layers[index]), -1)
        sweeps = []
        for direction, (one, part) in enumerate(zip(layers[index], parts, strict=True)):
            sweeps.append(one.sweep(*_direct(one, part, d_last, index * len(parts) + direction)))
        found.insert(0, sweeps)
        if index:
            pairs = zip(layers[index], sweeps, strict=True)
            dy = handed_down(layers[index], [one.aligned(swept.at_input @ one.weights.ih) for one, swept in pairs], dy)
    return found


def handed_down(layer: Sequence[Unfolded], by_input: Sequence[Tensor], dy: Tensor) -> Tensor:
    """The gradient by what the layer below hands on, in the order of the input.

    by_input: for every direction the gradient by what this layer reads, through its cell: (T, B, directions·H).
    dy:       the gradient by what this layer hands on, of the same shape; it goes down a skip connection unchanged.
    """
    dx = sum(by_input[1:], by_input[0])
    dx = dx + dy if layer[0].skip else dx
    return dx if layer[0].mask is None else dx * layer[0].mask


def _direct(one: Unfolded, dy: Tensor, d_last: State | None, row: int) -> tuple[Tensor, Tensor | None]:
    """The direct gradients of one direction in reading order, those by the final state included."""
    dy = one.aligned(dy).contiguous()
    if d_last is None:
        return dy, None
    samples = torch.arange(dy.shape[1], device=dy.device)
    last = samples.new_full(samples.shape, len(dy) - 1) if one.extent is None else one.extent.last
    dy = dy.index_put((last, samples), d_last[0][row], accumulate=True)
    return dy, None if d_last[1] is None else torch.zeros_like(dy).index_put((last, samples), d_last[1][row])
