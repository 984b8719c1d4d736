"""Equations as plain data: values found one after the other, and derivatives carried back through them.

A browser follows the same rules (`assets/stage/byhand/rules.js`), so that its numbers are these.
"""

import math
from collections.abc import Callable, Iterable, Mapping

from rnnviz.cells.diagram import Rule


def _product(*terms: float) -> float:
    return math.prod(terms)


def _sum(*terms: float) -> float:
    return sum(terms)


_FOUND: dict[str, Callable[..., float]] = {
    "product": _product,
    "sum": _sum,
    "turned": lambda a: 1.0 - a,
    "tanh": math.tanh,
    "sigmoid": lambda a: 0.5 * (1.0 + math.tanh(a / 2.0)),  # without overflow
}


def follow(rules: Iterable[Rule], given: Mapping[str, float]) -> dict[str, float]:
    """What is given, and what follows from it by name: "product", "sum", "turned" (1 less it), "tanh", "sigmoid"."""
    found = dict(given)
    for name, rule, *of in rules:
        found[name] = _FOUND[rule](*(found[one] for one in of))
    return found


def back(rules: tuple[Rule, ...], values: Mapping[str, float], errors: Mapping[str, float]) -> dict[str, float]:
    """Derivatives by every value, from those by some of them; `values` = follow(rules, …)."""
    found = dict.fromkeys(values, 0.0) | dict(errors)
    for name, rule, *of in reversed(rules):
        for at, one in enumerate(of):
            found[one] += found[name] * _slope(rule, values, name, of, at)
    return found


def _slope(rule: str, values: Mapping[str, float], name: str, of: list[str], at: int) -> float:
    """The derivative of a value by the `at`-th of those that it is found from."""
    value = values[name]
    if rule == "product":
        return math.prod(values[one] for place, one in enumerate(of) if place != at)
    return {"sum": 1.0, "turned": -1.0, "tanh": 1.0 - value**2, "sigmoid": value * (1.0 - value)}[rule]
