"""What may be uploaded as a text, and what is said to the rest."""

import pytest

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError
from rnnviz.core.uploads import decoded


@pytest.mark.parametrize("data, text", [
    (b"plain", "plain"),
    ("schön".encode(), "schön"),
    (b"\xef\xbb\xbfwith a mark", "with a mark"),
    ("wide".encode("utf-16"), "wide"),
    (b"\x01\x02<b>\n", "\x01\x02<b>\n"),
])  # fmt: skip
def test_text_is_read(data: bytes, text: str) -> None:
    assert decoded(data) == text


@pytest.mark.parametrize("data, said", [
    (b"", "an empty file"),
    (b"\x89PNG\r\n\x1a\n\x00\x00", "a binary file"),
    (b"\x7fELF\x02\x00", "a binary file"),
    (b"caf\xe9", "not UTF-8 at byte 4"),
    (b"\xff\xfea", "not UTF-8"),
    (b"x" * (limits.LARGEST_UPLOAD + 1), "8.0 MB"),
    (b"x" * (limits.LONGEST_TEXT + 1), "2,000,001"),
])  # fmt: skip
def test_what_is_no_text_is_refused_with_one_sentence(data: bytes, said: str) -> None:
    with pytest.raises(ExperimentError, match=r"^text must be .*; got .*\.$") as refused:
        decoded(data)
    assert said in str(refused.value)
