"""What one time step does to small changes: the exact derivative of every step a layer took, in double precision.

With the states and gates known, every derivative is a product of known numbers and W_hh: no autograd, nothing run
twice. A state's vector is h_t, for an LSTM h_t and then c_t, so it has S = H or 2·H numbers.
"""

import dataclasses
from typing import Protocol

import torch
from torch import Tensor

from rnnviz.nn.cells import gru, gru_before, lstm, rnn
from rnnviz.nn.cells.unfolding import Unfolded
from rnnviz.nn.cells.weights import Weights, earlier


class Derivatives(Protocol):
    """The derivatives of all steps of one layer in one direction, in reading order; on the CPU, in double precision."""

    @property
    def w(self) -> Weights:
        """The layer's weights."""

    @property
    def shape(self) -> torch.Size:
        """(T, B, H)."""

    @property
    def size(self) -> int:
        """S, the numbers in a state."""

    def by_before(self, steps: slice = slice(None)) -> Tensor:
        """∂state_t/∂state_{t-1} of the chosen steps: (T, B, S, S)."""

    def back(self, t: int, d: Tensor) -> tuple[Tensor, Tensor]:
        """Any number N of gradients by state_t, d (N, B, S), one step back.

        Returns:
            The gradients by state_{t-1} (N, B, S) and by the pre-activations on the side of the input (N, B, G·H).
        """

    def parts(self, t: int, d: Tensor) -> tuple[Tensor, ...]:
        """The total gradients by h_t and, for an LSTM, by c_t, on which h_t depends too: each (N, B, H)."""


def derivatives(one: Unfolded) -> Derivatives:
    """The derivatives of an unfolded layer; T, B as there."""
    w = Weights(*map(_exact, one.weights))
    h, h0 = _exact(one.h), _exact(one.h0)
    if one.gates is None:
        return RnnDerivatives(w, rnn.slope(h, one.activation))
    inside = type(one.gates)(*map(_exact, one.gates))
    if isinstance(inside, lstm.Gates):
        return _of_lstm(w, inside)
    if isinstance(inside, gru_before.Gates):
        return _of_gru_before(w, inside)
    return _of_gru(w, inside, earlier(h, h0))


def _exact(values: Tensor) -> Tensor:
    return values.detach().to("cpu", torch.float64)


@dataclasses.dataclass(frozen=True)
class RnnDerivatives:
    """∂h_t/∂h_{t-1} = diag(φ′(a_t)) W_hh; slope (T, B, H) is φ′(a_t)."""

    w: Weights
    slope: Tensor

    @property
    def shape(self) -> torch.Size:
        return self.slope.shape

    @property
    def size(self) -> int:
        return self.w.hidden

    def by_before(self, steps: slice = slice(None)) -> Tensor:
        return self.slope[steps, ..., None] * self.w.hh

    def parts(self, t: int, d: Tensor) -> tuple[Tensor, ...]:
        return (d,)

    def back(self, t: int, d: Tensor) -> tuple[Tensor, Tensor]:
        delta = d * self.slope[t]
        return delta @ self.w.hh, delta


@dataclasses.dataclass(frozen=True)
class GruDerivatives:
    """∂h_t/∂h_{t-1} = diag(z_t) + Σ over the gates r, z, n of diag(factor) W_h{r,z,n}, reset after the product.

    factors: (T, B, 3, H), ∂h_t by the gates' pre-activations on the side of h_{t-1};
    new:     (T, B, H), ∂h_t by the candidate's pre-activation;
    keep:    (T, B, H), z_t.
    """

    w: Weights
    factors: Tensor
    new: Tensor
    keep: Tensor

    @property
    def shape(self) -> torch.Size:
        return self.keep.shape

    @property
    def size(self) -> int:
        return self.w.hidden

    def by_before(self, steps: slice = slice(None)) -> Tensor:
        return weighted(self.factors[steps], self.w.hh) + torch.diag_embed(self.keep[steps])

    def parts(self, t: int, d: Tensor) -> tuple[Tensor, ...]:
        return (d,)

    def back(self, t: int, d: Tensor) -> tuple[Tensor, Tensor]:
        delta = (d.unsqueeze(-2) * self.factors[t]).flatten(-2)
        before = torch.addcmul(delta @ self.w.hh, d, self.keep[t])
        return before, torch.cat([delta[..., : 2 * self.w.hidden], d * self.new[t]], -1)


@dataclasses.dataclass(frozen=True)
class GruBeforeDerivatives:
    """∂h_t/∂h_{t-1} with the reset gate before the product, where h_{t-1} reaches the candidate on two ways.

        diag(z_t) + diag(by_update) W_hz + diag(new) W_hn (diag(r_t) + diag(by_reset) W_hr)

    by_update, new: (T, B, H), ∂h_t by the pre-activations of z and of the candidate;
    by_reset:       (T, B, H), ∂(r_t ⊙ h_{t-1}) by the pre-activation of r;
    reset, keep:    (T, B, H), r_t and z_t.
    """

    w: Weights
    by_update: Tensor
    new: Tensor
    by_reset: Tensor
    reset: Tensor
    keep: Tensor

    @property
    def shape(self) -> torch.Size:
        return self.keep.shape

    @property
    def size(self) -> int:
        return self.w.hidden

    def by_before(self, steps: slice = slice(None)) -> Tensor:
        w_r, w_z, w_n = self.w.hh.chunk(3)
        gated = torch.diag_embed(self.reset[steps]) + self.by_reset[steps, ..., None] * w_r
        found = self.by_update[steps, ..., None] * w_z + self.new[steps, ..., None] * (w_n @ gated)
        return found + torch.diag_embed(self.keep[steps])

    def parts(self, t: int, d: Tensor) -> tuple[Tensor, ...]:
        return (d,)

    def back(self, t: int, d: Tensor) -> tuple[Tensor, Tensor]:
        w_r, w_z, w_n = self.w.hh.chunk(3)
        at_update, at_new = d * self.by_update[t], d * self.new[t]
        at_gated = at_new @ w_n
        at_reset = at_gated * self.by_reset[t]
        before = d * self.keep[t] + at_update @ w_z + at_gated * self.reset[t] + at_reset @ w_r
        return before, torch.cat([at_reset, at_update, at_new], -1)


@dataclasses.dataclass(frozen=True)
class LstmDerivatives:
    """Four blocks: h_t and c_t by h_{t-1} and c_{t-1}.

        ∂c_t/∂c_{t-1} = diag(f_t)                   ∂c_t/∂h_{t-1} = Σ over i, f, c̃ of diag(factor) W_h{i,f,g}
        ∂h_t/∂c_{t-1} = diag(into) ∂c_t/∂c_{t-1}    ∂h_t/∂h_{t-1} = diag(into) ∂c_t/∂h_{t-1} + diag(factor) W_ho

    factors: (T, B, 4, H), ∂c_t by the pre-activations of i, f and c̃, and ∂h_t by that of o;
    into:    (T, B, H), ∂h_t/∂c_t = o_t ⊙ (1 − tanh² c_t);
    keep:    (T, B, H), f_t.
    """

    w: Weights
    factors: Tensor
    into: Tensor
    keep: Tensor

    @property
    def shape(self) -> torch.Size:
        return self.keep.shape

    @property
    def size(self) -> int:
        return 2 * self.w.hidden

    def by_before(self, steps: slice = slice(None)) -> Tensor:
        size = self.w.hidden
        cell_by_hidden = weighted(self.factors[steps, :, :3], self.w.hh[: 3 * size])
        hidden = weighted(self.factors[steps, :, 3:], self.w.hh[3 * size :])
        hidden = hidden + self.into[steps, ..., None] * cell_by_hidden
        hidden_by_cell = torch.diag_embed(self.into[steps] * self.keep[steps])
        cell = torch.cat([cell_by_hidden, torch.diag_embed(self.keep[steps])], -1)
        return torch.cat([torch.cat([hidden, hidden_by_cell], -1), cell], -2)

    def parts(self, t: int, d: Tensor) -> tuple[Tensor, ...]:
        dh, dc = d.chunk(2, -1)
        return dh, torch.addcmul(dc, dh, self.into[t])

    def back(self, t: int, d: Tensor) -> tuple[Tensor, Tensor]:
        dh, dc = self.parts(t, d)
        by_cell = dc.unsqueeze(-2) * self.factors[t, :, :3]
        delta = torch.cat([by_cell.flatten(-2), dh * self.factors[t, :, 3]], -1)
        return torch.cat([delta @ self.w.hh, dc * self.keep[t]], -1), delta


def weighted(factors: Tensor, w: Tensor) -> Tensor:
    """Σ over gates g of diag(factors_g) W_g: factors (T, B, G, H), w (G·H, H) → (T, B, H, H)."""
    time, batch, gates, size = factors.shape
    rows = factors.permute(3, 0, 1, 2).reshape(size, time * batch, gates)
    found = rows @ w.view(gates, size, size).transpose(0, 1)  # (H, T·B, H): one small product for every unit
    return found.transpose(0, 1).reshape(time, batch, size, size)


def _of_gru(w: Weights, inside: gru.Gates, before: Tensor) -> GruDerivatives:
    r, z, n, product = inside.r, inside.z, inside.n, inside.product
    new = (1 - z) * (1 - n * n)
    factors = torch.stack([new * product * r * (1 - r), (before - n) * z * (1 - z), new * r], dim=2)
    return GruDerivatives(w, factors, new, z)


def _of_gru_before(w: Weights, inside: gru_before.Gates) -> GruBeforeDerivatives:
    r, z, n, before = inside.r, inside.z, inside.n, inside.before
    by_update, new = (before - n) * z * (1 - z), (1 - z) * (1 - n * n)
    return GruBeforeDerivatives(w, by_update, new, before * r * (1 - r), r, z)


def _of_lstm(w: Weights, inside: lstm.Gates) -> LstmDerivatives:
    i, f, g, o, c, before = inside
    squashed = torch.tanh(c)
    parts = [g * i * (1 - i), before * f * (1 - f), i * (1 - g * g), squashed * o * (1 - o)]
    return LstmDerivatives(w, torch.stack(parts, dim=2), o * (1 - squashed * squashed), f)
