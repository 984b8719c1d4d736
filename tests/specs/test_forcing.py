"""How the probability of teacher forcing falls: the formulas of Bengio et al. 2015, section 2.4, and their ends."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.specs.forcing import LEAST, curve, probability, speed
from rnnviz.specs.models import SCHEDULES, TrainingSpec

STEPS = st.integers(1, 20_000)
FIRST = st.floats(0.0, 1.0)


def training(steps: int = 100, first: float = 1.0, schedule: str | None = None) -> TrainingSpec:
    return TrainingSpec(steps=steps, teacher_forcing=first, schedule=schedule)


@given(STEPS, FIRST, st.floats(0, 1))
def test_each_schedule_is_its_formula(steps: int, first: float, part: float) -> None:
    i = part * steps
    assert probability(training(steps, first), i) == first
    linear = probability(training(steps, first, "linear"), i)
    assert linear == pytest.approx(first * (1 - i / steps), abs=1e-12)
    k = 0.01 ** (1 / steps)
    assert probability(training(steps, first, "exponential"), i) == pytest.approx(first * k**i, rel=1e-9)
    k = speed(steps)
    sigmoid = first * k / (k + math.exp(i / k))
    assert probability(training(steps, first, "inverse_sigmoid"), i) == pytest.approx(sigmoid, rel=1e-9)


@given(STEPS)
def test_the_speed_of_the_inverse_sigmoid_puts_its_half_into_the_middle(steps: int) -> None:
    k = speed(steps)
    assert k >= 1 and k * math.log(k) == pytest.approx(steps / 2, rel=1e-9, abs=1e-9)
    middle = probability(training(steps, 0.8, "inverse_sigmoid"), steps / 2)
    assert middle == pytest.approx(0.4, rel=1e-6)


@given(STEPS, FIRST, st.sampled_from([None, *SCHEDULES]))
def test_it_falls_from_its_first_value_and_stays_a_probability(steps: int, first: float, schedule: str | None) -> None:
    values = [value for _, value in curve(training(steps, first, schedule))]
    assert all(a >= b for a, b in itertools.pairwise(values))
    assert all(0 <= value <= first for value in values)
    assert [step for step, _ in curve(training(steps, first, schedule))][::120] == [0, steps]


@pytest.mark.parametrize("steps", [1, 2, 600, 20_000])
def test_the_ends(steps: int) -> None:
    assert probability(training(steps, 1.0, "linear"), 0) == 1.0
    assert probability(training(steps, 1.0, "linear"), steps) == 0.0
    assert probability(training(steps, 1.0, "exponential"), 0) == 1.0
    assert probability(training(steps, 1.0, "exponential"), steps) == pytest.approx(LEAST)
    first, last = (probability(training(steps, 1.0, "inverse_sigmoid"), at) for at in (0, steps))
    k = speed(steps)
    assert first == pytest.approx(k / (k + 1)) and last == pytest.approx(1 / (1 + k))  # ε(n) = k / (k + k²)
    assert probability(training(steps, 0.3), steps) == 0.3


def test_over_a_long_training_it_starts_near_1_and_ends_near_0() -> None:
    long = training(20_000, 1.0, "inverse_sigmoid")
    assert probability(long, 0) > 0.999 and probability(long, 20_000) < 0.001


@pytest.mark.parametrize("schedule", [None, *SCHEDULES])
def test_without_teacher_forcing_there_is_none_at_any_time(schedule: str | None) -> None:
    assert {value for _, value in curve(training(50, 0.0, schedule))} == {0.0}
