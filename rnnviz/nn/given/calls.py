"""What a recurrent module is given in one call, in whatever layout, and how its outputs are laid out."""

import dataclasses
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

from rnnviz.nn.cells.lookup import kind_of
from rnnviz.nn.cells.stack import Extent, Masks, extent_of
from rnnviz.nn.cells.unfolding import Layers, unfold
from rnnviz.nn.cells.weights import State
from rnnviz.nn.given.arguments import numbers_of


@dataclasses.dataclass(frozen=True)
class Layout:
    """How a module gets its sequences and hands on its outputs.

    dtype:  that of the module, whatever it is computed in here.
    packed: the inputs, if they came as a `PackedSequence`; then `extent` says how far each sequence goes.
    """

    batch_first: bool
    unbatched: bool
    dtype: torch.dtype
    packed: PackedSequence | None = None
    extent: Extent | None = None

    def padded(self, output: Tensor) -> Tensor:
        """The outputs (T, B, N) as the module hands them on, of packed inputs as if these had come padded."""
        output = output.to(self.dtype)
        return output.squeeze(1) if self.unbatched else output.transpose(0, 1) if self.batch_first else output

    def handed_on(self, output: Tensor) -> Tensor | PackedSequence:
        """The outputs (T, B, N) as the module hands them on, for autograd too."""
        if self.packed is None or self.extent is None:
            return self.padded(output)
        rows = self._rows()[self.extent.real]  # of the packed numbers, for every time step that is there
        return self.packed._replace(data=output[self.extent.real][rows.argsort()].to(self.dtype))

    def time_first(self, output: Tensor) -> Tensor:
        """Outputs, or gradients by them, as the module hands them on (of packed ones the `data`) as (T, B, N)."""
        if self.packed is not None and self.extent is not None:
            return output[self._rows().clamp(min=0)].masked_fill(~self.extent.real[..., None], 0)
        return output.unsqueeze(1) if self.unbatched else output.transpose(0, 1) if self.batch_first else output

    def _rows(self) -> Tensor:
        """Where each number (T, B) stands among the packed ones; -1 behind the end of a sequence."""
        assert self.packed is not None
        places = torch.arange(len(self.packed.data), device=self.packed.data.device)[:, None]
        return pad_packed_sequence(self.packed._replace(data=places), padding_value=-1)[0][..., 0]

    def ended(self, values: np.ndarray) -> np.ndarray:
        """`values` (…, time, sample, unit), NaN behind the end of each sequence."""
        if self.extent is None:
            return values
        return np.where(self.extent.real.cpu().numpy()[..., None], values, np.asarray(np.nan, values.dtype))


class Call(NamedTuple):
    """A module with the weights it uses, what it reads (T, B, I), its first states, and the layout of both."""

    module: nn.RNNBase
    x: Tensor
    first: State | None
    layout: Layout

    def unfolded(self, masks: Masks | None = None) -> Layers:
        """Every state and gate, with zeros behind the end of each sequence."""
        layers = unfold(self.module, self.x, self.first, masks, self.layout.extent)
        return layers if self.layout.extent is None else [[one.within() for one in row] for row in layers]


def read_call(ready: nn.RNNBase, inputs: Any, state: Any, dtype: torch.dtype) -> Call:
    """A module that has the weights it uses, with inputs and a first state as it takes them.

    dtype: that of the module as somebody has it.

    Raises:
        ValueError: inputs or state do not fit it.
    """
    x, layout = _read(ready, inputs, dtype)
    return Call(ready, x, _first_states(ready, x, state), layout)


def _read(module: nn.RNNBase, inputs: Any, dtype: torch.dtype) -> tuple[Tensor, Layout]:
    """`inputs` as (T, B, I) in the module's precision and on its device.

    Raises:
        ValueError: they are no sequences of the module's input size.
    """
    weight, packed = next(module.parameters()), inputs if isinstance(inputs, PackedSequence) else None
    if packed is not None:
        return _unpacked(module, packed, weight, dtype)
    x = numbers_of("inputs", inputs)
    if x.dim() not in (2, 3) or x.shape[-1] != module.input_size or 0 in x.shape:
        layout = "sample, time" if module.batch_first else "time, sample"
        wanted = f"of shape ({layout}, {module.input_size}) or (time, {module.input_size}), not empty"
        raise ValueError(f"inputs must be {wanted}; got shape {tuple(x.shape)}.")
    laid = Layout(module.batch_first, x.dim() == 2, dtype)
    return laid.time_first(x.to(weight.device, weight.dtype)), laid


def _unpacked(module: nn.RNNBase, packed: PackedSequence, weight: Tensor, dtype: torch.dtype) -> tuple[Tensor, Layout]:
    data = numbers_of("inputs", packed.data).to(weight)
    if data.dim() != 2 or data.shape[1] != module.input_size:
        wanted = f"packed sequences of {module.input_size} numbers at every time step"
        raise ValueError(f"inputs must be {wanted}; got data of shape {tuple(data.shape)}.")
    sizes = numbers_of("batch sizes of the inputs", packed.batch_sizes)
    if int(sizes.sum()) != len(data) or not len(data) or bool((sizes.diff() > 0).any()):
        raise ValueError(f"inputs must be packed sequences; got batch sizes that do not fit {len(data)} time steps.")
    packed = PackedSequence(data, sizes, packed.sorted_indices, packed.unsorted_indices)
    x, lengths = pad_packed_sequence(packed)
    real = torch.arange(len(x))[:, None] < lengths
    return x, Layout(module.batch_first, False, dtype, packed, extent_of(real.to(x.device)))


def _first_states(module: nn.RNNBase, x: Tensor, state: Any) -> State | None:
    """The first state as (h,) or (h, c), each (layers·directions, B, H).

    Raises:
        ValueError: its shape does not fit the module and the inputs.
    """
    if state is None:
        return None
    parts = state if isinstance(state, (tuple, list)) else (state,)
    rows = module.num_layers * (2 if module.bidirectional else 1)
    wanted = (rows, x.shape[1], module.hidden_size)
    found = []
    for part in parts:
        part = numbers_of("state", part).to(x)
        part = part.unsqueeze(1) if part.dim() == 2 else part
        if tuple(part.shape) != wanted:
            raise ValueError(f"state must be of shape {wanted}; got shape {tuple(part.shape)}.")
        found.append(part)
    carried = kind_of(module).description
    if len(found) != len(carried.states):
        letters = ", ".join(state.letter for state in carried.states)
        letters = f"({letters})" if len(carried.states) > 1 else letters
        raise ValueError(f"state must be {letters} for this cell, {carried.title}; got {len(found)} tensors.")
    return tuple(found)
