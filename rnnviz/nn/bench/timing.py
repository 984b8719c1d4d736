"""Timing things against each other, and the sizes at which the benchmarks do it."""

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from rnnviz.nn.cells.kind import AtLeast, Kind, Torchs
from rnnviz.nn.cells.lookup import KINDS

T, B, I, H = 50, 32, 16, 32  # time steps, sequences, features, hidden units


class Timed(NamedTuple):
    """A cell as torch has it and as we do, and how fast it must be."""

    kind: Kind[Any]
    torchs: Torchs
    at_least: AtLeast


def timed() -> dict[str, Timed]:
    """By its name every cell whose usual implementation is one of torch's cells."""
    usual = {cell: kinds[0] for cell, kinds in KINDS.items()}
    return {
        cell: Timed(kind, kind.torchs, kind.at_least)
        for cell, kind in usual.items()
        if kind.torchs is not None and kind.at_least is not None
    }


def taking_turns(functions: Sequence[Callable[[], object]], repeats: int) -> list[list[float]]:
    """Seconds of every call of every function, called in turns; the first tenth is warm-up and left out."""
    times: list[list[float]] = [[] for _ in functions]
    for turn in range(repeats + repeats // 10):
        for function, row in zip(functions, times, strict=True):
            start = time.perf_counter()
            function()
            if turn >= repeats // 10:
                row.append(time.perf_counter() - start)
    return times
