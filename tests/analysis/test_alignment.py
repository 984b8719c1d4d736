"""Where a decoder looks, in numbers."""

import numpy as np
import pytest

from rnnviz.analysis import alignment

EVEN = np.full((3, 4), 0.25)
BACKWARDS = np.eye(4)[::-1]


def test_entropy_is_zero_on_one_symbol_and_two_bits_on_four():
    assert alignment.entropy(np.eye(4)) == pytest.approx([0, 0, 0, 0])
    assert alignment.entropy(EVEN) == pytest.approx([2, 2, 2])
    assert alignment.entropy(np.zeros((1, 4))) == pytest.approx([0]), "taken away: no weight anywhere"


def test_weight_is_as_spread_as_if_so_many_symbols_shared_it():
    assert alignment.shared_by(EVEN) == pytest.approx(4)
    assert alignment.shared_by(np.eye(4)) == pytest.approx(1)
    assert alignment.shared_by(np.array([[0.5, 0.5, 0, 0], [1.0, 0, 0, 0]])) == pytest.approx(1.5)


def test_where_names_the_symbols_in_the_order_of_the_input():
    row = np.array([0.1, 0.4, 0.05, 0.45])
    found = alignment.where(row, 2)
    assert found.places == (1, 3) and found.shares == pytest.approx((0.4, 0.45))


@pytest.mark.parametrize(
    ("row", "places"),
    [
        ([0.02, 0.96, 0.01, 0.01], (1,)),
        ([0.5, 0.05, 0.41, 0.04], (0, 2)),
        ([0.8, 0.04, 0.04, 0.04, 0.04, 0.04], (0,)),
        ([0.04] * 25, (0,)),
    ],
    ids=["one holds nearly all", "two hold enough", "the others hold little", "all hold little"],
)
def test_where_names_no_more_symbols_than_are_needed(row, places):
    assert alignment.where(np.array(row)).places == places


def test_where_takes_the_mean_over_several_steps():
    found = alignment.where(np.array([[1.0, 0, 0], [0, 0, 1.0]]), 1)
    assert found.places == (0,) and found.shares == (0.5,)


def test_where_of_an_input_shorter_than_asked_holds_everything():
    assert alignment.where(np.array([0.3, 0.7]), 3) == alignment.Focus((0, 1), (0.3, 0.7))


def test_the_antidiagonal_of_what_reads_backwards_holds_all_weight():
    assert alignment.mass_near_antidiagonal(BACKWARDS, 0) == 1
    assert alignment.mass_near_antidiagonal(np.eye(4), 0) == 0


def test_steps_beyond_the_input_have_no_symbol_to_look_at():
    with_end = np.vstack([BACKWARDS, [0.25] * 4])
    assert alignment.mass_near_antidiagonal(with_end) == 1


def test_evenly_spread_weight_has_its_share_of_the_band():
    assert alignment.even_near_antidiagonal((4, 4), 1) == pytest.approx((2 + 3 + 3 + 2) / 16)
    assert alignment.even_near_antidiagonal((5, 4), 0) == pytest.approx(0.25)


def test_agreement_counts_the_steps_whose_symbol_is_looked_at_most():
    assert alignment.peak(BACKWARDS).tolist() == [3, 2, 1, 0]
    assert alignment.agree(BACKWARDS, tuple("abcd"), tuple("dcxa")) == 3
