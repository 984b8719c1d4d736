"""One time step of an LSTM or a GRU with a single unit and a single input, with all of its numbers."""

import dataclasses
import math

from rnnviz.byhand.arithmetic import bracketed, short, six, summed
from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError

GATES = {  # in torch's order
    "lstm": {"i": "input gate", "f": "forget gate", "c̃": "cell candidate", "o": "output gate"},
    "gru": {"r": "reset gate", "z": "update gate", "h̃": "candidate"},
}
COLUMNS = ("input", "state", "bias")
_BEGIN = {
    "lstm": ((0.5, 0.4, 0.0), (0.3, -0.2, 1.0), (1.0, 0.6, 0.0), (0.4, 0.3, 0.0)),
    "gru": ((0.5, 0.4, 0.0), (0.3, -0.2, 1.0), (1.0, 0.6, 0.0)),
}


@dataclasses.dataclass(frozen=True)
class Gated:
    """What one step starts from.

    cell:    "lstm" or "gru".
    weights: for each gate of `GATES[cell]` what multiplies the input and the state before, and the bias.
    x:       the input.
    h, c:    hidden and cell state of the step before; a GRU has no c.

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

    def put(self, gate: int, column: int, value: float) -> "Gated":
        """The same with one weight changed."""
        rows = [list(row) for row in self.weights]
        rows[gate][column] = value
        return dataclasses.replace(self, weights=tuple((w, u, b) for w, u, b in rows))


def gated(cell: str) -> Gated:
    """A step to begin with."""
    return Gated(cell, _BEGIN[cell])


def values(step: Gated) -> dict[str, float]:
    """Every gate by its letter, then c (of an LSTM) and h: the states after the step.

    LSTM: c_t = f c_{t-1} + i c̃, h_t = o tanh(c_t). GRU, as torch has it: h_t = z h_{t-1} + (1 − z) h̃.
    """
    raw = dict(zip(GATES[step.cell], step.weights, strict=True))
    found: dict[str, float] = {}
    for name, (w, u, b) in raw.items():
        reset = found["r"] if name == "h̃" else 1.0
        a = w * step.x + reset * u * step.h + b
        found[name] = math.tanh(a) if name in ("c̃", "h̃") else 0.5 * (1 + math.tanh(a / 2))
    if step.cell == "gru":
        return {**found, "h": found["z"] * step.h + (1 - found["z"]) * found["h̃"]}
    c = found["f"] * step.c + found["i"] * found["c̃"]
    return {**found, "c": c, "h": found["o"] * math.tanh(c)}


def written(step: Gated) -> list[tuple[str, str]]:
    """What each line is, and the equation with its numbers put in."""
    v = values(step)
    lines = []
    for (letter, name), (w, u, b) in zip(GATES[step.cell].items(), step.weights, strict=True):
        function = "tanh" if letter in ("c̃", "h̃") else "σ"
        state = f"{six(v['r'])}·{bracketed(short(step.h))}" if letter == "h̃" else short(step.h)
        inside = summed([(w, short(step.x)), (u, state)], b)
        lines.append((name, f"{letter} = {function}({inside}) = {six(v[letter])}"))
    if step.cell == "gru":
        keep = f"{six(v['z'])}·{bracketed(short(step.h))} + (1 − {six(v['z'])})·{bracketed(six(v['h̃']))}"
        return [*lines, ("new hidden state", f"h = {keep} = {six(v['h'])}")]
    both = f"{six(v['f'])}·{bracketed(short(step.c))} + {six(v['i'])}·{bracketed(six(v['c̃']))}"
    shown = f"{six(v['o'])}·tanh({six(v['c'])})"
    return [
        *lines,
        ("new cell state", f"c = {both} = {six(v['c'])}"),
        ("new hidden state", f"h = {shown} = {six(v['h'])}"),
    ]
