"""How long what visitors bring keeps the server computing: `python -m tests.benchmarks.own_data`.

A large table, the longest text that is allowed, and accents in heaps: composing them takes time that grows with the
square of their number. Prints seconds of computing, the first time and again; returns 1 if one takes too long.
"""

import sys
import time

import numpy as np

from rnnviz.core import limits
from rnnviz.tasks import task

ALLOWED = 4.0  # seconds
LETTERS = np.random.default_rng(0).integers(0, 26, limits.LONGEST_TEXT)
BROUGHT = {
    "100,000 rows": ("pairs", {}, "".join(f"r{row},z{row}\n" for row in range(100_000))),
    "500 cells of 1,800 accents": ("pairs", {}, "row,zeile\n" + ("a" + "\u0301\u0327" * 900 + ",b\n") * 500),
    "2,000,000 letters": ("text", {"corpus": "own"}, "".join(chr(97 + letter) for letter in LETTERS)),
    "1,000,000 accents": ("text", {"corpus": "own"}, "a" + "\u0301\u0316" * 500_000),
}


def main() -> int:
    """Measure and print; returns 1 if something takes too long."""
    slowest = 0.0
    for what, (name, params, text) in BROUGHT.items():
        first, again = (measured(name, params, text) for _ in range(2))
        print(f"{what}: {first:.2f} s, and again {again:.3f} s")
        slowest = max(slowest, first)
    return int(slowest > ALLOWED)


def measured(name: str, params: dict[str, str], text: str) -> float:
    """Seconds of computing until a batch of it is drawn."""
    began = time.process_time()
    task(name, text=text, **params).sample(np.random.default_rng(0), 32)
    return time.process_time() - began


if __name__ == "__main__":
    sys.exit(main())
