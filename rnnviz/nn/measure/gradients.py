"""How the gradient of a loss runs back through the states of any `torch.nn.RNN`, `LSTM` or `GRU`."""

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from rnnviz.nn.cells.unfolding import Layers, last_states, outputs, sweep_back
from rnnviz.nn.cells.weights import State
from rnnviz.nn.given.arguments import called, check_loss, described, gradients_on, in_words, token_grid
from rnnviz.nn.given.calls import Layout
from rnnviz.nn.given.own import plain_call
from rnnviz.nn.measure.tracing import layer_arrays
from rnnviz.nn.precision import true_float32
from rnnviz.runs.states import states_dataset

if TYPE_CHECKING:
    import xarray as xr


@true_float32()
@in_words("gradient_flow")
def gradient_flow(
    module: nn.RNNBase, inputs: Any, loss_fn: Callable[..., Tensor], state: Any = None, tokens: Any = None
) -> "xr.Dataset":
    """`trace`, and the total derivatives of a loss by every hidden and cell state.

    loss_fn: gets the module's output, in the module's own layout, and returns a scalar; if it takes two arguments,
        it gets the final state too, as the module returns it. Of packed inputs the output is packed, too; a function
        that takes no `PackedSequence` gets it padded with zeros.
    For the other arguments see `trace`.

    Returns:
        The Dataset of `trace` with `hidden_grad` and, for an LSTM, `cell_grad` over (layer, direction, time, sample,
        unit): ∂L/∂h_t and ∂L/∂c_t through every later step and every layer above; `hidden_grad_norm` and
        `cell_grad_norm` over (layer, direction, time): their Frobenius norms over samples and units.
        The loss itself is `attrs["loss"]`. Where a state is no number, so is its gradient.

    Raises:
        ValueError: the module, the inputs or the loss do not fit.
    """
    check_loss(loss_fn)
    call = plain_call(module, inputs, state)
    tokens = token_grid(tokens, call.x)
    layers = call.unfolded()
    loss, dy, d_last = _direct_gradients(layers, loss_fn, call.layout)
    arrays = layer_arrays(layers)
    for name, found in _gradient_arrays(layers, dy, d_last).items():
        arrays[f"{name}_grad"] = found
        arrays[f"{name}_grad_norm"] = np.sqrt(np.sum(np.square(found), axis=(-2, -1)))
    whole = {name: call.layout.ended(values) if values.ndim > 3 else values for name, values in arrays.items()}
    return states_dataset(whole, tokens).assign_attrs(loss=loss)


@gradients_on()
def _direct_gradients(layers: Layers, loss_fn: Callable[..., Any], layout: Layout) -> tuple[float, Tensor, State]:
    """The loss, and its direct gradients by the top layer's outputs and by the final states."""
    leaves = [leaf.detach().clone().requires_grad_() for leaf in (outputs(layers[-1]), *last_states(layers))]
    shaped = [part.squeeze(1) if layout.unbatched else part for part in (leaf.to(layout.dtype) for leaf in leaves[1:])]
    final = tuple(shaped) if len(shaped) > 1 else shaped[0]
    loss = loss_on(loss_fn, layout, leaves[0], *((final,) if _takes_state(loss_fn) else ()))
    if not isinstance(loss, Tensor) or loss.numel() != 1 or loss.is_complex() or not loss.requires_grad:
        wanted = "a real scalar tensor that depends on the output"
        raise ValueError(f"loss_fn must return {wanted}; got {described(loss)}.")
    found = torch.autograd.grad(loss.sum(), leaves, allow_unused=True)
    dy, *d_last = [torch.zeros_like(leaf) if g is None else g for g, leaf in zip(found, leaves, strict=True)]
    return loss.item(), dy, tuple(d_last)


def loss_on(loss_fn: Callable[..., Any], layout: Layout, output: Tensor, *final: Any) -> Any:
    """What a loss function makes of a module's outputs (T, B, N): packed if the inputs were, unless it takes no such.

    Raises:
        ValueError: it raised something.
    """
    if layout.extent is None:
        return called(loss_fn, layout.padded(output), *final)
    output = output.masked_fill(~layout.extent.real[..., None], 0)
    try:
        return loss_fn(layout.handed_on(output), *final)
    except Exception:  # it may be written for tensors
        return called(loss_fn, layout.padded(output), *final)


def _takes_state(loss_fn: Callable[..., Tensor]) -> bool:
    """Whether `loss_fn` has two arguments without defaults."""
    try:
        arguments = inspect.signature(loss_fn).parameters.values()
    except (TypeError, ValueError):
        return False
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(a.kind in plain and a.default is a.empty for a in arguments) == 2


def _gradient_arrays(layers: Layers, dy: Tensor, d_last: State) -> dict[str, np.ndarray]:
    """Name of a state → the gradients by it, (layer, direction, time, sample, unit)."""
    pairs = zip(layers, sweep_back(layers, dy, d_last), strict=True)
    rows = [[(one, one.totals(back)) for one, back in zip(row, swept, strict=True)] for row, swept in pairs]
    return {
        name: np.stack([np.stack([one.aligned(found[name]).cpu().numpy() for one, found in row]) for row in rows])
        for name in layers[0][0].states()
    }
