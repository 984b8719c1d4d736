"""The simple RNN (Elman 1990)."""

from collections.abc import Mapping
from typing import Any

from rnnviz.cells import equations
from rnnviz.cells.block import Block, State
from rnnviz.cells.cell import Cell, Option
from rnnviz.cells.diagram import BOX, BOX_HIGH, FOOT, IN, OUT, PORT, RADIUS, Part, Wire, Wiring, at, ports, readout
from rnnviz.cells.equations import Equation, Numbers
from rnnviz.cells.inside import Product, Values, total

_EQUATION = "h_t = {activation}(W_hh h_(t-1) + b_hh + W_ih x_t + b_ih)"


def _inside(v: Values, _product: Product, _spec: Any, _other: bool) -> Values:
    """`a_h`, the sum that φ is taken of, and `b`, its two biases."""
    return {"a_h": total(v, "h"), "b": v["h_bx"] + v["h_bh"]}


def _equations(blocks: Mapping[str, Block], v: Numbers, spec: Any, _other: bool) -> list[Equation]:
    return [equations.block(blocks["h"], v, spec.activation)]


def _wiring(phi: str) -> Wiring:
    line, plus = 218.0, 44
    y, up = readout(80, line)
    parts = (
        *ports(("hₜ₋₁", "h0", IN, line), ("xₜ", "x", plus, FOOT), ("hₜ", "h", OUT, line), ("b", "b", plus, 122)),
        Part("W h", "h_h", "box", 26, line, "W hₜ₋₁"),
        Part("W x", "h_x", "box", plus, 312, "W xₜ"),
        Part("+", "", "sign", plus, line),
        Part(phi, "h", "box", 63, line),
        y,
    )
    wires = (
        Wire("", (at(IN, line), at(26, line, 0, -BOX))),
        Wire("", (at(plus, FOOT), at(plus, 312 + BOX_HIGH + 1))),
        Wire("h_h", (at(26, line), at(plus, line, -RADIUS))),
        Wire("h_x", (at(plus, 312), at(plus, line + RADIUS))),
        Wire("b", (at(plus, 122), at(plus, line - RADIUS))),
        Wire("a_h", (at(plus, line), at(63, line, 0, -BOX)), label=at((plus + 59) / 2, line - 15, -14)),
        Wire("h", (at(63, line), at(OUT, line, 0, -PORT))),
        up,
    )
    rules = (("a_h", "sum", "h_h", "h_x", "b"),)
    return Wiring(parts, wires, ("a_h", ("h_h", "h_x", "b")), ((80, line),), (14, 87, 76, 362), rules)


CELL = Cell(
    name="rnn",
    title="RNN",
    does="rewrites its whole memory at every time step",
    place=0,
    colour="#D55E00",
    without="#985030",
    blocks=(Block("hidden", "h", "hₜ", "hidden state", "", "writes", _EQUATION),),
    states=(State("hidden", "h", "hₜ", "hidden state", _EQUATION, ""),),
    settings=(Option("activation", told="{}"),),
    source="Elman 1990, Finding Structure in Time",
    inside=_inside,
    wirings={f"rnn-{name}": _wiring(phi) for name, phi in (("tanh", "tanh"), ("relu", "ReLU"), ("sigmoid", "σ"))},
    equations=_equations,
)
