"""The LSTM: the step, its gates rebuilt from its states, and the way back through time.

    i_t, f_t, o_t = σ(W_i{i,f,o} x_t + b_i{i,f,o} + W_h{i,f,o} h_{t-1} + b_h{i,f,o})    (lecture 001, "LSTM Structure")
    c̃_t = tanh(W_ig x_t + b_ig + W_hg h_{t-1} + b_hg)
    c_t = f_t ⊙ c_{t-1} + i_t ⊙ c̃_t
    h_t = o_t ⊙ tanh(c_t)

Training runs through torch's own layer, which is one fused kernel on a CPU and cuDNN on a GPU. The gates are rebuilt
only where they are looked at: with every h_{t-1} known, one product gives every pre-activation.
"""

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from rnnviz.nn.cells.stack import runs_here
from rnnviz.nn.cells.sweep import Sweep
from rnnviz.nn.weights import Weights

VARIABLES: tuple[str, ...] = ("input_gate", "forget_gate", "cell_candidate", "output_gate", "cell")


class Gates(NamedTuple):
    """Everything inside the cell at every step, each (T, B, H); before is c_{t-1}."""

    i: Tensor
    f: Tensor
    g: Tensor
    o: Tensor
    c: Tensor
    before: Tensor


def step(w: Weights, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    """One time step: x (B, I), h and c (B, H) → the next h and c (B, H)."""
    a_i, a_f, a_g, a_o = (x @ w.ih.T + w.b_ih + h @ w.hh.T + w.b_hh).chunk(4, -1)
    i, f, o = torch.sigmoid(a_i), torch.sigmoid(a_f), torch.sigmoid(a_o)
    g = torch.tanh(a_g)
    c = f * c + i * g
    h = o * torch.tanh(c)
    return h, c


def gates(w: Weights, x: Tensor, before: Tensor, c0: Tensor) -> Gates:
    """All gates and cell states at once, from x (T, B, I), h_{t-1} (T, B, H) and c_0 (B, H)."""
    by_gate = Weights(*(part.view(4, w.hidden, *part.shape[1:]) for part in w))
    a = torch.baddbmm((by_gate.b_ih + by_gate.b_hh)[:, None], _every(x), by_gate.ih.mT)
    a = a.baddbmm_(_every(before), by_gate.hh.mT).view(4, *before.shape)
    (i, f), g, o = torch.sigmoid_(a[:2]), torch.tanh_(a[2]), torch.sigmoid_(a[3])
    c, c_before = i * g, c0
    for c_t, f_t in zip(c.unbind(0), f.unbind(0), strict=True):
        c_before = c_t.addcmul_(f_t, c_before)
    return Gates(i, f, g, o, c, torch.cat([c0.unsqueeze(0), c[:-1]]))


def _every(values: Tensor) -> Tensor:
    """(T, B, N) as (4, T·B, N), once for every gate, without a copy."""
    return values.reshape(1, -1, values.shape[-1]).expand(4, -1, -1)


def sweep(w: Weights, inside: Gates, dy: Tensor, dc_last: Tensor | None = None) -> Sweep:
    """Back through time, from the direct gradient dy (T, B, H) by each h_t to the total ones by h_t and c_t.

        ∂L/∂c_t = ∂L/∂h_t ⊙ o_t ⊙ (1 − tanh² c_t) + ∂L/∂c_{t+1} ⊙ f_{t+1}      (lecture 001, "Additive Updates")

    dc_last (B, H) is a direct gradient by the last cell state.
    """
    i, f, g, o, c, before = inside
    squashed = torch.tanh(c)
    into_cell = o * (1 - squashed * squashed)
    cell_factors = torch.stack([g * i * (1 - i), before * f * (1 - f), i * (1 - g * g)], dim=2)
    out_factor = squashed * o * (1 - o)
    time, batch, size = dy.shape
    dh, dc, delta = dy.clone(), torch.empty_like(dy), dy.new_empty(time, batch, 4, size)
    flat = delta.view(time, batch, 4 * size)
    carried = torch.zeros_like(dy[0]) if dc_last is None else dc_last
    rows = zip(
        dh.unbind(0), dc.unbind(0), dc.unsqueeze(2).unbind(0), into_cell.unbind(0), f.unbind(0), flat.unbind(0),
        cell_factors.unbind(0), delta[:, :, :3].unbind(0), out_factor.unbind(0), delta[:, :, 3].unbind(0),
        strict=True,
    )  # fmt: skip
    later = None
    for dh_t, dc_t, wide_t, into_t, f_t, flat_t, cell_factor_t, by_cell_t, out_factor_t, by_out_t in reversed([*rows]):
        if later is not None:
            dh_t.addmm_(later, w.hh)
        torch.addcmul(carried, dh_t, into_t, out=dc_t)
        torch.mul(wide_t, cell_factor_t, out=by_cell_t)
        torch.mul(dh_t, out_factor_t, out=by_out_t)
        carried, later = dc_t * f_t, flat_t
    return Sweep(hidden=dh, cell=dc, at_input=flat, at_hidden=flat, first=flat[0] @ w.hh)


class LSTM(nn.LSTM):
    """`torch.nn.LSTM` with the same parameters, straight to torch's fused kernel."""

    def forward(self, x: Any, state: tuple[Tensor, Tensor] | None = None) -> Any:
        """As `torch.nn.LSTM`: x (T, B, I) → output (T, B, directions·H), (h_n, c_n)."""
        if state is not None or not runs_here(self, x):
            return super().forward(x, state)
        rows = self.num_layers * (2 if self.bidirectional else 1)
        zero = x.new_zeros(rows, x.shape[0 if self.batch_first else 1], self.hidden_size)
        more = (self.bias, self.num_layers, self.dropout, self.training, self.bidirectional, self.batch_first)
        output, h, c = torch.lstm(x, (zero, zero), self._flat_weights, *more)  # type: ignore[arg-type]
        return output, (h, c)
