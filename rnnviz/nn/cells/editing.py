"""A recurrent module recomputed with its variables edited on the way, step by step as the equations say it."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from rnnviz.nn.cells.kind import Kind
from rnnviz.nn.cells.lookup import kind_of
from rnnviz.nn.cells.stack import handed_on
from rnnviz.nn.cells.unfolding import first_state, unfold_one
from rnnviz.nn.cells.weights import State, Weights, weights_of

Edits = Mapping[str, Callable[[Tensor], Tensor]]  # variable → its value (B, H) at one step → the value in its place


@torch.no_grad()
def edited(module: nn.RNNBase, x: Tensor, state: State | None, edits: Edits) -> list[list[dict[str, Tensor]]]:
    """The variables of every layer and direction, each (T, B, H) in the order of the input, from x (T, B, I).

    Every later step, and the layers above, go on with the edited values. A layer in which no edit changes a bit, and
    none below it, is what `unfold` makes of it, to the last bit.
    """
    kind, found, directions = kind_of(module), [], 2 if module.bidirectional else 1
    for index in range(module.num_layers):
        row = []
        for direction in range(directions):
            along = (x.flip(0) if direction else x).contiguous()
            w = weights_of(module, index, direction)
            first = first_state(module, x, state, index * directions + direction)
            variables, changed = loop(kind, w, along, first, edits)
            if not changed:
                variables = unfold_one(module, w, along, first, bool(direction)).variables()
            elif direction:
                variables = {name: values.flip(0) for name, values in variables.items()}
            row.append(variables)
        found.append(row)
        x = handed_on(module, torch.cat([variables["hidden"] for variables in row], -1), x, index)
    return found


def loop(kind: Kind[Any], w: Weights, x: Tensor, first: State, edits: Edits) -> tuple[dict[str, Tensor], bool]:
    """The variables (T, B, H) of one layer that reads x (T, B, I), and whether an edit has changed a bit of them."""
    variables: dict[str, list[Tensor]] = {name: [] for name in kind.description.variables}
    changed = False

    def point(name: str, value: Tensor) -> Tensor:
        nonlocal changed
        now = edits[name](value.clone()) if name in edits else value
        changed = changed or not torch.equal(now, value)
        variables[name].append(now)
        return now

    for a in kind.products(w, x).unbind(0):
        first = kind.step(w, a, first, point)
    return {name: torch.stack(values) for name, values in variables.items()}, changed
