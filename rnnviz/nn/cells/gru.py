"""The GRU with its reset gate after the matrix product, as torch computes it: step, gates, way back.

r_t, z_t = σ(W_i{r,z} x_t + b_i{r,z} + W_h{r,z} h_{t-1} + b_h{r,z})          (lecture 000, "GRU")
h̃_t = tanh(W_in x_t + b_in + r_t ⊙ (W_hn h_{t-1} + b_hn))
h_t = z_t ⊙ h_{t-1} + (1 − z_t) ⊙ h̃_t
"""

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from rnnviz.nn.cells.stack import ONE_LAYER, Masks, run_shaped, runs_here
from rnnviz.nn.cells.sweep import Sweep
from rnnviz.nn.cells.weights import Weights, input_product

VARIABLES: tuple[str, ...] = ("reset_gate", "update_gate", "candidate")


class Gates(NamedTuple):
    """Everything inside the cell at every step, each (T, B, H) but rz (T, B, 2H); product is W_hn h_{t-1} + b_hn."""

    rz: Tensor
    n: Tensor
    product: Tensor

    @property
    def r(self) -> Tensor:
        """Reset gate."""
        return self.rz[..., : self.n.shape[-1]]

    @property
    def z(self) -> Tensor:
        """Update gate: 1 keeps the old state."""
        return self.rz[..., self.n.shape[-1] :]


def step(w: Weights, x: Tensor, h: Tensor) -> Tensor:
    """One time step: x (B, I), h (B, H) → the next h (B, H)."""
    x_r, x_z, x_n = (x @ w.ih.T + w.b_ih).chunk(3, -1)
    h_r, h_z, h_n = (h @ w.hh.T + w.b_hh).chunk(3, -1)
    r = torch.sigmoid(x_r + h_r)
    z = torch.sigmoid(x_z + h_z)
    n = torch.tanh(x_n + r * h_n)
    return z * h + (1 - z) * n


def gates(w: Weights, x: Tensor, before: Tensor) -> Gates:
    """All gates of all steps at once, from x (T, B, I) and h_{t-1} (T, B, H)."""
    size = w.hidden
    rz = input_product(w.ih[: 2 * size], w.b_ih[: 2 * size] + w.b_hh[: 2 * size], x)
    rz = torch.sigmoid_(rz + input_product(w.hh[: 2 * size], w.b_hh.new_zeros(2 * size), before))
    product = input_product(w.hh[2 * size :], w.b_hh[2 * size :], before)
    n = torch.tanh_(input_product(w.ih[2 * size :], w.b_ih[2 * size :], x).addcmul_(rz[..., :size], product))
    return Gates(rz, n, product)


def states(w: Weights, x: Tensor, h0: Tensor) -> tuple[Tensor, Gates]:
    """h_t (T, B, H) and the gates of every step. In place: not for autograd."""
    size, (time, batch, _) = w.hidden, x.shape
    rz = input_product(w.ih[: 2 * size], w.b_ih[: 2 * size] + w.b_hh[: 2 * size], x)
    n = input_product(w.ih[2 * size :], w.b_ih[2 * size :], x)
    product, h_all = x.new_empty(time, batch, size), x.new_empty(time, batch, size)
    w_rz, w_n, b_n, h = w.hh[: 2 * size].t(), w.hh[2 * size :].t(), w.b_hh[2 * size :], h0
    r_all, z_all = rz[..., :size].unbind(0), rz[..., size:].unbind(0)
    rows = zip(rz.unbind(0), r_all, z_all, n.unbind(0), product.unbind(0), h_all.unbind(0), strict=True)
    for rz_t, r_t, z_t, n_t, product_t, h_t in rows:
        rz_t.addmm_(h, w_rz).sigmoid_()
        torch.addmm(b_n, h, w_n, out=product_t)
        n_t.addcmul_(r_t, product_t).tanh_()
        h = torch.lerp(n_t, h, z_t, out=h_t)
    return h_all, Gates(rz, n, product)


def sweep(w: Weights, h: Tensor, inside: Gates, dy: Tensor) -> Sweep:
    """Back through time, from the direct gradient dy (T, B, H) by each h_t to the total one.

    Every pre-activation's gradient is ∂L/∂h_t times a factor known beforehand, so a step costs three operations.
    """
    r, z, n, product = inside.r, inside.z, inside.n, inside.product
    keep_new = (1 - z) * (1 - n * n)  # ∂h_t/∂(candidate's pre-activation)
    factors = torch.stack([keep_new * product * r * (1 - r), (h - n) * (1 - z), keep_new * r], dim=2)
    dh, delta, size = dy.clone(), torch.empty_like(factors), w.hidden
    flat = delta.flatten(2)
    rows = zip(
        dh.unbind(0), dh.unsqueeze(2).unbind(0), factors.unbind(0), delta.unbind(0), flat.unbind(0),
        z.contiguous().unbind(0), strict=True,
    )  # fmt: skip
    later = None
    for dh_t, wide_t, factor_t, delta_t, flat_t, z_t in reversed([*rows]):
        if later is not None:
            dh_later, z_later, flat_later = later
            dh_t.addcmul_(dh_later, z_later).addmm_(flat_later, w.hh)
        torch.mul(wide_t, factor_t, out=delta_t)
        later = dh_t, z_t, flat_t
    first = torch.addmm(dh[0] * z[0], flat[0], w.hh)
    at_input = torch.cat([flat[..., : 2 * size], dh * keep_new], dim=-1)
    return Sweep(hidden=dh, cell=None, at_input=at_input, at_hidden=flat, first=first)


class _Layer(torch.autograd.Function):
    """One layer, forward and backward through time, each weight's gradient in one product."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, h0: Tensor, tap: Tensor | None, *weights: Tensor) -> Tensor:
        h, inside = states(Weights(*weights), x, h0)
        ctx.save_for_backward(x, h0, h, *inside, *weights)
        return h

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor | None, ...]:
        x, h0, h, rz, n, product, *weights = ctx.saved_tensors
        w = Weights(*weights)
        back = sweep(w, h, Gates(rz, n, product), dy)
        dx = back.at_input @ w.ih if ctx.needs_input_grad[0] else None
        tapped = back.hidden if ctx.needs_input_grad[2] else None
        return dx, back.first, tapped, *back.weight_gradients(x, h, h0)


class GRU(nn.GRU):
    """`torch.nn.GRU` with the same parameters and about twice as fast on a CPU."""

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1, skip: bool = False, **more: Any) -> None:
        super().__init__(input_size, hidden_size, num_layers, **more)
        self.skip = skip

    def forward(self, x: Any, h0: Tensor | None = None, masks: Masks | None = None) -> Any:
        """As `torch.nn.GRU`: x (T, B, I) → output (T, B, directions·H), final states (layers·directions, B, H).

        masks: what dropout multiplies the states between two layers with.
        """
        if not runs_here(self, x) and masks is None and not self.skip:
            return super().forward(x, h0)
        return run_shaped(self, x, h0, self.one_layer, masks)

    def one_layer(self, x: Tensor, h0: Tensor, w: Weights, tap: Tensor | None = None) -> Tensor:
        """The states (T, B, H) of a single layer that reads x (T, B, I); `tap` as in `taps_of`."""
        if x.is_cuda:
            return torch.gru(x, h0[None], [*w], *ONE_LAYER)[0]
        states: Tensor = _Layer.apply(x, h0, tap, *w)
        return states
