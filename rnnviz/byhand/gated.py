"""One time step of a gated cell with a single unit and a single input, with all of its numbers."""

import dataclasses
import functools

from rnnviz.byhand.rules import follow
from rnnviz.cells import CELLS, Block, Cell
from rnnviz.cells.by_hand import ByHand
from rnnviz.cells.diagram import Rule
from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError
from rnnviz.core.sums import bracketed, short, six, summed

COLUMNS = ("input", "state", "bias")
_FUNCTIONS = {"tanh": "tanh", "sigmoid": "σ"}


@dataclasses.dataclass(frozen=True)
class Gated:
    """What one step starts from.

    cell:    one of `offered`, such as "lstm".
    weights: for each block of the cell, in torch's order, what multiplies the input and the state before, and the bias.
    x:       the input.
    h, c:    hidden and cell state of the step before; not every cell has a c.

    Raises:
        ExperimentError: a number that is none, or too large.
    """

    cell: str
    weights: tuple[tuple[float, float, float], ...]
    x: float = 1.0
    h: float = 0.5
    c: float = 0.8

    def __post_init__(self) -> None:
        largest = limits.LARGEST_HAND_NUMBER
        for value in (self.x, self.h, self.c, *(one for row in self.weights for one in row)):
            if not abs(value) <= largest:
                raise ExperimentError("a number", f"from −{largest:,.0f} to {largest:,.0f}", value)

    @property
    def kind(self) -> Cell:
        """The description of its cell."""
        return CELLS[self.cell]

    @property
    def before(self) -> dict[str, float]:
        """Letter of each state → its value at the step before."""
        return {state.letter: getattr(self, state.letter) for state in self.kind.states}

    def put(self, gate: int, column: int, value: float) -> "Gated":
        """The same with one weight changed."""
        rows = [list(row) for row in self.weights]
        rows[gate][column] = value
        return dataclasses.replace(self, weights=tuple((w, u, b) for w, u, b in rows))


def offered() -> tuple[str, ...]:
    """The cells that can be calculated by hand."""
    return tuple(name for name, cell in CELLS.items() if cell.by_hand is not None)


def gated(cell: str) -> Gated:
    """A step to begin with.

    Raises:
        LookupError: the cell is none of `offered`.
    """
    return Gated(cell, particular(cell).begin)


def particular(cell: str) -> ByHand:
    """What the description of a cell says of a calculation by hand.

    Raises:
        LookupError: the cell is none of `offered`.
    """
    found = CELLS[cell].by_hand
    if found is None:
        raise LookupError(f"cell must be one of {', '.join(offered())}; got {cell}.")
    return found


@functools.cache
def rules(cell: str) -> tuple[Rule, ...]:
    """How everything in a step is found from what `given` says."""
    found: list[Rule] = []
    for block in CELLS[cell].blocks:
        of = block.letter
        state = f"{of}_h"
        found += [(f"{of}_x", "product", f"w_{of}", "x"), (state, "product", f"u_{of}", "h0")]
        if block.scaled_by:
            state = f"{of}_s"
            found.append((state, "product", block.scaled_by, f"{of}_h"))
        found += [(f"a_{of}", "sum", f"{of}_x", state, f"b_{of}"), (of, block.activation, f"a_{of}")]
    return (*found, *particular(cell).rules)


def given(step: Gated) -> dict[str, float]:
    """What a step starts from: x, h0, c0, and of block f the weights w_f of the input, u_f of the state, b_f."""
    found = {"x": step.x} | {f"{letter}0": value for letter, value in step.before.items()}
    for letter, (w, u, b) in zip(step.kind.letters, step.weights, strict=True):
        found |= {f"w_{letter}": w, f"u_{letter}": u, f"b_{letter}": b}
    return found


def values(step: Gated) -> dict[str, float]:
    """All numbers of a step: what is given, each block and each new state by its letter, and all in between."""
    return follow(rules(step.cell), given(step))


def sign(block: Block) -> str:
    """The symbol of a block where there is a single time step: "c̃"."""
    return block.symbol.removesuffix("ₜ")


def equation_lines(step: Gated) -> list[tuple[str, str]]:
    """What each line is, and the equation with its numbers put in."""
    v, lines = values(step), []
    for block, (w, u, b) in zip(step.kind.blocks, step.weights, strict=True):
        scaled = f"{six(v[block.scaled_by])}·{bracketed(short(step.h))}" if block.scaled_by else ""
        inside = summed([(w, short(step.x)), (u, scaled or short(step.h))], b)
        function, result = _FUNCTIONS[block.activation], six(v[block.letter])
        lines.append((block.title, f"{sign(block)} = {function}({inside}) = {result}"))
    return lines + particular(step.cell).written(v)
