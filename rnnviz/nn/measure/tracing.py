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
from rnnviz.nn.cells.unfolding import Layers, unfold
from rnnviz.nn.cells.weights import State
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
    inputs: as for the module: (time, sample, feature), (sample, time, feature) if `batch_first`, or (time, feature).
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
    check_module(module)
    x = sequences(module, inputs)
    tokens = token_grid(tokens, x)
    first = first_states(module, x, state)
    if edit is None and not len(reset):
        return states_dataset(layer_arrays(unfold(module, x, first)), tokens)
    _check_steps("reset", reset, len(x))
    return states_dataset(_stacked(edited(module, x, first, edits_of(module, x, edit or {}), reset)), tokens)


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
    _check_steps(f"steps of the {what}", () if how.steps is None else how.steps, len(x))
    _check_steps(f"layer of the {what}", () if how.layer is None else (how.layer,), module.num_layers)
    directions = 2 if module.bidirectional else 1
    _check_steps(f"direction of the {what}", () if how.direction is None else (how.direction,), directions)
    if how.units is not None:
        _check_steps(f"units of the {what}", how.units, shape[1])
        units = torch.zeros(shape[1], dtype=torch.bool, device=x.device)
        units[list(how.units)] = True

    def there(value: Tensor, at: At) -> Tensor:
        if not how.holds(at):
            return value
        return new(value) if units is None else torch.where(units, new(value.clone()), value)

    return there


def _check_steps(what: str, chosen: Collection[int], count: int) -> None:
    """Refuse numbers that are none of so many, from 0.

    Raises:
        ValueError: names the first of them.
    """
    for one in chosen:
        if isinstance(one, bool) or not isinstance(one, (int, np.integer)) or not 0 <= one < count:
            raise ValueError(f"{what} must be whole numbers from 0 to {count - 1}; got {shown(one)}.")


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


def check_module(module: nn.RNNBase) -> None:
    """Refuse what cannot be traced.

    Raises:
        ValueError: says what was expected and what came.
    """
    kind_of(module)
    if getattr(module, "proj_size", 0):
        raise ValueError(f"module must have no projection (proj_size 0); got proj_size {module.proj_size}.")
    _check_numbers("module", next(module.parameters()))


def numbers_of(name: str, value: Any) -> Tensor:
    """An argument as a dense tensor of real numbers, apart from any graph.

    Raises:
        ValueError: it is none; the argument goes by `name`.
    """
    try:
        found = torch.as_tensor(np.ascontiguousarray(value) if isinstance(value, np.ndarray) else value).detach()
    except (TypeError, ValueError, RuntimeError):
        raise ValueError(f"{name} must be an array or a tensor of numbers; got {shown(value)}.") from None
    _check_numbers(name, found)
    return found


def _check_numbers(name: str, values: Tensor) -> None:
    kind = str(values.dtype).removeprefix("torch.")
    if values.is_complex():
        raise ValueError(f"{name} must be of real numbers; got {kind}.")
    if values.is_meta:
        raise ValueError(f"{name} must hold numbers; got the meta device, which holds none.")
    if values.layout is not torch.strided:
        raise ValueError(f"{name} must be dense; got a sparse tensor.")


def sequences(module: nn.RNNBase, inputs: Any) -> Tensor:
    """`inputs` as (T, B, I) in the module's type and on its device.

    Raises:
        ValueError: they are no sequences of the module's input size.
    """
    weight = next(module.parameters())
    if isinstance(inputs, nn.utils.rnn.PackedSequence):
        raise ValueError("inputs must be a padded array or tensor; got a PackedSequence.")
    x = numbers_of("inputs", inputs).to(weight.device, weight.dtype)
    if x.dim() not in (2, 3) or x.shape[-1] != module.input_size or 0 in x.shape:
        layout = "sample, time" if module.batch_first else "time, sample"
        wanted = f"of shape ({layout}, {module.input_size}) or (time, {module.input_size}), not empty"
        raise ValueError(f"inputs must be {wanted}; got shape {tuple(x.shape)}.")
    if x.dim() == 2:
        return x.unsqueeze(1)
    return x.transpose(0, 1) if module.batch_first else x


def first_states(module: nn.RNNBase, x: Tensor, state: Any) -> State | None:
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


def token_grid(tokens: Any, x: Tensor) -> np.ndarray | None:
    """`tokens` as an array (T, B) for inputs (T, B, I).

    Raises:
        ValueError: they are not one for every time step and sample.
    """
    if tokens is None:
        return None
    try:
        found = np.asarray(tokens)
    except ValueError:  # rows of different lengths
        found = np.asarray(tokens, dtype=object)
    if found.shape != tuple(x.shape[:2]):
        wanted = f"one for every time step and sample, of shape {tuple(x.shape[:2])}"
        raise ValueError(f"tokens must be {wanted}; got shape {found.shape}.")
    return found


def check_loss(loss_fn: Any) -> None:
    """Refuse what cannot be called.

    Raises:
        ValueError: says what came.
    """
    if not callable(loss_fn):
        raise ValueError(f"loss_fn must be a function of the module's output; got {shown(loss_fn)}.")


def described(value: Any) -> str:
    """What a loss function returned, for a message."""
    if not isinstance(value, Tensor):
        return type(value).__name__
    kind = str(value.dtype).removeprefix("torch.")
    free = "" if value.requires_grad else " that does not depend on the output"
    return f"{kind} of shape {tuple(value.shape)}{free}"


def layer_arrays(layers: Layers) -> dict[str, np.ndarray]:
    """Name → (layer, direction, time, sample, unit)."""
    return _stacked([[one.variables() for one in row] for row in layers])


def _stacked(found: Sequence[Sequence[Mapping[str, Tensor]]]) -> dict[str, np.ndarray]:
    return {
        name: np.stack([np.stack([one[name].cpu().numpy() for one in row]) for row in found]) for name in found[0][0]
    }
