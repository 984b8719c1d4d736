"""Reviews: their verdicts follow from the grammar, and a bag of words does not find them."""

import random

import numpy as np

from rnnviz.tasks import task
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.sentiment import grammar
from rnnviz.tasks.sentiment.task import is_held_out
from rnnviz.tasks.worded import UNKNOWN
from tests.tasks.bag_of_words import score

TASK = task("sentiment")


def test_a_bag_of_words_is_far_from_solving_it():
    """Logistic regression on the counts of words: 55 % of the held-out reviews, where guessing scores 50."""
    assert 50 < score(TASK) < 70


def test_verdicts_do_not_contradict_each_other():
    draw, found = random.Random(5), {}
    for place in range(5_000):
        good = bool(place % 2)
        assert found.setdefault(grammar.review(draw, good), good) == good


def test_reviews_are_three_to_thirty_words_long():
    lengths = (TASK.sentences.inputs != PAD).sum(axis=1)
    assert (lengths.min(), lengths.max()) == (grammar.SHORTEST, grammar.LONGEST) == (3, 30)


def test_either_verdict_is_held_out_equally_often_and_never_trained_on():
    held_out = TASK.held_out()
    assert np.bincount(held_out.targets).tolist() == [TASK.held_out_wanted // 2] * 2
    shown = TASK.sentences.at(np.array([row for _, row in TASK.examples()]))
    texts = {TASK.written(one) for one in (*held_out.inputs.T, *shown)}
    assert all(map(is_held_out, texts))
    trained = TASK.sentences.inputs[TASK.sentences.trained]
    assert not texts & {TASK.written(one) for one in trained}


def test_a_word_that_is_not_known_is_read_as_unknown_and_named():
    text = "Not a GOOD film, though the kazoo wasn't lovely!"
    inputs, tokens = TASK.encode(text)
    assert tokens == ("not", "a", "good", "film", ",", "though", "the", "⟨kazoo⟩", "was", "not", "lovely")
    assert TASK.sentences.words[inputs[7, 0]] == UNKNOWN and TASK.unread(text) == ("kazoo",)
    assert not TASK.unread("not a good film") and TASK.solved(inputs[:, 0]) == ()


def test_only_rare_words_are_read_as_unknown_in_training():
    rng = np.random.default_rng(0)
    batch = TASK.sample(rng, 4_000)
    share = (batch.inputs == TASK.sentences.places[UNKNOWN]).sum() / (batch.inputs != PAD).sum()
    assert 0.001 < share < 0.02
    assert TASK.sentences.replaced[TASK.sentences.places["not"]] == 0
    assert not (TASK.held_out().inputs == TASK.sentences.places[UNKNOWN]).any()
