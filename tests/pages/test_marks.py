"""What the escape of foreign text does to it; how a browser shows it is in tests/browser/test_marks.py."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages._ui.widgets.marks import JOINER, escaped


@given(st.text(st.characters(exclude_characters=JOINER)))
def test_nothing_is_lost(text: str) -> None:
    said = re.sub(r"(?<!\\)&#(\d+);", lambda found: chr(int(found[1])), escaped(text))
    assert re.sub(r"\\([^a-zA-Z0-9\s])", r"\1", said).replace(JOINER, "") == text


@pytest.mark.parametrize("text", ["0.3, 0.8*, −1", "models[0].hidden", "12 > 3", "time: 5", "a/b\\c", html.escape("<")])
def test_plain_words_can_be_copied_as_they_are(text: str) -> None:
    assert JOINER not in escaped(text)
