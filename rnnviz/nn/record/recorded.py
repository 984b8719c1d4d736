"""Calls of a recurrent module in somebody's own training, looked at from outside."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnnviz.nn.cells.stack import Masks
from rnnviz.nn.cells.unfolding import Layers, outputs, sweep_back
from rnnviz.nn.cells.weights import State
from rnnviz.nn.given.own import beyond_rounding
from rnnviz.nn.measure.tracing import layer_arrays
from rnnviz.nn.precision import true_float32
from rnnviz.nn.record.seen import Seen
from rnnviz.runs.states import DIRECTIONS

SAID = ("mean", "share_open", "share_shut")  # of a gate
OPEN, SHUT = 0.95, 0.05  # a gate beyond these counts as open or shut
NEAR, ROUGHLY = (
    {torch.float32: 1e-4, torch.float64: 1e-8},
    0.03,
)  # by what rounding may change a state; other masks do more


class RecordedCall:
    """States, gates and gradients of one call, computed from copies of what the module had and got.

    arrays:     name → (layer, direction, time, sample, unit) of the first `samples` sequences; after `finish` also
                `hidden_grad_norm` and, for an LSTM, `cell_grad_norm` (layer, direction, time) over all of them.
    gates:      a row for every gate of every layer and direction, over all sequences.
    dropped:    whether dropout acted between the layers and could not be repeated: the states are those without it.
    difference: the largest difference between the states found here and the module's own output. Rounding, unless
                dropout between its layers or reduced precision was at work.
    differs:    whether it is more than these explain: the module computes something else than its class does.

    dice: the state of the CPU's random generator just before the call, to draw again what torch's dropout drew.
    """

    def __init__(self, seen: Seen, samples: int, dice: Tensor | None = None) -> None:
        self.seen, masks = seen, seen.masks
        self.dropped = seen.drops is not None
        if seen.drops is not None and dice is not None:
            masks = _drawn_again(seen, seen.drops, dice)
        self._layers, self.difference = _unfolded(seen, masks)
        if self.dropped and masks is not None:
            self.dropped = self.difference > NEAR.get(seen.output.dtype, ROUGHLY)
            if self.dropped:
                self._layers, self.difference = _unfolded(seen, None)
        self.differs = not self.dropped and self.difference > beyond_rounding(seen.output, seen.output.dtype)
        self.gates = gate_rows(self._layers)
        arrays = layer_arrays(self._layers)
        self.arrays = {name: seen.call.layout.ended(values)[..., :samples, :].copy() for name, values in arrays.items()}
        self._found: dict[int, Tensor] = {}
        for index, part, in_order in seen.heard:
            if part.requires_grad:
                part.register_hook(functools.partial(self._hear, index, in_order))

    @true_float32()
    def finish(self) -> None:
        """Take in the gradients that have arrived. NaN where none has, or where dropout hides what they passed."""
        shape = self.arrays["hidden"].shape[:3]
        states = [state.name for state in self._layers[0][0].kind.description.states]
        self.arrays |= {f"{state}_grad_norm": np.full(shape, np.nan) for state in states}
        if self._found and not self.dropped:
            if self.seen.total and 0 in self._found:
                ((one,),) = self._layers
                outlet = one.kind.outlet(one.gates)
                assert outlet is not None
                self._found[2] = self._found[2] - self._found[0] * outlet
            top = outputs(self._layers[-1])
            swept = sweep_back(self._layers, self._found.get(0, torch.zeros_like(top)), self._by_final_state())
            pairs = [zip(row, back, strict=True) for row, back in zip(self._layers, swept, strict=True)]
            flat = [(one, one.totals(back)) for row in pairs for one, back in row]
            for state in states:
                norms = [torch.linalg.vector_norm(one.aligned(found[state]), dim=(1, 2)) for one, found in flat]
                self.arrays[f"{state}_grad_norm"] = torch.stack(norms).double().cpu().numpy().reshape(shape)
        self._layers, self._found = [], {}

    def _by_final_state(self) -> State | None:
        """Direct gradients by the final states, (layers·directions, B, H) each."""
        if not self._found.keys() - {0}:
            return None
        none = torch.zeros_like(torch.stack([one.h[-1] for row in self._layers for one in row]))
        return tuple(self._found.get(1 + index, none) for index in range(len(self._layers[0][0].first)))

    def _hear(self, index: int, in_order: Callable[[Tensor], Tensor], gradient: Tensor | None) -> None:
        if gradient is None or not self._layers:
            return
        gradient = in_order(gradient.detach().to(self._layers[0][0].h.dtype))
        self._found[index] = self._found[index] + gradient if index in self._found else gradient.clone()


class RecordedTrace:
    """Calls of one module each of which begins where the one before ended, as one trace over time.

    arrays, difference: as in `RecordedCall`, over all calls; the arrays are there after `finish`.
    """

    def __init__(self) -> None:
        self.calls: list[RecordedCall] = []
        self.arrays: dict[str, np.ndarray] = {}
        self.difference = 0.0

    def add(self, call: RecordedCall) -> None:
        """The next call."""
        self.calls.append(call)
        self.difference = max(self.difference, call.difference)

    def gates(self) -> list[dict[str, Any]]:
        """As `RecordedCall.gates`, over all time steps; not to be asked after `finish`."""
        steps = [call.arrays["hidden"].shape[2] for call in self.calls]
        found = []
        for rows in zip(*(call.gates for call in self.calls), strict=True):
            told = {name: np.average([row[name] for row in rows], weights=steps).item() for name in SAID}
            found.append(rows[0] | told)
        return found

    def finish(self) -> None:
        """Take in the gradients that have arrived, and put all calls behind each other."""
        for call in self.calls:
            call.finish()
        names = self.calls[0].arrays
        self.arrays = {name: np.concatenate([call.arrays[name] for call in self.calls], 2) for name in names}
        self.calls = []


def _drawn_again(seen: Seen, drawn: Tensor, dice: Tensor) -> list[Tensor]:
    """The masks of torch's dropout on a CPU: it draws those of a layer at once, from the lowest layer up."""
    module, packed = seen.call.module, seen.call.layout.packed is not None
    ones = torch.ones_like(drawn if packed else seen.output, memory_format=torch.contiguous_format)
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.set_rng_state(dice)
        masks = [torch.dropout(ones, module.dropout, True) for _ in range(module.num_layers - 1)]
    return [seen.call.layout.time_first(mask) for mask in masks] if packed else masks


@true_float32()
def _unfolded(seen: Seen, masks: Masks | None) -> tuple[Layers, float]:
    """The layers, and how far their top is from the module's own output (T, B, directions·H)."""
    call = seen.call
    layers = call.unfolded(None if masks is None else [mask.to(call.x) for mask in masks])
    found = outputs(layers[-1])
    return layers, float((found - seen.output.to(found.dtype)).abs().max())


def gate_rows(layers: Layers) -> list[dict[str, Any]]:
    """layer, direction, gate, its mean, and the shares of its values that are open or shut."""
    rows = []
    for layer, row in enumerate(layers):
        for direction, one in zip(DIRECTIONS, row, strict=False):
            variables = one.variables()
            for gate in one.kind.description.gates:
                values = variables[gate.name] if one.extent is None else variables[gate.name][one.extent.real]
                shares = (values.mean(), (values > OPEN).float().mean(), (values < SHUT).float().mean())
                said = dict(zip(SAID, torch.stack(shares).tolist(), strict=True))
                rows.append({"layer": layer, "direction": direction, "gate": gate.name, **said})
    return rows
