"""The GRU with its reset gate before the matrix product (Cho et al. 2014): step, gates, way back.

r_t, z_t = σ(W_i{r,z} x_t + b_i{r,z} + W_h{r,z} h_{t-1} + b_h{r,z})          (lectures 000, 001, 003, "GRU")
h̃_t = tanh(W_in x_t + b_in + W_hn (r_t ⊙ h_{t-1}) + b_hn)
h_t = z_t ⊙ h_{t-1} + (1 − z_t) ⊙ h̃_t

Torch has no such layer. It is another model than torch's GRU: there the gate scales W_hn h_{t-1}, here h_{t-1} itself.
"""

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from rnnviz.nn.cells.stack import Masks, run_shaped
from rnnviz.nn.cells.sweep import Sweep
from rnnviz.nn.cells.weights import Weights, earlier, input_product


class Gates(NamedTuple):
    """Everything inside the cell at every step, each (T, B, H) but rz (T, B, 2H); before is h_{t-1}."""

    rz: Tensor
    n: Tensor
    before: Tensor

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
    w_r, w_z, w_n = w.hh.chunk(3)
    b_r, b_z, b_n = w.b_hh.chunk(3)
    r = torch.sigmoid(x_r + h @ w_r.T + b_r)
    z = torch.sigmoid(x_z + h @ w_z.T + b_z)
    n = torch.tanh(x_n + (r * h) @ w_n.T + b_n)
    return z * h + (1 - z) * n


def gates(w: Weights, x: Tensor, before: Tensor) -> Gates:
    """All gates of all steps at once, from x (T, B, I) and h_{t-1} (T, B, H)."""
    size = w.hidden
    a = input_product(w.ih, w.b_ih + w.b_hh, x)
    no_bias = w.b_hh.new_zeros(2 * size)
    rz = torch.sigmoid_(a[..., : 2 * size] + input_product(w.hh[: 2 * size], no_bias, before))
    n = a[..., 2 * size :] + input_product(w.hh[2 * size :], no_bias[:size], rz[..., :size] * before)
    return Gates(rz, torch.tanh_(n), before)


def states(w: Weights, x: Tensor, h0: Tensor) -> tuple[Tensor, Gates]:
    """h_t (T, B, H) and the gates of every step. In place: not for autograd."""
    size, (time, batch, _) = w.hidden, x.shape
    bias = w.b_ih + w.b_hh
    rz = input_product(w.ih[: 2 * size], bias[: 2 * size], x)
    n = input_product(w.ih[2 * size :], bias[2 * size :], x)
    h_all, gated, h = x.new_empty(time, batch, size), x.new_empty(batch, size), h0
    w_rz, w_n = w.hh[: 2 * size].t(), w.hh[2 * size :].t()
    r_all, z_all = rz[..., :size].unbind(0), rz[..., size:].unbind(0)
    for rz_t, r_t, z_t, n_t, h_t in zip(rz.unbind(0), r_all, z_all, n.unbind(0), h_all.unbind(0), strict=True):
        rz_t.addmm_(h, w_rz).sigmoid_()
        n_t.addmm_(torch.mul(r_t, h, out=gated), w_n).tanh_()
        h = torch.lerp(n_t, h, z_t, out=h_t)
    return h_all, Gates(rz, n, earlier(h_all, h0))


def sweep(w: Weights, h: Tensor, inside: Gates, dy: Tensor) -> Sweep:
    """Back through time, from the direct gradient dy (T, B, H) by each h_t to the total one.

    The gradient reaches h_{t-1} on three ways: kept by z_t, through both gates, and through W_hn and r_t.
    """
    r, z, n, before = inside.r, inside.z, inside.n, inside.before
    time, batch, size = dy.shape
    direct = torch.stack([(h - n) * (1 - z), (1 - z) * (1 - n * n)], dim=2)  # ∂h_t/∂(pre-activations of z and h̃)
    by_reset = before * r * (1 - r)
    dh, delta = dy.clone(), dy.new_empty(time, batch, 3, size)
    flat, d_gated = delta.view(time, batch, 3 * size), dy.new_empty(batch, size)
    w_rz, w_n, first = w.hh[: 2 * size], w.hh[2 * size :], torch.empty_like(dy[0])
    rows = zip(
        [first, *dh[:-1].unbind(0)], dh.unbind(0), dh.unsqueeze(2).unbind(0), direct.unbind(0), by_reset.unbind(0),
        delta[:, :, 1:].unbind(0), flat[..., :size].unbind(0), flat[..., : 2 * size].unbind(0),
        flat[..., 2 * size :].unbind(0), r.contiguous().unbind(0), z.contiguous().unbind(0), strict=True,
    )  # fmt: skip
    first.zero_()
    for dh_before, dh_t, wide_t, direct_t, by_reset_t, into_t, into_r, into_rz, into_n, r_t, z_t in reversed([*rows]):
        torch.mul(wide_t, direct_t, out=into_t)
        torch.mm(into_n, w_n, out=d_gated)
        torch.mul(d_gated, by_reset_t, out=into_r)
        dh_before.addcmul_(dh_t, z_t).addcmul_(d_gated, r_t).addmm_(into_rz, w_rz)
    return Sweep(hidden=dh, cell=None, at_input=flat, at_hidden=flat, first=first, gated=r * before)


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
        x, h0, h, rz, n, before, *weights = ctx.saved_tensors
        w = Weights(*weights)
        back = sweep(w, h, Gates(rz, n, before), dy)
        dx = back.at_input @ w.ih if ctx.needs_input_grad[0] else None
        tapped = back.hidden if ctx.needs_input_grad[2] else None
        return dx, back.first, tapped, *back.weight_gradients(x, h, h0)


class ResetBeforeGRU(nn.GRU):
    """A GRU with the parameters of `torch.nn.GRU` and its reset gate before the matrix product.

    It runs here on every device: torch's own GRU, and cuDNN's, compute another model.
    """

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1, skip: bool = False, **more: Any) -> None:
        super().__init__(input_size, hidden_size, num_layers, **more)
        self.skip = skip

    def forward(self, x: Any, h0: Tensor | None = None, masks: Masks | None = None) -> Any:
        """As `torch.nn.GRU`: x (T, B, I) → output (T, B, directions·H), final states (layers·directions, B, H).

        masks: what dropout multiplies the states between two layers with.

        Raises:
            ValueError: x is a PackedSequence.
        """
        return run_shaped(self, x, h0, self.one_layer, masks)

    def one_layer(self, x: Tensor, h0: Tensor, w: Weights, tap: Tensor | None = None) -> Tensor:
        """The states (T, B, H) of a single layer that reads x (T, B, I); `tap` as in `taps_of`."""
        states: Tensor = _Layer.apply(x, h0, tap, *w)
        return states
