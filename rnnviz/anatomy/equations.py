"""The equations of a cell in the field's notation, and the same with one unit's numbers at one time step.

Simple RNN (Elman 1990), LSTM (Gers et al. 2000), GRU (Cho et al. 2014; Chung et al. 2014 exchange z and 1 − z). W_if
is the matrix that x_t meets on its way to f, W_hf that of h_{t-1}; each has a bias of its own. Of a decoder with
attention, h̄_j are the encoder's states and ĥ_t is Luong et al. 2015, equation 5.
"""

import dataclasses
import math

import numpy as np

from rnnviz.anatomy.arithmetic import DIGITS, FUNCTIONS, enough, enough_for, factor, total, written
from rnnviz.anatomy.step import Anatomy

_SYMBOLS = {"h": "h_t", "i": "i_t", "f": "f_t", "g": r"\tilde c_t", "o": "o_t"}
_SYMBOLS |= {"r": "r_t", "z": "z_t", "n": r"\tilde h_t"}
_TITLES = {"i": "Input gate", "f": "Forget gate", "g": "Cell candidate", "o": "Output gate"}
_TITLES |= {"r": "Reset gate", "z": "Update gate", "n": "Candidate", "h": "Hidden state"}


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


_LARGEST_POWER = 6.0  # e to a larger one has more digits than can be read
_MOST_PARTS = 3  # of a context that are shown one by one
_SCORES = {
    "additive": r"v^\top \tanh(W_s h_{t-1} + W_h \bar h_j)",
    "dot": r"h_t^\top \bar h_j",
    "general": r"h_t^\top W \bar h_j",
}
_CONTEXT = r"\mathrm{context}_t"
Numbers = dict[str, float]


def equations(cut: Anatomy, time: int, unit: int) -> tuple[Equation, ...]:
    """All equations of one time step (from 0) for one unit (from 0), in the order in which they are computed."""
    v = {name: float(values[unit]) for name, values in cut.at(time).items()}
    found = {"rnn": _rnn, "lstm": _lstm, "gru": _gru}[cut.spec.cell](cut, v)
    return tuple(
        dataclasses.replace(one, general=_timed(cut, one.general), shown=_all_timed(cut, one)) for one in found
    )


def update(cut: Anatomy, time: int, unit: int) -> tuple[Equation, ...]:
    """Only the equations that make the new state from the old: for a view of several cells."""
    return tuple(one for one in equations(cut, time, unit) if not one.letter or one.letter == "h")


def readout(cut: Anatomy, time: int, output: int) -> Equation:
    """One output of the readout at one time step, from all units."""
    weights, biases = cut.readout
    product, bias = float(weights[output] @ cut.found["read"][time]), float(biases[output])
    y = _symbol_of_output(cut, output)
    state = r"[\overrightarrow h_t, \overleftarrow h_t]" if cut.spec.bidirectional else "h_t"
    state = r"\hat h_t" if cut.combine else state
    shown = _added([(product, f"W_{{hy}} {state}"), (bias, "b_y")], product + bias, DIGITS)
    return Equation("y", "Readout", f"y_t = W_{{hy}} {state} + b_y", (f"{y} = {shown}",))


def context(cut: Anatomy, time: int, unit: int) -> Equation:
    """One number of the context of an output step: a weighted sum over the encoder's states."""
    weights, states = cut.found["weights"][time], cut.found["memory"][:, unit]
    parts = weights * states
    largest = [int(place) for place in np.argsort(-np.abs(parts), kind="stable")[:_MOST_PARTS]]
    terms = [(float(parts[place]), rf"\alpha_{{t,{place + 1}}} \bar h_{{{place + 1}}}") for place in largest]
    if len(parts) > len(terms):
        terms.append((float(np.delete(parts, largest).sum()), r"\text{all others}"))
    first, weight, state = largest[0], float(weights[largest[0]]), float(states[largest[0]])
    digits = enough((weight, state), weight * state, DIGITS, lambda a, b: a * b)
    product = rf"{written(weight, digits)} \times {factor(state, digits)} = {written(weight * state)}"
    lines = (
        rf"\alpha_{{t,{first + 1}}} \bar h_{{{first + 1}}} = {product}",
        f"{_CONTEXT} = {_added(terms, float(cut.found['context'][time, unit]), DIGITS)}",
    )
    return Equation("", "Context", rf"{_CONTEXT} = \sum_j \alpha_{{t,j}} \bar h_j", lines)


def joined(cut: Anatomy, time: int, unit: int) -> Equation:
    """One number of what the readout multiplies: the decoder's state joined with the context."""
    (weights, biases), size = cut.combine, cut.spec.hidden
    state, looked = weights[unit, :size] @ cut.found["top"][time], weights[unit, size:] @ cut.found["context"][time]
    parts = [(float(state), "W_c [h_t, 0]"), (float(looked), f"W_c [0, {_CONTEXT}]"), (float(biases[unit]), "b_c")]
    a, result = float(state + looked + biases[unit]), float(cut.found["read"][time, unit])
    digits = enough((a,), result, DIGITS, math.tanh)
    lines = (
        rf"a_{{\hat h}} = {_added(parts, a, digits)}",
        rf"\hat h_t = \tanh({written(a, digits)}) = {written(result)}",
    )
    return Equation("", "State and context joined", rf"\hat h_t = \tanh(W_c [h_t, {_CONTEXT}] + b_c)", lines)


def attention(cut: Anatomy, time: int) -> Equation:
    """The largest weight of an output step, from the scores of all encoder states."""
    score = _SCORES[cut.attention or ""]
    general = rf"e_{{t,j}} = {score} \qquad \alpha_{{t,j}} = \frac{{e^{{e_{{t,j}}}}}}{{\sum_k e^{{e_{{t,k}}}}}}"
    scores = cut.found["scores"][time]
    *lines, last = softmax(scores, "e")
    return Equation("", "Attention", general, (*lines, rf"\alpha_{{t,{scores.argmax() + 1}}} = {last}"))


def softmax(logits: np.ndarray, symbol: str = "y") -> tuple[str, ...]:
    """The share of the largest among all (outputs,), line by line as in `Equation.shown`; `symbol` is what they are."""
    best = int(logits.argmax())
    y, others = float(logits[best]), math.fsum(np.exp(logits - logits[best]))
    share = 1 / others
    if not abs(y) < _LARGEST_POWER:
        digits = enough((others,), share, DIGITS, lambda a: 1 / a)
        general = rf"\frac{{1}}{{\sum_k e^{{{symbol}_{{t,k}} - {symbol}_{{t,{best + 1}}}}}}}"
        return (f"{general} = 1 / {written(others, digits)} = {written(share)}",)
    top, whole = math.exp(y), others * math.exp(y)
    digits = enough((top, whole), share, DIGITS, lambda a, b: a / b)
    power = written(y, enough((y,), top, digits, math.exp))
    general = rf"\frac{{e^{{{symbol}_{{t,{best + 1}}}}}}}{{\sum_k e^{{{symbol}_{{t,k}}}}}}"
    shown = f"{general} = {written(top, digits)} / {written(whole, digits)} = {written(share)}"
    return f"e^{{{power}}} = {written(top, digits)}", shown


def _symbol_of_output(cut: Anatomy, output: int) -> str:
    return "y_t" if len(cut.readout[1]) == 1 else f"y_{{t,{output + 1}}}"


def _rnn(cut: Anatomy, v: Numbers) -> list[Equation]:
    phi = FUNCTIONS[cut.spec.activation][0]
    general = rf"h_t = {phi}(W_{{ih}} x_t + b_{{ih}} + W_{{hh}} h_{{t-1}} + b_{{hh}})"
    return [Equation("h", _TITLES["h"], general, _squashed("h", cut.spec.activation, v))]


def _lstm(cut: Anatomy, v: Numbers) -> list[Equation]:
    gates = [_gate(letter, "tanh" if letter == "g" else "sigmoid", v) for letter in ("f", "i", "g", "o")]
    cell = r"c_t = f_t \odot c_{t-1} + i_t \odot \tilde c_t"
    hidden = r"h_t = o_t \odot \tanh(c_t)"
    return [
        *gates,
        Equation("", "Cell state", cell, (f"c_t = {_mixed(v['f'], v['c0'], v['i'], v['g'], v['c'])}",)),
        Equation("", _TITLES["h"], hidden, (f"h_t = {_shown_cell(v)}",)),
    ]


def _gru(cut: Anatomy, v: Numbers) -> list[Equation]:
    keep, take = (r"(1 - z_t)", "z_t") if cut.z_updates else ("z_t", r"(1 - z_t)")
    hidden = rf"h_t = {keep} \odot h_{{t-1}} + {take} \odot \tilde h_t"
    return [
        _gate("r", "sigmoid", v),
        _gate("z", "sigmoid", v),
        _reset_before(v) if cut.spec.reset == "before" else _reset_after(v),
        Equation("", _TITLES["h"], hidden, (f"h_t = {_blended(v, cut.z_updates)}",)),
    ]


def _gate(letter: str, function: str, v: Numbers) -> Equation:
    phi = FUNCTIONS[function][0]
    w = [f"W_{{i{letter}}} x_t", f"b_{{i{letter}}}", f"W_{{h{letter}}} h_{{t-1}}", f"b_{{h{letter}}}"]
    return Equation(
        letter, _TITLES[letter], f"{_SYMBOLS[letter]} = {phi}({' + '.join(w)})", _squashed(letter, function, v)
    )


def _squashed(letter: str, function: str, v: Numbers) -> tuple[str, str]:
    """The sum before the activation with its four parts, then the activation of it."""
    parts = [(v[f"{letter}_x"], f"W_{{i{letter}}} x_t"), (v[f"{letter}_bx"], f"b_{{i{letter}}}"),
             (v[f"{letter}_h"], f"W_{{h{letter}}} h_{{t-1}}"), (v[f"{letter}_bh"], f"b_{{h{letter}}}")]  # fmt: skip
    return _activated(letter, function, parts, v[f"a_{letter}"], v[letter])


def _activated(letter: str, function: str, parts: list[tuple[float, str]], a: float, result: float) -> tuple[str, str]:
    phi, rule = FUNCTIONS[function]
    digits = enough((a,), result, DIGITS, rule)
    symbol = f"a_{{{_SYMBOLS[letter].removesuffix('_t')}}}"
    line = f"{symbol} = {_added(parts, a, digits)}"
    return line, f"{_SYMBOLS[letter]} = {phi}({written(a, digits)}) = {written(result)}"


def _added(parts: list[tuple[float, str]], result: float, digits: int) -> str:
    """Terms over their names, and their sum with so many digits."""
    values = [value for value, _ in parts]
    many = enough(values, result, digits, total)
    terms = [
        rf"\underbrace{{{factor(value, many) if n else written(value, many)}}}_{{{name}}}"
        for n, (value, name) in enumerate(parts)
    ]
    return f"{' + '.join(terms)} = {written(result, digits)}"


def _reset_after(v: Numbers) -> Equation:
    general = r"\tilde h_t = \tanh(W_{in} x_t + b_{in} + r_t \odot (W_{hn} h_{t-1} + b_{hn}))"
    p, r = v["product"], v["r"]
    digits = enough((v["a_n"],), v["n"], DIGITS, math.tanh)
    many = enough((v["n_x"], v["n_bx"], v["reset"]), v["a_n"], digits, total)
    more = enough((r, p), v["reset"], many, lambda a, b: a * b)
    first = _added([(v["n_h"], "W_{hn} h_{t-1}"), (v["n_bh"], "b_{hn}")], p, more)
    parts = [(v["n_x"], "W_{in} x_t"), (v["n_bx"], "b_{in}"), (v["reset"], r"r_t \odot p_t")]
    lines = _activated("n", "tanh", parts, v["a_n"], v["n"])
    times = f"r_t p_t = {written(r, more)} \\times {factor(p, more)} = {written(v['reset'], many)}"
    return Equation("n", _TITLES["n"], general, (f"p_t = {first}", times, *lines))


def _reset_before(v: Numbers) -> Equation:
    general = r"\tilde h_t = \tanh(W_{in} x_t + b_{in} + W_{hn} (r_t \odot h_{t-1}) + b_{hn})"
    digits = enough((v["r"], v["h0"]), v["reset"], DIGITS, lambda a, b: a * b)
    own = f"r_t h_{{t-1}} = {written(v['r'], digits)} \\times {factor(v['h0'], digits)} = {written(v['reset'])}"
    parts = [(v["n_x"], "W_{in} x_t"), (v["n_bx"], "b_{in}"),
             (v["n_h"], r"W_{hn} (r_t \odot h_{t-1})"), (v["n_bh"], "b_{hn}")]  # fmt: skip
    return Equation("n", _TITLES["n"], general, (own, *_activated("n", "tanh", parts, v["a_n"], v["n"])))


def _mixed(a: float, b: float, c: float, d: float, result: float) -> str:
    """a × b + c × d, first as products, then as their sum."""
    many = enough((a * b, c * d), result, DIGITS, total)
    digits = enough_for(
        (a, b, c, d),
        (lambda a, b, c, d: a * b, a * b, many),
        (lambda a, b, c, d: c * d, c * d, many),
        (lambda a, b, c, d: a * b + c * d, result, DIGITS),
    )
    products = rf"{written(a, digits)} \times {factor(b, digits)} + {written(c, digits)} \times {factor(d, digits)}"
    return f"{products} = {written(a * b, many)} + {factor(c * d, many)} = {written(result)}"


def _shown_cell(v: Numbers) -> str:
    """o × tanh(c), then with tanh(c) as a number."""
    exact = (lambda o, s: o * v["shown"], v["h"], DIGITS)
    many = enough_for((v["o"], v["shown"]), (lambda o, s: o * s, v["h"], DIGITS), exact)
    gate = round(v["o"], many)
    cell = enough_for((v["c"],), (math.tanh, v["shown"], many), (lambda c: gate * math.tanh(c), v["h"], DIGITS))
    o, c, squashed = written(v["o"], many), written(v["c"], cell), factor(v["shown"], many)
    return rf"{o} \times \tanh({c}) = {o} \times {squashed} = {written(v['h'])}"


def _blended(v: Numbers, z_updates: bool) -> str:
    """The GRU's mixture of h_{t-1} and h̃_t by z and 1 − z."""
    z, before, new = v["z"], v["h0"], v["n"]

    def mixture(z: float, before: float, new: float) -> float:
        return (1 - z) * before + z * new if z_updates else z * before + (1 - z) * new

    many = enough((z, before, new), v["h"], DIGITS, mixture)
    own, rest = written(z, many), f"(1 - {written(z, many)})"
    keep, take = (rest, own) if z_updates else (own, rest)
    return rf"{keep} \times {factor(before, many)} + {take} \times {factor(new, many)} = {written(v['h'])}"


def _all_timed(cut: Anatomy, one: Equation) -> tuple[str, ...]:
    return tuple(_timed(cut, line) for line in one.shown)


def _timed(cut: Anatomy, latex: str) -> str:
    """Read from the end of the sequence, the state before that of step t is that of t + 1."""
    return latex.replace("{t-1}", "{t+1}") if cut.backward else latex
