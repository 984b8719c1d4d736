"""Which two columns of a table are pairs, what is read and what is to be written: by name, else by content."""

import dataclasses
from collections.abc import Sequence
from typing import NamedTuple

from rnnviz.core.errors import ExperimentError, Words
from rnnviz.tables import files, footers, headers, kinds, markup, parted, sentences
from rnnviz.tables.cells import DELIMITERS, Dialect
from rnnviz.tables.report import Report

ALLOWED = "two columns, input and output, parted by a comma, a semicolon or a tab"
FIELD = "text"
_LANGUAGES = """english german french spanish italian portuguese dutch russian chinese japanese deutsch englisch
    französisch français anglais español inglés en de fr es pt nl ru zh ja eng deu ger fra spa ita"""
LANGUAGES = frozenset(_LANGUAGES.split())
SOURCES = ("source", "src", "input", "question", "prompt", "sentence", "word", "original", "review", "text")
TARGETS = (
    "target", "tgt", "output", "answer", "response", "translation", "translated", "sentiment", "label",
)  # fmt: skip
ROLES = frozenset({*LANGUAGES, *SOURCES, *TARGETS})
_BESIDE = frozenset({"id", "index", "split", "license", "licence", "attribution", "date", "url", "nr", "author"})
_LOOKED_AT = 2_000  # rows from which the columns are known
_BEGUN = 200_000  # characters, to find out what parts the columns
_MOST_AROUND = 10  # rows before a table, and as many below it, that are none of it
_MOST_ODD = 0.2  # of rows that have more or fewer cells than most
_BACK = (
    kinds.NUMBERS,
    kinds.FEW,
    kinds.DATES,
    *kinds.ALIKE,
    kinds.ID,
    kinds.SPLIT,
    kinds.ATTRIBUTION,
    kinds.INDEX,
    kinds.EMPTY,
)


class Paired(NamedTuple):
    """Cells of both columns in every row, as they stand in the table, and what was read of it."""

    rows: list[tuple[str, str]]
    report: Report


class Chosen(NamedTuple):
    """How a table is to be read.

    source, target: names of the two columns, "" where they are to be found.
    header:         whether the first row names them; None likewise.
    html:           whether HTML is taken out of the cells where they are HTML.
    """

    source: str = ""
    target: str = ""
    header: bool | None = None
    html: bool = True


NOTHING = Chosen()


def paired(text: str, most: int, chosen: Chosen = NOTHING) -> Paired:
    """The two columns of a table, of which at most `most` rows are read.

    Raises:
        ExperimentError: a row has one column, there is no such column, or a cell is too long.
    """
    if (what := files.other(text)) is not None:
        raise ExperimentError(FIELD, ALLOWED, Words(what))
    found = _rows(text, most)
    rows, skipped = found.rows, found.skipped
    if not rows:
        raise ExperimentError(FIELD, ALLOWED, Words("no row, or nothing but a header"))
    width = parted.usual(map(len, rows))
    if chosen.header is None and (above := _above(rows, width)):
        rows, skipped = rows[above:], skipped + above
    fitting = [row for row in rows if len(row) <= width or parted.full(row) <= width]
    unmatched = len(rows) - len(fitting)
    html = chosen.html and found.html
    if html:
        fitting = [list(map(markup.stripped, row)) for row in fitting]
    looked = fitting[:_LOOKED_AT]
    header = _is_header(looked, width) if chosen.header is None else chosen.header
    if header and headers.lacks_first(looked, width):
        looked[0] = ["", *looked[0]]
    given = parted.cells(looked[0], width) if header else [""] * width
    kept = [row for row in fitting[header:] if not footers.repeats(row, given)]
    inside, looked, fitting = found.inside + len(fitting) - header - len(kept), kept[:_LOOKED_AT], kept
    _check_width(rows[header:], width, found.dialect.delimiter)
    columns = parted.columns(looked, width)
    names = parted.named(given)
    aside = [_aside(name, column) if width > 2 else "" for name, column in zip(given, columns, strict=True)]
    places, how = _places(names, aside, chosen)
    cells = [(row[places[0]] if places[0] < len(row) else "", row[places[1]] if places[1] < len(row) else "")
             for row in fitting]  # fmt: skip
    if html is None and markup.in_most(cell for row in cells[:_LOOKED_AT] for cell in row):
        html, cells = True, [(markup.stripped(one), markup.stripped(two)) for one, two in cells]
    left_out = {name: _reason(aside[at], fitting, at) for at, name in enumerate(names) if at not in places}
    read = tuple(names[place] for place in places)
    report = Report(names, read, how, left_out, len(cells), header, skipped, found.below, inside, unmatched, found.cut)
    doubtful = not header and found.dialect.delimiter == "," and '"' not in text and sentences.are_parted(fitting)
    return Paired(cells, dataclasses.replace(report, html=bool(html), doubtful=doubtful))


class _Rows(NamedTuple):
    """Rows that are not empty, what parts them, how many others stand before, below and inside, and what is used.

    html: whether the table says that its cells are HTML; None where it says nothing.
    """

    rows: list[list[str]]
    dialect: Dialect
    skipped: int
    below: int
    inside: int
    cut: str
    html: bool | None


def _rows(text: str, most: int) -> _Rows:
    """The rows of a table.

    Raises:
        ExperimentError: a row has one column, or a cell is too long.
    """
    *_, dialect = parted.tried(text[:_BEGUN], len(text) <= _BEGUN, _LOOKED_AT, wanted=2)[0]
    rows, wrong = parted.rows_of(text, dialect, most + 1)
    if wrong is not None and len(rows) <= most:
        open_quote = f"a cell too long, or an open quote, in row {len(rows) + 1:,}"
        raise ExperimentError(FIELD, ALLOWED, Words(open_quote))
    cut = f"its first {most:,} rows" if len(rows) > most else ""
    full = [(number, row) for number, row in enumerate(rows[:most], 1) if any(map(str.strip, row))]
    usual = parted.usual(len(row) for _, row in full[:_LOOKED_AT])
    numbered = [(number, row) for number, row in full if not (footers.is_drawn(row) or footers.is_remark(row, usual))]
    single = [place for place, (_, row) in enumerate(numbered) if len(row) == 1]
    before = next((place for place in range(_MOST_AROUND) if place not in single), 0)
    begun = [row for _, row in numbered[before : before + _LOOKED_AT]]
    if not begun or not _is_header(begun, parted.usual(map(len, begun))):
        before = 0
    last = len(numbered) - 1
    below = next((n for n in range(_MOST_AROUND) if not _is_remark(numbered, last - n)), 0)
    inside = [place for place in single if before <= place <= last - below]
    if inside:
        where = "" if len(single) == len(numbered) else f" in row {numbered[inside[0]][0]:,}"
        raise ExperimentError(FIELD, ALLOWED, Words(f"one column{where}"))
    rows = [row for _, row in numbered[before : len(numbered) - below]]
    html = markup.declared(text[:_BEGUN].splitlines()[: dialect.remarks])
    return _Rows(rows, dialect, before + dialect.remarks, below, len(full) - len(numbered), cut, html)


def _is_remark(numbered: list[tuple[int, list[str]]], place: int) -> bool:
    """Whether a row below the table is none of it: a sum or a remark in one cell, or a sum below texts."""
    row = numbered[place][1] if 0 < place < len(numbered) else []
    if parted.full(row) == 1:
        return footers.sums_up(row)
    above = [cell for _, one in numbered[max(0, place - 3) : place] for cell in one[1:]]
    return footers.is_sum(row) and not any(map(str.isdigit, "".join(above)))


def _above(rows: list[list[str]], width: int) -> int:
    """How many rows stand above one that names both columns for certain: other names, or a title."""
    if not rows or len(headers.named(parted.cells(rows[0], width), ROLES)) >= 2:
        return 0
    for at in (1, 2):
        begun = rows[at : at + _LOOKED_AT]
        if (
            len(begun) > 1
            and len(headers.named(parted.cells(begun[0], width), ROLES)) >= 2
            and _is_header(begun, width)
        ):
            return at
    return 0


def _check_width(rows: Sequence[list[str]], width: int, delimiter: str) -> None:
    """Refuse a table whose texts hold what parts its columns: rows differ in length, and cells begin with a blank."""
    odd = [row for row in rows if width not in (len(row), parted.full(row))]
    in_texts = any(cell[:1] == " " for row in rows if len(row) > 2 for cell in row[1:])
    if in_texts and len(odd) > _MOST_ODD * len(rows):
        what = DELIMITERS[delimiter]
        allowed = f"a table whose rows have equally many cells (a {what} inside a text needs quotes)"
        raise ExperimentError(FIELD, allowed, Words(f"{len(odd):,} of {len(rows):,} rows with more or fewer"))


def _is_header(rows: Sequence[list[str]], width: int) -> bool:
    """Whether the first row names the columns for certain."""
    first = parted.cells(rows[0], width)
    if headers.counts_columns(rows) or (width == 2 < len(rows) and headers.names_two([first, *rows[1:]])):
        return True
    if len(rows) < 2 or any(len(cell.split()) > 4 for cell in first):
        return False
    roles, beside = headers.named(first, ROLES), headers.named(first, _BESIDE)
    again = [row for row in rows[1:4] if len(headers.named(parted.cells(row, width), ROLES)) >= 2]
    if len(roles) >= 2 and len(set(map(str.casefold, roles))) > 1 and not again:
        return True
    others = len([cell for cell in first if cell and cell not in (*roles, *beside)])
    if width > 2 and ((roles and not others and not again) or not first[0] or beside == [first[0]]):
        columns = parted.columns(list(rows), width)
        return bool(roles and beside) or headers.stands_over_numbers(columns)
    return width > 2 and headers.stands_over_numbers(parted.columns(list(rows), width))


def _aside(name: str, column: list[str]) -> str:
    return kinds.aside(name, column) or kinds.wordless(column)


def _reason(why: str, rows: Sequence[list[str]], at: int) -> str:
    """Why a column is left out, as is true of all rows and not just of those that were looked at."""
    if why in (kinds.EMPTY, *kinds.ALIKE) and len(rows) > _LOOKED_AT:
        why = kinds.alike([row[at].strip() if at < len(row) else "" for row in rows])
    return why or kinds.UNPAIRED


def _places(names: tuple[str, ...], aside: list[str], chosen: Chosen) -> tuple[tuple[int, int], tuple[str, str]]:
    """Where source and target stand, and how that was found."""
    for name in (chosen.source, chosen.target):
        if name and name not in names:
            raise ExperimentError(FIELD, f"a table with a column “{name}”", Words(f"the columns {', '.join(names)}"))
    if chosen.source and chosen.source == chosen.target:
        raise ExperimentError(FIELD, "read with two different columns", chosen.source)
    at = [names.index(name) if name else None for name in (chosen.source, chosen.target)]
    how = ["chosen" if name else "" for name in (chosen.source, chosen.target)]
    for side, place in enumerate(_by_name(names, aside)):
        if at[side] is None and place is not None and place not in at:
            at[side], how[side] = place, "name"
    for side in (0, 1):
        if at[side] is None:
            at[side] = _by_content(aside, at)
            how[side] = "content" if len(names) > 2 else ""
    assert at[0] is not None and at[1] is not None
    return (at[0], at[1]), (how[0], how[1])


def _by_name(names: tuple[str, ...], aside: list[str]) -> tuple[int | None, int | None]:
    """Columns that are called so; two that are called like languages are read in their order."""
    free = [place for place in range(len(names)) if aside[place] != kinds.EMPTY]
    languages = [place for place in free if headers.named([names[place]], LANGUAGES)]
    if len(languages) >= 2:
        return languages[0], languages[1]
    source, target = (
        next((place for word in known for place in free if _called(names[place], word)), None)
        for known in (SOURCES, TARGETS)
    )
    return source, target


def _called(name: str, word: str) -> bool:
    parts = kinds.words(name)
    return "".join(parts) == word or parts[-1:] == [word]


def _by_content(aside: list[str], taken: Sequence[int | None]) -> int:
    """The first column that may be learned; where there is none, the one that most likely may."""
    for reason in ("", *_BACK):
        for place, why in enumerate(aside):
            if why == reason and place not in taken:
                return place
    raise AssertionError("a table has two columns")
