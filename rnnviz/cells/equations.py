"""Equations of a cell in the field's notation, and the same with one unit's numbers: what those of all cells share.

W_if is the matrix that x_t meets on its way to f, W_hf that of h_{t-1}; each has a bias of its own.
"""

import dataclasses

from rnnviz.cells.block import Block
from rnnviz.core.arithmetic import DIGITS, FUNCTIONS, decimal, enough, enough_for, factor, total

Numbers = dict[str, float]


@dataclasses.dataclass(frozen=True)
class Equation:
    """One equation.

    letter:  of the block of weights whose sums it begins with, as `Anatomy.terms` takes it; "" for none.
    title:   what it computes, in words.
    general: the equation, in LaTeX.
    shown:   the same with numbers, line by line, in LaTeX. In each line all sides of all equals signs agree, as shown.
    """

    letter: str
    title: str
    general: str
    shown: tuple[str, ...]


def block(of: Block, v: Numbers, activation: str = "") -> Equation:
    """That of a block which is the activation of four parts; `activation` where it takes the model's own."""
    letter, function = of.letter, of.activation or activation
    names = (f"W_{{i{letter}}} x_t", f"b_{{i{letter}}}", f"W_{{h{letter}}} h_{{t-1}}", f"b_{{h{letter}}}")
    values = (v[f"{letter}_x"], v[f"{letter}_bx"], v[f"{letter}_h"], v[f"{letter}_bh"])
    general = f"{of.latex} = {FUNCTIONS[function][0]}({' + '.join(names)})"
    shown = activated(of, list(zip(values, names, strict=True)), v, function)
    return Equation(letter, of.title.capitalize(), general, shown)


def activated(of: Block, parts: list[tuple[float, str]], v: Numbers, activation: str = "") -> tuple[str, str]:
    """The sum before the activation of a block with its parts, then the activation of it."""
    phi, rule = FUNCTIONS[of.activation or activation]
    a, result = v[f"a_{of.letter}"], v[of.letter]
    digits = enough((a,), result, DIGITS, rule)
    symbol = f"a_{{{of.latex.removesuffix('_t')}}}"
    line = f"{symbol} = {added(parts, a, digits)}"
    return line, f"{of.latex} = {phi}({decimal(a, digits)}) = {decimal(result)}"


def added(parts: list[tuple[float, str]], result: float, digits: int) -> str:
    """Terms over their names, and their sum with so many digits."""
    values = [value for value, _ in parts]
    many = enough(values, result, digits, total)
    terms = [
        rf"\underbrace{{{factor(value, many) if n else decimal(value, many)}}}_{{{name}}}"
        for n, (value, name) in enumerate(parts)
    ]
    return f"{' + '.join(terms)} = {decimal(result, digits)}"


def mixed(a: float, b: float, c: float, d: float, result: float) -> str:
    """a × b + c × d, first as products, then as their sum."""
    many = enough((a * b, c * d), result, DIGITS, total)
    digits = enough_for(
        (a, b, c, d),
        (lambda a, b, _c, _d: a * b, a * b, many),
        (lambda _a, _b, c, d: c * d, c * d, many),
        (lambda a, b, c, d: a * b + c * d, result, DIGITS),
    )
    products = rf"{decimal(a, digits)} \times {factor(b, digits)} + {decimal(c, digits)} \times {factor(d, digits)}"
    return f"{products} = {decimal(a * b, many)} + {factor(c * d, many)} = {decimal(result)}"
