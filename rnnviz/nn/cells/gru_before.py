"""The GRU with its reset gate before the matrix product (Cho et al. 2014): step, gates, way back.

r_t, z_t = σ(W_i{r,z} x_t + b_i{r,z} + W_h{r,z} h_{t-1} + b_h{r,z})          (lectures 000, 001, 003, "GRU")
h̃_t = tanh(W_in x_t + b_in + W_hn (r_t ⊙ h_{t-1}) + b_hn)
h_t = z_t ⊙ h_{t-1} + (1 − z_t) ⊙ h̃_t

Torch has no such layer. It is another model than torch's GRU: there the gate scales W_hn h_{t-1}, here h_{t-1} itself.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor

from rnnviz.cells.gru import CELL
from rnnviz.nn.cells.derivatives import Derivatives
from rnnviz.nn.cells.kind import AtLeast, Kind, Point, as_it_is
from rnnviz.nn.cells.modules import Recurrent
from rnnviz.nn.cells.sweep import Sweep
from rnnviz.nn.cells.weights import State, Weights, earlier, input_product


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


@dataclasses.dataclass(frozen=True)
class GruBefore(Kind[Gates]):
    """The GRU of the paper."""

    description = CELL
    factor_name = "update"
    at_least = AtLeast(layer=1.5, training=None)

    @property
    def options(self) -> Mapping[str, Any]:
        return {"reset": "before"}

    def module(self, inputs: int, hidden: int, layers: int = 1, **more: Any) -> "ResetBeforeGRU":
        return ResetBeforeGRU(inputs, hidden, layers, **more)

    def step(self, w: Weights, a: Tensor, before: State, point: Point = as_it_is) -> State:
        (h,) = before
        x_r, x_z, x_n = a.chunk(3, -1)
        w_r, w_z, w_n = w.hh.chunk(3)
        b_r, b_z, b_n = w.b_hh.chunk(3)
        r = point("reset_gate", torch.sigmoid(x_r + h @ w_r.T + b_r))
        z = point("update_gate", torch.sigmoid(x_z + h @ w_z.T + b_z))
        n = point("candidate", torch.tanh(x_n + (r * h) @ w_n.T + b_n))
        return (point("hidden", z * h + (1 - z) * n),)

    def states(self, w: Weights, x: Tensor, first: State) -> tuple[Tensor, Gates]:
        size, (time, batch, _) = w.hidden, x.shape
        bias = w.b_ih + w.b_hh
        rz = input_product(w.ih[: 2 * size], bias[: 2 * size], x)
        n = input_product(w.ih[2 * size :], bias[2 * size :], x)
        h_all, gated, h = x.new_empty(time, batch, size), x.new_empty(batch, size), first[0]
        w_rz, w_n = w.hh[: 2 * size].t(), w.hh[2 * size :].t()
        r_all, z_all = rz[..., :size].unbind(0), rz[..., size:].unbind(0)
        for rz_t, r_t, z_t, n_t, h_t in zip(rz.unbind(0), r_all, z_all, n.unbind(0), h_all.unbind(0), strict=True):
            rz_t.addmm_(h, w_rz).sigmoid_()
            n_t.addmm_(torch.mul(r_t, h, out=gated), w_n).tanh_()
            h = torch.lerp(n_t, h, z_t, out=h_t)
        return h_all, Gates(rz, n, earlier(h_all, first[0]))

    def gates(self, w: Weights, x: Tensor, before: Tensor, first: State) -> Gates:
        size = w.hidden
        a = input_product(w.ih, w.b_ih + w.b_hh, x)
        no_bias = w.b_hh.new_zeros(2 * size)
        rz = torch.sigmoid_(a[..., : 2 * size] + input_product(w.hh[: 2 * size], no_bias, before))
        n = a[..., 2 * size :] + input_product(w.hh[2 * size :], no_bias[:size], rz[..., :size] * before)
        return Gates(rz, torch.tanh_(n), before)

    def variables(self, h: Tensor, inside: Gates) -> dict[str, Tensor]:
        return {"hidden": h, "reset_gate": inside.r, "update_gate": inside.z, "candidate": inside.n}

    def factor(self, h: Tensor, inside: Gates) -> Tensor:
        return inside.z

    def sweep(self, w: Weights, h: Tensor, inside: Gates, dy: Tensor, direct: Tensor | None = None) -> Sweep:
        """Back through time.

        The gradient reaches h_{t-1} on three ways: kept by z_t, through both gates, and through W_hn and r_t.
        """
        r, z, n, before = inside.r, inside.z, inside.n, inside.before
        time, batch, size = dy.shape
        # ∂h_t by the pre-activations of z and h̃
        direct_factors = torch.stack([(h - n) * (1 - z), (1 - z) * (1 - n * n)], dim=2)
        by_reset = before * r * (1 - r)
        dh, delta = dy.clone(), dy.new_empty(time, batch, 3, size)
        flat, d_gated = delta.view(time, batch, 3 * size), dy.new_empty(batch, size)
        w_rz, w_n, first = w.hh[: 2 * size], w.hh[2 * size :], torch.empty_like(dy[0])
        rows = zip(
            [first, *dh[:-1].unbind(0)], dh.unbind(0), dh.unsqueeze(2).unbind(0), direct_factors.unbind(0),
            by_reset.unbind(0), delta[:, :, 1:].unbind(0), flat[..., :size].unbind(0), flat[..., : 2 * size].unbind(0),
            flat[..., 2 * size :].unbind(0), r.contiguous().unbind(0), z.contiguous().unbind(0), strict=True,
        )  # fmt: skip
        first.zero_()
        for dh_before, dh_t, wide_t, factor_t, by_reset_t, into_t, into_r, into_rz, into_n, r_t, z_t in reversed(
            [*rows]
        ):
            torch.mul(wide_t, factor_t, out=into_t)
            torch.mm(into_n, w_n, out=d_gated)
            torch.mul(d_gated, by_reset_t, out=into_r)
            dh_before.addcmul_(dh_t, z_t).addcmul_(d_gated, r_t).addmm_(into_rz, w_rz)
        return Sweep(hidden=dh, cell=None, at_input=flat, at_hidden=flat, first=(first,), gated=r * before)

    def derivatives(self, w: Weights, h: Tensor, before: Tensor, inside: Gates) -> "GruBeforeDerivatives":
        r, z, n = inside.r, inside.z, inside.n
        by_update, new = (before - n) * z * (1 - z), (1 - z) * (1 - n * n)
        return GruBeforeDerivatives(w, by_update, new, before * r * (1 - r), r, z)


@dataclasses.dataclass(frozen=True)
class GruBeforeDerivatives(Derivatives):
    """∂h_t/∂h_{t-1} with the reset gate before the product, where h_{t-1} reaches the candidate on two ways.

        diag(z_t) + diag(by_update) W_hz + diag(new) W_hn (diag(r_t) + diag(by_reset) W_hr)

    by_update, new: (T, B, H), ∂h_t by the pre-activations of z and of the candidate;
    by_reset:       (T, B, H), ∂(r_t ⊙ h_{t-1}) by the pre-activation of r;
    reset, keep:    (T, B, H), r_t and z_t.
    """

    by_update: Tensor
    new: Tensor
    by_reset: Tensor
    reset: Tensor
    keep: Tensor

    @property
    def shape(self) -> torch.Size:
        return self.keep.shape

    def by_before(self, steps: slice = slice(None)) -> Tensor:
        w_r, w_z, w_n = self.w.hh.chunk(3)
        gated = torch.diag_embed(self.reset[steps]) + self.by_reset[steps, ..., None] * w_r
        found = self.by_update[steps, ..., None] * w_z + self.new[steps, ..., None] * (w_n @ gated)
        return found + torch.diag_embed(self.keep[steps])

    def back(self, t: int, d: Tensor) -> tuple[Tensor, Tensor]:
        w_r, w_z, w_n = self.w.hh.chunk(3)
        at_update, at_new = d * self.by_update[t], d * self.new[t]
        at_gated = at_new @ w_n
        at_reset = at_gated * self.by_reset[t]
        before = d * self.keep[t] + at_update @ w_z + at_gated * self.reset[t] + at_reset @ w_r
        return before, torch.cat([at_reset, at_update, at_new], -1)


class ResetBeforeGRU(Recurrent):
    """A GRU with the parameters of `torch.nn.GRU` and its reset gate before the matrix product.

    It runs here on every device: torch's own GRU, and cuDNN's, compute another model.
    """

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1, skip: bool = False, **more: Any) -> None:
        super().__init__(GruBefore(), input_size, hidden_size, num_layers, skip, **more)
