"""Where a gradient comes from and how far it reaches: the loss at one time step by the state at another."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from rnnviz.core.errors import shown
from rnnviz.nn.cells.derivatives import Derivatives
from rnnviz.nn.cells.unfolding import Layers, Unfolded, outputs
from rnnviz.nn.given.arguments import check_loss, described, gradients_on, in_words
from rnnviz.nn.given.calls import Layout
from rnnviz.nn.given.own import plain_call
from rnnviz.nn.measure.gradients import loss_on
from rnnviz.nn.precision import true_float32
from rnnviz.runs.states import DIRECTIONS

if TYPE_CHECKING:
    import xarray as xr

AT_ONCE = 16_000_000  # numbers in the gradients that go back together


@true_float32()
@in_words("influence")
def influence(
    module: nn.RNNBase,
    inputs: Any,
    loss_fn: Callable[[Tensor], Tensor],
    layer: int = -1,
    direction: str = "forward",
    state: Any = None,
    vectors: bool = False,
) -> "xr.Dataset":
    """How much the loss at every time step depends on the state at every other.

    loss_fn:   gets the module's output, as in `gradient_flow`, and returns one loss per time step: (T,), of packed
               inputs as many as the longest sequence has.
    layer:     0 is the lowest, -1 the top.
    direction: "forward" or, in a bidirectional module, "backward".
    vectors:   whether the gradients themselves are wanted too; they are large.
    For the other arguments see `trace`.

    The losses go back through time together, in one sweep; autograd runs through `loss_fn` alone.

    Returns:
        Dataset in double precision: `influence(loss_time, time)`, the norm over samples and units of ∂L_s/∂h_t through
        every step and layer in between, s the time of the loss and t that of the state; `loss(loss_time)`; with
        `vectors` also `influence_vectors(loss_time, time, sample, unit)`, whose sum over `loss_time` is the
        `hidden_grad` that `gradient_flow` gives for the sum of the losses. Where a state is no number, so are its
        gradients; `influence_vectors` are NaN behind the end of a sequence, too.

    Raises:
        ValueError: the module, the inputs, the layer, the direction or the losses do not fit.
    """
    check_loss(loss_fn)
    call = plain_call(module, inputs, state)
    at = _place(call.module, layer, direction)
    layers = call.unfolded()
    top, losses = _losses(outputs(layers[-1]), loss_fn, call.layout)
    one_by_one = torch.eye(len(losses), dtype=losses.dtype, device=losses.device)
    together = max(1, AT_ONCE // top.numel())
    parts = [_gradients(layers, at, _direct(losses, top, chosen)) for chosen in one_by_one.split(together)]
    norms = torch.cat([torch.linalg.vector_norm(part, dim=(2, 3)) for part in parts], 1)
    found: dict[str, Any] = {"influence": (("loss_time", "time"), norms.T.numpy(), {"long_name": "norm of ∂L_s/∂h_t"})}
    if vectors:
        dims = ("loss_time", "time", "sample", "unit")
        whole = call.layout.ended(torch.cat(parts, 1).transpose(0, 1).numpy())
        found["influence_vectors"] = (dims, whole, {"long_name": "∂L_s/∂h_t"})
    return _dataset(found, losses, {"layer": at[0], "direction": direction})


@torch.no_grad()
def descend(layers: Layers, direct: Tensor) -> Iterator[tuple[int, list[Tensor]]]:
    """Any number S of losses back through all layers, the top one first, in one sweep each.

    direct: (T, S, B, directions·H), the direct gradients of every loss by the top layer's outputs.

    Yields:
        A layer's index and, for each of its directions, ∂L_s/∂h_t (T, S, B, H) in the order of the input.
    """
    for index in range(len(layers) - 1, -1, -1):
        row = layers[index]
        swept = [
            through_time(one, one.derivatives(), one.aligned(part), by_input=index > 0)
            for one, part in zip(row, direct.chunk(len(row), -1), strict=True)
        ]
        yield index, [one.aligned(total) for one, (total, _) in zip(row, swept, strict=True)]
        below = [one.aligned(by_input) for one, (_, by_input) in zip(row, swept, strict=True) if by_input is not None]
        direct = sum(below, direct if row[0].skip else torch.zeros(()))


def through_time(one: Unfolded, steps: Derivatives, dy: Tensor, by_input: bool) -> tuple[Tensor, Tensor | None]:
    """Back through one layer, from the direct gradients dy (T, S, B, H) in reading order to the total ones.

    Returns:
        The total gradients by h_t (T, S, B, H) and, if wanted, by x_t (T, S, B, I).
    """
    total, size = torch.empty_like(dy), dy.shape[-1]
    blocks = steps.w.ih.chunk(one.kind.span, 1)
    by_x = dy.new_zeros(*dy.shape[:-1], blocks[0].shape[1]) if by_input else None
    d = dy.new_zeros(*dy.shape[1:3], steps.size)
    for t in range(len(dy) - 1, -1, -1):
        d[..., :size] += dy[t]
        total[t] = d[..., :size]
        d, delta = steps.back(t, d)
        if by_x is not None:
            for back, block in enumerate(blocks[: t + 1]):
                by_x[t - back] += delta @ block
    return total, by_x


def _place(module: nn.RNNBase, layer: int, direction: str) -> tuple[int, int]:
    whole = isinstance(layer, (int, np.integer)) and not isinstance(layer, bool)
    if not whole or not -module.num_layers <= layer < module.num_layers:
        raise ValueError(f"layer must be from 0 to {module.num_layers - 1}, or -1 for the top; got {shown(layer)}.")
    known = DIRECTIONS[: 2 if module.bidirectional else 1]
    if direction not in known:
        raise ValueError(f"direction must be {' or '.join(known)} for this module; got {shown(direction)}.")
    return layer % module.num_layers, known.index(direction)


@gradients_on()
def _losses(top: Tensor, loss_fn: Callable[[Tensor], Tensor], layout: Layout) -> tuple[Tensor, Tensor]:
    """The top layer's outputs (T, B, directions·H) as a leaf, and the losses (T,) that depend on it."""
    top = top.detach().clone().requires_grad_()
    losses = loss_on(loss_fn, layout, top)
    fits = isinstance(losses, Tensor) and tuple(losses.shape) == (len(top),)
    if not fits or losses.is_complex() or not losses.requires_grad:
        wanted = f"one loss per time step, a real tensor of shape ({len(top)},) that depends on the output"
        raise ValueError(f"loss_fn must return {wanted}; got {described(losses)}.")
    return top, losses


@gradients_on()
def _direct(losses: Tensor, top: Tensor, chosen: Tensor) -> Tensor:
    """The gradients of the chosen losses, rows of the identity (S, T), by the outputs: (T, S, B, directions·H)."""
    (found,) = torch.autograd.grad(losses, top, chosen, retain_graph=True, is_grads_batched=True)
    return found.transpose(0, 1).to("cpu", torch.float64)


def _gradients(layers: Layers, at: tuple[int, int], direct: Tensor) -> Tensor:
    """∂L_s/∂h_t of one layer and direction: (T, S, B, H); 0 behind the end of a sequence."""
    one = layers[at[0]][at[1]]
    if one.extent is None:
        found = next(found[at[1]] for index, found in descend(layers, direct) if index == at[0])
        h = one.aligned(one.h).to(found)[:, None]
        return torch.where(h.isnan(), h, found)
    whole = direct.new_zeros(*direct.shape[:3], one.h.shape[-1])
    for length, samples in one.extent.by_length():
        alike, samples = [[part.cut(length, samples) for part in row] for row in layers], samples.cpu()
        whole[:length, :, samples] = _gradients(alike, at, direct[:length, :, samples])
    return whole


def _dataset(found: dict[str, Any], losses: Tensor, attrs: dict[str, Any]) -> "xr.Dataset":
    import xarray as xr

    found["loss"] = ("loss_time", losses.detach().to("cpu", torch.float64).numpy(), {"long_name": "loss L_s"})
    dataset = xr.Dataset(found, attrs=attrs)
    return dataset.assign_coords({dim: np.arange(size) for dim, size in dataset.sizes.items()})
