"""Back through time by hand: equal to autograd, and every sum adds up."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings

from rnnviz import byhand
from tests.byhand.hands import hands, places


def autograd(hand, losses=slice(None)):
    """Gradients by torch, of the losses of some of the steps."""
    act = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid}[hand.activation]
    parts = {name: torch.tensor(getattr(hand, name), requires_grad=True) for name in byhand.PARTS}
    state, found = parts["h_0"], []
    for letter, target in zip(hand.read, hand.targets, strict=True):
        x = torch.tensor([float(letter == other) for other in hand.vocabulary], dtype=torch.float64)
        state = act(parts["W_xh"] @ x + parts["W_hh"] @ state + parts["b_h"])
        y = parts["W_hy"] @ state + parts["b_y"]
        found.append(torch.nn.functional.cross_entropy(y, torch.tensor(hand.vocabulary.index(target))))
    sum(found[losses]).backward()
    return {name: parts[name].grad.numpy() for name in byhand.LEARNED if parts[name].grad is not None}


@given(hands())
def test_gradients_are_those_of_autograd(hand):
    found, wanted = byhand.gradient(hand), autograd(hand)
    assert tuple(found) == byhand.LEARNED
    for name in byhand.LEARNED:
        np.testing.assert_allclose(found[name], wanted[name], atol=1e-10)


@given(hands())
def test_what_the_time_steps_contribute_sums_to_the_gradient(hand):
    read = byhand.forward(hand)
    back = byhand.backward(hand, read)
    whole = byhand.gradient(hand)
    for name in byhand.LEARNED:
        for place in places(hand, name):
            parts = byhand.contributions(read, back, place)
            assert len(parts) == len(read.steps)
            at = (place.row, place.column)[: whole[name].ndim]
            assert sum(part.value for part in parts) == pytest.approx(whole[name][at], abs=1e-12)
            for part in parts:
                assert sum(part.shares) == pytest.approx(part.value, abs=1e-12)


@settings(max_examples=30)
@given(hands())
def test_the_share_of_one_loss_is_its_own_gradient(hand):
    read = byhand.forward(hand)
    back = byhand.backward(hand, read)
    for s in range(len(read.steps)):
        wanted = autograd(hand, slice(s, s + 1))
        for name in byhand.LEARNED:
            for place in places(hand, name):
                parts = byhand.contributions(read, back, place)
                at = (place.row, place.column)[: wanted[name].ndim]
                assert sum(part.shares[s] for part in parts) == pytest.approx(wanted[name][at], abs=1e-10)
                assert not any(part.shares[s] for part in parts[s + 1 :]), "no loss reaches a later step"


@given(hands())
def test_errors_are_made_of_what_the_page_says(hand):
    read = byhand.forward(hand)
    back = byhand.backward(hand, read)
    for t, (step, behind) in enumerate(zip(read.steps, back.steps, strict=True)):
        np.testing.assert_allclose(behind.dy, step.p - step.wanted, atol=1e-15)
        np.testing.assert_allclose(behind.from_answer, hand.W_hy.T @ behind.dy, atol=1e-12)
        later = hand.W_hh.T @ back.steps[t + 1].delta if t + 1 < len(back.steps) else np.zeros(hand.units)
        np.testing.assert_allclose(behind.from_later, later, atol=1e-12)
        np.testing.assert_allclose(back.by_loss[:, t].sum(0), behind.delta, atol=1e-12)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_nudging_a_weight_measures_its_gradient(activation):
    hand = byhand.random("hello", 3, activation, seed=4)
    whole = byhand.gradient(hand)
    for name in byhand.LEARNED:
        for place in places(hand, name):
            at = (place.row, place.column)[: whole[name].ndim]
            assert byhand.nudge(hand, place).slope == pytest.approx(whole[name][at], abs=1e-8)


def test_the_first_state_is_not_learned():
    read = byhand.forward(byhand.hello())
    with pytest.raises(ValueError, match="part must be one of W_xh, W_hh, b_h, W_hy, b_y; got h_0"):
        byhand.contributions(read, byhand.backward(byhand.hello(), read), byhand.Entry("h_0", 0))
