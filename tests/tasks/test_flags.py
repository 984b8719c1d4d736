"""Several yes-or-no questions at once: score, words, loss."""

import math

import numpy as np
import pytest
import torch

from rnnviz.nn.models.losses import loss_of, losses_of
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.flags import ranked_right, sigmoid
from rnnviz.tasks.shapes import Flags, Once

OF = Flags(("A", "B", "C"))


def test_the_score_counts_pairs_one_by_one() -> None:
    rng = np.random.default_rng(0)
    outputs, yes = rng.integers(0, 6, 60).astype(float), rng.random(60) < 0.4
    pairs = [(a > b) + 0.5 * (a == b) for a in outputs[yes] for b in outputs[~yes]]
    assert ranked_right(outputs, yes) == pytest.approx(100 * np.mean(pairs))
    assert ranked_right(np.zeros(5), np.arange(5) < 2) == 50 and ranked_right(np.arange(3.0), np.ones(3, bool)) == 50


def test_only_what_is_asked_counts() -> None:
    targets = np.array([[[1, PAD, 0]], [[PAD, 0, PAD]], [[PAD, PAD, PAD]]])
    outputs = np.array([[[2.0, 9.0, -1.0]], [[9.0, 1.0, 9.0]], [[9.0, 9.0, 9.0]]])
    assert OF.score(outputs, targets) == 100.0
    assert OF.words(targets, 0) == ("A+ C−", "B−", "") and OF.answered(outputs, targets, 0) == ("A+ C−", "B+", "")
    judged = OF.judged(outputs[:, 0], targets[:, 0])
    assert judged.said == ["A+ C−", "B+", ""] and judged.right == [True, False, False]
    losses = [(math.log1p(math.exp(-2)) + math.log1p(math.exp(-1))) / 2, math.log1p(math.exp(1)), math.nan]
    np.testing.assert_allclose(judged.loss, losses, rtol=1e-6)
    sure = [float(sigmoid(2.0) * sigmoid(1.0)), float(sigmoid(1.0)), math.nan]
    np.testing.assert_allclose(judged.sure, sure, rtol=1e-6)
    whole = loss_of(OF, torch.tensor(outputs), torch.tensor(targets)).item()
    assert whole == pytest.approx((2 * losses[0] + losses[1]) / 3)
    np.testing.assert_allclose(losses_of(OF, torch.tensor(outputs), torch.tensor(targets)), [*losses[:2], 0.0])


def test_one_answer_at_the_end_may_be_flags_too() -> None:
    outputs, targets = torch.tensor([[2.0, -1.0, 0.5], [0.0, 1.0, -3.0]]), torch.tensor([[1, PAD, 0], [PAD, 1, PAD]])
    (one,) = losses_of(OF, outputs, targets)
    assert one.item() == pytest.approx(loss_of(OF, outputs, targets).item())
    assert Once(OF).described(("A+",), ("A−",), outputs.numpy(), 0.0) == "right: A+, answered: A−"


def test_guessing_gives_every_question_its_share() -> None:
    trained = np.array([[1, PAD, 0], [1, 0, 0], [0, 1, 0]])
    found = OF.guess(trained, np.empty((4, 2, 3)))
    assert found.shape == (4, 2, 3)
    np.testing.assert_allclose(sigmoid(found[0, 0]), [3 / 5, 2 / 4, 1 / 5])
    assert OF.shares(np.zeros(3), 1) == (("A", 0.5), ("B", 0.5), ("C", 0.5)) and OF.said == "3 probabilities"
