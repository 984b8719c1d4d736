"""One step of a GRU: the numbers between its gates and its state, and its equations with numbers."""

import math
from collections.abc import Mapping
from typing import Any

from rnnviz.cells.block import Block
from rnnviz.cells.equations import Equation, Numbers, activated, added, block
from rnnviz.cells.inside import Product, Values, total
from rnnviz.core.arithmetic import DIGITS, decimal, enough, factor
from rnnviz.core.arithmetic import total as summed


def inside(v: Values, product: Product, spec: Any, other: bool) -> Values:
    """Values inside one GRU step by name.

    reset:    what r lets through.
    product:  W_hn h_{t-1} + b_hn, where r is applied after the matrix product.
    regained: W_hn (r ⊙ h_{t-1}) + b_hn, where r is applied before it.
    read:     W_in x_t + b_in.
    turned:   1 − z.
    kept:     the part of h_t that comes from h_{t-1}.
    written:  the part of h_t that comes from h̃.
    a_r, …:   the pre-activations.
    """
    found: Values = {"read": v["n_x"] + v["n_bx"]}
    if spec.reset == "before":
        found["reset"] = v["r"] * v["h0"]
        found["n_h"] = product("n", found["reset"])
        found["regained"] = found["n_h"] + v["n_bh"]
        found["a_n"] = v["n_x"] + v["n_bx"] + found["n_h"] + v["n_bh"]
    else:
        found["product"] = v["n_h"] + v["n_bh"]
        found["reset"] = v["r"] * found["product"]
        found["a_n"] = v["n_x"] + v["n_bx"] + found["reset"]
    found["turned"] = 1 - v["z"]
    stay, move = (found["turned"], v["z"]) if other else (v["z"], found["turned"])
    more = {"a_r": total(v, "r"), "a_z": total(v, "z"), "kept": stay * v["h0"], "written": move * v["n"]}
    return found | more


def equations(blocks: Mapping[str, Block], v: Numbers, spec: Any, other: bool) -> list[Equation]:
    """Gates, candidate, hidden state."""
    keep, take = (r"(1 - z_t)", "z_t") if other else ("z_t", r"(1 - z_t)")
    hidden = rf"h_t = {keep} \odot h_{{t-1}} + {take} \odot \tilde h_t"
    return [
        block(blocks["r"], v),
        block(blocks["z"], v),
        _reset_before(blocks["n"], v) if spec.reset == "before" else _reset_after(blocks["n"], v),
        Equation("", "Hidden state", hidden, (f"h_t = {_blended(v, other)}",)),
    ]


def _reset_after(of: Block, v: Numbers) -> Equation:
    general = r"\tilde h_t = \tanh(W_{in} x_t + b_{in} + r_t \odot (W_{hn} h_{t-1} + b_{hn}))"
    p, r = v["product"], v["r"]
    digits = enough((v["a_n"],), v["n"], DIGITS, math.tanh)
    many = enough((v["n_x"], v["n_bx"], v["reset"]), v["a_n"], digits, summed)
    more = enough((r, p), v["reset"], many, lambda a, b: a * b)
    first = added([(v["n_h"], "W_{hn} h_{t-1}"), (v["n_bh"], "b_{hn}")], p, more)
    parts = [(v["n_x"], "W_{in} x_t"), (v["n_bx"], "b_{in}"), (v["reset"], r"r_t \odot p_t")]
    times = f"r_t p_t = {decimal(r, more)} \\times {factor(p, more)} = {decimal(v['reset'], many)}"
    return Equation(of.letter, of.title.capitalize(), general, (f"p_t = {first}", times, *activated(of, parts, v)))


def _reset_before(of: Block, v: Numbers) -> Equation:
    general = r"\tilde h_t = \tanh(W_{in} x_t + b_{in} + W_{hn} (r_t \odot h_{t-1}) + b_{hn})"
    digits = enough((v["r"], v["h0"]), v["reset"], DIGITS, lambda a, b: a * b)
    own = f"r_t h_{{t-1}} = {decimal(v['r'], digits)} \\times {factor(v['h0'], digits)} = {decimal(v['reset'])}"
    parts = [(v["n_x"], "W_{in} x_t"), (v["n_bx"], "b_{in}"),
             (v["n_h"], r"W_{hn} (r_t \odot h_{t-1})"), (v["n_bh"], "b_{hn}")]  # fmt: skip
    return Equation(of.letter, of.title.capitalize(), general, (own, *activated(of, parts, v)))


def _blended(v: Numbers, z_updates: bool) -> str:
    """The mixture of h_{t-1} and h̃_t by z and 1 − z."""
    z, before, new = v["z"], v["h0"], v["n"]

    def mixture(z: float, before: float, new: float) -> float:
        return (1 - z) * before + z * new if z_updates else z * before + (1 - z) * new

    many = enough((z, before, new), v["h"], DIGITS, mixture)
    own, rest = decimal(z, many), f"(1 - {decimal(z, many)})"
    keep, take = (rest, own) if z_updates else (own, rest)
    return rf"{keep} \times {factor(before, many)} + {take} \times {factor(new, many)} = {decimal(v['h'])}"
