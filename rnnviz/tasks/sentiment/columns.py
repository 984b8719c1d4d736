"""What a table looks like from its beginning: encoding, delimiter, names of columns, and which are text and label."""

import collections
import csv
import dataclasses
import io
import itertools
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.core.names import listed
from rnnviz.tasks.sentiment.cells import FIELD, NEEDED, Dialect, LongCell, OpenQuote, dialects, encoding_of, row_refused

_HEAD = 1_000_000  # bytes that are looked at
_MOST_LOOKED_AT = 2_000  # rows of those
_MOST_COLUMNS = 200
_MOST_LISTED = 12  # columns in a sentence
_LONGEST_NAME = 40  # characters of a column's name
_LONGEST_HEADING = 6  # words
_TEXTS = "text review comment sentence content body message tweet document description reviewtext headline title"
_LABELS = "label sentiment class category rating stars score target polarity verdict emotion grade y"


_Told = tuple[int | None, str]  # the place of a column, and how it was found


@dataclasses.dataclass(frozen=True)
class Sketch:
    """What the beginning of a table tells.

    encoding:    as Python calls it, one of `cells.ENCODINGS`.
    unread:      how many characters of the file are none in it, and are read as “�”.
    header:      whether the first row names the columns.
    width:       the fewest and the most cells of a row that matches the columns.
    columns:     names, made up where there are none.
    text, label: places of the columns; None where neither name nor content tells.
    found:       of each of these two, how: "chosen", by "name" or by "content".
    """

    encoding: str
    unread: int
    dialect: Dialect
    header: bool
    width: tuple[int, int]
    columns: tuple[str, ...]
    text: int | None
    label: int | None
    found: tuple[str, str]

    def matches(self, row: list[str]) -> bool:
        """Whether a row has no more cells than there are columns, and no fewer than hold its text and its label."""
        needed = 1 + max(self.text or 0, self.label or 0)
        return _matches(row, (min(needed, self.width[0]), self.width[1]))


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
    encoding, unread = encoding_of(path)
    with path.open("rb") as file:
        head = file.read(_HEAD)
        whole = not file.read(1)
    begun = head.decode(encoding, "ignore")
    if not begun.strip():
        raise ExperimentError(FIELD, NEEDED, Words("an empty file"))
    rows, dialect = _parted(begun, whole)
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    header = _is_header(_columns(rows, _usual(map(len, rows))))
    width = _width(rows, header)
    below = rows[header:]
    matching = [row for row in below if _matches(row, width)] or below
    columns = _columns(matching, min(_MOST_COLUMNS, width[1]))
    names = _names(_cells(rows[0], len(columns)) if header else [""] * len(columns))
    values = [[cell for cell in column if cell] for column in columns]
    (text_at, text_found), (label_at, label_found) = _both(names, values, text, label)
    return Sketch(encoding, unread, dialect, header, width, names, text_at, label_at, (text_found, label_found))


def _parted(begun: str, whole: bool) -> tuple[list[list[str]], Dialect]:
    """The rows of a beginning, parted by the dialect that fits best."""
    tried = [(*_rows(begun, one, whole), one) for one in dialects(begun)]
    rows, wrong, dialect = max(tried, key=lambda of: _fit(of[0]))
    if whole and isinstance(wrong, OpenQuote):
        raise row_refused(len(rows) + 1, wrong)
    if _fit(rows)[0]:
        return rows, dialect
    for rows, wrong, _ in tried:
        if isinstance(wrong, LongCell):
            raise row_refused(len(rows) + 1, wrong)
    raise ExperimentError(FIELD, NEEDED, Words(f"one column, which begins “{' '.join(begun[:60].split())}”"))


def _columns(rows: list[list[str]], width: int) -> list[list[str]]:
    return [list(column) for column in zip(*(_cells(row, width) for row in rows), strict=True)] or [[]] * width


def _cells(row: list[str], width: int) -> list[str]:
    return [row[place].strip() if place < len(row) else "" for place in range(width)]


def _width(rows: list[list[str]], header: bool) -> tuple[int, int]:
    """The fewest and the most cells of rows that match the columns: empty ones at the end of a row do not count."""
    if header and len(rows[0]) > 1:
        named = _full(rows[0])  # behind these a column may be that has no name
        return named, min(len(rows[0]), max(named, _usual(map(_full, rows[1:]))))
    most = _usual(map(len, rows))
    return min(most, _usual(map(_full, rows))), most


def _full(row: list[str]) -> int:
    """How many cells a row has up to its last that is not empty."""
    return next((place for place in range(len(row), 0, -1) if row[place - 1].strip()), 0)


def _matches(row: list[str], width: tuple[int, int]) -> bool:
    return width[0] <= len(row) and (len(row) <= width[1] or _full(row) <= width[1])


def _rows(text: str, dialect: Dialect, whole: bool) -> tuple[list[list[str]], csv.Error | None]:
    """Rows of the beginning, without one that is cut off; and why the row after them cannot be read."""
    rows = list[list[str]]()
    if dialect.delimiter not in text:
        return rows, None
    try:
        for row in dialect.rows(io.StringIO(text, newline="")):
            rows.append(row)
            if len(rows) > _MOST_LOOKED_AT:
                break
    except csv.Error as error:
        return rows, error
    return (rows if whole or len(rows) < 2 else rows[:-1]), None


def _fit(rows: list[list[str]]) -> tuple[float, int]:
    """How well a dialect fits: the share of rows as wide as most that have two columns, and how many there are."""
    wide = collections.Counter(len(row) for row in rows if len(row) > 1)
    full = sum(bool(row) for row in rows)
    return (wide.most_common(1)[0][1] / full, full) if wide else (0.0, 0)


def _usual(widths: Iterable[int]) -> int:
    """The width, of two or more, that most rows have."""
    wide = collections.Counter(width for width in widths if width > 1)
    return wide.most_common(1)[0][0] if wide else 2


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
    """Names of columns, each once: those that are made up are none that is given."""
    clean = ["".join(c for c in name[:_LONGEST_NAME] if c.isprintable()).strip() for name in given]
    names = list[str]()
    for place, name in enumerate(clean, 1):
        wanted = name if name not in names else ""
        made_up = (f"{name} ({number})" if name else f"column {number}" for number in itertools.count(place))
        names.append(wanted or next(one for one in made_up if one not in names and one not in clean))
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
