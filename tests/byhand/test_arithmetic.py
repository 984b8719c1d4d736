"""The written equations: as in the lecture, and right when a machine reads them."""

import re

import numpy as np
import pytest
from hypothesis import given

from rnnviz import byhand
from rnnviz.byhand import Hand, arithmetic
from rnnviz.core import sums
from tests.byhand.hands import hands


def value_of(sum_: str) -> float:
    """What a written sum of products comes to."""
    assert re.fullmatch(r"[0-9.e+−·() -]+", sum_), sum_
    return eval(sum_.replace("−", "-").replace("·", "*"))


def test_the_first_state_of_hello_is_written_as_it_is_calculated() -> None:
    hand = byhand.hello()
    first, second, *_ = byhand.forward(hand).steps
    assert arithmetic.state(hand, first, 0) == (
        "a = 0.287027·1 + 0.427043·0.000000 + 0.567001 = 0.854028",
        "h = tanh(0.854028) = 0.693168",
    )
    assert arithmetic.answer(hand, second, 0) == (
        "y = 0.371683·0.936534 + 0.974829·0.949104 + 0.830035·0.762341 = 1.906077"
    )
    assert arithmetic.chance(second, 2) == "p = e^0.956660 / 16.025441 = 0.162429"
    below = byhand.forward(hand.put(byhand.Entry("b_y", 0), -9.0)).steps[0]
    assert arithmetic.chance(below, 0).startswith("p = e^(−7.199664) / ")
    assert arithmetic.loss(second) == "−ln p(l) = −ln 0.162429 = 1.817517"


@given(hands())
def test_whatever_is_written_comes_to_what_is_written_behind_it(hand: Hand) -> None:
    read = byhand.forward(hand)
    steps = byhand.backward(hand, read).steps
    rounding = 2e-5 * (1 + max(np.abs(step.h).max() for step in read.steps))  # a ReLU knows no bounds
    for t, step in enumerate(read.steps):
        written = [arithmetic.state(hand, step, unit)[0].removeprefix("a = ") for unit in range(hand.units)]
        written += [arithmetic.answer(hand, step, i).removeprefix("y = ") for i in range(len(hand.vocabulary))]
        later = steps[t + 1] if t + 1 < len(steps) else None
        for unit in range(hand.units):
            lines = dict(arithmetic.blame(hand, step, steps[t], later, unit))
            del lines[f"φ′ of {hand.activation}"], lines[next(iter(k for k in lines if k.startswith("from later")))]
            written += lines.values()
        for line in written:
            said, result = line.rsplit(" = ", 1)
            assert value_of(said) == pytest.approx(value_of(result), abs=rounding)


@pytest.mark.parametrize(
    "value, six, short",
    [(0.5, "0.500000", "0.5"), (-0.0, "0.000000", "0"), (-1e-9, "0.000000", "−1e−09"), (3, "3.000000", "3"),
     (-2e-5, "−0.000020", "−2e−05"), (1e9, "1e+09", "1e+09"), (100.0, "100.000000", "100")],
)  # fmt: skip
def test_numbers(value: float, six: str, short: str) -> None:
    assert (sums.six(value), sums.short(value)) == (six, short)


def test_what_is_zero_is_left_out() -> None:
    hand = byhand.zeros("ab", 2)
    (step,) = byhand.forward(hand).steps
    assert arithmetic.state(hand, step, 0) == ("a = 0 = 0.000000", "h = tanh(0.000000) = 0.000000")


def test_powers_too_large_to_look_at_are_lowered_alike() -> None:
    hand = byhand.zeros("ab", 1).put(byhand.Entry("b_y", 0), 900.0).put(byhand.Entry("b_y", 1), 899.0)
    (step,) = byhand.forward(hand).steps
    said = arithmetic.chance(step, 1)
    assert said == f"p = e^(899.000000 − 900.000000) / {1 + np.exp(-1):.6f} = {step.p[1]:.6f}"


@pytest.mark.parametrize("activation, said", [
    ("tanh", "1 − h² = 1 − 0.462117² = 0.786448"), ("relu", "1.000000, as h is above 0"),
    ("sigmoid", "h·(1 − h) = 0.622459·(1 − 0.622459) = 0.235004"),
])  # fmt: skip
def test_the_slope_of_every_activation_is_written(activation: str, said: str) -> None:
    hand = byhand.zeros("ab", 1, activation).put(byhand.Entry("b_h", 0), 0.5)
    read = byhand.forward(hand)
    (behind,) = byhand.backward(hand, read).steps
    lines = dict(arithmetic.blame(hand, read.steps[0], behind, None, 0))
    assert lines[f"φ′ of {activation}"] == said
    assert lines["from later losses"] == "0: there is no later time step"
