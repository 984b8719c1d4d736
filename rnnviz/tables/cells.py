"""How the text of a table becomes rows of cells: what parts them, what a quotation mark means, what cannot be read."""

import csv
import dataclasses
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rnnviz.core.errors import ExperimentError, Words

FIELD = "table"
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_NAMED = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|"}  # as Anki calls them
_END = "\x03the end"  # a line after the last, which no file has
_WHOLE = re.compile(r'"(?:[^"]|"")*"')  # a cell that is quoted as a whole
_DECLARED = re.compile(r"""("?)sep=([,;\t|])\1[\r\n]""", re.IGNORECASE)  # Excel's first line
_SEPARATOR = re.compile(r"#separator:\s*(\S+)", re.IGNORECASE)  # one of Anki's first lines
_REMARK = re.compile(r"#(?: |[a-z][a-z ]*:)|#[^,;\t|]*$", re.IGNORECASE)
_MOST_REMARKS = 50
# A backslash before a quotation mark that ends no cell; a blank between what parts cells and a quotation mark.
_ESCAPED, _SPACED = re.compile(r"""\\"(?![,;\t|\r\n"]|$)"""), re.compile(r"""(?:^|")[,;|]? +"[^"]""")


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

    quoted:   whether a quote may hold what parts them, and ends of lines. Else each line is a row, and a quotation mark
              is a letter like any other but around a whole cell.
    declared: whether the first line says what parts them, and is none of the table.
    remarks:  how many lines, at the beginning, are none of it.
    escaped:  whether a quotation mark inside a quote has a backslash before it.
    spaced:   whether blanks stand between what parts the cells and a quote.
    """

    delimiter: str
    quoted: bool
    declared: bool = False
    remarks: int = 0
    escaped: bool = False
    spaced: bool = False

    def rows(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """The rows, as lists of cells.

        lines: with their ends.

        Raises:
            OpenQuote: a quote is not closed; all rows before it have come.
            LongCell:  a cell is too long; likewise.
        """
        lines = itertools.islice(lines, self.declared + self.remarks, None)
        return self._quoted(lines) if self.quoted else map(self._cells, lines)

    def _quoted(self, lines: Iterable[str]) -> Iterator[list[str]]:
        how: dict[str, Any] = {"escapechar": "\\"} if self.escaped else {}
        how |= {"delimiter": self.delimiter, "skipinitialspace": self.spaced}
        reader = csv.reader(itertools.chain(lines, [_END, _END]), **how)
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

    def _cells(self, line: str) -> list[str]:
        line = line.rstrip("\r\n")
        if not line:
            return []
        cells = line.split(self.delimiter)
        if max(map(len, cells)) > csv.field_size_limit():
            raise LongCell(False)
        return [cell[1:-1].replace('""', '"') if _WHOLE.fullmatch(cell) else cell for cell in cells]


# Among those that fit equally well the first: what stands between tabs is hardly ever quoted.
DIALECTS: Sequence[Dialect] = (
    Dialect("\t", False),
    Dialect("\t", True),
    Dialect(";", True),
    Dialect(",", True),
    Dialect("|", True),
)


def dialects(begun: str) -> tuple[Dialect, ...]:
    """Those that a table may have that begins so: the one that its first lines declare, or all."""
    declared, remarks = _DECLARED.match(begun), _remarks(begun)
    said = _SEPARATOR.match(remarks)
    only = declared[2] if declared else _NAMED.get(said[1].lower(), said[1]) if said else ""
    found = [one for one in DIALECTS if one.delimiter == only] or DIALECTS
    found = [dataclasses.replace(one, declared=bool(declared), remarks=remarks.count("\n")) for one in found]
    if _ESCAPED.search(begun):
        found += [dataclasses.replace(one, escaped=True) for one in found if one.quoted]
    if _SPACED.search(begun):
        found += [dataclasses.replace(one, spaced=True) for one in found if one.quoted]
    return tuple(found)


def _remarks(begun: str) -> str:
    """The lines at the beginning that are remarks, with one end of a line behind each."""
    lines = itertools.takewhile(_REMARK.match, begun.splitlines())
    return "".join(f"{line}\n" for line in itertools.islice(lines, _MOST_REMARKS))


def row_refused(row: int, error: csv.Error) -> ExperimentError:
    """Why nothing is read from a row on; the first row is 1."""
    if isinstance(error, LongCell):
        perhaps = ", or a quote never closed," if error.lines else ""
        allowed = f"a file whose cells have at most {csv.field_size_limit():,} characters"
        return ExperimentError(FIELD, allowed, Words(f"a longer one{perhaps} in row {row:,}"))
    came = f"a quote that opens in row {row:,} and is never closed"
    return ExperimentError(FIELD, "a file whose quotes are closed", Words(came))
