"""What is read off plain arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.analysis import diagnoses
from rnnviz.analysis.diagnoses import Fate


@given(factor=st.floats(0.05, 3.0), time=st.integers(2, 60))
def test_the_fate_of_a_gradient_that_changes_evenly(factor: float, time: int) -> None:
    fate = diagnoses.fate(factor ** np.arange(time - 1, -1, -1.0))
    assert fate is not None
    arrives = factor ** (time - 1)
    assert (fate.kind == "vanishing") == (arrives <= 1e-3)
    assert (fate.kind == "exploding") == (arrives > 10)
    if arrives > 1e-25:
        assert fate.factor == pytest.approx(factor, rel=1e-6) and fate.first is None


@pytest.mark.parametrize(
    ("factor", "time", "kind"),
    [
        (0.5, 50, "vanishing"),
        (0.7, 6, "shrinking"),
        (0.9, 50, "fading"),
        (0.96, 50, "carrying"),
        (1.04, 50, "carrying"),
        (1.3, 6, "growing"),
        (1.17, 50, "exploding"),
    ],
)
def test_what_is_called_carried(factor: float, time: int, kind: str) -> None:
    fate = diagnoses.fate(factor ** np.arange(time - 1, -1, -1.0))
    assert fate is not None and fate.kind == kind


def test_a_factor_that_is_only_an_average_comes_with_that_of_the_first_steps() -> None:
    back = np.concatenate([0.5 ** np.arange(12.0), 0.5**11 * 0.9 ** np.arange(1.0, 30.0)])
    fate = diagnoses.fate(back[::-1])
    assert fate is not None and fate.first == pytest.approx(0.5) and fate.factor > 0.8


@given(
    drop=st.floats(0.02, 0.3),
    factor=st.floats(0.97, 1.03),
    until=st.integers(1, 8),
    noise=st.floats(0, 0.5),
    seed=st.integers(0, 99),
)
def test_what_arrives_is_what_the_factors_lead_to(
    drop: float, factor: float, until: int, noise: float, seed: int
) -> None:
    """A sharp fall at first and then hardly any, as an LSTM has it: one factor for all steps leads elsewhere."""
    steep, flat = drop ** (np.arange(until + 1) / until), drop * factor ** np.arange(1.0, 50 - until)
    back = np.concatenate([steep, flat]) * np.exp(noise * np.random.default_rng(seed).standard_normal(50))
    fate, share = diagnoses.fate(back[::-1]), diagnoses.arriving(back[::-1])
    assert fate is not None
    steps, left = fate.drop or (0, 1.0)
    leads = left * fate.factor ** (47 - steps)  # the middle of the first five of fifty
    assert abs(np.log(leads / share)) <= max(np.log(1.5), -0.15 * np.log(share)) + 1e-6
    if not noise and fate.drop is not None:
        assert steps == until and left == pytest.approx(drop) and fate.factor == pytest.approx(factor)


@pytest.mark.parametrize(("back", "steps"), [([1, 0.1], None), ([1, 0.0], 1), ([2, 2e-3, 1.0, 2e-3], 3)])
def test_how_many_steps_back_a_gradient_is_gone_for_good(back: list[float], steps: int | None) -> None:
    assert diagnoses.gone_at(np.array(back[::-1])) == steps


@pytest.mark.parametrize("values", [[1.0], [0.0, 0.0], [np.nan, 1.0], [np.inf, 1.0], [1.0, 0.0]])
def test_no_fate(values: list[float]) -> None:
    assert diagnoses.fate(np.array(values)) is None


def test_a_gradient_that_is_gone_at_once_has_no_factor() -> None:
    assert diagnoses.fate(np.array([0.0, 0.0, 1.0])) is None


def test_what_comes_back_is_judged_by_what_arrives() -> None:
    assert diagnoses.fate(np.array([1.0, 1e-4, 1.0])) == Fate("carrying", pytest.approx(1.0))  # type: ignore[arg-type]


def test_one_step_that_sticks_out_carries_no_gradient() -> None:
    norms = np.array([0.4, *[0.04] * 48, 1.0])
    assert diagnoses.arriving(norms) == pytest.approx(0.04)
    fate = diagnoses.fate(norms)
    assert fate is not None and fate.kind == "fading"
    assert diagnoses.arriving(norms[:12]) == pytest.approx(10)  # of a short sequence the first step is all there is


@pytest.mark.parametrize(("activation", "value", "slope"), [("tanh", 0.5, 0.75), ("sigmoid", 0.25, 0.1875)])
def test_slopes_by_their_values(activation: str, value: float, slope: float) -> None:
    assert diagnoses.slope(np.array([value]), activation) == pytest.approx([slope])


def test_slope_of_relu() -> None:
    np.testing.assert_array_equal(diagnoses.slope(np.array([0.0, 2.0]), "relu"), [0, 1])
