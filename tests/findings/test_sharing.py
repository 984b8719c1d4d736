"""Sentences on what the uses of a matrix add to its gradient, each against the numbers it is made of."""

import numpy as np
import pytest

from rnnviz.findings.sharing import fewest, opposed, sharing, small, summed


@pytest.mark.parametrize(
    ("share", "said"),
    [
        ([0.0, 0.02, 0.05, 0.43, 0.5], "The last 2 of 5 time steps give 93 %"),
        ([0.95, 0.05, 0.0], "The first of 3 time steps gives 95 %"),
        ([0.05, 0.0, 0.95], "The last of 3 time steps gives 95 %"),
        ([0.04, 0.46, 0.46, 0.04], "Time steps 2 to 3 of 4 give 92 %"),
        ([0.04, 0.92, 0.04], "Time step 2 of 3 gives 92 %"),
        ([0.46, 0.08, 0.46], "Time steps 1 and 3 of 3 give 92 %"),
        ([0.2] * 5, "All 5 time steps together give 100 %"),
        ([0.12, 0.0] * 8 + [0.04], "8 of the 17 time steps give 96 %"),
    ],
)
def test_the_fewest_steps_that_give_most_of_it_are_named(share: list[float], said: str) -> None:
    found = sharing("W_hh", np.array(share))
    assert found.text == f"{said} of ∂L/∂W_hh."
    assert found.evidence["share"] == pytest.approx(np.array(share)[fewest(np.array(share))].sum())


def test_what_works_against_the_others_is_told() -> None:
    found = sharing("W_hh", np.array([-0.25, 0.25, 1.0]), "output positions")
    assert (
        found.text == "The last of 3 output positions gives 100 % of ∂L/∂W_hh. Other output positions pull back 25 %."
    )
    assert found.evidence["against"] == 0.25
    assert "pull" not in sharing("W_hh", np.array([-0.01, 0.01, 1.0])).text


def test_the_sum_is_told_with_how_exact_it_is() -> None:
    assert summed(20, 3.2e-16) == "All 20 sum to it within 3·10⁻¹⁶."
    assert summed(20, float("nan")) == ""


@pytest.mark.parametrize("share", [[np.nan, np.nan], [np.inf, 0.0]])
def test_no_gradient_has_no_shares(share: list[float]) -> None:
    assert "0 or no number" in sharing("W_hh", np.array(share)).text


@pytest.mark.parametrize(("value", "said"), [(0.0, "0"), (3.2e-16, "3·10⁻¹⁶"), (1e-9, "1·10⁻⁹")])
def test_small_numbers_are_written_as_people_do(value: float, said: str) -> None:
    assert small(value) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [([-0.25, 0.25, 1.0], True), ([0.0, -0.003, 1.003], False), ([0.4, 0.6], False), ([np.nan, np.nan], False)],
)
def test_steps_against_each_other_are_those_that_can_be_seen(share: list[float], said: bool) -> None:
    assert opposed(np.array(share)) is said
