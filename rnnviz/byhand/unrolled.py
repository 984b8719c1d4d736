"""A gated cell with a single unit over several time steps: the states, and derivatives carried back through them."""

import dataclasses
import functools
from collections.abc import Mapping
from typing import Any

from rnnviz.byhand import gated
from rnnviz.byhand.gated import Gated
from rnnviz.byhand.rules import back
from rnnviz.cells import Cell
from rnnviz.cells.by_hand import Weights
from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError

_BEGIN = (1.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0)
_LENGTH = 6


@dataclasses.dataclass(frozen=True)
class Unrolled:
    """A cell and what it reads.

    cell:    as of `Gated`, and so are
    weights: the same at every time step.
    h, c:    the states before the first time step.
    xs:      inputs of `limits.MOST_HAND_STEPS` time steps, of which
    length:  so many are read.
    at:      the time step that is looked at, from 0.

    Raises:
        ExperimentError: a number that is none, or too large.
    """

    cell: str
    weights: Weights
    h: float = 0.5
    c: float = 0.8
    xs: tuple[float, ...] = _BEGIN
    length: int = _LENGTH
    at: int = 0

    def __post_init__(self) -> None:
        most = limits.MOST_HAND_STEPS
        if len(self.xs) != most:
            raise ExperimentError("Inputs", f"{most} numbers", len(self.xs))
        if len(self.weights) != len(self.kind.blocks):
            raise ExperimentError("Weights", f"three numbers for each of {len(self.kind.blocks)}", len(self.weights))
        if not 1 <= self.length <= most:
            raise ExperimentError("Time steps", f"from 1 to {most}", self.length)
        if not 0 <= self.at < self.length:
            raise ExperimentError("The time step shown", f"from 1 to {self.length}", self.at + 1)
        for x in self.xs:
            Gated(self.cell, self.weights, x, self.h, self.c)

    @property
    def kind(self) -> Cell:
        """The description of its cell."""
        return Gated(self.cell, self.weights).kind

    @functools.cached_property
    def steps(self) -> tuple[Gated, ...]:
        """Every time step with the states that it starts from."""
        found = [Gated(self.cell, self.weights, self.xs[0], self.h, self.c)]
        for x in self.xs[1 : self.length]:
            after = gated.values(found[-1])
            states: dict[str, Any] = {letter: after[letter] for letter in found[-1].before}
            found.append(dataclasses.replace(found[-1], x=x, **states))
        return tuple(found)

    @property
    def step(self) -> Gated:
        """The time step that is looked at."""
        return self.steps[self.at]

    def put(self, gate: int, column: int, value: float) -> "Unrolled":
        """The same with one weight changed."""
        return dataclasses.replace(self, weights=Gated(self.cell, self.weights).put(gate, column, value).weights)

    def said(self) -> dict[str, Any]:
        """Its numbers as plain data, as `heard` takes them."""
        found = dataclasses.asdict(self)
        del found["cell"]
        return found | {"weights": [list(row) for row in self.weights], "xs": list(self.xs)}


def begin(cell: str) -> Unrolled:
    """Numbers to begin with.

    Raises:
        LookupError: the cell is none of `gated.offered`.
    """
    return Unrolled(cell, gated.particular(cell).begin)


def heard(cell: str, said: Mapping[str, Any]) -> Unrolled:
    """What a browser said.

    Raises:
        ExperimentError: it is not what `Unrolled.said` says.
    """
    try:
        rows = tuple((float(w), float(u), float(b)) for w, u, b in said["weights"])
        xs = tuple(float(x) for x in said["xs"])
        (h, c), (length, at) = (float(said[name]) for name in "hc"), (int(said[name]) for name in ("length", "at"))
    except (KeyError, TypeError, ValueError, OverflowError):
        raise ExperimentError("What the browser said", "the numbers of a cell", type(said).__name__) from None
    return Unrolled(cell, rows, h, c, xs, length, at)


def sensitivities(run: Unrolled) -> dict[str, tuple[float, ...]]:
    """Letter of a state → how its last value depends on its value after each time step, the one before the first too.

    These are the diagonals of products of Jacobians: the other states stay as they are.
    """
    return {letter: tuple(error[letter] for error in _backwards(run, letter)[0]) for letter in run.step.before}


def gradients(run: Unrolled) -> dict[str, float]:
    """∂h_T by everything that can be set: w_f, u_f, b_f of block f, x1, x2, …, and the first states h0, c0."""
    return _backwards(run, run.kind.states[0].letter)[1]


def _backwards(run: Unrolled, last: str) -> tuple[list[dict[str, float]], dict[str, float]]:
    """Of a last state: its derivatives by the states, the first ones first, and by all that can be set."""
    errors = {letter: float(letter == last) for letter in run.step.before}
    states, by_weight, by_input = [errors], dict[str, float](), dict[str, float]()
    for t, step in reversed(list(enumerate(run.steps, 1))):
        found = back(gated.rules(run.cell), gated.values(step), errors)
        errors = {letter: found[f"{letter}0"] for letter in errors}
        states.insert(0, errors)
        by_input[f"x{t}"] = found["x"]
        for name in gated.given(step):
            if name[:2] in ("w_", "u_", "b_"):
                by_weight[name] = by_weight.get(name, 0.0) + found[name]
    return states, by_weight | by_input | {f"{letter}0": error for letter, error in errors.items()}
