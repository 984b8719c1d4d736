"""What can be read from states, against another way to fit and on states that are made to hold or to lose it."""

import numpy as np
import pytest

from rnnviz.analysis import readouts
from rnnviz.analysis.readouts import PENALTY, Span, chance, lags_of, ridge, scores, span, threshold
from rnnviz.tasks.batch import Remembered

SEQUENCES, UNITS = 600, 6
RNG = np.random.default_rng(0)
NUMBERS = Remembered(RNG.random(SEQUENCES), np.zeros(SEQUENCES, np.int64))
LETTERS = Remembered(RNG.integers(0, 4, SEQUENCES), np.zeros(SEQUENCES, np.int64), tuple("ABCD"))


def _noise(lags: int) -> np.ndarray:
    return np.random.default_rng(1).normal(0, 0.3, (lags, SEQUENCES, UNITS)).astype(np.float32)


def _kept(found: Remembered, *lags: int, of: int = 10) -> np.ndarray:
    """States that hold what is to be remembered at these places alone, mixed into noise of other units."""
    states = _noise(of)
    wanted = np.eye(4)[found.values] if found.classes else found.values[:, None]
    states[list(lags), :, : wanted.shape[1]] += 3 * wanted
    return states


def _everywhere(states: np.ndarray) -> np.ndarray:
    return np.ones(states.shape[:2], bool)


def _reference(states: np.ndarray, found: Remembered) -> float:
    """The score of one lag by least squares with the penalty as further rows, and sums written out."""
    wanted = np.eye(4)[found.values] if found.classes else found.values[:, None]
    x, y = states[0::2].astype(np.float64), wanted[0::2]
    centred = np.concatenate([x - x.mean(0), np.sqrt(PENALTY * len(x)) * np.eye(UNITS)])
    weights = np.linalg.lstsq(centred, np.concatenate([y - y.mean(0), np.zeros((UNITS, y.shape[1]))]), rcond=None)[0]
    read = (states[1::2] - x.mean(0)) @ weights + y.mean(0)
    if found.classes:
        return float(np.mean([row.argmax() == right for row, right in zip(read, found.values[1::2], strict=True)]))
    off, spread = read - wanted[1::2], wanted[1::2] - wanted[1::2].mean()
    return 1 - float((off**2).sum() / (spread**2).sum())


@pytest.mark.parametrize("found", [NUMBERS, LETTERS], ids=["numbers", "classes"])
def test_scores_are_those_of_a_reference_fit(found: Remembered) -> None:
    states = _kept(found, 1, 3, of=5) * np.linspace(0.2, 2, UNITS, dtype=np.float32)
    wanted = [_reference(row, found) for row in states]
    np.testing.assert_allclose(scores(states, _everywhere(states), found), wanted, rtol=0, atol=1e-8)


def test_weights_and_offsets_are_those_of_a_reference_fit() -> None:
    states, values = RNG.normal(2, 1, (40, UNITS)), RNG.random((40, 2))
    weights, offsets = ridge(states, values)
    x = np.concatenate([states, np.ones((40, 1))], 1)
    penalty = 40 * PENALTY * np.diag([1.0] * UNITS + [0.0])  # none on the offset
    np.testing.assert_allclose([*weights, offsets], np.linalg.solve(x.T @ x + penalty, x.T @ values), atol=1e-8)


@pytest.mark.parametrize("found", [NUMBERS, LETTERS], ids=["numbers", "classes"])
def test_the_step_at_which_it_is_lost_is_found(found: Remembered) -> None:
    states, lags = _kept(found, 3, 4, 5, 6), np.arange(-3, 7)
    scored = scores(states, _everywhere(states), found)
    assert span(lags, scored, chance(found)) == Span(first=0, last=3, to_end=False, gaps=False)
    np.testing.assert_allclose(scored[:3], chance(found), atol=0.1)  # before it was read
    np.testing.assert_allclose(scored[7:], chance(found), atol=0.1)


@pytest.mark.parametrize("found", [NUMBERS, LETTERS], ids=["numbers", "classes"])
def test_it_is_kept_to_the_end(found: Remembered) -> None:
    states = _kept(found, *range(10))
    scored = scores(states, _everywhere(states), found)
    assert span(np.arange(10), scored, chance(found)) == Span(first=0, last=9, to_end=True, gaps=False)


@pytest.mark.parametrize("found", [NUMBERS, LETTERS], ids=["numbers", "classes"])
@pytest.mark.parametrize("wobble", [0.0, 1e-5])
def test_from_states_that_are_saturated_nothing_can_be_read(found: Remembered, wobble: float) -> None:
    wanted = np.eye(4)[found.values] if found.classes else found.values[:, None]
    states = np.sign(_noise(5)[:, :1]) * np.ones((1, SEQUENCES, 1), np.float32)
    states[..., : wanted.shape[1]] -= wobble * wanted.astype(np.float32)  # as rounding does
    scored = scores(states, _everywhere(states), found)
    np.testing.assert_allclose(scored, chance(found), atol=0.01)
    assert span(np.arange(5), scored, chance(found)) is None


def test_a_lag_that_few_sequences_have_is_not_measured() -> None:
    states = _kept(NUMBERS, *range(10))
    there = _everywhere(states)
    there[8, 63:] = False
    there[9, 64:] = False
    scored = scores(states, there, NUMBERS)
    assert np.isnan(scored).tolist() == [False] * 8 + [True, False]
    wide = np.repeat(states, 8, axis=-1)  # 48 units ask for 96 sequences in each half
    there[9, :191] = True
    assert np.isnan(scores(wide, there, NUMBERS)[9])
    there[9, 191] = True
    assert np.isfinite(scores(wide, there, NUMBERS)[9])


def test_chance_is_the_most_frequent_class_of_the_other_half() -> None:
    found = Remembered(np.array([0, 2, 0, 0, 1, 2, 1, 0]), np.zeros(8, np.int64), tuple("ABC"))
    assert chance(found) == 0.5  # of the 2, 0, 2, 0 that are scored, two are the 0 that is as frequent as 1 and first
    assert chance(NUMBERS) == 0.0
    assert (threshold(0.0), threshold(0.5)) == (0.5, 0.75)


@pytest.mark.parametrize(
    ("length", "since", "wanted"), [(21, 0, (0, 20, 1)), (50, 24, (-8, 49, 1)), (400, 199, (0, 392, 7))]
)
def test_lags_reach_from_before_it_is_read_to_the_end(length: int, since: int, wanted: tuple[int, int, int]) -> None:
    found = Remembered(np.zeros(2), np.array([0, since]))
    lags = lags_of(found, np.array([length, length]))
    assert 0 in lags and len(lags) <= readouts.MOST_LAGS
    assert set(np.diff(lags)) == {wanted[2]}
    assert lags[-1] == (length - 1) // wanted[2] * wanted[2]
    assert lags[0] == -(min(since, readouts.BEFORE) // wanted[2]) * wanted[2]


@pytest.mark.parametrize(
    ("readable", "wanted"),
    [
        ([0, 0, 0, 0, 0], None),
        ([1, 0, 0, 0, 0], Span(0, 0, False, False)),
        ([0, 0, 1, 1, 1], Span(2, 4, True, False)),
        ([1, 0, 1, 1, 0], Span(0, 3, False, False)),  # one lag below the threshold may be chance
        ([1, 0, 0, 1, 1], Span(0, 4, True, True)),
        ([1, 1, 1, np.nan, np.nan], Span(0, 2, True, False)),
        ([np.nan] * 5, None),
    ],
)
def test_from_when_to_when(readable: list[float], wanted: Span | None) -> None:
    assert span(np.arange(5), np.array(readable, float), 0.0) == wanted


def test_what_seems_readable_before_it_was_read_does_not_count() -> None:
    assert span(np.arange(-2, 2), np.array([1.0, 1.0, 0.0, 0.0]), 0.0) is None
