"""The text of a file that somebody brings: in which encoding, and of one that is too long its beginning."""

from typing import NamedTuple

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.tables import encoding as encodings
from rnnviz.tables import report

FIELD = "text"
_MOST_DAMAGED = 10  # one character in so many may be damaged


class Brought(NamedTuple):
    """A text that somebody brings.

    encoding: one of `encoding.ENCODINGS`.
    unread:   how many of its characters could not be read.
    cut:      whether this is the beginning of a longer one.
    """

    text: str
    encoding: str
    unread: int = 0
    cut: bool = False

    @property
    def said(self) -> str:
        """What is out of the ordinary, in sentences; "" for nothing."""
        said = [f"Too long: its first {len(self.text):,} characters are used."] * self.cut
        said += report.of_file({"unread": self.unread})
        return " ".join(said + report.of_encoding(self.encoding))


def brought(data: bytes, encoding: str | None = None) -> Brought:
    """The text of a file: in UTF-8, or UTF-16, or in the likeliest of others, unless one is chosen.

    Of one that is too long the beginning, up to the end of a line where there is one.

    Raises:
        ExperimentError: it is empty or no text.
    """
    if not data:
        raise ExperimentError(FIELD, "a file that holds text", Words("an empty file"))
    try:
        found = encodings.decoded(data[: limits.LARGEST_UPLOAD], encoding)
    except encodings.BinaryFile as error:
        raise ExperimentError(FIELD, "a plain text file", Words(error)) from None
    if encoding is None and _MOST_DAMAGED * found.unread > len(found.text):
        raise ExperimentError(FIELD, "a plain text file", Words("one whose letters cannot be read"))
    cut = len(data) > limits.LARGEST_UPLOAD or len(found.text) > limits.LONGEST_TEXT
    text = _beginning(found.text) if cut else found.text
    return Brought(text, found.encoding, found.unread, cut)


def _beginning(text: str) -> str:
    end = max(text.rfind(mark, 0, limits.LONGEST_TEXT) for mark in "\n\r")
    return text[: end + 1 if end > 0 else limits.LONGEST_TEXT]
