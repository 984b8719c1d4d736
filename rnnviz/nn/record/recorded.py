"""One call of a recurrent module in somebody's own training, looked at from outside."""

import functools
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import type_before_parametrizations

from rnnviz.nn.cells.stack import Masks
from rnnviz.nn.cells.unfolding import Layers, outputs, sweep_back, unfold
from rnnviz.nn.cells.weights import State
from rnnviz.nn.measure.tracing import first_states, layer_arrays, sequences
from rnnviz.runs.states import DIRECTIONS

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

    dice: the state of the CPU's random generator just before the call, to draw again what torch's dropout drew.

    Raises:
        ValueError: the input is none that can be traced.
    """

    def __init__(
        self,
        module: nn.RNNBase,
        inputs: tuple[Any, ...],
        given: dict[str, Any],
        result: Any,
        samples: int,
        dice: Tensor | None = None,
    ) -> None:
        named = dict(zip(("input", "state", "masks"), inputs, strict=False)) | given
        x, state, masks = named.get("input", named.get("x")), named.get("state", named.get("hx")), named.get("masks")
        state = named.get("h0") if state is None else state
        unbatched, still = isinstance(x, Tensor) and x.dim() == 2, frozen(module)
        x = sequences(still, x)
        first, output = first_states(still, x, state), _time_first(module, result[0], unbatched)
        self.dropped = masks is None and drops(module)
        if self.dropped and dice is not None:
            masks = _drawn_again(module, output, dice)
        self._layers, self.difference = _unfolded(still, x, first, masks, output)
        if self.dropped and masks is not None:
            self.dropped = self.difference > NEAR.get(output.dtype, ROUGHLY)
            if self.dropped:
                self._layers, self.difference = _unfolded(still, x, first, None, output)
        self.gates = gate_rows(self._layers)
        self.arrays = {name: values[..., :samples, :].copy() for name, values in layer_arrays(self._layers).items()}
        self._found: dict[int, Tensor] = {}
        self._listen(module, result, unbatched)

    def finish(self) -> None:
        """Take in the gradients that have arrived. NaN where none has, or where dropout hides what they passed."""
        shape = self.arrays["hidden"].shape[:3]
        states = [state.name for state in self._layers[0][0].kind.description.states]
        self.arrays |= {f"{state}_grad_norm": np.full(shape, np.nan) for state in states}
        if self._found and not self.dropped:
            top = outputs(self._layers[-1])
            swept = sweep_back(self._layers, self._found.get(0, torch.zeros_like(top)), self._by_final_state())
            pairs = [zip(row, back, strict=True) for row, back in zip(self._layers, swept, strict=True)]
            flat = [(one, back) for row in pairs for one, back in row]
            for state in states:
                norms = [one.aligned(torch.linalg.vector_norm(getattr(back, state), dim=(1, 2))) for one, back in flat]
                self.arrays[f"{state}_grad_norm"] = torch.stack(norms).double().cpu().numpy().reshape(shape)
        self._layers, self._found = [], {}

    def _by_final_state(self) -> State | None:
        """Direct gradients by the final states, (layers·directions, B, H) each."""
        if not self._found.keys() - {0}:
            return None
        none = torch.zeros_like(torch.stack([one.h[-1] for row in self._layers for one in row]))
        return tuple(self._found.get(1 + index, none) for index in range(len(self._layers[0][0].first)))

    def _listen(self, module: nn.RNNBase, result: Any, unbatched: bool) -> None:
        """Have every gradient by output (0) and final states (1, 2) told when a loss is differentiated."""
        output, final = result
        parts = (output, *(final if isinstance(final, tuple) else (final,)))
        for index, part in enumerate(parts):
            if part.requires_grad:
                turned = module.batch_first and index == 0
                part.register_hook(functools.partial(self._hear, index, unbatched, turned))

    def _hear(self, index: int, unbatched: bool, turned: bool, gradient: Tensor | None) -> None:
        if gradient is None or not self._layers:
            return
        gradient = gradient.detach().to(self._layers[0][0].h.dtype)
        gradient = gradient.unsqueeze(1) if unbatched else gradient.transpose(0, 1) if turned else gradient
        self._found[index] = self._found[index] + gradient if index in self._found else gradient.clone()


def drops(module: nn.RNNBase) -> bool:
    """Whether torch's own dropout acts between the layers of a module."""
    return bool(module.dropout) and module.training and module.num_layers > 1


def _drawn_again(module: nn.RNNBase, output: Tensor, dice: Tensor) -> list[Tensor]:
    """The masks of torch's dropout on a CPU: it draws those of a layer at once, from the lowest layer up."""
    ones = torch.ones_like(output, memory_format=torch.contiguous_format)
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.set_rng_state(dice)
        return [torch.dropout(ones, module.dropout, True) for _ in range(module.num_layers - 1)]


def _unfolded(
    still: nn.RNNBase, x: Tensor, first: State | None, masks: Masks | None, output: Tensor
) -> tuple[Layers, float]:
    """The layers, and how far their top is from the module's own output (T, B, directions·H)."""
    with torch.autocast(x.device.type, enabled=False):
        layers = unfold(still, x, first, None if masks is None else [mask.to(x) for mask in masks])
    found = outputs(layers[-1])
    return layers, float((found - output.to(found.dtype)).abs().max())


def _time_first(module: nn.RNNBase, output: Tensor, unbatched: bool) -> Tensor:
    output = output.detach()
    return output.unsqueeze(1) if unbatched else output.transpose(0, 1) if module.batch_first else output


def gate_rows(layers: Layers) -> list[dict[str, Any]]:
    """layer, direction, gate, its mean, and the shares of its values that are open or shut."""
    rows = []
    for layer, row in enumerate(layers):
        for direction, one in zip(DIRECTIONS, row, strict=False):
            variables = one.variables()
            for gate in one.kind.description.gates:
                values = variables[gate.name]
                shares = (values.mean(), (values > OPEN).float().mean(), (values < SHUT).float().mean())
                said = dict(zip(("mean", "share_open", "share_shut"), torch.stack(shares).tolist(), strict=True))
                rows.append({"layer": layer, "direction": direction, "gate": gate.name, **said})
    return rows
