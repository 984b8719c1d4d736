"""How the gradient of a loss runs back through the states of any `torch.nn.RNN`, `LSTM` or `GRU`."""

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from rnnviz.nn.cells.lookup import kind_of
from rnnviz.nn.cells.unfolding import Layers, outputs, sweep_back, unfold
from rnnviz.nn.cells.weights import State
from rnnviz.nn.measure.tracing import (
    check_loss,
    check_module,
    described,
    first_states,
    layer_arrays,
    numbers_of,
    sequences,
    token_grid,
)
from rnnviz.runs.states import states_dataset

if TYPE_CHECKING:
    import xarray as xr


def gradient_flow(
    module: nn.RNNBase, inputs: Any, loss_fn: Callable[..., Tensor], state: Any = None, tokens: Any = None
) -> "xr.Dataset":
    """`trace`, and the total derivatives of a loss by every hidden and cell state.

    loss_fn: gets the module's output, in the module's own layout, and returns a scalar; if it takes two arguments,
        it gets the final state too, as the module returns it.
    For the other arguments see `trace`.

    Returns:
        The Dataset of `trace` with `hidden_grad` and, for an LSTM, `cell_grad` over (layer, direction, time, sample,
        unit): ∂L/∂h_t and ∂L/∂c_t through every later step and every layer above; `hidden_grad_norm` and
        `cell_grad_norm` over (layer, direction, time): their Frobenius norms over samples and units.
        The loss itself is `attrs["loss"]`.

    Raises:
        ValueError: the module, the inputs or the loss do not fit.
    """
    check_module(module)
    check_loss(loss_fn)
    x = sequences(module, inputs)
    tokens = token_grid(tokens, x)
    layers = unfold(module, x, first_states(module, x, state))
    loss, dy, d_last = _direct_gradients(module, layers, loss_fn, numbers_of("inputs", inputs).dim() == 2)
    arrays = layer_arrays(layers) | _gradient_arrays(layers, dy, d_last)
    for state in kind_of(module).description.states:
        found = arrays[f"{state.name}_grad"]
        arrays[f"{state.name}_grad_norm"] = np.sqrt(np.sum(np.square(found), axis=(-2, -1)))
    return states_dataset(arrays, tokens).assign_attrs(loss=loss)


def _direct_gradients(
    module: nn.RNNBase, layers: Layers, loss_fn: Callable[..., Tensor], unbatched: bool
) -> tuple[float, Tensor, State]:
    """The loss, and its direct gradients by the top layer's outputs and by the final states."""
    last = zip(*([values[-1] for values in one.states().values()] for row in layers for one in row), strict=True)
    leaves = [outputs(layers[-1]), *(torch.stack(parts) for parts in last)]
    leaves = [leaf.detach().clone().requires_grad_() for leaf in leaves]
    shaped = [leaf.squeeze(1) if unbatched else leaf for leaf in leaves]
    output = shaped[0].transpose(0, 1) if module.batch_first and not unbatched else shaped[0]
    final = tuple(shaped[1:]) if len(shaped) > 2 else shaped[1]
    loss = loss_fn(output, final) if _takes_state(loss_fn) else loss_fn(output)
    if not isinstance(loss, Tensor) or loss.numel() != 1 or loss.is_complex() or not loss.requires_grad:
        wanted = "a real scalar tensor that depends on the output"
        raise ValueError(f"loss_fn must return {wanted}; got {described(loss)}.")
    found = torch.autograd.grad(loss.sum(), leaves, allow_unused=True)
    dy, *d_last = [torch.zeros_like(leaf) if g is None else g for g, leaf in zip(found, leaves, strict=True)]
    return loss.item(), dy, tuple(d_last)


def _takes_state(loss_fn: Callable[..., Tensor]) -> bool:
    """Whether `loss_fn` has two arguments without defaults."""
    try:
        arguments = inspect.signature(loss_fn).parameters.values()
    except (TypeError, ValueError):
        return False
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(a.kind in plain and a.default is a.empty for a in arguments) == 2


def _gradient_arrays(layers: Layers, dy: Tensor, d_last: State) -> dict[str, np.ndarray]:
    swept, arrays = sweep_back(layers, dy, d_last), {}
    for name in layers[0][0].states():
        rows = [
            np.stack([one.aligned(getattr(s, name)).cpu().numpy() for one, s in zip(row, sweeps, strict=True)])
            for row, sweeps in zip(layers, swept, strict=True)
        ]
        arrays[f"{name}_grad"] = np.stack(rows)
    return arrays
