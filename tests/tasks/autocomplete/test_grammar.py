"""The grammar: what is decided far back, and that its exact filter is exact."""

import random
from collections import Counter, defaultdict

import pytest

from rnnviz.tasks.autocomplete import grammar

DRAW = random.Random(11)
SENTENCES = [grammar.sentence(DRAW) for _ in range(3_000)]


def test_every_sentence_has_one_word_that_is_decided_far_back_and_is_parsed_as_it_was_made() -> None:
    for words, far in SENTENCES:
        assert sum(far) == 1 and words[-1] == grammar.END and grammar.parse(words) == far


@pytest.mark.parametrize("text", ["", "i was born in", "i was born in italy , so i can read french .", "a kazoo ."])
def test_what_the_grammar_does_not_make_is_no_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="no sentence of the grammar"):
        grammar.parse(text.split())


def test_who_has_read_all_before_knows_the_word_and_who_has_read_three_words_does_not() -> None:
    near = defaultdict[tuple[str, ...], Counter[str]](Counter)
    for words, far in SENTENCES:
        at = far.index(True)
        chances = grammar.following(words[:at])
        assert max(chances, key=chances.__getitem__) == words[at]
        near[words[at - 3 : at]][words[at]] += 1
    unsure = [counts for counts in near.values() if len(counts) > 1]
    assert sum(counts.total() for counts in unsure) > 0.7 * len(SENTENCES)


def test_chances_are_those_that_are_counted() -> None:
    """Of all drawn sentences that begin alike, how often each word comes next; within four standard errors."""
    for begin in ((), ("i",), ("the", "keys"), ("i", "was", "born", "in", "italy", ",")):
        chances = grammar.following(begin)
        assert sum(chances.values()) == pytest.approx(1.0)
        counts = Counter(words[len(begin)] for words, _ in SENTENCES if words[: len(begin)] == begin)
        assert set(counts) <= set(chances) and counts.total() > 20
        for word, chance in chances.items():
            error = (chance * (1 - chance) / counts.total()) ** 0.5
            assert abs(counts[word] / counts.total() - chance) <= 4 * error + 1e-9


@pytest.mark.parametrize("text", ["kazoo", "i was born in kazoo", "anna met my parents , so she went home ."])
def test_after_what_is_no_beginning_nothing_is_known(text: str) -> None:
    assert not grammar.following(tuple(text.split()))
