"""Reading a word by hand: the worked example of lecture 002, and torch's own layer on any other."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given

from rnnviz import byhand
from tests.byhand.hands import hands


def test_hello_comes_out_to_six_digits():
    first, second, *_ = byhand.forward(byhand.hello()).steps
    assert [f"{v:.6f}" for v in first.h] == ["0.693168", "0.899554", "0.802119"]
    assert [f"{v:.6f}" for v in second.h] == ["0.936534", "0.949104", "0.762341"]
    assert [f"{v:.6f}" for v in second.y] == ["1.906077", "1.137791", "0.956660", "1.274226"]
    np.testing.assert_allclose(second.p, [0.419747, 0.194682, 0.162429, 0.223141], atol=1.5e-6)  # see `hello`
    assert (second.letter, second.said, second.target) == ("e", "h", "l") and not second.right


def test_hello_has_the_numbers_that_the_lecture_prints():
    hand = byhand.hello()
    assert np.round(hand.W_hy[:, 0], 5).tolist() == [0.37168, 0.39141, 0.64985, 0.91266]
    assert hand.W_hy[:, 1].tolist() == [0.974829459, 0.282585823, 0.09821557, 0.32581642]
    assert hand.W_xh[0].tolist() == [0.287027, 0.84606, 0.572392, 0.486813]
    np.testing.assert_array_equal(hand.W_hh, np.diag([0.427043] * 3))
    assert set(hand.b_h) == {0.567001} and not hand.b_y.any() and not hand.h_0.any()
    assert (hand.vocabulary, hand.read, hand.targets) == ("helo", "hell", "ello")


@given(hands())
def test_states_are_those_of_the_equations_in_torch(hand):
    act = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid}[hand.activation]
    W_xh, W_hh, b_h, state, W_hy, b_y = (torch.tensor(getattr(hand, name)) for name in byhand.PARTS)
    read = byhand.forward(hand)
    for step in read.steps:
        state = act(W_xh @ torch.tensor(step.x) + W_hh @ state + b_h)
        y = W_hy @ state + b_y
        right = torch.tensor(hand.vocabulary.index(step.target))
        np.testing.assert_allclose(step.h, state, atol=1e-12)
        np.testing.assert_allclose(step.p, torch.softmax(y, 0), atol=1e-12)
        assert step.p.sum() == pytest.approx(1.0, abs=1e-12)
        assert step.loss == pytest.approx(float(torch.nn.functional.cross_entropy(y, right)), abs=1e-12)
        assert step.said == hand.vocabulary[int(y.argmax())]
    assert read.loss == pytest.approx(sum(step.loss for step in read.steps))


@given(hands())
def test_what_is_read_and_wanted_is_the_word(hand):
    steps = byhand.forward(hand).steps
    assert "".join(step.letter for step in steps) == hand.word[:-1]
    assert "".join(step.target for step in steps) == hand.word[1:]
    np.testing.assert_array_equal(steps[0].before, hand.h_0)
    for one, other in itertools.pairwise(steps):
        np.testing.assert_array_equal(other.before, one.h)


@pytest.mark.parametrize("activation", byhand.ACTIVATIONS)
def test_the_largest_numbers_there_may_be_overflow_nothing(activation):
    hand = byhand.zeros("abcdefa", 4, activation)
    for name in byhand.PARTS:
        for place in np.ndindex(getattr(hand, name).shape):
            hand = hand.put(byhand.Entry(name, *place), 1000.0 if sum(place) % 2 else -1000.0)
    with np.errstate(all="raise", under="ignore"):
        read = byhand.forward(hand)
        assert np.isfinite(read.loss)
        assert all(np.isfinite(values).all() for values in byhand.gradient(hand).values())
