"""One time step through all layers of a recurrent module, for whoever has to stop between two steps."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from rnnviz.nn.cells import gru, gru_before, lstm, rnn
from rnnviz.nn.cells.stack import Masks, handed_on
from rnnviz.nn.weights import weights_of


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
        return torch.lstm_cell(x, (h, before.c[index]), *w)
    if isinstance(module, gru_before.ResetBeforeGRU):
        return gru_before.step(w, x, h), None
    if isinstance(module, gru.GRU):
        return torch.gru_cell(x, h, *w), None
    return rnn.step(w, x, h, module.activation), None  # type: ignore[arg-type]
