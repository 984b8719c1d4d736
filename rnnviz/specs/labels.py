"""Short names of an experiment's models, and what a reader calls them."""

import collections
from collections.abc import Iterable
from typing import NamedTuple

from rnnviz.cells import CELLS

# What a model's form, told by its architecture, makes of its cell's title.
FORMS = {
    "": "{}",
    "without": "{} without attention",
    "conv": "Conv{}",
    "dc": "DC{}",
    "alone": "{} at each place alone",
}


class Label(NamedTuple):
    """What a label says of a model: the cell, one of `FORMS`, and which model of that kind it is, from 1."""

    cell: str
    form: str = ""
    number: int = 1


def labels(kinds: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """One label per model, in order: `rnn`, `lstm`, `lstm-2`, `gru-without`, `gru-without-2`, `lstm-conv`.

    kinds: of each model its cell and its form (`Architecture.form`).
    """
    seen: collections.Counter[str] = collections.Counter()
    found = []
    for cell, form in kinds:
        name = f"{cell}-{form}" if form else cell
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return tuple(found)


def parsed(label: str) -> Label:
    """What a label says."""
    cell, *rest = label.split("-")
    number = int(rest[-1]) if rest and rest[-1].isdecimal() else 1
    return Label(cell, rest[0] if rest and rest[0] in FORMS else "", number)


def model_name(label: str) -> str:
    """The model labelled `lstm`, `lstm-2`, `gru-without`, `lstm-conv` as a reader knows it.

    LSTM, LSTM 2, GRU without attention, ConvLSTM.
    """
    return _named(label, CELLS[parsed(label).cell].title)


def short_name(label: str) -> str:
    """The same where there is little room: "Window 2"."""
    cell = CELLS[parsed(label).cell]
    return _named(label, cell.short or cell.title)


def name_within(label: str) -> str:
    """The same within a sentence."""
    return _named(label, CELLS[parsed(label).cell].within)


def _named(label: str, title: str) -> str:
    """The number stands behind the cell's name: "GRU 2 without attention"."""
    _, form, number = parsed(label)
    return FORMS[form].format(title + f" {number}" * (number > 1))
