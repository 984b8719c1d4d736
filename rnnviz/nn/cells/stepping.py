"""One time step through all layers of a recurrent module, for whoever has to stop between two steps."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from rnnviz.nn.cells.lookup import kind_of
from rnnviz.nn.cells.stack import Masks, handed_on
from rnnviz.nn.cells.weights import State, weights_of


class States(NamedTuple):
    """What a module of one direction carries from step to step: for every layer h (B, H), and c where there is one."""

    h: tuple[Tensor, ...]
    c: tuple[Tensor, ...] = ()


def step_all(module: nn.RNNBase, x: Tensor, before: States, masks: Masks | None = None) -> tuple[Tensor, States]:
    """x (B, I) and the states before → what the top layer hands on (B, H), and the states after.

    masks: for every layer but the lowest (B, H), what dropout multiplies what it reads with.
    """
    kind, after = kind_of(module), []
    for index in range(module.num_layers):
        x = x if masks is None or not index else x * masks[index - 1]
        state = tuple(layers[index] for layers in before if layers)
        after.append(kind.advance(weights_of(module, index, 0), x, state))
        x = handed_on(module, after[-1][0], x, index)
    return x, States(*zip(*after, strict=True))


def stacked(states: States) -> State:
    """The same as modules take it: every state of all layers in one tensor, (layers, B, H)."""
    return tuple(torch.stack(layers) for layers in states if layers)
