"""The words of a review as it comes in a file."""

import pytest

from rnnviz.tasks.sentiment.tokens import tokens


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("Wasn't it GREAT?", "wasn't it great ?"),
        ("It’s 5/10", "it's 5 / 10"),
        ("a<br>b<br/>c<!-- <b> no -->d", "a b c d"),
        ("1 < 2 > 0 <3", "1 < 2 > 0 < 3"),
        ("&quot;so&quot; &#39;n&#39; &eacute;", "\" so \" ' n ' é"),
        ("<br />", ""),
        ("  ", ""),
    ],
)
def test_words_of_a_review(text: str, read_as: str) -> None:
    assert tokens(text) == read_as.split()
