"""The text of a table as rows: what parts its cells is what parts most rows into equally many."""

import collections
import csv
import io
import itertools
from collections.abc import Iterable, Sequence

from rnnviz.tables.cells import Dialect, dialects
from rnnviz.tables.markup import ENTITY

_TABS = 0.8  # of the rows that have some, where tabs part the columns whatever else comes as often in each row
_LONGEST_NAME = 40  # characters of a column's name

Tried = tuple[list[list[str]], csv.Error | None, Dialect]


def tried(text: str, whole: bool, most: int, wanted: int = 0) -> list[Tried]:
    """The first `most` rows as each dialect parts them, and why none comes after them; the best first.

    whole:  whether the text is the whole table: its last row is not cut off.
    wanted: how many columns are needed, which decides between dialects that fit equally well.
    """
    found = [(*_rows(text, one, whole, most), one) for one in dialects(text)]

    def fit(of: Tried) -> tuple[float, ...]:
        rows, _, dialect = of
        share, *more = _fit(rows)
        if not wanted:
            return share, *more
        tabs = (
            dialect.delimiter == "\t" and fits(rows) and sum(len(r) > 1 for r in rows) >= _TABS * sum(map(bool, rows))
        )
        return tabs, share, *more, not _in_prose(text, dialect.delimiter), usual(map(len, rows)) == wanted

    return sorted(found, key=fit, reverse=True)


def _in_prose(text: str, delimiter: str) -> bool:
    """Whether most of these signs stand as in a sentence, before a blank, or end an entity of HTML."""
    inside = text.count(delimiter + " ") + (len(ENTITY.findall(text)) if delimiter == ";" else 0)
    return 2 * inside > text.count(delimiter)


def fits(rows: Sequence[Sequence[str]]) -> bool:
    """Whether any row has two columns or more."""
    return any(len(row) > 1 for row in rows)


def rows_of(text: str, dialect: Dialect, most: int) -> tuple[list[list[str]], csv.Error | None]:
    """The first `most` rows, and why none comes after them, where something is wrong."""
    rows = list[list[str]]()
    try:
        rows.extend(itertools.islice(dialect.rows(io.StringIO(text, newline="")), most))
    except csv.Error as error:
        return rows, error
    return rows, None


def _rows(text: str, dialect: Dialect, whole: bool, most: int) -> tuple[list[list[str]], csv.Error | None]:
    if dialect.delimiter not in text:
        return [], None
    rows, wrong = rows_of(text, dialect, most + 1)
    return (rows if whole or wrong or len(rows) < 2 else rows[:-1]), wrong


def _fit(rows: list[list[str]]) -> tuple[float, int, int]:
    """How well a dialect fits.

    The share of rows as wide as most that have two columns, how many rows there are, and in how few of them quotation
    marks stand around several cells, or are left over in one.
    """
    wide = collections.Counter(len(row) for row in rows if len(row) > 1)
    full = sum(bool(row) for row in rows)
    around = sum(_quoted_together(row) or any(map(_half_quoted, row)) for row in rows)
    return (wide.most_common(1)[0][1] / full, full, -around) if wide else (0.0, 0, 0)


def _quoted_together(row: list[str]) -> bool:
    """Whether a cell begins with a quotation mark that a later one closes at its end."""
    odd = [place for place, cell in enumerate(row) if cell.count('"') % 2]
    return len(odd) > 1 and row[odd[0]].lstrip()[:1] == '"' and row[odd[-1]].rstrip()[-1:] == '"'


def _half_quoted(cell: str) -> bool:
    """Whether a quotation mark is left over at the end of a cell, behind a backslash or a blank at its beginning."""
    return cell.endswith('\\""') or (cell[:1] == " " and cell.lstrip()[:1] == '"' == cell[-1:])


def columns(rows: list[list[str]], width: int) -> list[list[str]]:
    """The cells of the first `width` columns, "" where a row is too short."""
    return [list(column) for column in zip(*(cells(row, width) for row in rows), strict=True)] or [[]] * width


def cells(row: list[str], width: int) -> list[str]:
    """The first `width` cells of a row without blanks around them, "" where it is too short."""
    return [row[place].strip() if place < len(row) else "" for place in range(width)]


def full(row: list[str]) -> int:
    """How many cells a row has up to its last that is not empty."""
    return next((place for place in range(len(row), 0, -1) if row[place - 1].strip()), 0)


def usual(widths: Iterable[int]) -> int:
    """The width, of two or more, that most rows have."""
    wide = collections.Counter(width for width in widths if width > 1)
    return wide.most_common(1)[0][0] if wide else 2


def named(given: list[str]) -> tuple[str, ...]:
    """Names of columns, each once: those that are made up are none that is given."""
    clean = ["".join(c for c in name[:_LONGEST_NAME] if c.isprintable()).strip() for name in given]
    names, taken, given_before = list[str](), set(clean), set[str]()
    for place, name in enumerate(clean, 1):
        wanted = name if name and name not in given_before else ""
        made_up = (f"{name} ({number})" if name else f"column {number}" for number in itertools.count(place))
        names.append(wanted or next(one for one in made_up if one not in taken))
        taken.add(names[-1])
        given_before.add(names[-1])
    return tuple(names)
