"""Letters backwards and in order, checked with what Python says; and which of them are held out."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.tasks.batch import length_of
from rnnviz.tasks.letters.letters import is_held_out
from tests.support.tasks import task

ANSWERS: dict[str, Callable[[str], str]] = {
    "reverse": lambda text: text[::-1],
    "sort": lambda text: "".join(sorted(text)),
}
both = pytest.mark.parametrize("name", ANSWERS)


@both
@given(length=st.integers(2, 60), letters=st.integers(2, 26), seed=st.integers(0, 2**32 - 1))
def test_the_answer_is_right(name: str, length: int, letters: int, seed: int) -> None:
    chosen = task(name, length=length, letters=letters)
    batch = chosen.sample(np.random.default_rng(seed), 5)
    for inputs, targets in zip(batch.inputs.T, batch.targets.T, strict=True):
        text = chosen.spell(inputs)
        assert set(text) <= set(chosen.symbols) and 2 <= len(text) <= length
        assert chosen.write(targets) == ANSWERS[name](text) == chosen.right(inputs)


@both
@given(length=st.integers(2, 60), letters=st.integers(2, 26))
def test_there_is_something_to_train_on_and_something_held_out(name: str, length: int, letters: int) -> None:
    chosen = task(name, length=length, letters=letters)
    assert not is_held_out(chosen.sample(np.random.default_rng(0), 50).inputs).any()
    held_out = chosen.held_out().inputs
    assert is_held_out(held_out).all()
    assert len(np.unique(held_out, axis=1).T) == held_out.shape[1] > 0


@both
def test_all_lengths_are_equally_frequent(name: str) -> None:
    lengths = length_of(task(name).sample(np.random.default_rng(0), 9_000).inputs)
    counts = np.bincount(lengths, minlength=11)
    assert (counts[:2] == 0).all() and (abs(counts[2:] - 1_000) < 120).all()


@both
def test_the_score_by_length_reaches_twice_as_far_as_training(name: str) -> None:
    chosen = task(name)
    test = chosen.length_test()
    lengths = length_of(test.inputs)
    assert set(lengths) == set(range(2, 21)) and np.bincount(lengths)[2:].min() >= 5
    assert chosen.length_trained == 10 and chosen.longest_read >= 20
    trained = lengths <= 10
    assert is_held_out(test.inputs[:, trained]).all()
    assert chosen.lengths[0][0] == 2 and chosen.lengths[-1][1] == 20
    assert all(last + 1 == first for (_, last), (first, _) in itertools.pairwise(chosen.lengths))


@pytest.mark.slow
@both
@given(length=st.integers(2, 60), letters=st.integers(2, 26))
def test_no_group_of_lengths_holds_both_trained_and_longer_ones_and_none_is_empty(
    name: str, length: int, letters: int
) -> None:
    chosen = task(name, length=length, letters=letters)
    tested = length_of(chosen.length_test().inputs)
    assert length in [last for _, last in chosen.lengths] and len(chosen.lengths) <= 11
    assert sum(((tested >= first) & (tested <= last)).any() for first, last in chosen.lengths) == len(chosen.lengths)
    assert all(last + 1 == first for (_, last), (first, _) in itertools.pairwise(chosen.lengths))
    assert chosen.lengths[0][0] == tested.min() and chosen.lengths[-1][1] == tested.max()


def test_about_a_tenth_of_every_length_is_held_out() -> None:
    rng = np.random.default_rng(1)
    for length in (3, 5, 10, 30):
        assert 0.07 < is_held_out(rng.integers(0, 10, (length, 20_000))).mean() < 0.13


def test_letters_may_be_typed_apart() -> None:
    chosen = task("reverse")
    assert chosen.right(chosen.read(" A b, c ")) == "cba"
