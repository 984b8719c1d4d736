"""The equations with their numbers put in, as text: so that a reader can check each with a pocket calculator.

Numbers that were computed have six digits after the point, weights as many of the six as they need. Terms that are 0
because the weight or the entry of a one-hot vector is 0 are left out.
"""

import numpy as np

from rnnviz.byhand.backward import BackStep
from rnnviz.byhand.forward import Step
from rnnviz.byhand.hand import Hand
from rnnviz.core.sums import bracketed, six, summed

_FUNCTIONS = {"tanh": "tanh", "relu": "max", "sigmoid": "σ"}
_LARGEST_EXPONENT = 20.0  # e to more than that is no longer a number to look at


def state(hand: Hand, step: Step, unit: int) -> tuple[str, str]:
    """How a unit comes to its pre-activation, and from that to its state."""
    read = hand.vocabulary.index(step.letter)
    terms = [(float(hand.W_xh[unit, read]), "1")]
    terms += [(float(w), six(h)) for w, h in zip(hand.W_hh[unit], step.before, strict=True)]
    a, h = float(step.a[unit]), six(step.h[unit])
    inside = f"0, {six(a)}" if hand.activation == "relu" else six(a)
    made = f"{_FUNCTIONS[hand.activation]}({inside})"
    return f"a = {summed(terms, float(hand.b_h[unit]))} = {six(a)}", f"h = {made} = {h}"


def answer(hand: Hand, step: Step, letter: int) -> str:
    """How a letter comes to its y."""
    terms = [(float(w), six(h)) for w, h in zip(hand.W_hy[letter], step.h, strict=True)]
    return f"y = {summed(terms, float(hand.b_y[letter]))} = {six(step.y[letter])}"


def chance(step: Step, letter: int) -> str:
    """How a letter's y becomes its probability. Where e^y is too large to look at, all y are first lowered alike."""
    top = float(step.y.max())
    lowered = 0.0 if abs(top) < _LARGEST_EXPONENT else top
    whole = float(np.exp(step.y - lowered).sum())
    y = bracketed(six(step.y[letter])) if not lowered else f"({six(step.y[letter])} − {bracketed(six(top))})"
    return f"p = e^{y} / {six(whole)} = {six(step.p[letter])}"


def loss(step: Step) -> str:
    """The loss of a step."""
    return f"−ln p({step.target}) = −ln {six(float(step.wanted @ step.p))} = {six(step.loss)}"


def blame(hand: Hand, step: Step, behind: BackStep, later: BackStep | None, unit: int) -> list[tuple[str, str]]:
    """How a unit comes to its δ: what each line is, and the line.

    later: the step after it; None at the last.
    """
    answers = [(float(w), six(e)) for w, e in zip(hand.W_hy[:, unit], behind.dy, strict=True)]
    from_answer, dh = six(behind.from_answer[unit]), six(behind.dh[unit])
    lines = [("from its own loss: W_hyᵀ (p − target)", f"{summed(answers)} = {from_answer}")]
    if later is None:
        lines.append(("from later losses", "0: there is no later time step"))
    else:
        errors = [(float(w), six(e)) for w, e in zip(hand.W_hh[:, unit], later.delta, strict=True)]
        lines.append(
            ("from later losses: W_hhᵀ δ of the next time step", f"{summed(errors)} = {six(behind.from_later[unit])}")
        )
    lines.append(("∂L/∂h, their sum", f"{from_answer} {_signed(behind.from_later[unit])} = {dh}"))
    lines.append((f"φ′ of {hand.activation}", _slope(hand, step, behind, unit)))
    lines.append(("δ = φ′ · ∂L/∂h", f"{six(behind.slope[unit])}·{bracketed(dh)} = {six(behind.delta[unit])}"))
    return lines


def _slope(hand: Hand, step: Step, behind: BackStep, unit: int) -> str:
    h, slope = six(step.h[unit]), six(behind.slope[unit])
    if hand.activation == "relu":
        return f"{slope}, as h is {'above 0' if step.h[unit] > 0 else '0'}"
    if hand.activation == "sigmoid":
        return f"h·(1 − h) = {h}·(1 − {h}) = {slope}"
    return f"1 − h² = 1 − {bracketed(h)}² = {slope}"


def _signed(value: float) -> str:
    return f"{'−' if value < 0 else '+'} {six(abs(value))}"
