"""What a hand is made of, what it refuses, what it begins with and how it learns."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz import byhand
from rnnviz.core.errors import ExperimentError
from tests.byhand.hands import WORDS, hands


@pytest.mark.parametrize("word", ["", "a", "abcdefgh", "abcdefg", "a b", "a\nb", "a\x00"])
def test_a_word_that_cannot_be_read_is_refused(word):
    with pytest.raises(ExperimentError, match="word must be 2 to 7 letters without spaces, at most 6"):
        byhand.zeros(word, 2)


@pytest.mark.parametrize("units", [0, 5])
def test_a_layer_that_is_too_wide_or_has_no_unit_is_refused(units):
    with pytest.raises(ExperimentError, match=f"hidden units must be 1 to 4; got {units}"):
        byhand.zeros("hello", units)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1000.5])
def test_a_number_that_is_none_or_too_large_is_refused(value):
    with pytest.raises(ExperimentError, match="W_xh must be made of numbers from −1,000 to 1,000; got"):
        byhand.hello().put(byhand.Entry("W_xh", 0, 0), value)


def test_a_wrong_shape_and_an_unknown_activation_are_refused():
    with pytest.raises(ExperimentError, match=r"W_hy must be of shape \(4, 3\); got \(3, 4\)"):
        dataclasses.replace(byhand.hello(), W_hy=byhand.hello().W_hy.T)
    with pytest.raises(ExperimentError, match="activation must be one of tanh, relu, sigmoid; got 'sine'"):
        dataclasses.replace(byhand.hello(), activation="sine")


def test_one_number_is_changed_in_a_copy():
    before = byhand.hello()
    after = before.put(byhand.Entry("W_hy", 3, 2), 0.5).put(byhand.Entry("b_h", 1), -1.0)
    assert (after.at(byhand.Entry("W_hy", 3, 2)), after.b_h[1]) == (0.5, -1.0)
    assert before.same(byhand.hello()) and not after.same(before)
    with pytest.raises(ValueError, match="read-only"):
        after.W_hy[0, 0] = 1.0


@pytest.mark.parametrize("name", byhand.PRESETS)
def test_every_preset_is_a_hand(name):
    hand = byhand.preset(name, "abcab", 2, "relu", seed=1)
    assert hand.same(byhand.preset(name, "abcab", 2, "relu", seed=1))
    assert hand.word == ("hello" if name == "hello" else "abcab")
    assert np.isfinite(byhand.forward(hand).loss)
    if name == "identity":
        np.testing.assert_array_equal(hand.W_hh, np.eye(2))
    if name == "zeros":
        assert byhand.forward(hand).loss == pytest.approx(4 * np.log(3))


@given(hands(), WORDS, st.integers(1, 4))
def test_what_two_sizes_have_in_common_keeps_its_numbers(hand, word, units):
    new = byhand.resized(hand, word, units)
    assert (new.word, new.units, new.activation) == (word, units, hand.activation)
    for i in range(min(units, hand.units)):
        assert (new.b_h[i], new.h_0[i]) == (hand.b_h[i], hand.h_0[i])
        for letter in set(word) & set(hand.word):
            to, of = new.vocabulary.index(letter), hand.vocabulary.index(letter)
            assert new.W_xh[i, to] == hand.W_xh[i, of] and new.W_hy[to, i] == hand.W_hy[of, i]
            assert new.b_y[to] == hand.b_y[of]
    assert byhand.resized(hand, hand.word, hand.units).same(hand)


def test_a_step_downhill_is_every_number_minus_rate_times_gradient():
    hand = byhand.hello()
    after, slopes = byhand.downhill(hand, 0.1), byhand.gradient(hand)
    for name in byhand.LEARNED:
        np.testing.assert_allclose(getattr(after, name), getattr(hand, name) - 0.1 * slopes[name], atol=1e-15)
    assert byhand.forward(after).loss < byhand.forward(hand).loss
    np.testing.assert_array_equal(after.h_0, hand.h_0)


def test_a_hundred_steps_teach_hello():
    hand = byhand.hello()
    for _ in range(100):
        hand = byhand.downhill(hand, 0.3)
    read = byhand.forward(hand)
    assert read.right == 4 and "".join(step.said for step in read.steps) == "ello"


def test_a_step_too_far_is_refused_with_a_sentence():
    with pytest.raises(ExperimentError, match="must be made of numbers from −1,000 to 1,000"):
        byhand.downhill(byhand.hello(), 1e6)
