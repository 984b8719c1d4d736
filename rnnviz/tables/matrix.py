"""Rows of numbers, one for each time step, from a table: without dates, names of columns, and what counts its rows."""

import itertools
import math
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.tables import dates, files, footers, headers, kinds, numerals, parted
from rnnviz.tables.cells import DIALECTS
from rnnviz.tables.numerals import Numerals
from rnnviz.tables.report import Report

ROWS = "numbers between commas, one row for each time step"
FIELD = "input"
_SIMPLE = re.compile(r"[+-]?(\d{1,30}\.?\d{0,30}|\.\d{1,30})([eE][+-]?\d{1,3})?", re.ASCII)
_PLAIN = re.compile(r"[-+−\d.,eE '’\u00a0\u202f%()$€£¥]{1,60}", re.ASCII)
_IN_BRACKETS = re.compile(r"\s*(?:array\(|\[)[\s\[\]\d.,eE+-]*(?:,\s*dtype=\w+\)\s*)?")
_LOOKED_AT = 4_000  # cells, to find out what parts them
_LONGEST_CELL = 1_000  # characters
_FEWEST = 3  # rows by which a column without a number shows that it holds none
_MOST_NAMED = 1_000  # columns whose names are looked at
_MOST_LINES = limits.LONGEST_SEQUENCE + 12  # of a table that is not cut: names of columns, a title, remarks


class Matrix(NamedTuple):
    """Numbers (time, feature) float64, and what was read of the table."""

    values: np.ndarray
    report: Report


class _Table(NamedTuple):
    """Rows of stripped cells below the names of their columns, and what is said of the rest."""

    rows: list[list[str]]
    header: list[str]
    skipped: int
    below: int
    inside: int
    cut: str
    way: Numerals


def matrix(text: str, wanted: int = 0, chosen: Sequence[str] = ()) -> Matrix:
    """The columns of numbers of a table.

    wanted: how many are needed, where that is known: what counts the rows is then read if it is one of so many.
    chosen: names of the columns, where they are chosen.

    Raises:
        ExperimentError: a cell in a column of numbers is none, rows differ in length, or no number is there.
    """
    table = _table(text)
    rows, way = table.rows, table.way
    if not rows:
        raise ExperimentError(FIELD, f"1 to {limits.LONGEST_SEQUENCE} time steps long", Words("0"))
    odd = next((row for row in rows if len(row) != len(rows[0])), None)
    if odd is not None:
        allowed = f"rows of equally many numbers, {len(rows[0])} as in the first"
        raise ExperimentError(FIELD, allowed, Words(f"a row of {len(odd)}"))
    columns = [list(column) for column in zip(*rows, strict=True)]
    given = table.header if len(table.header) == len(columns) else [""] * len(columns)
    aside = {at: why for at, column in enumerate(columns) if (why := _aside(given[at], column, way, at))}
    names = parted.named(given)
    if unknown := [name for name in chosen if name not in names]:
        raise ExperimentError(FIELD, f"a table with a column “{unknown[0]}”", Words("other columns"))
    read = [at for at, name in enumerate(names) if name in chosen] or _read(len(columns), aside, wanted)
    values = [[_number(columns[at][row], way) for at in read] for row in range(len(rows))]
    report = Report(
        columns=names,
        read=tuple(names[at] for at in read),
        found=("chosen" if chosen else "content",) * len(read),
        left_out={names[at]: aside.get(at, kinds.NOT_CHOSEN) for at in range(len(names)) if at not in read},
        rows=len(rows),
        header=bool(table.header),
        skipped=table.skipped,
        inside=table.inside,
        footers=table.below,
        cut=table.cut,
    )
    return Matrix(np.array(values, np.float64), report)


def _read(count: int, aside: dict[int, str], wanted: int) -> list[int]:
    """Places of the columns that are read."""
    read = [at for at in range(count) if at not in aside]
    counting = [at for at, why in aside.items() if why in (kinds.INDEX, kinds.ID)]
    if not read or len(read) < wanted == len(read) + len(counting):
        read = sorted([*read, *counting])
    return read or list(range(count))  # of which the first is refused


def _table(text: str) -> _Table:
    if (what := files.other(text)) is not None:
        raise ExperimentError(FIELD, ROWS, Words(what))
    lines = [line for line in _listed(text).splitlines() if line.strip()]
    cut = f"its first {limits.LONGEST_SEQUENCE} rows" if len(lines) > _MOST_LINES else ""
    lines = lines[:_MOST_LINES]
    _check_size(lines)
    every, commas = _parted(lines)
    way = _way(every, commas)
    rows = _without_strays(every, way)
    inside = len(every) - len(rows)
    usual = parted.usual(map(len, rows)) if parted.fits(rows) else 1
    below = 0 if cut else _below(rows, usual, way)
    rows = rows[: len(rows) - below]
    skipped = next((at for at, row in enumerate(rows) if len(row) == usual), 0)
    skipped = 0 if any(_is_number(cell, way) for row in rows[:skipped] for cell in row) else skipped
    rows = rows[skipped:]
    header = rows[0] if _is_header(rows, way) else []
    rows = rows[bool(header) :]
    if len(rows) > limits.LONGEST_SEQUENCE:
        cut = f"its first {limits.LONGEST_SEQUENCE} rows"
    return _Table(rows[: limits.LONGEST_SEQUENCE], header, skipped, below, inside, cut, way)


def _listed(text: str) -> str:
    """Rows in brackets, as Python and JSON write them, each on a line of its own."""
    if not _IN_BRACKETS.fullmatch(text[:_LONGEST_CELL]):
        return text
    rows = re.sub(r"[\[\s]+", " ", re.sub(r"^\s*array\(|,?\s*(?:dtype=\w+)?\)\s*$", "", text)).split("]")
    return "\n".join(row.strip(" ,") for row in rows)


def _without_strays(rows: list[list[str]], way: Numerals) -> list[list[str]]:
    """The rows without remarks, lines that are drawn, names that come again, and units below names."""
    usual = parted.usual(map(len, rows))
    kept = [row for row in rows if not (footers.is_drawn(row) or footers.is_remark(row, usual) or row[0][:2] == "# ")]
    words = [at for at, row in enumerate(kept) if not any(_is_number(cell, way) or dates.is_date(cell) for cell in row)]
    begun = next((at for at, place in enumerate(words) if at != place), len(words))  # so many rows of words begin it
    names = [row for row in kept[:begun] if len(row) == usual]
    return [
        row
        for at, row in enumerate(kept)
        if not (begun <= at and row in names) and not (0 < at < begun and len(row) == usual == len(kept[at - 1]))
    ]


def _check_size(lines: Sequence[str]) -> None:
    """Refuse what takes too long to take apart: counted, not parted."""
    cells = sum(1 + max(line.count(mark) for mark in ",;\t ") for line in lines)
    if cells > limits.MOST_WRITTEN_NUMBERS:
        allowed = f"at most {limits.MOST_WRITTEN_NUMBERS:,} numbers as text, or more in a .npy file"
        raise ExperimentError(FIELD, allowed, Words(f"{cells:,}"))
    if any(len(line) > _LONGEST_CELL and not set(",;\t ") & set(line) for line in lines):
        raise ExperimentError(FIELD, ROWS, Words("a very long cell"))


def _parted(lines: list[str]) -> tuple[list[list[str]], bool]:
    """The rows as that parts them by which most cells are numbers or dates, and whether commas are decimal marks."""
    found = []
    for dialect in DIALECTS:
        if any(dialect.delimiter in line for line in lines):
            rows, wrong = parted.rows_of("".join(f"{line}\n" for line in lines), dialect, len(lines))
            if wrong is None:
                found.append(([[cell.strip() for cell in row] for row in rows], dialect.delimiter == ";"))
    if not found or not any(all(mark in line for line in lines) for mark in "\t;|"):  # else blanks part nothing
        found.append(([line.split() for line in lines], False))
    rows, semicolons = max(
        found, key=lambda of: _understood(*of)
    )  # among equals the first: blanks stand behind commas, too
    if any(len(cell) > _LONGEST_CELL for row in rows for cell in row):
        raise ExperimentError(FIELD, ROWS, Words("a very long cell"))
    return rows, _has_commas(rows, semicolons)


def _has_commas(rows: list[list[str]], semicolons: bool) -> bool:
    """Whether commas are decimal marks where a number alone does not tell."""
    written = any("," in cell for row in rows for cell in row)
    return written and numerals.decimal_commas(itertools.zip_longest(*rows, fillvalue=""), semicolons)


def _way(rows: list[list[str]], commas: bool) -> Numerals:
    cells = [cell for row in rows for cell in row if "," in cell]
    return numerals.look(cells, commas)[0] if cells else Numerals(".")


def _understood(rows: list[list[str]], semicolons: bool) -> float:
    """Which share of cells are numbers or dates."""
    begun = [row[:_LOOKED_AT] for row in rows[: _LOOKED_AT // max(1, len(rows[0])) + 1]] if rows else []
    way = Numerals("," if _has_commas(begun, semicolons) else ".")
    cells = [cell for row in begun for cell in row if cell]
    return sum(_is_number(cell, way) or dates.is_date(cell) for cell in cells) / len(cells) if cells else 0.0


def _below(rows: list[list[str]], usual: int, way: Numerals) -> int:
    """How many rows at the end are sums or remarks."""
    found = 0
    for row in reversed(rows[1:]):
        remark = len(row) == 1 < usual and not _is_number(row[0], way)
        if not remark and not footers.sums_up(row):
            break
        found += 1
    return found


def _is_header(rows: list[list[str]], way: Numerals) -> bool:
    """Whether the first row names the columns: none of its cells is a number, or they count the columns."""
    if len(rows) < 2:
        return False
    if not any(_is_number(cell, way) for cell in rows[0]) or headers.counts_columns(rows):
        return True
    return len(rows[0]) <= _MOST_NAMED and headers.stands_over_numbers(parted.columns(rows, len(rows[0])))


def _aside(name: str, column: list[str], way: Numerals, at: int) -> str:
    """Why a column is left out, one of the reasons of `kinds`; "" if it is read."""
    numbers = sum(_is_number(cell, way) for cell in column)
    if (name or not numbers) and kinds.is_dates(name, column):
        return kinds.DATES
    if not numbers and len(column) >= _FEWEST:
        return kinds.aside(name, column) or kinds.NO_NUMBERS
    if kinds.is_id_name(name) and len(set(column)) == len(column):
        return kinds.ID
    counts = at == 0 and not kinds.words(name) and len(column) >= _FEWEST and kinds.counts_rows(column)
    return kinds.INDEX if counts else ""


def _is_number(cell: str, way: Numerals) -> bool:
    if way.decimal == "." and _SIMPLE.fullmatch(cell):
        return math.isfinite(float(cell))
    if _PLAIN.fullmatch(cell) is None:
        return False
    value = way.value(cell)
    return value is not None and not math.isnan(value)


def _number(cell: str, way: Numerals) -> float:
    if way.decimal == "." and _SIMPLE.fullmatch(cell):
        return float(cell)
    value = way.value(cell) if _is_number(cell, way) else None
    if value is None:
        raise ExperimentError(FIELD, ROWS, cell)
    return value
