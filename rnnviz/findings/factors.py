"""By how much each time step changes the gradient of a sequence on its way back, in sentences."""

from collections.abc import Mapping

import numpy as np

from rnnviz.core.names import number

_LEAST = 0.01  # smaller factors are told by their first digit
_NEAR = 0.005  # a factor nearer to 1 than this takes a third digit, which its power shows


def each_step(factors: Mapping[str, np.ndarray]) -> list[str]:
    """The geometric mean of the factors that are there, so that its power is their product; the least and the most.

    factors: whose gradient, such as "LSTM, cell state" → (time,); NaN where there is no gradient. The first that has
             one says what the numbers are, the others are short.
    """
    said: list[str] = []
    for name, values in factors.items():
        seen = values[np.isfinite(values)]
        if not seen.size:
            said.append(f"{name}: no gradient goes back from one time step to another.")
            continue
        what = "by" if any(" multiplies " in one for one in said) else "each time step back multiplies the gradient by"
        with np.errstate(divide="ignore"):
            typical = float(np.exp(np.log(seen).mean()))
        said.append(f"{name}: {what} {_said(typical)} ({_said(float(seen.min()))} to {_said(float(seen.max()))}).")
    return said


def _said(value: float) -> str:
    if 0 < value < _LEAST:
        return f"{value:.1g}"
    return number(value, 3 if 0 < abs(value - 1) < _NEAR else 2)
