"""Next words: what is asked of sentences and of running text, what is guessed, and what is refused."""

from typing import Any

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError
from rnnviz.tasks.autocomplete import Autocomplete, running
from rnnviz.tasks.autocomplete.task import is_held_out
from rnnviz.tasks.batch import PAD
from tests.support.tasks import task
from tests.tasks.every import STORY


def made(**params: Any) -> Autocomplete:
    found = task("autocomplete", **params)
    assert isinstance(found, Autocomplete)
    return found


TASK = made()


def test_the_next_word_is_asked_up_to_the_end_of_the_sentence() -> None:
    batch = TASK.sample(np.random.default_rng(0), 50)
    known = batch.inputs[1:] > 0
    np.testing.assert_array_equal(batch.targets[:-1][known], batch.inputs[1:][known])
    ends = batch.targets[batch.lengths - 1, np.arange(50)]
    assert {TASK.classes[place] for place in ends} == {"."} == {TASK.classes[place] for place in batch.inputs[0]}


def test_held_out_sentences_are_never_trained_on() -> None:
    texts = {TASK.written(one) for one in (*TASK.held_out().inputs.T, *TASK.probes().batch.inputs.T)}
    assert all(map(is_held_out, texts))
    assert not texts & {TASK.written(one) for one in TASK.sentences.inputs[TASK.sentences.trained]}


def test_the_word_that_most_often_follows_is_guessed() -> None:
    assert TASK.classes[TASK.followers[TASK.sentences.places["grew"]]] == "up"
    held_out = TASK.held_out()
    said = TASK.guess(held_out).argmax(-1)
    np.testing.assert_array_equal(said[held_out.inputs != PAD], TASK.followers[held_out.inputs[held_out.inputs != PAD]])


def test_who_knows_the_grammar_is_right_at_every_word_decided_far_back_and_guessing_at_few() -> None:
    held_out = TASK.held_out()
    marked = TASK.marked(held_out)
    assert marked is not None and marked.sum() == held_out.size
    chances = TASK.chances(held_out)
    np.testing.assert_allclose(chances.sum(-1)[held_out.targets != PAD], 1.0, atol=1e-5)
    assert (chances.argmax(-1) == held_out.targets)[marked].all()
    assert (TASK.guess(held_out).argmax(-1) == held_out.targets)[marked].mean() < 0.25


def test_of_running_text_every_stretch_is_learned_and_the_end_held_out() -> None:
    chosen = made(corpus="own", text=STORY, length=6)
    words = running.tokens(chosen.text)
    assert words[:7] == ["the", "cat", "sat", "on", "the", "mat", ","]
    sentences = chosen.sentences
    for row in (0, 40):
        stretch = [sentences.words[place] for place in (*sentences.inputs[row], sentences.targets[row][-1])]
        assert stretch == words[row : row + 7]
    split = len(words) - len(words) // 10
    assert sentences.trained[-1] + 6 < split == sentences.held_out[0] and sentences.held_out[-1] + 6 == len(words) - 1
    assert chosen.marked(chosen.held_out()) is None and chosen.best is None and chosen.brought


def test_rare_words_share_one_symbol_that_is_never_asked() -> None:
    chosen = made(corpus="manual", vocabulary=50)
    assert chosen.input_size == 51 == chosen.output_size
    batch = chosen.held_out()
    assert (batch.targets[:-1][batch.inputs[1:] == 0] == PAD).all() and (batch.targets != 0).all()
    assert chosen.guess(batch).argmax(-1).min() > 0
    assert "The 50 most frequent are told apart" in chosen.summary and chosen.summary in chosen.asks


def test_prose_of_the_manual_is_prose() -> None:
    text = running.manual()
    assert len(running.tokens(text)) > 20_000
    assert all(line.endswith(".") for line in text.splitlines())


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"text": STORY}, "text must be left out unless the corpus is own"),
        ({"corpus": "own"}, "text must be at least two different characters"),
        ({"corpus": "own", "text": "too short a text"}, "text must be at least 210 words and signs long, .*; got 4"),
        ({"corpus": "own", "text": "ha! " * 500}, "text must be made of at least three different words"),
        ({"length": 30}, "length must be 20 for the sentences of the grammar; got 30"),
        ({"vocabulary": 30}, "vocabulary must be 400 for the sentences of the grammar"),
        ({"corpus": "manual", "vocabulary": limits.MOST_SUGGESTED + 1}, "vocabulary must be .* to 1,000"),
    ],
)
def test_what_cannot_be_learned_is_refused_in_a_sentence(params: dict[str, Any], message: str) -> None:
    with pytest.raises(ExperimentError, match=message):
        made(**params)


def rare(count: int) -> str:
    """Words that come once each."""
    return " ".join("word" + "".join(chr(97 + int(digit)) for digit in f"{number:04}") for number in range(count))


OFTEN = " ".join(["the cat sat on a mat and dog ran by it far away over blue hills too soon now yes"] * 9)


@pytest.mark.parametrize(
    ("text", "where"),
    [(f"{OFTEN * 9} {rare(250)}", "in"), (f"{rare(1_700)} {OFTEN}", "before")],
)
def test_a_text_of_which_nothing_is_asked_on_one_side_is_refused(text: str, where: str) -> None:
    match = f"text must be one of whose 20 most frequent words .vocabulary. some come {where} its last tenth, .* none"
    chosen = made(corpus="own", text=text, vocabulary=20)
    with pytest.raises(ExperimentError, match=match):
        rv.Experiment(chosen, (rv.ModelSpec("rnn", 4),)).checked()


def test_stretches_in_which_nothing_is_asked_are_neither_trained_on_nor_held_out() -> None:
    chosen = made(corpus="own", text=f"{OFTEN * 9} {rare(120)} {OFTEN[:90]} {rare(60)}", vocabulary=20, length=5)
    assert np.isfinite(chosen.score(chosen.guess(chosen.held_out()), chosen.held_out().targets))
    for rows in (chosen.sentences.trained, chosen.sentences.held_out):
        assert len(rows) and (chosen.sentences.targets[rows] != PAD).any(axis=1).all()


@pytest.mark.parametrize(
    ("text", "words", "letters"),
    [
        ("", ".", ""),
        ("I", ".", "i"),
        ("I was ", ". i was", ""),
        ("I was born,", ". i was born ,", ""),
        ("don't sto", ". don't", "sto"),
        (". the", ".", "the"),
    ],
)
def test_what_is_typed_is_words_that_are_complete_and_letters_of_one(text: str, words: str, letters: str) -> None:
    assert TASK.begun(text) == (words, letters)


def test_too_much_typed_is_refused() -> None:
    with pytest.raises(ExperimentError, match="input must be 1 to 400 words; got 401 words"):
        TASK.begun("a " * 400)
    for read in (TASK.begun, TASK.encode):
        with pytest.raises(ExperimentError, match=r"input must be 1 to 400 words; got 10,00[01] words"):
            read("a " * 10_000)
    assert TASK.split("x" * 17_000 + " station")[-1] == "station"


def test_candidates_begin_with_the_letters_and_the_symbol_for_unknown_words_is_none() -> None:
    chances = np.arange(TASK.output_size)[::-1] / 1e4
    assert TASK.candidates(chances, "", 2)[0][0] == TASK.classes[1]
    assert [word for word, _ in TASK.candidates(chances, "ital", 3)] == ["italian", "italy"]
    assert TASK.candidates(chances, "xyz", 3) == []


def test_the_next_word_of_a_typed_sentence_is_known_to_the_grammar_alone() -> None:
    known = TASK.known(TASK.encode("i grew up in spain , so we speak")[0][:, 0])
    assert max(known, key=known.__getitem__) == "spanish" and known["spanish"] == pytest.approx(1.0)
    again = TASK.known(TASK.encode("the key is old . i grew up in")[0][:, 0])
    assert set(again) == {"germany", "italy", "france", "spain"}
    assert not TASK.known(TASK.encode("a kazoo")[0][:, 0])
    running_text = made(corpus="manual")
    assert not running_text.known(running_text.encode("the value")[0][:, 0])
    assert TASK.unread("I saw a kazoo") == ("saw", "kazoo")
