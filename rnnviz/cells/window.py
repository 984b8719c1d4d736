"""The feed-forward window, which is no recurrent cell: a time-delay network of one layer (Waibel et al. 1989)."""

from collections.abc import Mapping
from typing import Any

from rnnviz.cells.block import Block, State
from rnnviz.cells.cell import Cell, Option
from rnnviz.cells.diagram import BOX, BOX_HIGH, FOOT, OUT, PORT, RADIUS, Part, Wire, Wiring, at, ports, readout
from rnnviz.cells.equations import Equation, Numbers, activated
from rnnviz.cells.inside import Product, Values

_EQUATION = "h_t = tanh(W_ih [x_t, x_(t-1), …] + b_ih)"


def _inside(v: Values, _product: Product, _spec: Any, _other: bool) -> Values:
    """`a_h`, the sum that tanh is taken of."""
    return {"a_h": v["h_x"] + v["h_bx"]}


def _equations(blocks: Mapping[str, Block], v: Numbers, spec: Any, _other: bool) -> list[Equation]:
    many, of = spec.window, blocks["h"]
    between = ", …" if many > 2 else ""
    read = rf"[x_t{between}, x_{{t-{many - 1}}}]" if many > 1 else "x_t"
    parts = [(v["h_x"], f"W_{{ih}} {read}"), (v["h_bx"], "b_{ih}")]
    general = rf"h_t = \tanh({' + '.join(name for _, name in parts)})"
    return [Equation("h", of.title.capitalize(), general, activated(of, parts, v))]


def _wiring() -> Wiring:
    line, plus = 218.0, 36
    y, up = readout(80, line)
    parts = (
        *ports(("xₜ", "x", plus, FOOT), ("hₜ", "h", OUT, line), ("b", "h_bx", plus, 122)),
        Part("W x", "h_x", "box", plus, 312, "W [xₜ, …]"),
        Part("+", "", "sign", plus, line),
        Part("tanh", "h", "box", 60, line),
        y,
    )
    wires = (
        Wire("", (at(plus, FOOT), at(plus, 312 + BOX_HIGH + 1))),
        Wire("h_x", (at(plus, 312), at(plus, line + RADIUS))),
        Wire("h_bx", (at(plus, 122), at(plus, line - RADIUS))),
        Wire("a_h", (at(plus, line), at(60, line, 0, -BOX)), label=at((plus + 56) / 2, line - 15, -14)),
        Wire("h", (at(60, line), at(OUT, line, 0, -PORT))),
        up,
    )
    rules = (("a_h", "sum", "h_x", "h_bx"),)
    return Wiring(parts, wires, ("a_h", ("h_x", "h_bx")), ((80, line),), (14, 87, 76, 362), rules)


CELL = Cell(
    name="window",
    title="Feed-forward window",
    does="has no memory and sees only the last inputs",
    short="Window",
    place=3,
    colour="#949494",
    without="#646464",
    blocks=(Block("hidden", "h", "hₜ", "hidden state", "tanh", "writes", _EQUATION),),
    states=(State("hidden", "h", "hₜ", "hidden state", _EQUATION, "-1 to 1"),),
    settings=(Option("window", part="window", told="the last {} inputs", drawn=False),),
    source="Waibel, Hanazawa, Hinton, Shikano and Lang 1989, Phoneme Recognition Using Time-Delay Neural Networks",
    recurrent=False,
    span="window",
    inside=_inside,
    wirings={"window": _wiring()},
    equations=_equations,
)
