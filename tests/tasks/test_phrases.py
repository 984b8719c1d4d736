"""Sentences: their grammar, and that every word of them is learned."""

import re

import numpy as np
import pytest

from rnnviz.tasks.phrases import grammar
from rnnviz.tasks.phrases.task import is_held_out
from tests.support.tasks import task

EVERY = {german: english for kind in grammar.KINDS for german, english in kind()}
NOUNS = {noun.german: noun for noun in grammar.NOUNS.values()}


@pytest.mark.parametrize(("german", "english"), [
    ("bringen sie bitte das auto zurück", "please return the car"),
    ("rufen sie ihn bitte an", "please call him"),
    ("ich möchte morgen ein buch kaufen", "i want to buy a book tomorrow"),
    ("mein bruder möchte heute den brief lesen", "my brother wants to read the letter today"),
    ("er hat gestern den brief geschrieben", "he wrote the letter yesterday"),
    ("wir haben einen apfel gegessen", "we ate an apple"),
    ("ich rufe dich morgen an", "i will call you tomorrow"),
    ("du nimmst heute die tasche mit", "you will take the bag along today"),
    ("er ist traurig weil sie den zug verpasst hat", "he is sad because she missed the train"),
    ("ich weiß dass du uns gestern gesehen hast", "i know that you saw us yesterday"),
])  # fmt: skip
def test_sentences_and_their_translations(german: str, english: str) -> None:
    assert EVERY[german] == english
    chosen = task("phrases")
    assert chosen.right(chosen.read(german)) == english


def test_a_sentence_has_one_translation() -> None:
    pairs = [pair for kind in grammar.KINDS for pair in kind()]
    assert len(pairs) == len(EVERY) > 5_000
    assert all(text == " ".join(text.split()) == text.lower() for pair in pairs for text in pair)


def test_articles_agree_with_their_nouns() -> None:
    gender = {"den": "m", "einen": "m", "das": "n", "ein": "n", "die": "f", "eine": "f"}
    for german, english in EVERY.items():
        for article, noun in re.findall(r"\b(den|einen|das|ein|die|eine) (\w+)", german):
            assert NOUNS[noun].gender == gender[article], german
        for article, noun in re.findall(r"\b(a|an) (\w+)", english):
            assert (article == "an") == (noun[0] in "aeiou"), english
        definite = bool(re.search(r"\b(den|das|die) ", german))
        assert definite == bool(re.search(r"\bthe ", english)), german


def test_verbs_agree_with_who_does_it() -> None:
    have = {"ich": "habe", "du": "hast", "er": "hat", "sie": "hat", "wir": "haben", "bruder": "hat"}
    for german in EVERY:
        words = german.split()
        if words[-1] in have.values():
            who = next(w for w in words[words.index("weil" if "weil" in words else "dass") + 1 :] if w in have)
            assert words[-1] == have[who], german
        elif any(word in have.values() for word in words):
            place = next(i for i, word in enumerate(words) if word in have.values())
            assert words[place] == have[words[place - 1]], german


def test_nobody_does_to_themselves_what_is_done_to_others() -> None:
    for german in EVERY:
        for who, whom in (("ich", "uns"), ("wir", "uns"), ("du", "dich"), ("er", "ihn")):
            clause = re.split(" weil | dass ", german)[-1].split()
            assert not (who in clause and whom in clause), german


def test_a_tenth_is_held_out_and_all_words_are_trained_on() -> None:
    apart = [german for german in EVERY if is_held_out(german)]
    assert 0.09 < len(apart) / len(EVERY) < 0.11
    trained = [german for german in EVERY if not is_held_out(german)]
    chosen = task("phrases")
    assert {word for german in trained for word in german.split()} == set(chosen.symbols)
    assert {word for german in trained for word in EVERY[german].split()} == set(chosen.written_symbols)
    assert max(chosen.input_size, chosen.output_size) <= 120
    assert all(is_held_out(read) for _, read, _ in chosen.examples())


def test_all_kinds_of_sentences_come_equally_often() -> None:
    chosen = task("phrases")
    inputs = chosen.sample(np.random.default_rng(0), 5_000).inputs
    asked = np.mean([chosen.spell(one).split()[1] == "sie" for one in inputs.T])
    assert abs(asked - 1 / 5) < 0.03


def test_capitals_and_punctuation_are_read() -> None:
    chosen = task("phrases")
    typed = chosen.read("Ich weiß, dass er den Zug verpasst hat.")
    assert chosen.right(typed) == "i know that he missed the train"
    assert chosen.right(chosen.read("zug zug")) == ""
