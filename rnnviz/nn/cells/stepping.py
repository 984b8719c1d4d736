"""One time step through all layers of a recurrent module, for whoever has to stop between two steps."""

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from rnnviz.nn.cells import gru, gru_before, lstm, rnn
from rnnviz.nn.cells.stack import Masks, handed_on
from rnnviz.nn.cells.weights import weights_of


class States(NamedTuple):
    """What a module of one direction carries from step to step: for every layer h (B, H), and c for an LSTM."""

    h: tuple[Tensor, ...]
    c: tuple[Tensor, ...] = ()


def step_all(module: nn.RNNBase, x: Tensor, before: States, masks: Masks | None = None) -> tuple[Tensor, States]:
    """x (B, I) and the states before → what the top layer hands on (B, H), and the states after.

    masks: for every layer but the lowest (B, H), what dropout multiplies what it reads with.
    """
    h_all, c_all = [], []
    for index in range(module.num_layers):
        x = x if masks is None or not index else x * masks[index - 1]
        h, c = _step(module, index, x, before)
        h_all.append(h)
        c_all += [] if c is None else [c]
        x = handed_on(module, h, x, index)
    return x, States(tuple(h_all), tuple(c_all))


def _step(module: nn.RNNBase, index: int, x: Tensor, before: States) -> tuple[Tensor, Tensor | None]:
    w, h = weights_of(module, index, 0), before.h[index]
    if isinstance(module, lstm.LSTM):
        if x.is_cuda:  # there torch's step is one kernel, whose h_t does not come from the c_t that autograd knows
            return lstm.step(w, x, h, before.c[index])
        return torch.lstm_cell(x, (h, before.c[index]), *w)
    if isinstance(module, gru_before.ResetBeforeGRU):
        return gru_before.step(w, x, h), None
    if isinstance(module, gru.GRU):
        return torch.gru_cell(x, h, *w), None
    return rnn.step(w, x, h, module.activation), None  # type: ignore[arg-type]


# One step of a single layer with its way back, for a loop that keeps autograd out


class Kept(NamedTuple):
    """What the way back of one step needs: the states before, and all that was found inside."""

    h: Tensor
    c: Tensor | None
    inside: tuple[Tensor, ...]


class Back(NamedTuple):
    """Gradients by the pre-activations on the side of the input and of the state (B, G·H), by h and c before the step.

    That by h is without the way through W_hh.
    """

    at_input: Tensor
    at_hidden: Tensor
    h: Tensor | None
    c: Tensor | None


Forward = Callable[[Tensor, Tensor, Tensor, Tensor | None], tuple[Tensor, Tensor | None, tuple[Tensor, ...]]]
Backward = Callable[[Kept, Tensor, Tensor | None], Back]


def steps_of(module: nn.RNNBase) -> tuple[Forward, Backward] | None:
    """Forward and back for one step of a module's cell; None where there is no such pair.

    forward: a, the input's product (B, G·H), p, the state's (both with their bias; overwritten), h and c before → h, c
             and what is inside.
    back:    what was kept, and the gradients by h and c after the step.
    """
    if isinstance(module, gru_before.ResetBeforeGRU):
        return None
    if isinstance(module, rnn.RNN):
        return _rnn_step(module.activation)
    return (_lstm_forward, _lstm_back) if isinstance(module, lstm.LSTM) else (_gru_forward, _gru_back)


def _rnn_step(activation: str) -> tuple[Forward, Backward]:
    def forward(a: Tensor, p: Tensor, h: Tensor, c: Tensor | None) -> Any:
        h = rnn.PHI_[activation](p.add_(a))
        return h, None, (h,)

    def back(kept: Kept, dh: Tensor, dc: Tensor | None) -> Back:
        delta = dh * rnn.slope(kept.inside[0], activation)
        return Back(delta, delta, None, None)

    return forward, back


def _lstm_forward(a: Tensor, p: Tensor, h: Tensor, c: Tensor | None) -> Any:
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


def _lstm_back(kept: Kept, dh: Tensor, dc: Tensor | None) -> Back:
    gates, squashed = kept.inside
    i, f, g, o = gates.chunk(4, 1)
    into = dh * o
    into = into.addcmul_(into * squashed, squashed, value=-1)
    into = into if dc is None else into.add_(dc)
    assert kept.c is not None
    delta = torch.cat([into * g, into * kept.c, into * i, dh * squashed], 1)
    slope = gates * (1 - gates)
    size = g.shape[1]
    torch.addcmul(torch.ones_like(g), g, g, value=-1, out=slope[:, 2 * size : 3 * size])
    delta.mul_(slope)
    return Back(delta, delta, None, into.mul_(f))


def _gru_forward(a: Tensor, p: Tensor, h: Tensor, c: Tensor | None) -> Any:
    size = h.shape[1]
    rz = p[:, : 2 * size].add_(a[:, : 2 * size]).sigmoid_()
    product = p[:, 2 * size :]
    n = torch.addcmul(a[:, 2 * size :], rz[:, :size], product).tanh_()
    return torch.lerp(n, h, rz[:, size:]), None, (rz, n, product)


def _gru_back(kept: Kept, dh: Tensor, dc: Tensor | None) -> Back:
    rz, n, product = kept.inside
    size = n.shape[1]
    r, z = rz[:, :size], rz[:, size:]
    by_h = dh * z
    by_n = (dh - by_h).mul_(1 - n * n)
    by_rz = torch.cat([by_n * product, dh * (kept.h - n)], 1).mul_(rz).mul_(1 - rz)
    return Back(torch.cat([by_rz, by_n], 1), torch.cat([by_rz, by_n * r], 1), by_h, None)
