"""A CSV file with two columns that anyone may have written: read, cleaned, written again in one canonical form."""

import csv
import functools
import io
import unicodedata
from typing import NamedTuple

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.tasks import corpora

DELIMITERS = "\t;,"  # among equals the first
HEADERS = (("input", "output"), ("source", "target"))
ALLOWED = "rows of two columns, input and output, parted by a comma, a semicolon or a tab"
_LONGEST_COMPOSED = 300  # characters of a cell; composing takes time that grows with the square of a hostile text
_LOOKED_AT = 200_000  # characters, to find out what parts the columns


class Row(NamedTuple):
    """Both sides as they are learned; one of them may be empty."""

    read: str
    written: str


@functools.lru_cache(maxsize=3)  # a long text takes half a second, and a page asks at every click
def cleaned(text: str) -> str:
    """A CSV text as it is learned, linked and hashed: two columns parted by commas. Cleaning twice changes nothing.

    Characters that are not to be seen are dropped as `corpora.cleaned` drops them (marks of direction among them:
    the letters themselves say how they are read). Spaces and line ends in a cell become single spaces, letters with
    combining accents are composed (NFC) where that is possible. Rows with nothing in them, headers such as
    "input,output" and columns after the second are left out; a row with one empty side is kept, so that it is counted.

    Raises:
        ExperimentError: a row has one column only, a cell is too long for Python's reader, there are more than
            `limits.MOST_PAIR_ROWS` rows, or none is left.
    """
    text = corpora.plain(text)
    if _is_clean(text):
        return text
    return _written(_rows(text, _delimiter(text)))


def parsed(text: str) -> tuple[Row, ...]:
    """The rows of a cleaned text."""
    return tuple(Row(*cells) for cells in csv.reader(io.StringIO(text, newline="\n")))


def cell(text: str) -> str:
    """One cell as it is learned: single spaces, composed."""
    text = " ".join(text.split())
    return unicodedata.normalize("NFC", text) if len(text) <= _LONGEST_COMPOSED and not text.isascii() else text


def _is_clean(text: str) -> bool:
    """Whether this is what `cleaned` made: what parts its columns is known, though other signs could do it, too."""
    if "\t" in text or not text.endswith("\n"):
        return False
    try:
        return _written(_rows(text, ",")) == text
    except ExperimentError:
        return False


def _rows(text: str, delimiter: str) -> list[Row]:
    """The rows that are not empty, without headers, as they are learned."""
    reader = csv.reader(io.StringIO(text.lstrip("\n"), newline="\n"), delimiter=delimiter)
    rows: list[Row] = []
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if number > limits.MOST_PAIR_ROWS:
                raise ExperimentError("text", f"a table of at most {limits.MOST_PAIR_ROWS:,} rows", Words("more"))
            if len(cells) == 1 and cells[0].strip():
                raise ExperimentError("text", ALLOWED, Words(f"one column in row {number:,}"))
            row = Row(*map(cell, (*cells, "", "")[:2]))
            if any(row) and (rows or tuple(map(str.casefold, row)) not in HEADERS):
                rows.append(row)
    except csv.Error:  # all that follows a quote that is not closed is one cell
        came = Words(f"a cell too long, or an open quote, in row {number + 1:,}")
        raise ExperimentError("text", ALLOWED, came) from None
    return rows


def _written(rows: list[Row]) -> str:
    if not rows:
        raise ExperimentError("text", ALLOWED, Words("no row, or nothing but a header"))
    return "".join(f"{_quoted(row.read)},{_quoted(row.written)}\n" for row in rows)


def _delimiter(text: str) -> str:
    """What most rows part into two columns."""
    begun = text[:_LOOKED_AT]
    return max(DELIMITERS, key=lambda delimiter: _counted(begun, delimiter))


def _counted(text: str, delimiter: str) -> tuple[int, int]:
    """Rows of exactly two columns, and rows of two or more."""
    if delimiter not in text:
        return 0, 0
    lengths = []
    try:
        for cells in csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter):
            lengths.append(len(cells))  # noqa: PERF401 (those before a mistake count)
    except csv.Error:
        pass
    return sum(length == 2 for length in lengths), sum(length > 1 for length in lengths)


def _quoted(text: str) -> str:
    """A cell in which no sign can be taken for what parts columns."""
    return '"' + text.replace('"', '""') + '"' if '"' in text or "," in text or ";" in text else text
