"""The GRU with its reset gate after the matrix product, as torch computes it: step, gates, way back.

r_t, z_t = σ(W_i{r,z} x_t + b_i{r,z} + W_h{r,z} h_{t-1} + b_h{r,z})          (lecture 000, "GRU")
h̃_t = tanh(W_in x_t + b_in + r_t ⊙ (W_hn h_{t-1} + b_hn))
h_t = z_t ⊙ h_{t-1} + (1 − z_t) ⊙ h̃_t

Which of both GRUs a spec means, this one or the one of `gru_before`, its `reset` says.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from rnnviz.cells.gru import CELL
from rnnviz.nn.cells.derivatives import Derivatives, weighted
from rnnviz.nn.cells.gru_before import GruBefore
from rnnviz.nn.cells.kind import AtLeast, Kind, Pair, Point, StepGradients, StepRecord, Torchs, as_it_is
from rnnviz.nn.cells.modules import Layered
from rnnviz.nn.cells.sweep import Sweep
from rnnviz.nn.cells.weights import State, Weights, input_product

TORCHS = Torchs(nn.GRU, nn.GRUCell, torch.gru, "GRU")


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


@dataclasses.dataclass(frozen=True)
class Gru(Kind[Gates]):
    """The GRU as torch has it."""

    description = CELL
    factor_name = "update"
    at_least = AtLeast(layer=1.7, training=1.5)

    @property
    def options(self) -> Mapping[str, Any]:
        return {"reset": "after"}

    @property
    def torchs(self) -> Torchs:
        return TORCHS

    def module(self, inputs: int, hidden: int, layers: int = 1, **more: Any) -> "GRU":
        return GRU(inputs, hidden, layers, **more)

    def step(self, w: Weights, a: Tensor, before: State, point: Point = as_it_is) -> State:
        (h,) = before
        x_r, x_z, x_n = a.chunk(3, -1)
        h_r, h_z, h_n = (h @ w.hh.T + w.b_hh).chunk(3, -1)
        r = point("reset_gate", torch.sigmoid(x_r + h_r))
        z = point("update_gate", torch.sigmoid(x_z + h_z))
        n = point("candidate", torch.tanh(x_n + r * h_n))
        return (point("hidden", z * h + (1 - z) * n),)

    def advance(self, w: Weights, x: Tensor, before: State) -> State:
        return (torch.gru_cell(x, before[0], *w),)

    def states(self, w: Weights, x: Tensor, first: State) -> tuple[Tensor, Gates]:
        size, (time, batch, _) = w.hidden, x.shape
        rz = input_product(w.ih[: 2 * size], w.b_ih[: 2 * size] + w.b_hh[: 2 * size], x)
        n = input_product(w.ih[2 * size :], w.b_ih[2 * size :], x)
        product, h_all = x.new_empty(time, batch, size), x.new_empty(time, batch, size)
        w_rz, w_n, b_n, h = w.hh[: 2 * size].t(), w.hh[2 * size :].t(), w.b_hh[2 * size :], first[0]
        r_all, z_all = rz[..., :size].unbind(0), rz[..., size:].unbind(0)
        rows = zip(rz.unbind(0), r_all, z_all, n.unbind(0), product.unbind(0), h_all.unbind(0), strict=True)
        for rz_t, r_t, z_t, n_t, product_t, h_t in rows:
            rz_t.addmm_(h, w_rz).sigmoid_()
            torch.addmm(b_n, h, w_n, out=product_t)
            n_t.addcmul_(r_t, product_t).tanh_()
            h = torch.lerp(n_t, h, z_t, out=h_t)
        return h_all, Gates(rz, n, product)

    def gates(self, w: Weights, x: Tensor, before: Tensor, first: State) -> Gates:
        size = w.hidden
        rz = input_product(w.ih[: 2 * size], w.b_ih[: 2 * size] + w.b_hh[: 2 * size], x)
        rz = torch.sigmoid_(rz + input_product(w.hh[: 2 * size], w.b_hh.new_zeros(2 * size), before))
        product = input_product(w.hh[2 * size :], w.b_hh[2 * size :], before)
        n = torch.tanh_(input_product(w.ih[2 * size :], w.b_ih[2 * size :], x).addcmul_(rz[..., :size], product))
        return Gates(rz, n, product)

    def variables(self, h: Tensor, inside: Gates) -> dict[str, Tensor]:
        return {"hidden": h, "reset_gate": inside.r, "update_gate": inside.z, "candidate": inside.n}

    def factor(self, h: Tensor, inside: Gates) -> Tensor:
        return inside.z

    def sweep(self, w: Weights, h: Tensor, inside: Gates, dy: Tensor, direct: Tensor | None = None) -> Sweep:
        """Back through time.

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
        return Sweep(hidden=dh, cell=None, at_input=at_input, at_hidden=flat, first=(first,))

    def derivatives(self, w: Weights, h: Tensor, before: Tensor, inside: Gates) -> "GruDerivatives":
        r, z, n, product = inside.r, inside.z, inside.n, inside.product
        new = (1 - z) * (1 - n * n)
        factors = torch.stack([new * product * r * (1 - r), (before - n) * z * (1 - z), new * r], dim=2)
        return GruDerivatives(w, factors, new, z)

    @property
    def pair(self) -> Pair:
        return Pair(_forward, _back)


def _forward(a: Tensor, p: Tensor, h: Tensor, _c: Tensor | None) -> Any:
    size = h.shape[1]
    rz = p[:, : 2 * size].add_(a[:, : 2 * size]).sigmoid_()
    product = p[:, 2 * size :]
    n = torch.addcmul(a[:, 2 * size :], rz[:, :size], product).tanh_()
    return torch.lerp(n, h, rz[:, size:]), None, (rz, n, product)


def _back(kept: StepRecord, dh: Tensor, _dc: Tensor | None) -> StepGradients:
    rz, n, product = kept.inside
    size = n.shape[1]
    r, z = rz[:, :size], rz[:, size:]
    by_h = dh * z
    by_n = (dh - by_h).mul_(1 - n * n)
    by_rz = torch.cat([by_n * product, dh * (kept.h - n)], 1).mul_(rz).mul_(1 - rz)
    return StepGradients(torch.cat([by_rz, by_n], 1), torch.cat([by_rz, by_n * r], 1), by_h, None)


@dataclasses.dataclass(frozen=True)
class GruDerivatives(Derivatives):
    """∂h_t/∂h_{t-1} = diag(z_t) + Σ over the gates r, z, n of diag(factor) W_h{r,z,n}, reset after the product.

    factors: (T, B, 3, H), ∂h_t by the gates' pre-activations on the side of h_{t-1};
    new:     (T, B, H), ∂h_t by the candidate's pre-activation;
    keep:    (T, B, H), z_t.
    """

    factors: Tensor
    new: Tensor
    keep: Tensor

    @property
    def shape(self) -> torch.Size:
        return self.keep.shape

    def by_before(self, steps: slice = slice(None)) -> Tensor:
        return weighted(self.factors[steps], self.w.hh) + torch.diag_embed(self.keep[steps])

    def back(self, t: int, d: Tensor) -> tuple[Tensor, Tensor]:
        delta = (d.unsqueeze(-2) * self.factors[t]).flatten(-2)
        before = torch.addcmul(delta @ self.w.hh, d, self.keep[t])
        return before, torch.cat([delta[..., : 2 * self.w.hidden], d * self.new[t]], -1)


class GRU(Layered, nn.GRU):
    """`torch.nn.GRU` with the same parameters and about twice as fast on a CPU."""

    kind = Gru()

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1, skip: bool = False, **more: Any) -> None:
        super().__init__(input_size, hidden_size, num_layers, **more)
        self.skip = skip


KINDS = (Gru(), GruBefore())
