"""The LSTM: the step, its gates rebuilt from its states, and the way back through time.

    i_t, f_t, o_t = σ(W_i{i,f,o} x_t + b_i{i,f,o} + W_h{i,f,o} h_{t-1} + b_h{i,f,o})    (lecture 001, "LSTM Structure")
    c̃_t = tanh(W_ig x_t + b_ig + W_hg h_{t-1} + b_hg)
    c_t = f_t ⊙ c_{t-1} + i_t ⊙ c̃_t
    h_t = o_t ⊙ tanh(c_t)

Training runs through torch's own layer, which is one fused kernel on a CPU and cuDNN on a GPU. The gates are rebuilt
only where they are looked at: with every h_{t-1} known, one product gives every pre-activation.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from rnnviz.cells.lstm import CELL
from rnnviz.nn.cells.derivatives import Derivatives, weighted
from rnnviz.nn.cells.kind import AtLeast, Kind, Pair, Point, StepGradients, StepRecord, Torchs, as_it_is
from rnnviz.nn.cells.modules import Layered
from rnnviz.nn.cells.stack import Masks, check_sequences, handed_on, layer_input, runs_here
from rnnviz.nn.cells.sweep import Sweep
from rnnviz.nn.cells.weights import State, Weights
from rnnviz.specs.models import ModelSpec

WHOLLY = 1e4  # a pre-activation at which a gate is shut, or open, to the last bit
TORCHS = Torchs(nn.LSTM, nn.LSTMCell, torch.lstm, "LSTM")


class Gates(NamedTuple):
    """Everything inside the cell at every step, each (T, B, H); before is c_{t-1}."""

    i: Tensor
    f: Tensor
    g: Tensor
    o: Tensor
    c: Tensor
    before: Tensor


@dataclasses.dataclass(frozen=True)
class Lstm(Kind[Gates]):
    """The LSTM as torch has it."""

    description = CELL
    factor_name = "forget"
    at_least = AtLeast(layer=1.0, training=1.0)

    @property
    def torchs(self) -> Torchs:
        return TORCHS

    @property
    def held(self) -> tuple[float, ...]:
        """c_t = c_{t-1} to the last bit."""
        return -WHOLLY, WHOLLY, 0.0, 0.0

    def module(self, inputs: int, hidden: int, layers: int = 1, **more: Any) -> "LSTM":
        return LSTM(inputs, hidden, layers, **more)

    def biases(self, spec: ModelSpec) -> Mapping[str, float]:
        return {} if spec.forget_bias is None else {"forget_gate": spec.forget_bias}

    def step(self, w: Weights, a: Tensor, before: State, point: Point = as_it_is) -> State:
        h, c = before
        a_i, a_f, a_g, a_o = (a + h @ w.hh.T + w.b_hh).chunk(4, -1)
        i, f = point("input_gate", torch.sigmoid(a_i)), point("forget_gate", torch.sigmoid(a_f))
        g, o = point("cell_candidate", torch.tanh(a_g)), point("output_gate", torch.sigmoid(a_o))
        c = point("cell", f * c + i * g)
        return point("hidden", o * torch.tanh(c)), c

    def advance(self, w: Weights, x: Tensor, before: State) -> State:
        if x.is_cuda:  # there torch's step is one kernel, whose h_t does not come from the c_t that autograd knows
            return super().advance(w, x, before)
        return torch.lstm_cell(x, before, *w)

    def states(self, w: Weights, x: Tensor, first: State) -> tuple[Tensor, None]:
        return TORCHS.layer(w, x, first, train=False)[0], None

    def layer(self, w: Weights, x: Tensor, first: State, tap: Tensor | None = None) -> tuple[Tensor, State]:
        return TORCHS.layer(w, x, first)

    def gates(self, w: Weights, x: Tensor, before: Tensor, first: State) -> Gates:
        by_gate = Weights(*(part.view(4, w.hidden, *part.shape[1:]) for part in w))
        a = torch.baddbmm((by_gate.b_ih + by_gate.b_hh)[:, None], _every(x), by_gate.ih.mT)
        a = a.baddbmm_(_every(before), by_gate.hh.mT).view(4, *before.shape)
        (i, f), g, o = torch.sigmoid_(a[:2]), torch.tanh_(a[2]), torch.sigmoid_(a[3])
        c, c0 = i * g, first[1]
        c_before = c0
        for c_t, f_t in zip(c.unbind(0), f.unbind(0), strict=True):
            c_before = c_t.addcmul_(f_t, c_before)
        return Gates(i, f, g, o, c, torch.cat([c0.unsqueeze(0), c[:-1]]))

    def variables(self, h: Tensor, inside: Gates) -> dict[str, Tensor]:
        gates = {"input_gate": inside.i, "forget_gate": inside.f, "cell_candidate": inside.g, "output_gate": inside.o}
        return {"hidden": h, "cell": inside.c, **gates}

    def factor(self, h: Tensor, inside: Gates) -> Tensor:
        return inside.f

    def outlet(self, inside: Gates) -> Tensor:
        return inside.o * (1 - torch.tanh(inside.c).square())

    def sweep(self, w: Weights, h: Tensor, inside: Gates, dy: Tensor, direct: Tensor | None = None) -> Sweep:
        """Back through time.

        ∂L/∂c_t = ∂L/∂h_t ⊙ o_t ⊙ (1 − tanh² c_t) + ∂L/∂c_{t+1} ⊙ f_{t+1}      (lecture 001, "Additive Updates")
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
        return Sweep(hidden=dh, cell=dc, at_input=flat, at_hidden=flat, first=(flat[0] @ w.hh, carried))

    def derivatives(self, w: Weights, h: Tensor, before: Tensor, inside: Gates) -> "LstmDerivatives":
        i, f, g, o, c, c_before = inside
        squashed = torch.tanh(c)
        parts = [g * i * (1 - i), c_before * f * (1 - f), i * (1 - g * g), squashed * o * (1 - o)]
        return LstmDerivatives(w, torch.stack(parts, dim=2), o * (1 - squashed * squashed), f)

    @property
    def pair(self) -> Pair:
        return Pair(_forward, _back)


def _every(values: Tensor) -> Tensor:
    """(T, B, N) as (4, T·B, N), once for every gate, without a copy."""
    return values.reshape(1, -1, values.shape[-1]).expand(4, -1, -1)


def _forward(a: Tensor, p: Tensor, h: Tensor, c: Tensor | None) -> Any:
    size = h.shape[1]
    p.add_(a)
    p[:, : 2 * size].sigmoid_()
    p[:, 2 * size : 3 * size].tanh_()
    p[:, 3 * size :].sigmoid_()
    i, f, g, o = p.chunk(4, 1)
    assert c is not None
    c = torch.addcmul(i * g, f, c)
    squashed = torch.tanh(c)
    return o * squashed, c, (p, squashed)


def _back(kept: StepRecord, dh: Tensor, dc: Tensor | None) -> StepGradients:
    gates, squashed = kept.inside
    i, f, g, o = gates.chunk(4, 1)
    through_sigmoid, through_tanh = torch.ops.aten.sigmoid_backward, torch.ops.aten.tanh_backward
    into = through_tanh(dh * o, squashed)
    into = into if dc is None else into.add_(dc)
    assert kept.c is not None
    delta = torch.empty_like(gates)
    by_i, by_f, by_g, by_o = delta.chunk(4, 1)
    through_sigmoid.grad_input(into * g, i, grad_input=by_i)
    through_sigmoid.grad_input(into * kept.c, f, grad_input=by_f)
    through_tanh.grad_input(into * i, g, grad_input=by_g)
    through_sigmoid.grad_input(dh * squashed, o, grad_input=by_o)
    return StepGradients(delta, delta, None, into.mul_(f))


@dataclasses.dataclass(frozen=True)
class LstmDerivatives(Derivatives):
    """Four blocks: h_t and c_t by h_{t-1} and c_{t-1}.

        ∂c_t/∂c_{t-1} = diag(f_t)                   ∂c_t/∂h_{t-1} = Σ over i, f, c̃ of diag(factor) W_h{i,f,g}
        ∂h_t/∂c_{t-1} = diag(into) ∂c_t/∂c_{t-1}    ∂h_t/∂h_{t-1} = diag(into) ∂c_t/∂h_{t-1} + diag(factor) W_ho

    factors: (T, B, 4, H), ∂c_t by the pre-activations of i, f and c̃, and ∂h_t by that of o;
    into:    (T, B, H), ∂h_t/∂c_t = o_t ⊙ (1 − tanh² c_t);
    keep:    (T, B, H), f_t.
    """

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


class LSTM(Layered, nn.LSTM):
    """`torch.nn.LSTM` with the same parameters, straight to torch's fused kernel."""

    kind = Lstm()

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1, skip: bool = False, **more: Any) -> None:
        super().__init__(input_size, hidden_size, num_layers, **more)
        self.skip = skip

    def forward(self, x: Any, state: tuple[Tensor, Tensor] | None = None, masks: Masks | None = None) -> Any:
        """As `torch.nn.LSTM`: x (T, B, I) → output (T, B, directions·H), (h_n, c_n).

        masks: what dropout multiplies the states between two layers with.
        """
        if masks is not None or self.skip:
            return self._layer_by_layer(x, state, masks)
        if state is not None or not runs_here(x):
            return nn.LSTM.forward(self, x, state)
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
            x, rows = layer_input(self, x, index, masks), slice(index * directions, (index + 1) * directions)
            weights = self._flat_weights[index * per_layer : (index + 1) * per_layer]
            more = (self.bias, 1, 0.0, self.training, self.bidirectional, False)
            h, *final = torch.lstm(x, (h0[rows], c0[rows]), weights, *more)  # type: ignore[arg-type]
            finals.append(final)
            x = handed_on(self, h, x, index)
        h_n, c_n = (torch.cat(parts) for parts in zip(*finals, strict=True))
        return (x.transpose(0, 1) if self.batch_first else x), (h_n, c_n)


KINDS = (Lstm(),)
