"""A recurrent module unfolded in time: every state and gate of every layer and direction, then the way back.

Nothing is run twice and nothing is approximated: the states come from torch's own layers, the gates from the states.
"""

import dataclasses
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from rnnviz.nn.cells.derivatives import Derivatives
from rnnviz.nn.cells.kind import Kind
from rnnviz.nn.cells.lookup import is_ours, kind_of
from rnnviz.nn.cells.stack import Extent, Masks, skips, turned
from rnnviz.nn.cells.sweep import Sweep
from rnnviz.nn.cells.weights import State, Weights, earlier, weights_of


@dataclasses.dataclass(frozen=True)
class Unfolded:
    """One layer in one direction, in the order in which it reads: x (T, B, I), h (T, B, H), gates.

    kind:  how its cell is computed; what `gates` is, it alone knows.
    first: the state before the first step, each part (B, H).
    skip:  the layer hands on h_t + x_t in place of h_t.
    mask:  (T, B, I) in the order of the input, what dropout multiplied the output of the layer below with to get x.
    extent: how far each sequence goes, where they differ in length; what stands behind its end means nothing.
    """

    kind: Kind[Any]
    weights: Weights
    x: Tensor
    first: State
    h: Tensor
    gates: Any
    backward: bool
    skip: bool = False
    mask: Tensor | None = None
    extent: Extent | None = None

    @property
    def h0(self) -> Tensor:
        """The hidden state before the first step, (B, H)."""
        return self.first[0]

    def aligned(self, values: Tensor) -> Tensor:
        """`values` (T, …) in the order of the input."""
        return turned(values, self.extent) if self.backward else values

    def variables(self) -> dict[str, Tensor]:
        """Name → (T, B, H) in the order of the input: states and gates under their standard names."""
        return {name: self.aligned(values) for name, values in self.kind.variables(self.h, self.gates).items()}

    def within(self) -> "Unfolded":
        """The same with zeros behind the end of each sequence, where nothing is meant and a sum might still go."""
        if self.extent is None:
            return self
        behind = ~self.extent.real[..., None]
        x, h, *gates = (values.masked_fill(behind, 0) for values in (self.x, self.h, *self.gates))
        return dataclasses.replace(self, x=x, h=h, gates=type(self.gates)(*gates))

    def cut(self, length: int, samples: Tensor) -> "Unfolded":
        """Of the sequences of one length alone, to their end."""
        x, h, *gates = (values[:length, samples] for values in (self.x, self.h, *self.gates))
        first = tuple(part[samples] for part in self.first)
        mask = None if self.mask is None else self.mask[:length, samples]
        return dataclasses.replace(self, x=x, h=h, gates=type(self.gates)(*gates), first=first, mask=mask, extent=None)

    def states(self) -> dict[str, Tensor]:
        """Name → (T, B, H) in reading order, of the states that are carried from step to step."""
        found = self.kind.variables(self.h, self.gates)
        return {state.name: found[state.name] for state in self.kind.description.states}

    def before(self) -> dict[str, Tensor]:
        """The same of the step before: h_{t-1} and, where there is one, c_{t-1}."""
        pairs = zip(self.states().items(), self.first, strict=True)
        return {name: earlier(values, first) for (name, values), first in pairs}

    def sweep(self, dy: Tensor, dc: Tensor | None) -> Sweep:
        """Back through time from the direct gradients dy by h_t and dc by c_t, (T, B, H), in reading order."""
        return self.kind.sweep(self.weights, self.h, self.gates, dy, dc)

    def totals(self, swept: Sweep) -> dict[str, Tensor]:
        """Name → the total gradient by each state, (T, B, H) in reading order; NaN where the state is no number."""
        return {name: torch.where(of.isnan(), of, getattr(swept, name)) for name, of in self.states().items()}

    def derivatives(self) -> Derivatives:
        """The exact derivative of every step."""
        h, before = _exact(self.h), _exact(earlier(self.h, self.h0))
        inside = type(self.gates)(*map(_exact, self.gates))
        return self.kind.derivatives(Weights(*map(_exact, self.weights)), h, before, inside)

    def factor(self) -> Tensor:
        """As `Kind.factor`, in reading order."""
        return self.kind.factor(self.h, self.gates)


def _exact(values: Tensor) -> Tensor:
    return values.detach().to("cpu", torch.float64)


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
            first = first_state(module, x, state, index * directions + direction)
            along = _along(x, extent, direction)
            h = None
            if known is not None and index == module.num_layers - 1 and not (index and skips(module)):
                h = _along(known.chunk(directions, -1)[direction], extent, direction)
            one = unfold_one(module, weights_of(module, index, direction), along, first, bool(direction), h)
            found.append(dataclasses.replace(one, skip=index > 0 and skips(module), mask=mask, extent=extent))
        layers.append(found)
        x = outputs(found)
    return layers


def outputs(layer: Sequence[Unfolded]) -> Tensor:
    """What a layer hands on: (T, B, directions·H)."""
    parts = [one.aligned(one.h) for one in layer]
    states = parts[0] if len(parts) == 1 else torch.cat(parts, -1)
    return states + layer[0].x if layer[0].skip else states


def last_states(layers: Layers) -> State:
    """Each sequence's last states, in the order of reading: (layers·directions, B, H) each."""
    found = []
    for one in (one for row in layers for one in row):
        values = one.states().values()
        found.append(tuple(part[-1] if one.extent is None else one.extent.at_last(part) for part in values))
    return tuple(torch.stack(parts) for parts in zip(*found, strict=True))


def first_state(module: nn.RNNBase, x: Tensor, state: State | None, row: int) -> State:
    """The state (B, H) before the first step of one layer and direction; zeros unless given."""
    if state is None:
        return (x.new_zeros(x.shape[1], module.hidden_size),) * len(kind_of(module).description.states)
    return tuple(part[row] for part in state)


def _along(x: Tensor, extent: Extent | None, direction: int) -> Tensor:
    """x (T, B, N) in the order in which a direction reads it."""
    return (turned(x, extent) if direction else x).contiguous()


def unfold_one(
    module: nn.RNNBase, w: Weights, x: Tensor, first: State, backward: bool, h: Tensor | None = None
) -> Unfolded:
    """One layer and direction, x (T, B, I) in reading order; if its states h are known, only the gates are found.

    A module of torch's own runs through its own kernel, so that h_t is what it computes itself to the last bit.
    """
    kind, inside = kind_of(module), None
    if h is None and kind.torchs is not None and (x.is_cuda or not is_ours(module)):
        h, _ = kind.torchs.layer(w, x, first, train=False)
    elif h is None:
        h, inside = kind.states(w, x, first)
    inside = kind.gates(w, x, earlier(h, first[0]), first) if inside is None else inside
    return Unfolded(kind, w, x, first, h, inside, backward)


@torch.no_grad()
def sweep_back(layers: Layers, dy: Tensor, d_last: State | None = None) -> list[list[Sweep]]:
    """Back through all layers, from the direct gradient dy (T, B, directions·H) by the top layer's outputs.

    d_last: direct gradients by the final states, each (layers·directions, B, H).

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
            by_input = [one.aligned(one.kind.by_input(one.weights, swept.at_input)) for one, swept in pairs]
            dy = handed_down(layers[index], by_input, dy)
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
    return dy, None if len(d_last) == 1 else torch.zeros_like(dy).index_put((last, samples), d_last[1][row])
