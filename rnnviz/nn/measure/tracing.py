"""Every state and gate of any `torch.nn.RNN`, `LSTM` or `GRU`, exactly as the module computed them."""

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from rnnviz.core.errors import shown
from rnnviz.nn.cells.editing import At, Edits, edited
from rnnviz.nn.cells.lookup import kind_of
from rnnviz.nn.cells.unfolding import Layers
from rnnviz.nn.given.arguments import in_words, numbers_of, token_grid
from rnnviz.nn.given.calls import Call
from rnnviz.nn.given.own import plain_call
from rnnviz.nn.precision import true_float32
from rnnviz.runs.states import states_dataset

if TYPE_CHECKING:
    import xarray as xr


@dataclasses.dataclass(frozen=True, eq=False)
class Edit:
    """An edit of some values of a variable alone; all others stay as they are.

    value:     what stands in their place: a number, an array or a function, as in `trace`.
    units:     of these units, from 0; None for all.
    steps:     at these time steps, from 0 in the order of the input: `range(4, 9)`; None for all.
    layer:     in this layer, from 0 for the lowest; None for all.
    direction: in this direction, 1 for the backward one; None for both.
    """

    value: Any
    units: Collection[int] | None = None
    steps: Collection[int] | None = None
    layer: int | None = None
    direction: int | None = None

    def holds(self, at: At) -> bool:
        """Whether any value there is edited."""
        there = (self.layer in (None, at.layer), self.direction in (None, at.direction))
        return all(there) and (self.steps is None or at.time in self.steps)


@true_float32()
def trace(
    module: nn.RNNBase,
    inputs: Any,
    state: Any = None,
    tokens: np.ndarray | None = None,
    edit: Mapping[str, Any] | None = None,
    reset: Collection[int] = (),
) -> "xr.Dataset":
    """What `module` does with `inputs`, step by step.

    module: a `torch.nn.RNN`, `LSTM` or `GRU`, stacked or bidirectional or both. It is not changed; dropout is off.
            Weights that are computed before every call (parametrizations, weight norm, spectral norm, pruning) are
            those of its next call. One in half precision or bfloat16 is computed in single precision.
    inputs: as for the module: (time, sample, feature), (sample, time, feature) if `batch_first`, or (time, feature),
            as a tensor or anything that numpy understands; or a `PackedSequence`, whose sequences stand in the caller's
            order, as `pad_packed_sequence` has them, with NaN behind the end of each.
    state:  first state as for the module; zeros unless given.
    tokens: (time, sample) str, whatever the layout, what each input stands for.
    edit:   variable → what stands in its place at every time step, in every layer and direction: a number, an array
            that broadcasts to (sample, unit), or a function of the variable's value then, a tensor of that shape, that
            returns another. What comes after it in the same step, all later steps and the layers above go on with the
            edited value: `{"forget_gate": 1.0}` keeps the cell state, `{"hidden": lambda h: h * kept}` takes units
            away. A function is called once for every step in the order in which a direction reads, the lowest layer
            first and forward before backward. `rnnviz.Edit` edits chosen units, time steps and layers alone:
            `{"forget_gate": rv.Edit(1.0, units=[3], steps=range(4, 9))}`. Where no edit changes a bit, the trace is
            the one without.
    reset:  time steps, from 0, before which the states are set to 0 in every layer: what is read from there on is read
            as if nothing had come before.

    Returns:
        Dataset over (layer, direction, time, sample, unit): `hidden`; for an LSTM `input_gate`, `forget_gate`,
        `cell_candidate`, `output_gate`, `cell`; for a GRU `reset_gate`, `update_gate`, `candidate`. `time` is the
        position in the input, for the backward direction too. h_t equals the module's own output, and
        c_t = f_t ⊙ c_{t-1} + i_t ⊙ c̃_t, h_t = o_t ⊙ tanh(c_t), h_t = z_t ⊙ h_{t-1} + (1 − z_t) ⊙ h̃_t hold; with `edit`
        they hold for what is not edited itself, and edited variables are as they were edited.

    Raises:
        ValueError: the module is none of the three, has projections, the inputs do not fit it, or an edit is of a
            variable that it does not have or gives values of another shape.
    """
    with in_words("trace"):
        call = plain_call(module, inputs, state)
        tokens = token_grid(tokens, call.x)
        reset = _steps_of("reset", reset, len(call.x))
        arrays = layer_arrays(call.unfolded()) if edit is None and not reset else {}
    if not arrays:  # what an edit raises of its own goes through
        arrays = _edited(call, edit, reset)
    return states_dataset({name: call.layout.ended(values) for name, values in arrays.items()}, tokens)


def _edited(call: Call, edit: Any, reset: Collection[int]) -> dict[str, np.ndarray]:
    if call.layout.packed is not None and call.module.bidirectional:
        raise ValueError("inputs must be padded where a bidirectional module is edited; got a PackedSequence.")
    edits = edits_of(call.module, call.x, {} if edit is None else edit)
    return _stacked(edited(call.module, call.x, call.first, edits, reset))


def edits_of(module: nn.RNNBase, x: Tensor, edit: Any) -> Edits:
    """`edit` as functions of a variable's values (B, H) and where they stand, for inputs x (T, B, I).

    Raises:
        ValueError: one is of no variable of the module, or of another kind or shape, or names no unit or step of it.
    """
    known = kind_of(module).description.variables
    if not isinstance(edit, Mapping):
        raise ValueError(f"edit must map variables to what stands in their place; got {shown(edit)}.")
    for name in edit:
        if name not in known:
            raise ValueError(f"edit must be of the variables {', '.join(known)}; got {shown(name)}.")
    return {name: _chosen(f"edit of {name}", how, module, x) for name, how in edit.items()}


def _chosen(what: str, how: Any, module: nn.RNNBase, x: Tensor) -> Callable[[Tensor, At], Tensor]:
    shape = (x.shape[1], module.hidden_size)
    if not isinstance(how, Edit):
        whole = _edit(what, how, shape, x)
        return lambda value, _at: whole(value)
    new, units = _edit(what, how.value, shape, x), None
    _steps_of(f"steps of the {what}", () if how.steps is None else how.steps, len(x))
    _steps_of(f"layer of the {what}", () if how.layer is None else (how.layer,), module.num_layers)
    directions = 2 if module.bidirectional else 1
    _steps_of(f"direction of the {what}", () if how.direction is None else (how.direction,), directions)
    if how.units is not None:
        units = torch.zeros(shape[1], dtype=torch.bool, device=x.device)
        units[_steps_of(f"units of the {what}", how.units, shape[1])] = True

    def there(value: Tensor, at: At) -> Tensor:
        if not how.holds(at):
            return value
        return new(value) if units is None else torch.where(units, new(value.clone()), value)

    return there


def _steps_of(what: str, chosen: Any, count: int) -> list[int]:
    """Numbers of so many, from 0, as a list.

    Raises:
        ValueError: names the first that is none.
    """
    wanted = f"{what} must be whole numbers from 0 to {count - 1}"
    try:
        found = None if isinstance(chosen, (str, bytes, Mapping)) else [*chosen]
    except TypeError:
        found = None
    if found is None:
        raise ValueError(f"{wanted}; got {shown(chosen)}.")
    for one in found:
        if isinstance(one, bool) or not isinstance(one, (int, np.integer)) or not 0 <= one < count:
            raise ValueError(f"{wanted}; got {shown(one)}.")
    return found


def _edit(what: str, how: Any, shape: tuple[int, int], like: Tensor) -> Callable[[Tensor], Tensor]:
    if not callable(how):
        constant = numbers_of(what, how).to(like)
        try:
            whole = constant.expand(shape)
        except RuntimeError:
            wanted = f"a number, a function or an array that broadcasts to (sample, unit), here {shape}"
            raise ValueError(f"{what} must be {wanted}; got shape {tuple(constant.shape)}.") from None
        return lambda _value: whole

    def edited_value(value: Tensor) -> Tensor:
        found = how(value)
        if not isinstance(found, Tensor) or found.shape != shape:
            came = f"shape {tuple(found.shape)}" if isinstance(found, Tensor) else shown(found)
            raise ValueError(f"{what} must return a tensor of shape {shape}; got {came}.")
        return numbers_of(what, found).to(like)

    return edited_value


def layer_arrays(layers: Layers) -> dict[str, np.ndarray]:
    """Name → (layer, direction, time, sample, unit)."""
    return _stacked([[one.variables() for one in row] for row in layers])


def _stacked(found: Sequence[Sequence[Mapping[str, Tensor]]]) -> dict[str, np.ndarray]:
    return {
        name: np.stack([np.stack([one[name].cpu().numpy() for one in row]) for row in found]) for name in found[0][0]
    }
