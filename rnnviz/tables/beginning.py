"""What a table looks like from its beginning: encoding, delimiter, names of columns, and the rows below them."""

import csv
import dataclasses
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.tables import files, footers, headers, parted
from rnnviz.tables.cells import FIELD, Dialect, LongCell, OpenQuote, row_refused
from rnnviz.tables.encoding import BinaryFile, encoding_of

_HEAD = 1_000_000  # bytes that are looked at
_MOST_LOOKED_AT = 2_000  # rows of those
_MOST_COLUMNS = 200
_LONGEST_NAME = 40  # characters of a column's name
_LONGEST_HEADING = 6  # words
_MOST_BEFORE = 10  # rows in which the table has to begin
_AT_ONCE = 500  # rows between two reports of progress


@dataclasses.dataclass(frozen=True)
class Beginning:
    """What the beginning of a table tells.

    encoding: as Python calls it, one of `encoding.ENCODINGS`.
    unread:   how many characters of the file are none in it, and are read as “�”.
    skipped:  how many rows come before the table: a title, or remarks.
    header:   whether the first row names the columns.
    width:    the fewest and the most cells of a row that matches the columns.
    columns:  names, made up where there are none.
    given:    the names that the table has; "" for those that are made up.
    rows:     the first rows below the header that match the columns.
    """

    encoding: str
    unread: int
    dialect: Dialect
    skipped: int
    header: bool
    width: tuple[int, int]
    columns: tuple[str, ...]
    given: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def values(self) -> list[list[str]]:
        """The cells of each column."""
        return parted.columns([list(row) for row in self.rows], len(self.columns))

    def matches(self, row: list[str], needed: int) -> bool:
        """Whether a row has no more cells than there are columns, and no fewer than `needed`."""
        return _matches(row, (min(needed, self.width[0]), self.width[1]))


def beginning(path: Path, needed: str, known: frozenset[str], encoding: str | None = None) -> Beginning:
    """Look at the beginning of a table.

    needed:   what is allowed, for the message.
    known:    names of columns, of which one tells a header.
    encoding: one of `encoding.ENCODINGS`, where it is chosen.

    Raises:
        ExperimentError: it is empty, no text, or has one column.
    """
    with path.open("rb") as file:
        try:
            encoding, unread = encoding_of(file, encoding)
        except BinaryFile as error:
            raise ExperimentError(FIELD, needed, Words(error)) from None
        file.seek(0)
        head = file.read(_HEAD)
        whole = not file.read(1)
    begun = head.decode(encoding, "ignore")
    if not begun.strip():
        raise ExperimentError(FIELD, needed, Words("an empty file"))
    if (what := files.other(begun)) is not None:
        raise ExperimentError(FIELD, needed, Words(what))
    rows, dialect = _parted(begun, whole, needed)
    rows = [row for row in rows if any(cell.strip() for cell in row) and not footers.is_drawn(row)]
    if not rows:
        raise ExperimentError(FIELD, needed, Words("nothing but empty rows"))
    skipped = _before(rows, known)
    rows = rows[skipped:]
    header = _is_header(rows, known)
    if header and headers.lacks_first(rows, parted.usual(map(len, rows[1:]))):
        rows[0] = ["", *rows[0]]
    width = _width(rows, header)
    below = rows[header:]
    matching = [row for row in below if _matches(row, width)] or below
    count = min(_MOST_COLUMNS, width[1])
    given = parted.cells(rows[0], count) if header else [""] * count
    return Beginning(
        encoding,
        unread,
        dialect,
        skipped,
        header,
        width,
        parted.named(given),
        tuple(given),
        tuple(map(tuple, (row for row in matching if not footers.repeats(row, given)))),
    )


def _parted(begun: str, whole: bool, needed: str) -> tuple[list[list[str]], Dialect]:
    """The rows of a beginning, parted by the dialect that fits best."""
    found = parted.tried(begun, whole, _MOST_LOOKED_AT)
    rows, wrong, dialect = found[0]
    if whole and isinstance(wrong, OpenQuote):
        raise row_refused(len(rows) + 1, wrong)
    if parted.fits(rows):
        return rows, dialect
    for rows, wrong, _ in found:
        if isinstance(wrong, LongCell):
            raise row_refused(len(rows) + 1, wrong)
    raise ExperimentError(FIELD, needed, Words(f"one column, which begins “{' '.join(begun[:60].split())}”"))


def _width(rows: list[list[str]], header: bool) -> tuple[int, int]:
    """The fewest and the most cells of rows that match the columns: empty ones at the end of a row do not count."""
    if header and len(rows[0]) > 1:
        named = parted.full(rows[0])  # behind these a column may be that has no name
        return named, min(len(rows[0]), max(named, parted.usual(map(parted.full, rows[1:]))))
    most = parted.usual(map(len, rows))
    return min(most, parted.usual(map(parted.full, rows))), most


def _matches(row: list[str], width: tuple[int, int]) -> bool:
    return width[0] <= len(row) and (len(row) <= width[1] or parted.full(row) <= width[1])


def _before(rows: list[list[str]], known: frozenset[str]) -> int:
    """How many rows come before the names of the columns: each has one cell, where most others have more."""
    first = next((place for place, row in enumerate(rows[:_MOST_BEFORE]) if parted.full(row) > 1), 0)
    usual = parted.usual(map(len, rows))
    return first if first and parted.full(rows[first]) == usual and _is_header(rows[first:], known) else 0


def _is_header(rows: list[list[str]], known: frozenset[str]) -> bool:
    """Whether the first row names the columns: names are known, or count, or are short and never come again."""
    columns = parted.columns(rows, parted.usual(map(len, rows)))
    first = [column[0] for column in columns]
    if any(len(cell.split()) > _LONGEST_HEADING for cell in first):
        return False
    if any("".join(re.findall(r"[a-z]+", cell.lower())) in known for cell in first) or headers.counts_columns(rows):
        return True
    if len(columns[0]) < 2:
        return False
    again = any(cell in column[1:] for cell, column in zip(first, columns, strict=True) if cell)
    return not again and not any(re.fullmatch(r"[-+\d.,]+", cell) for cell in first)


class Rows:
    """The rows of a table below the names of its columns, those that are empty left out; read in a stream.

    Of a file that is too large they are those of its beginning.
    """

    def __init__(self, path: Path, looked: Beginning, progress: Callable[[float], None] | None = None) -> None:
        self.inside = 0  # rows so far that name the columns again, or are lines that are drawn
        self.cut = path.stat().st_size > limits.LARGEST_TABLE
        self._size = min(path.stat().st_size, limits.LARGEST_TABLE)
        self._looked, self._progress = looked, progress
        self._raw = path.open("rb")
        self._lines = io.TextIOWrapper(self._raw, looked.encoding, errors="replace", newline="")

    def __enter__(self) -> "Rows":
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()

    def __iter__(self) -> Iterator[list[str]]:
        number, to_come = 0, self._looked.skipped + self._looked.header
        try:
            for number, row in enumerate(self._looked.dialect.rows(self._begun()), 1):
                if number % _AT_ONCE == 1 and self._progress is not None:
                    self._progress(min(1.0, self._raw.tell() / self._size))
                if not any(map(str.strip, row)):
                    continue
                if footers.is_drawn(row) or (not to_come and footers.repeats(row, self._looked.given)):
                    self.inside += 1
                elif not to_come:
                    yield row
                else:
                    to_come -= 1
        except OpenQuote as error:
            if not self.cut:
                raise row_refused(number + 1, error) from None
        except csv.Error as error:
            raise row_refused(number + 1, error) from None

    def _begun(self) -> Iterator[str]:
        """The lines; of a file that is too large those of its beginning."""
        for line in self._lines:
            if self.cut and self._raw.tell() > self._size:
                return
            yield line
