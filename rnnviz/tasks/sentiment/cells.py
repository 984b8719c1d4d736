"""How the bytes of a table become rows of cells: its encoding, what parts its cells, and what cannot be read."""

import codecs
import csv
import dataclasses
import io
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from rnnviz.core.errors import ExperimentError, Words

FIELD = "table"
NEEDED = "a table with a column of texts and a column of labels, parted by commas, semicolons or tabs"
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a byte order mark",
    "utf-16": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Latin-1",
}
_MARKS = {  # UTF-32 first: its mark begins with that of UTF-16
    "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
    "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
}
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_END = "\x03the end"  # a line after the last, which no file has
_AT_ONCE = 1_000_000  # bytes
_DECLARED = re.compile(r"""("?)sep=([,;\t|])\1[\r\n]""", re.IGNORECASE)  # Excel's first line


class OpenQuote(csv.Error):
    """A quote that is not closed before the end."""


class LongCell(csv.Error):
    """A cell longer than any is read; `lines`: whether it goes over several, as one does whose quote is not closed."""

    def __init__(self, lines: bool) -> None:
        super().__init__()
        self.lines = lines


@dataclasses.dataclass(frozen=True)
class Dialect:
    """How the cells of a table are parted.

    quoted:   whether a quote may hold what parts them, and ends of lines.
    declared: whether the first line says what parts them, and is none of the table.
    """

    delimiter: str
    quoted: bool
    declared: bool = False

    def rows(self, lines: io.TextIOBase) -> Iterator[list[str]]:
        """The rows, as lists of cells.

        Raises:
            OpenQuote: a quote is not closed; all rows before it have come.
            LongCell:  a cell is too long; likewise.
        """
        if self.declared:
            lines.readline()
        reader = csv.reader(
            itertools.chain(lines, [_END, _END]),
            delimiter=self.delimiter,
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
        )
        while True:
            begin = reader.line_num
            try:
                row = next(reader)
            except csv.Error:
                raise LongCell(reader.line_num > begin + 1) from None
            if row == [_END]:
                return
            if row and row[-1].endswith(_END):  # these lines, too, went into a quote
                raise OpenQuote
            yield row


DIALECTS = (Dialect("\t", True), Dialect("\t", False), Dialect(";", True), Dialect(",", True), Dialect("|", True))


def dialects(begun: str) -> tuple[Dialect, ...]:
    """Those that a table may have that begins so: the one that its first line declares, or all."""
    if (declared := _DECLARED.match(begun)) is None:
        return DIALECTS
    return tuple(dataclasses.replace(one, declared=True) for one in DIALECTS if one.delimiter == declared[2])


def encoding_of(path: Path) -> tuple[str, int]:
    """Which of `ENCODINGS` a file has, and how many of its characters are none in it.

    Letters of Latin-1 hardly ever make one of UTF-8 by chance: where most are one, the others are damaged.
    """
    with path.open("rb") as file:
        begin = file.read(4_096)
    for marked, marks in _MARKS.items():
        if begin.startswith(marks):
            return marked, _letters(path, marked)[1]
    if b"\0" in begin:
        raise ExperimentError(FIELD, NEEDED, Words("a binary file"))
    encoding = "utf-8-sig" if begin.startswith(codecs.BOM_UTF8) else "utf-8"
    letters, damaged = _letters(path, encoding)
    if damaged > letters and encoding == "utf-8":
        return "cp1252", _letters(path, "cp1252")[1]
    return encoding, damaged


def _letters(path: Path, encoding: str) -> tuple[int, int]:
    """How many characters beyond ASCII a file has in an encoding, and how many are damaged."""
    mending, passing = (codecs.getincrementaldecoder(encoding)(how) for how in ("replace", "ignore"))
    letters = damaged = 0
    with path.open("rb") as file:
        while True:
            data = file.read(_AT_ONCE)
            mended, read = mending.decode(data, not data), passing.decode(data, not data)
            letters += len(read) - len(read.encode("ascii", "ignore"))
            damaged += len(mended) - len(read)
            if not data:
                return letters, damaged


def row_refused(row: int, error: csv.Error) -> ExperimentError:
    """Why nothing is read from a row on; the first row is 1."""
    if isinstance(error, LongCell):
        perhaps = ", or a quote never closed," if error.lines else ""
        allowed = f"a table whose cells have at most {csv.field_size_limit():,} characters"
        return ExperimentError(FIELD, allowed, Words(f"a longer one{perhaps} in row {row:,}"))
    came = f"a quote that opens in row {row:,} and is never closed"
    return ExperimentError(FIELD, "a table whose quotes are closed", Words(came))
