"""Another way to write a cell."""

import dataclasses
from collections.abc import Callable, Mapping

import numpy as np


@dataclasses.dataclass(frozen=True)
class Convention:
    """Another way to write the same cell: the same numbers under other names.

    name:    as the names of its diagrams end, such as "z-updates".
    asked:   what is chosen, in words: "Update gate of the GRU".
    usual:   what the way of this app is called, and
    title:   what this one is called.
    note:    what the choice changes, in a sentence.
    trace:   states and gates by name → the same in this convention; its own inverse.
    weights: weights by torch's names → the same in this convention; its own inverse.
    """

    name: str
    asked: str
    usual: str
    title: str
    note: str
    trace: Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]]
    weights: Callable[[Mapping[str, np.ndarray]], dict[str, np.ndarray]]
