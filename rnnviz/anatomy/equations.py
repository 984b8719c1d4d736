"""The equations of a time step with one unit's numbers: those of the cell, of a decoder's attention, of the readout.

Those of a cell stand in its description: see `rnnviz.cells.equations`. Of a decoder with attention, h̄_j are the
encoder's states and ĥ_t is Luong et al. 2015, equation 5.
"""

import dataclasses
import math

import numpy as np

from rnnviz.anatomy.step import Anatomy
from rnnviz.cells.equations import Equation, added
from rnnviz.core.arithmetic import DIGITS, decimal, enough, factor

_LARGEST_POWER = 6.0  # e to a larger one has more digits than can be read
_MOST_PARTS = 3  # of a context that are shown one by one
_SCORES = {
    "additive": r"v^\top \tanh(W_s h_{t-1} + W_h \bar h_j)",
    "dot": r"h_t^\top \bar h_j",
    "general": r"h_t^\top W \bar h_j",
}
_CONTEXT = r"\mathrm{context}_t"


def equations(cut: Anatomy, time: int, unit: int) -> tuple[Equation, ...]:
    """All equations of one time step (from 0) for one unit (from 0), in the order of computation.

    Empty for a cell whose description has no equations.
    """
    cell = cut.spec.kind
    if cell.equations is None:
        return ()
    v = {name: float(values[unit]) for name, values in cut.at(time).items()}
    found = cell.equations(cell.by_letter, v, cut.spec, cut.converted)
    return tuple(
        dataclasses.replace(one, general=_timed(cut, one.general), shown=_all_timed(cut, one)) for one in found
    )


def update(cut: Anatomy, time: int, unit: int) -> tuple[Equation, ...]:
    """Only the equations that make the new state from the old: for a view of several cells."""
    return tuple(
        one
        for one in equations(cut, time, unit)
        if not one.letter or cut.spec.kind.by_letter[one.letter].name == "hidden"
    )


def readout(cut: Anatomy, time: int, output: int) -> Equation:
    """One output of the readout at one time step, from all units."""
    weights, biases = cut.readout
    product, bias = float(weights[output] @ cut.found["read"][time]), float(biases[output])
    y = _symbol_of_output(cut, output)
    state = r"[\overrightarrow h_t, \overleftarrow h_t]" if cut.spec.bidirectional else "h_t"
    state = r"\hat h_t" if cut.combine else state
    shown = added([(product, f"W_{{hy}} {state}"), (bias, "b_y")], product + bias, DIGITS)
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
    product = rf"{decimal(weight, digits)} \times {factor(state, digits)} = {decimal(weight * state)}"
    lines = (
        rf"\alpha_{{t,{first + 1}}} \bar h_{{{first + 1}}} = {product}",
        f"{_CONTEXT} = {added(terms, float(cut.found['context'][time, unit]), DIGITS)}",
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
        rf"a_{{\hat h}} = {added(parts, a, digits)}",
        rf"\hat h_t = \tanh({decimal(a, digits)}) = {decimal(result)}",
    )
    return Equation("", "State and context joined", rf"\hat h_t = \tanh(W_c [h_t, {_CONTEXT}] + b_c)", lines)


def attention(cut: Anatomy, time: int) -> Equation:
    """The largest weight of an output step, from the scores of all encoder states."""
    score = _SCORES[cut.attention or ""]
    general = rf"e_{{t,j}} = {score} \qquad \alpha_{{t,j}} = \frac{{e^{{e_{{t,j}}}}}}{{\sum_k e^{{e_{{t,k}}}}}}"
    scores = cut.found["scores"][time]
    *lines, last = softmax(scores, "e")
    return Equation("", "Attention", general, (*lines, rf"\alpha_{{t,{scores.argmax() + 1}}} = {last}"))


def probability(squashed: str, logits: np.ndarray) -> tuple[str, ...]:
    """How the largest of outputs (outputs,) becomes a probability, by what does it (`Values.squashed`); () if none."""
    return {"softmax": softmax, "sigmoid": _sigmoid}.get(squashed, lambda _logits: ())(logits)


def _sigmoid(logits: np.ndarray) -> tuple[str, ...]:
    best = int(logits.argmax())
    y = float(logits[best])
    share = 0.5 + 0.5 * math.tanh(y / 2)
    digits = enough((y,), share, DIGITS, lambda a: 0.5 + 0.5 * math.tanh(a / 2))
    symbol = f"y_{{t,{best + 1}}}" if len(logits) > 1 else "y_t"
    general = rf"\sigma({symbol}) = \frac{{1}}{{1 + e^{{-{symbol}}}}}"
    return (rf"{general} = \sigma({decimal(y, digits)}) = {decimal(share)}",)


def softmax(logits: np.ndarray, symbol: str = "y") -> tuple[str, ...]:
    """The share of the largest among all (outputs,), line by line as in `Equation.shown`; `symbol` is what they are."""
    best = int(logits.argmax())
    y, others = float(logits[best]), math.fsum(np.exp(logits - logits[best]))
    share = 1 / others
    if not abs(y) < _LARGEST_POWER:
        digits = enough((others,), share, DIGITS, lambda a: 1 / a)
        general = rf"\frac{{1}}{{\sum_k e^{{{symbol}_{{t,k}} - {symbol}_{{t,{best + 1}}}}}}}"
        return (f"{general} = 1 / {decimal(others, digits)} = {decimal(share)}",)
    top, whole = math.exp(y), others * math.exp(y)
    digits = enough((top, whole), share, DIGITS, lambda a, b: a / b)
    power = decimal(y, enough((y,), top, digits, math.exp))
    general = rf"\frac{{e^{{{symbol}_{{t,{best + 1}}}}}}}{{\sum_k e^{{{symbol}_{{t,k}}}}}}"
    shown = f"{general} = {decimal(top, digits)} / {decimal(whole, digits)} = {decimal(share)}"
    return f"e^{{{power}}} = {decimal(top, digits)}", shown


def _symbol_of_output(cut: Anatomy, output: int) -> str:
    return "y_t" if len(cut.readout[1]) == 1 else f"y_{{t,{output + 1}}}"


def _all_timed(cut: Anatomy, one: Equation) -> tuple[str, ...]:
    return tuple(_timed(cut, line) for line in one.shown)


def _timed(cut: Anatomy, latex: str) -> str:
    """Read from the end of the sequence, the state before that of step t is that of t + 1."""
    return latex.replace("{t-1}", "{t+1}") if cut.backward else latex
