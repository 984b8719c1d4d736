"""What a table looks like from its beginning: encoding, delimiter, names of columns, and which are text and label."""

import codecs
import collections
import csv
import dataclasses
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.core.names import listed

FIELD = "table"
NEEDED = "a table with a column of texts and a column of labels, parted by commas, semicolons or tabs"
ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 with a byte order mark", "utf-16": "UTF-16", "cp1252": "Latin-1"}
_END = "\x03the end"  # a line after the last, which no file has
_HEAD = 1_000_000  # bytes that are looked at
_MOST_LOOKED_AT = 2_000  # rows of those
_MOST_COLUMNS = 200
_MOST_LISTED = 12  # columns in a sentence
_LONGEST_NAME = 40  # characters of a column's name
_LONGEST_HEADING = 6  # words
_TEXTS = "text review comment sentence content body message tweet document description reviewtext headline title"
_LABELS = "label sentiment class category rating stars score target polarity verdict emotion grade y"


_Told = tuple[int | None, str]  # the place of a column, and how it was found


class OpenQuote(csv.Error):
    """A quote that is not closed before the end."""


@dataclasses.dataclass(frozen=True)
class Dialect:
    """How the cells of a table are parted; `quoted`: whether a quote may hold what parts them, and ends of lines."""

    delimiter: str
    quoted: bool

    def rows(self, lines: io.TextIOBase) -> Iterator[list[str]]:
        """The rows, as lists of cells.

        Raises:
            OpenQuote: a quote is not closed; all rows before it have come.
            csv.Error: a cell is too long.
        """
        if not self.quoted:
            yield from csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_NONE)
            return
        for row in csv.reader(itertools.chain(lines, [_END, _END]), delimiter=self.delimiter):
            if row == [_END]:
                return
            if row and row[-1].endswith(_END):  # these lines, too, went into a quote
                raise OpenQuote
            yield row


DIALECTS = (Dialect("\t", True), Dialect("\t", False), Dialect(";", True), Dialect(",", True), Dialect("|", True))


@dataclasses.dataclass(frozen=True)
class Sketch:
    """What the beginning of a table tells.

    encoding:    as Python calls it, one of `ENCODINGS`.
    unread:      how many characters of the file are none in it, and are read as “�”.
    header:      whether the first row names the columns.
    columns:     names, made up where there are none.
    text, label: places of the columns; None where neither name nor content tells.
    found:       of each of these two, how: "chosen", by "name" or by "content".
    """

    encoding: str
    unread: int
    dialect: Dialect
    header: bool
    columns: tuple[str, ...]
    text: int | None
    label: int | None
    found: tuple[str, str]


class ColumnsNeeded(ExperimentError):
    """Which column is the text, or the label, cannot be told; `columns` are those that there are, by name.

    text, label: the places of those that can be told.
    """

    def __init__(self, columns: Sequence[str], text: int | None, label: int | None) -> None:
        self.columns, self.text, self.label = tuple(columns), text, label
        missing = listed([what for what, found in (("text", text), ("label", label)) if found is None])
        names = ", ".join(columns[:_MOST_LISTED]) + (", …" if len(columns) > _MOST_LISTED else "")
        allowed = f"a table whose {missing} column can be told by its name or its content, or is chosen"
        super().__init__(FIELD, allowed, Words(f"the columns {names}"))

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), (self.columns, self.text, self.label)


def sketch(path: Path, text: str | None = None, label: str | None = None) -> Sketch:
    """Look at the beginning of a table; `text` and `label` are names of columns that are chosen.

    Raises:
        ExperimentError: it is empty, no text, has one column, or none of those names.
    """
    encoding, unread = _encoding(path)
    with path.open("rb") as file:
        head = file.read(_HEAD)
        whole = not file.read(1)
    begun = head.decode(encoding, "ignore")
    if not begun.strip():
        raise ExperimentError(FIELD, NEEDED, Words("an empty file"))
    (rows, open_at), dialect = max(((_rows(begun, one, whole), one) for one in DIALECTS), key=lambda of: _fit(of[0][0]))
    if whole and open_at is not None:
        raise quote_refused(open_at, OpenQuote())
    width = min(_MOST_COLUMNS, _usual_width(rows))
    if width < 2:
        raise ExperimentError(FIELD, NEEDED, Words(f"one column, which begins “{' '.join(begun[:60].split())}”"))
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    columns = [[row[place].strip() if place < len(row) else "" for row in rows] for place in range(width)]
    header = _is_header(columns)
    names = _names([column[0] if header else "" for column in columns])
    values = [[cell for cell in column[header:] if cell] for column in columns]
    (text_at, text_found), (label_at, label_found) = _both(names, values, text, label)
    return Sketch(encoding, unread, dialect, header, names, text_at, label_at, (text_found, label_found))


def _encoding(path: Path) -> tuple[str, int]:
    """Which of `ENCODINGS` a file has, and how many of its characters are none in it.

    Letters of Latin-1 hardly ever make one of UTF-8 by chance: where most are one, the others are damaged.
    """
    with path.open("rb") as file:
        begin = file.read(4_096)
    if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", _letters(path, "utf-16")[1]
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
            data = file.read(_HEAD)
            mended, read = mending.decode(data, not data), passing.decode(data, not data)
            letters += len(read) - len(read.encode("ascii", "ignore"))
            damaged += len(mended) - len(read)
            if not data:
                return letters, damaged


def quote_refused(row: int, error: csv.Error) -> ExperimentError:
    """Why nothing is read from a row on; the first row is 1."""
    opens = f"a quote that opens in row {row:,} and is never closed"
    came = opens if isinstance(error, OpenQuote) else f"a cell too long, or a quote never closed, in row {row:,}"
    return ExperimentError(FIELD, "a table whose quotes are closed", Words(came))


def _rows(text: str, dialect: Dialect, whole: bool) -> tuple[list[list[str]], int | None]:
    """Rows of the beginning, without one that is cut off; and which of them, counted from 1, leaves a quote open."""
    rows = list[list[str]]()
    if dialect.delimiter not in text:
        return rows, None
    try:
        for row in dialect.rows(io.StringIO(text, newline="")):
            rows.append(row)
            if len(rows) > _MOST_LOOKED_AT:
                break
    except OpenQuote:
        return rows, len(rows) + 1
    except csv.Error:  # a cell too long
        whole = False
    return (rows if whole or len(rows) < 2 else rows[:-1]), None


def _fit(rows: list[list[str]]) -> tuple[float, int]:
    """How well a dialect fits: the share of rows as wide as most that have two columns, and how many there are."""
    wide = collections.Counter(len(row) for row in rows if len(row) > 1)
    full = sum(bool(row) for row in rows)
    return (wide.most_common(1)[0][1] / full, full) if wide else (0.0, 0)


def _usual_width(rows: list[list[str]]) -> int:
    wide = collections.Counter(len(row) for row in rows if len(row) > 1)
    return wide.most_common(1)[0][0] if wide else 0


def _both(names: tuple[str, ...], values: list[list[str]], text: str | None, label: str | None) -> tuple[_Told, _Told]:
    """Where text and label are, and how that was found."""
    for name in (text, label):
        if name is not None and name not in names:
            raise ExperimentError(FIELD, f"one with a column “{name}”", Words(f"the columns {', '.join(names)}"))
    if text is not None and text == label:
        raise ExperimentError(FIELD, "read with a label column other than its text column", text)
    chosen = None if label is None else names.index(label)
    told = _text_column(names, values, chosen) if text is None else (names.index(text), "chosen")
    return told, (_label_column(names, values, told[0]) if chosen is None else (chosen, "chosen"))


def _is_header(columns: list[list[str]]) -> bool:
    """Whether the first row names the columns: names are known, or short and never come again."""
    first = [column[0] for column in columns]
    known = {*_TEXTS.split(), *_LABELS.split()}
    if any(len(cell.split()) > _LONGEST_HEADING for cell in first):
        return False
    if any("".join(_parts(cell)) in known for cell in first):
        return True
    if len(columns[0]) < 2:
        return False
    again = any(cell in column[1:] for cell, column in zip(first, columns, strict=True) if cell)
    return not again and not any(re.fullmatch(r"[-+\d.,]+", cell) for cell in first)


def _names(given: list[str]) -> tuple[str, ...]:
    """Names of columns, each once."""
    names = list[str]()
    for place, name in enumerate(given, 1):
        name = "".join(c for c in name[:_LONGEST_NAME] if c.isprintable()).strip() or f"column {place}"
        names.append(name if name not in names else f"{name} ({place})")
    return tuple(names)


def _parts(name: str) -> list[str]:
    """The words of a name: "review_text", "ReviewText", "Review text" are "review" and "text"."""
    return re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower())


def _by_name(names: tuple[str, ...], known: str, taken: int | None = None) -> int | None:
    """The column that is called so: the whole name before a part of it, then in the order of what is known."""
    free = [place for place in range(len(names)) if place != taken]
    for word in known.split():
        for place in free:
            if "".join(_parts(names[place])) == word:
                return place
    for word in known.split():
        for place in free:
            if word in _parts(names[place])[-1:]:
                return place
    return None


def _text_column(names: tuple[str, ...], values: list[list[str]], taken: int | None) -> _Told:
    """The one whose name tells, else the one with the most words, at least two in a cell."""
    if (named := _by_name(names, _TEXTS, taken)) is not None:
        return named, "name"
    means = [sum(len(cell.split()) for cell in column) / max(1, len(column)) for column in values]
    most = max((place for place in range(len(means)) if place != taken), key=means.__getitem__)
    return (most if means[most] >= 2 else None), "content"


def _label_column(names: tuple[str, ...], values: list[list[str]], taken: int | None) -> _Told:
    """The one whose name tells, else the only one whose few values come again and again."""
    if (named := _by_name(names, _LABELS, taken)) is not None:
        return named, "name"
    few = [place for place, column in enumerate(values) if place != taken and _is_label(column)]
    return (few[0] if len(few) == 1 else None), "content"


def _is_label(column: list[str]) -> bool:
    kinds = set(column)
    short = all(len(kind) <= limits.LONGEST_LABEL for kind in kinds)
    return 2 <= len(kinds) <= limits.MOST_LABELS and len(column) >= 2 * len(kinds) and short
