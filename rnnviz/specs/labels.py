"""Short names of an experiment's models, and what a reader calls them."""

import collections
from collections.abc import Iterable
from typing import NamedTuple

from rnnviz.cells import CELLS

_WITHOUT = "without"


class Label(NamedTuple):
    """What a label says of a model.

    The cell, whether it could have attention and has none, and which model of that kind it is, from 1.
    """

    cell: str
    without: bool = False
    number: int = 1


def labels(kinds: Iterable[tuple[str, bool]]) -> tuple[str, ...]:
    """One label per model, in order: `rnn`, `lstm`, `lstm-2`, `gru-without`, `gru-without-2`.

    kinds: of each model its cell, and whether it is an encoder–decoder without attention.
    """
    seen: collections.Counter[str] = collections.Counter()
    found = []
    for cell, without in kinds:
        name = f"{cell}-{_WITHOUT}" if without else cell
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return tuple(found)


def parsed(label: str) -> Label:
    """What a label says."""
    cell, *rest = label.split("-")
    number = int(rest[-1]) if rest and rest[-1].isdecimal() else 1
    return Label(cell, _WITHOUT in rest, number)


def model_name(label: str) -> str:
    """The model labelled `lstm`, `lstm-2`, `gru-without` as a reader knows it: LSTM, LSTM 2, GRU without attention."""
    return CELLS[parsed(label).cell].title + _told_apart(label)


def short_name(label: str) -> str:
    """The same where there is little room: "Window 2"."""
    cell = CELLS[parsed(label).cell]
    return (cell.short or cell.title) + _told_apart(label)


def name_within(label: str) -> str:
    """The same within a sentence."""
    return CELLS[parsed(label).cell].within + _told_apart(label)


def _told_apart(label: str) -> str:
    _, without, number = parsed(label)
    return f" {number}" * (number > 1) + " without attention" * without
