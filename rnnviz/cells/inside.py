"""What goes on inside a cell at one time step, as numbers by name."""

from collections.abc import Callable

import numpy as np

Values = dict[str, np.ndarray]  # what a number of the cell is called → one for each unit, or (time, unit)
Product = Callable[[str, np.ndarray], np.ndarray]  # letter of a block, values → W_h{letter} times them


def total(values: Values, letter: str) -> np.ndarray:
    """The sum of a block before its activation, from its four parts."""
    return values[f"{letter}_x"] + values[f"{letter}_bx"] + values[f"{letter}_h"] + values[f"{letter}_bh"]


def spread(x: np.ndarray, span: int) -> np.ndarray:
    """Inputs of the last `span` steps side by side: x (time, input) → (time, span·input), what W_ih multiplies.

    The input of the step itself comes first; before the sequence there are zeros.
    """
    rows = [np.concatenate([np.zeros_like(x[:back]), x[: len(x) - back]]) for back in range(min(span, len(x)))]
    rows += [np.zeros_like(x)] * (span - len(rows))
    return rows[0] if span == 1 else np.concatenate(rows, axis=1)
