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

from rnnviz.nn.cells.stack import Masks, check_sequences, handed_on, read, runs_here
from rnnviz.nn.cells.sweep import Sweep
from rnnviz.nn.cells.weights import Weights

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


def sweep(w: Weights, inside: Gates, dy: Tensor, direct: Tensor | None = None) -> Sweep:
    """Back through time, from the direct gradient dy (T, B, H) by each h_t to the total ones by h_t and c_t.

        ∂L/∂c_t = ∂L/∂h_t ⊙ o_t ⊙ (1 − tanh² c_t) + ∂L/∂c_{t+1} ⊙ f_{t+1}      (lecture 001, "Additive Updates")

    direct (T, B, H) is what depends directly on each c_t, such as on the last one where it is handed over.
    """
    i, f, g, o, c, before = inside
    squashed = torch.tanh(c)
    into_cell = o * (1 - squashed * squashed)
    cell_factors = torch.stack([g * i * (1 - i), before * f * (1 - f), i * (1 - g * g)], dim=2)
    out_factor = squashed * o * (1 - o)
    time, batch, size = dy.shape
    dh, dc, delta = dy.clone(), torch.empty_like(dy), dy.new_empty(time, batch, 4, size)
    flat = delta.view(time, batch, 4 * size)
    carried = torch.zeros_like(dy[0])
    added = [None] * time if direct is None else direct.unbind(0)
    rows = zip(
        dh.unbind(0), dc.unbind(0), dc.unsqueeze(2).unbind(0), into_cell.unbind(0), f.unbind(0), flat.unbind(0),
        cell_factors.unbind(0), delta[:, :, :3].unbind(0), out_factor.unbind(0), delta[:, :, 3].unbind(0), added,
        strict=True,
    )  # fmt: skip
    later = None
    for dh_t, dc_t, wide_t, into_t, f_t, flat_t, factor_t, by_cell_t, out_factor_t, by_out_t, added_t in reversed(
        [*rows]
    ):
        if later is not None:
            dh_t.addmm_(later, w.hh)
        torch.addcmul(carried, dh_t, into_t, out=dc_t)
        if added_t is not None:
            dc_t += added_t
        torch.mul(wide_t, factor_t, out=by_cell_t)
        torch.mul(dh_t, out_factor_t, out=by_out_t)
        carried, later = dc_t * f_t, flat_t
    return Sweep(hidden=dh, cell=dc, at_input=flat, at_hidden=flat, first=flat[0] @ w.hh)


class LSTM(nn.LSTM):
    """`torch.nn.LSTM` with the same parameters, straight to torch's fused kernel."""

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1, skip: bool = False, **more: Any) -> None:
        super().__init__(input_size, hidden_size, num_layers, **more)
        self.skip = skip

    def forward(self, x: Any, state: tuple[Tensor, Tensor] | None = None, masks: Masks | None = None) -> Any:
        """As `torch.nn.LSTM`: x (T, B, I) → output (T, B, directions·H), (h_n, c_n).

        masks: what dropout multiplies the states between two layers with.
        """
        if masks is not None or self.skip:
            return self._layer_by_layer(x, state, masks)
        if state is not None or not runs_here(self, x):
            return super().forward(x, state)
        more = (self.bias, self.num_layers, self.dropout, self.training, self.bidirectional, self.batch_first)
        zeros = self._zeros(x, 0 if self.batch_first else 1)
        output, h, c = torch.lstm(x, zeros, self._flat_weights, *more)  # type: ignore[arg-type]
        return output, (h, c)

    def _zeros(self, x: Tensor, batch: int) -> tuple[Tensor, Tensor]:
        """The first state where none is given; `batch` is the dim of x that counts sequences."""
        rows = self.num_layers * (2 if self.bidirectional else 1)
        zero = x.new_zeros(rows, x.shape[batch], self.hidden_size)
        return zero, zero

    def _layer_by_layer(self, x: Any, state: tuple[Tensor, Tensor] | None, masks: Masks | None) -> Any:
        """Torch's kernel once for every layer, with dropout and skip connections between them."""
        check_sequences(self, x)
        if x.dim() == 2:
            along = 0 if self.batch_first else 1
            first = None if state is None else (state[0].unsqueeze(1), state[1].unsqueeze(1))
            output, (h_n, c_n) = self._layer_by_layer(x.unsqueeze(along), first, masks)
            return output.squeeze(along), (h_n.squeeze(1), c_n.squeeze(1))
        if state is not None:
            self.check_forward_args(x, state, None)
        x = x.transpose(0, 1) if self.batch_first else x
        h0, c0 = self._zeros(x, 1) if state is None else state
        directions, finals = 2 if self.bidirectional else 1, []
        per_layer = len(self._flat_weights) // self.num_layers
        for index in range(self.num_layers):
            x, rows = read(self, x, index, masks), slice(index * directions, (index + 1) * directions)
            weights = self._flat_weights[index * per_layer : (index + 1) * per_layer]
            more = (self.bias, 1, 0.0, self.training, self.bidirectional, False)
            h, *final = torch.lstm(x, (h0[rows], c0[rows]), weights, *more)  # type: ignore[arg-type]
            finals.append(final)
            x = handed_on(self, h, x, index)
        h_n, c_n = (torch.cat(parts) for parts in zip(*finals, strict=True))
        return (x.transpose(0, 1) if self.batch_first else x), (h_n, c_n)
