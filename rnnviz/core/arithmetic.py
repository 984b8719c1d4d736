"""Sums and products written out so that they can be checked by hand, to the last digit that is shown.

A result is shown with four digits after the point. What goes into it is shown with as many as it takes (four to
thirteen, seldom more than six) for the shown numbers to give that result when they are put into a calculator.
"""

import math
from collections.abc import Callable, Sequence

DIGITS = 4  # after the point, of a result
_MOST = 13
_NUDGE = 1e-4  # of the last digit


def decimal(value: float, digits: int = DIGITS) -> str:
    """A number with so many digits after the point; never a minus before zero."""
    return f"{value:z.{digits}f}"


def factor(value: float, digits: int = DIGITS) -> str:
    """The same as it stands behind a + or ×: in brackets if it is negative."""
    text = decimal(value, digits)
    return f"({text})" if text.startswith("-") else text


Claim = tuple[Callable[..., float], float, int]  # a rule, its result, and the digits with which that is shown


def enough(values: Sequence[float], result: float, digits: int, rule: Callable[..., float]) -> int:
    """The digits with which `values` must be shown so that `rule` of the shown numbers is `result` to `digits`."""
    return enough_for(values, (rule, result, digits))


def enough_for(values: Sequence[float], *claims: Claim) -> int:
    """The digits with which `values` must be shown so that every claim about the shown numbers is true."""
    for many in range(max(digits for *_, digits in claims), _MOST):
        shown = [round(value, many) for value in values]
        if all(_comes_to(rule(*shown), result, digits) for rule, result, digits in claims):
            return many
    return _MOST


def _comes_to(value: float, result: float, digits: int) -> bool:
    """Whether a value rounds to the result as shown, and not just by how a calculator rounds halves."""
    nudge = _NUDGE * 10.0**-digits
    return decimal(value - nudge, digits) == decimal(value + nudge, digits) == decimal(result, digits)


def total(*terms: float) -> float:
    """The sum of all terms."""
    return math.fsum(terms)


def sigmoid(value: float) -> float:
    """The logistic function σ."""
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))


def relu(value: float) -> float:
    """The positive part."""
    return max(0.0, value)


FUNCTIONS: dict[str, tuple[str, Callable[[float], float]]] = {  # name → in LaTeX, what it computes
    "sigmoid": (r"\sigma", sigmoid),
    "tanh": (r"\tanh", math.tanh),
    "relu": (r"\mathrm{ReLU}", relu),
}
