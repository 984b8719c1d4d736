"""Sentences on what the uses of a matrix add to its gradient, each against the numbers it is made of."""

import numpy as np
import pytest

from rnnviz.findings.sharing import fewest, sharing, small


@pytest.mark.parametrize(
    ("share", "said"),
    [
        ([0.0, 0.02, 0.05, 0.43, 0.5], "the last 2 of 5 time steps give 93 % of it"),
        ([0.95, 0.05, 0.0], "the first of 3 time steps gives 95 % of it"),
        ([0.05, 0.0, 0.95], "the last of 3 time steps gives 95 % of it"),
        ([0.04, 0.46, 0.46, 0.04], "time steps 2 to 3 of 4 give 92 % of it"),
        ([0.04, 0.92, 0.04], "time step 2 of 3 gives 92 % of it"),
        ([0.46, 0.08, 0.46], "time steps 1 and 3 of 3 give 92 % of it"),
        ([0.2] * 5, "all 5 time steps together give 100 % of it"),
        ([0.12, 0.0] * 8 + [0.04], "8 of the 17 time steps give 96 % of it"),
    ],
)
def test_the_fewest_steps_that_give_most_of_it_are_named(share, said):
    found = sharing("rnn", "W_hh", np.array(share), 3e-16)
    assert said in found.text and f"W_hh is used {len(share)} times" in found.text
    assert "3·10⁻¹⁶" in found.text and found.text.startswith("The RNN")
    assert found.evidence["share"] == pytest.approx(np.array(share)[fewest(np.array(share))].sum())


def test_what_works_against_the_others_is_told():
    found = sharing("gru", "W_hh", np.array([-0.25, 0.25, 1.0]), 0.0)
    assert "the last of 3 time steps gives 100 % of it; 25 % is pulled back by others." in found.text
    assert found.evidence["against"] == 0.25
    assert "pulled" not in sharing("gru", "W_hh", np.array([-0.01, 0.01, 1.0]), 0.0).text


@pytest.mark.parametrize("share", [[np.nan, np.nan], [np.inf, 0.0]])
def test_no_gradient_has_no_shares(share):
    assert "0 or no number" in sharing("lstm", "W_hh", np.array(share), np.nan).text


@pytest.mark.parametrize(("value", "said"), [(0.0, "0"), (3.2e-16, "3·10⁻¹⁶"), (1e-9, "1·10⁻⁹")])
def test_small_numbers_are_written_as_people_do(value, said):
    assert small(value) == said
