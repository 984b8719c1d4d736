"""A recurrent module recomputed with its variables edited on the way, step by step as the equations say it."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from rnnviz.nn.cells.kind import Kind
from rnnviz.nn.cells.lookup import kind_of
from rnnviz.nn.cells.stack import handed_on
from rnnviz.nn.cells.unfolding import first_state, unfold_one
from rnnviz.nn.cells.weights import State, Weights, weights_of


class At(NamedTuple):
    """Where a value stands: its layer, its direction (1 for the backward one), and its place in the input, from 0."""

    layer: int = 0
    direction: int = 0
    time: int = 0


Edits = Mapping[str, Callable[[Tensor, At], Tensor]]  # variable → its value (B, H) somewhere → the value in its place
Variables = dict[str, Tensor]  # name → (T, B, H)
Rows = list[list[Variables]]  # [layer][direction]
_Layer = Callable[[int, int, Weights, Tensor, State], Variables]


@torch.no_grad()
def edited(module: nn.RNNBase, x: Tensor, state: State | None, edits: Edits, resets: Collection[int] = ()) -> Rows:
    """The variables of every layer and direction, each (T, B, H) in the order of the input, from x (T, B, I).

    resets: places in the input before which, in the order of reading, every state is set to 0.

    Every later step, and the layers above, go on with the edited values. A layer in which no edit changes a bit, and
    none below it, is what `unfold` makes of it, to the last bit.
    """
    kind = kind_of(module)

    def one(layer: int, direction: int, w: Weights, along: Tensor, first: State) -> Variables:
        variables, changed = loop(kind, w, along, first, edits, resets, At(layer, direction))
        if changed:
            return _in_order(variables, direction)
        return unfold_one(module, w, along, first, bool(direction)).variables()

    return _stacked(module, x, state, one)


def recomputed(module: nn.RNNBase, x: Tensor, state: State | None, edits: Edits, resets: Collection[int] = ()) -> Rows:
    """The same for autograd, every layer by its equations whether an edit changes it or not."""
    kind = kind_of(module)

    def one(layer: int, direction: int, w: Weights, along: Tensor, first: State) -> Variables:
        return _in_order(loop(kind, w, along, first, edits, resets, At(layer, direction))[0], direction)

    return _stacked(module, x, state, one)


def handed_up(module: nn.RNNBase, x: Tensor, rows: Rows) -> Tensor:
    """What the top layer hands on, (T, B, directions·H), given x (T, B, I) and the variables of all layers."""
    for index, row in enumerate(rows):
        x = handed_on(module, torch.cat([variables["hidden"] for variables in row], -1), x, index)
    return x


def loop(
    kind: Kind[Any],
    w: Weights,
    x: Tensor,
    first: State,
    edits: Edits,
    resets: Collection[int] = (),
    where: At = At(),  # noqa: B008 - it cannot be changed
) -> tuple[Variables, bool]:
    """The variables (T, B, H) of one layer that reads x (T, B, I), and whether an edit has changed a bit of them.

    where: the layer and the direction, in whose order x is and what is returned.
    """
    variables: dict[str, list[Tensor]] = {name: [] for name in kind.description.variables}
    changed = False

    def point(name: str, value: Tensor) -> Tensor:
        nonlocal changed
        now = edits[name](value.clone(), where) if name in edits else value
        changed = changed or not torch.equal(now, value)
        variables[name].append(now)
        return now

    for step, a in enumerate(kind.products(w, x).unbind(0)):
        where = where._replace(time=len(x) - 1 - step if where.direction else step)
        if where.time in resets:
            changed = changed or any(bool(part.any()) for part in first)
            first = tuple(torch.zeros_like(part) for part in first)
        first = kind.step(w, a, first, point)
    return {name: torch.stack(values) for name, values in variables.items()}, changed


def _stacked(module: nn.RNNBase, x: Tensor, state: State | None, one: _Layer) -> Rows:
    """Layer by layer what `one` makes of each direction, which gets what it reads in its own order."""
    found, directions = [], 2 if module.bidirectional else 1
    for index in range(module.num_layers):
        row = []
        for direction in range(directions):
            along = (x.flip(0) if direction else x).contiguous()
            first = first_state(module, x, state, index * directions + direction)
            row.append(one(index, direction, weights_of(module, index, direction), along, first))
        found.append(row)
        x = handed_on(module, torch.cat([variables["hidden"] for variables in row], -1), x, index)
    return found


def _in_order(variables: Variables, direction: int) -> Variables:
    """In the order of the input."""
    return {name: values.flip(0) for name, values in variables.items()} if direction else variables
