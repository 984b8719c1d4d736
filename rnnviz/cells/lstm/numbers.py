"""One step of an LSTM: the numbers between its gates and its states, and its equations with numbers."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from rnnviz.cells.block import Block
from rnnviz.cells.equations import Equation, Numbers, block, mixed
from rnnviz.cells.inside import Product, Values, total
from rnnviz.core.arithmetic import DIGITS, decimal, enough_for, factor


def inside(v: Values, _product: Product, _spec: Any, _other: bool) -> Values:
    """`a_f` and the like are the sums; `kept` is f ⊙ c_{t-1}, `written` i ⊙ c̃, `shown` tanh(c_t)."""
    sums = {f"a_{letter}": total(v, letter) for letter in ("i", "f", "g", "o")}
    return sums | {"kept": v["f"] * v["c0"], "written": v["i"] * v["g"], "shown": np.tanh(v["c"])}


def equations(blocks: Mapping[str, Block], v: Numbers, _spec: Any, _other: bool) -> list[Equation]:
    """Gates and candidate, then the cell state and the hidden state."""
    cell = r"c_t = f_t \odot c_{t-1} + i_t \odot \tilde c_t"
    hidden = r"h_t = o_t \odot \tanh(c_t)"
    return [
        *(block(one, v) for one in blocks.values()),
        Equation("", "Cell state", cell, (f"c_t = {mixed(v['f'], v['c0'], v['i'], v['g'], v['c'])}",)),
        Equation("", "Hidden state", hidden, (f"h_t = {_shown(v)}",)),
    ]


def _shown(v: Numbers) -> str:
    """o × tanh(c), then with tanh(c) as a number."""
    exact = (lambda o, _s: o * v["shown"], v["h"], DIGITS)
    many = enough_for((v["o"], v["shown"]), (lambda o, s: o * s, v["h"], DIGITS), exact)
    gate = round(v["o"], many)
    cell = enough_for((v["c"],), (math.tanh, v["shown"], many), (lambda c: gate * math.tanh(c), v["h"], DIGITS))
    o, c, squashed = decimal(v["o"], many), decimal(v["c"], cell), factor(v["shown"], many)
    return rf"{o} \times \tanh({c}) = {o} \times {squashed} = {decimal(v['h'])}"
