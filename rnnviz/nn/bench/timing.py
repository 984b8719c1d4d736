"""Timing things against each other, and the sizes at which the benchmarks do it."""

import time
from collections.abc import Callable, Sequence

T, B, I, H = 50, 32, 16, 32  # time steps, sequences, features, hidden units


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
