"""A table of pairs that anyone may have written: read, cleaned, written again in one canonical form."""

import csv
import functools
import io
import itertools
import unicodedata
from typing import NamedTuple

from rnnviz.core import limits
from rnnviz.core.contents import Exact
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.tables.paired import ALLOWED, NOTHING, Chosen, paired
from rnnviz.tables.report import Report
from rnnviz.tasks import corpora

HEADERS = (("input", "output"), ("source", "target"))
_LONGEST_COMPOSED = 300  # characters of a cell; composing takes time that grows with the square of a hostile text


class Row(NamedTuple):
    """Both sides as they are learned; one of them may be empty."""

    read: str
    written: str


class Learned(NamedTuple):
    """A table in its canonical form, and what was read of it; no report of one that came in this form."""

    text: Exact
    report: Report | None


def cleaned(text: str) -> str:
    """A table as it is learned, linked and hashed: two columns parted by commas. Cleaning twice changes nothing.

    Characters that are not to be seen are dropped as `corpora.cleaned` drops them (marks of direction among them:
    the letters themselves say how they are read). Spaces and line ends in a cell become single spaces, letters with
    combining accents are composed (NFC) where that is possible. Rows with nothing in them, headers and other columns
    are left out; a row with one empty side is kept, so that it is counted.

    Raises:
        ExperimentError: a row has one column only, a cell is too long, or no row is left.
    """
    return learned(text).text


@functools.lru_cache(maxsize=3)  # a long text takes half a second, and a page asks at every click
def learned(text: str) -> Learned:
    """The same, with what was read; of a table in canonical form every row is learned, as links and files hold it."""
    text = corpora.plain(text)
    return Learned(Exact(text), None) if _is_clean(text) else _read(text, NOTHING)


def brought(text: str, chosen: Chosen = NOTHING) -> Learned:
    """A table that somebody brings, whatever form it has; names of its columns are none of its rows.

    Raises:
        ExperimentError: as `cleaned`, or there is no column that is `chosen`.
    """
    found = _read(corpora.plain(text), chosen)
    learned(found.text)  # which whoever learns it asks for: it is kept
    return found


def _read(text: str, chosen: Chosen) -> Learned:
    found = paired(text.lstrip("\n"), limits.MOST_PAIR_ROWS, chosen)
    sides = found.rows
    if found.report.html:  # an entity may stand for what is not to be seen
        plain = [[side if side.isprintable() else corpora.plain(side) for side in both] for both in sides]
        sides = [(read, written) for read, written in plain]
    rows = [Row(cell(read), cell(written)) for read, written in sides]
    named = itertools.dropwhile(lambda row: not any(row) or tuple(map(str.casefold, row)) in HEADERS, rows)
    kept = [row for row in (rows if chosen.header is False else named) if any(row)]
    fitting, report = _fitting(_written(kept), found.report)
    return Learned(Exact(fitting), report)


def _fitting(text: str, report: Report) -> tuple[str, Report]:
    """The rows that fit into the longest text."""
    if len(text) <= limits.LONGEST_TEXT:
        return text, report
    begun = text[: 1 + text.rfind("\n", 0, limits.LONGEST_TEXT)]
    return begun, report.cut_to(f"its first {begun.count(chr(10)):,} rows")


def begun(text: str) -> str:
    """Of a table that is too long, the rows that fit into the longest text; one without rows stays what it is."""
    end = text.rfind("\n", 0, limits.LONGEST_TEXT) if len(text) > limits.LONGEST_TEXT else -1
    return type(text)(text[: end + 1]) if end >= 0 else text


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
    rows = list[Row]()
    try:
        for cells in csv.reader(io.StringIO(text, newline="\n")):
            row = Row(*map(cell, (*cells, "", "")[:2]))
            if len(cells) != 2 or not any(row) or len(rows) >= limits.MOST_PAIR_ROWS:
                return False
            rows.append(row)
    except csv.Error:
        return False
    return tuple(map(str.casefold, rows[0])) not in HEADERS and _written(rows) == text


def _written(rows: list[Row]) -> str:
    if not rows:
        raise ExperimentError("text", ALLOWED, Words("no row, or nothing but a header"))
    return "".join(f"{_quoted(row.read)},{_quoted(row.written)}\n" for row in rows)


def _quoted(text: str) -> str:
    """A cell in which no sign can be taken for what parts columns."""
    return '"' + text.replace('"', '""') + '"' if '"' in text or "," in text or ";" in text else text
