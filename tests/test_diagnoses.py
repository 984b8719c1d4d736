"""What is read off plain arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz import diagnoses
from rnnviz.diagnoses import Fate


@given(factor=st.floats(0.05, 3.0), time=st.integers(2, 60))
def test_the_fate_of_a_gradient_that_changes_evenly(factor: float, time: int) -> None:
    fate = diagnoses.fate(factor ** np.arange(time - 1, -1, -1.0))
    assert fate is not None
    arrives = factor ** (time - 1)
    assert (fate.kind == "vanishing") == (arrives <= 1e-3)
    assert (fate.kind == "exploding") == (arrives > 10)
    if arrives > 1e-25:
        assert fate.factor == pytest.approx(factor, rel=1e-6)


@pytest.mark.parametrize("values", [[1.0], [0.0, 0.0], [np.nan, 1.0], [np.inf, 1.0], [1.0, 0.0]])
def test_no_fate(values: list[float]) -> None:
    assert diagnoses.fate(np.array(values)) is None


def test_a_gradient_that_is_gone_at_once_has_no_factor() -> None:
    assert diagnoses.fate(np.array([0.0, 0.0, 1.0])) is None


def test_what_comes_back_is_judged_by_what_arrives() -> None:
    assert diagnoses.fate(np.array([1.0, 1e-4, 1.0])) == Fate("carrying", pytest.approx(1.0))


@pytest.mark.parametrize(("activation", "value", "slope"), [("tanh", 0.5, 0.75), ("sigmoid", 0.25, 0.1875)])
def test_slopes_by_their_values(activation: str, value: float, slope: float) -> None:
    assert diagnoses.slope(np.array([value]), activation) == pytest.approx([slope])


def test_slope_of_relu() -> None:
    np.testing.assert_array_equal(diagnoses.slope(np.array([0.0, 2.0]), "relu"), [0, 1])
