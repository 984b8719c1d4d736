"""Patterns in a text, and the units that follow them."""

import numpy as np
import pytest

from rnnviz.analysis.patterns import PATTERNS, followers, most_alike, passages
from rnnviz.core.errors import ExperimentError

TEXT = 'def f(a, "b c"):\n    return [a, (1)]  # don\'t\nX'


def found(name: str) -> list[str]:
    """The characters on which a pattern is there."""
    return [one for one, there in zip(TEXT, PATTERNS[name].find(TEXT), strict=True) if there]


@pytest.mark.parametrize(
    ("name", "on"),
    [
        ("quotes", '"b c"'),
        ("brackets", '(a, "b c"[a, (1)'),
        ("comment", "# don't"),
        ("capitals", "X"),
        ("digits", "1"),
    ],
)
def test_a_pattern_is_where_it_is(name: str, on: str) -> None:
    assert "".join(found(name)) == on


def test_patterns_of_numbers_count() -> None:
    lines = TEXT.split("\n")
    assert PATTERNS["depth"].find(TEXT).max() == 2
    assert PATTERNS["position"].find(TEXT).tolist() == [place for line in lines for place in range(len(line) + 1)][:-1]
    assert set(PATTERNS["indent"].find(TEXT).tolist()) == {0.0, 4.0}
    assert PATTERNS["length"].find(TEXT)[0] == len(lines[0])


@pytest.mark.parametrize("text", ["", "\n", '"', "'''", "((((", "\n\n  \n", "«a»"])
@pytest.mark.parametrize("name", PATTERNS)
def test_odd_texts_have_a_value_for_each_character(name: str, text: str) -> None:
    assert PATTERNS[name].find(text).shape == (len(text),)


def test_the_unit_that_follows_is_found() -> None:
    wanted = PATTERNS["quotes"].find(TEXT)
    rng = np.random.default_rng(0)
    states = rng.normal(size=(len(TEXT), 5))
    states[:, 3] = -wanted + 0.01 * states[:, 3]
    best = followers(states, wanted, True)[0]
    assert (best.unit, best.right) == (3, 1.0) and best.r < -0.9
    assert followers(states, np.zeros(len(TEXT)), True) == []
    numbers = PATTERNS["position"].find(TEXT)
    states[:, 1] = numbers
    assert followers(states, numbers, False)[0].unit == 1 and np.isnan(followers(states, numbers, False)[0].right)


def test_a_unit_that_never_changes_tells_nothing() -> None:
    (only,) = followers(np.ones((len(TEXT), 1)), PATTERNS["quotes"].find(TEXT), True)
    assert (only.r, only.right) == (0.0, 0.5)


def test_passages_are_found_each_time_and_named_if_they_are_nowhere() -> None:
    assert passages("abcabab", "ab").tolist() == [1, 1, 0, 1, 1, 1, 1]
    for passage in ("", "zz", "a" * 201):
        with pytest.raises(ExperimentError, match="passage must be 1 to 200 characters that stand in the text"):
            passages("abcabab", passage)


def test_the_most_alike_places_are_apart() -> None:
    turns = np.arange(100) / 10 * 2 * np.pi
    states = np.stack([np.cos(turns), np.sin(turns)], 1)
    alike = most_alike(states, 50, most=4)
    assert {one.at % 10 for one in alike} == {0} and all(one.cosine > 0.999 for one in alike)
    assert 50 not in [one.at for one in alike] and len({one.at for one in alike}) == 4
