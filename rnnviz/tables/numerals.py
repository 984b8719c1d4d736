"""Cells that are numbers, as people write them: with commas or points, currencies and units."""

import collections
import dataclasses
import math
import re
from collections.abc import Iterable, Sequence

MISSING = {"", "-", "–", "—", "?", ".", "na", "n/a", "nan", "null", "none", "nil", "missing", "#n/a"}
_NUMBER = re.compile(r"[-+]?(?:\d[\d.,]*|[.,]\d+)(?:e[-+]?\d+)?", re.IGNORECASE)
_BEFORE = re.compile(r"(?:[$€£¥]|USD|EUR|GBP|CHF)? ?", re.IGNORECASE)
_UNIT = re.compile(r" ?(?:[^\W\d_]|[%°€$£¥µ/²³·]){0,12}")
_GROUPED = {mark: re.compile(rf"[-+]?\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+") for mark in ".,"}
_SPACES = str.maketrans("", "", "\u00a0\u202f\u2009'’")
_BETWEEN = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")


@dataclasses.dataclass(frozen=True)
class Numerals:
    """How the numbers of a column are written: `decimal` is "." or ",", and what else parts digits, parts thousands."""

    decimal: str

    def value(self, cell: str) -> float | None:
        """The number in a cell; NaN where it is missing, None where it is no number."""
        try:  # as most are
            found = float(cell) if self.decimal == "." and "_" not in cell else math.inf
        except ValueError:
            found = math.inf
        return found if math.isfinite(found) else self._written(cell)

    def _written(self, cell: str) -> float | None:
        if cell.strip().lower() in MISSING:
            return math.nan
        digits, _ = split(cell)
        if not digits:
            return None
        other = "," if self.decimal == "." else "."
        whole, point, rest = digits.partition(self.decimal)
        if other in rest or (other in whole and not _GROUPED[other].fullmatch(whole)):
            return None
        try:
            found = float(whole.replace(other, "") + ("." + rest if point else ""))
        except ValueError:
            return None
        return found if math.isfinite(found) else None


def split(cell: str) -> tuple[str, str]:
    """The digits of a cell with its marks, and the unit behind or the currency before them; "" for no number."""
    text = _BETWEEN.sub("", cell.strip().replace("−", "-").translate(_SPACES))
    if text[:1] == "(" and text[-1:] == ")" and "-" not in text:  # as accountants write it
        text = "-" + text[1:-1]
    elif text[-1:] == "-" and text[-2:-1].isdecimal() and text.count("-") == 1:
        text = "-" + text[:-1]
    sign, text = ("-", text[1:].lstrip()) if text[:1] == "-" and text[1:2] in "$€£¥ " else ("", text)
    before = _BEFORE.match(text)
    assert before is not None  # it may be empty
    number = _NUMBER.match(text, before.end())
    if number is None or not _UNIT.fullmatch(text, number.end()):
        return "", ""
    return sign + number[0].rstrip(","), (text[number.end() :] or before[0]).strip()


def look(cells: Iterable[str], commas: bool) -> tuple[Numerals, str, float]:
    """How a column writes its numbers, the unit that all of them have or "", and which share of its cells are numbers.

    A mark that comes twice parts thousands; one with other than three digits behind it is a decimal mark; where both
    come, the last one is. Where all of this says nothing ("1,234"), a comma parts thousands, unless `commas`: what
    else is known of the file tells that a comma is the decimal mark.
    """
    said, units, full = collections.Counter[str](), collections.Counter[str](), 0
    kept = [cell for cell in cells if cell.strip().lower() not in MISSING]
    for cell in kept:
        digits, unit = split(cell)
        if not digits:
            continue
        full += 1
        units[unit] += 1
        said[_decimal(digits)] += 1
    sure = said[","] - said["."]
    decimal = "," if sure > 0 or (not sure and commas and not said["."]) else "."
    way = Numerals(decimal)
    readable = sum(way.value(cell) is not None for cell in kept)
    unit, count = units.most_common(1)[0] if units else ("", 0)
    return way, unit if count == full else "", readable / len(kept) if kept else 0.0


def units(cells: Iterable[str]) -> tuple[str, ...]:
    """The different units and currencies of a column's numbers, what most have first."""
    found = collections.Counter(unit for cell in cells if (parts := split(cell))[0] and (unit := parts[1]))
    return tuple(unit for unit, _ in found.most_common())


def decimal_commas(columns: Iterable[Sequence[str]], semicolons: bool) -> bool:
    """Whether a comma is the decimal mark of a table where a number alone does not tell ("1,234").

    It is where any column says so, and none that a point is; else where semicolons part the cells.
    """
    marks = {mark for column in columns if (mark := _certain(column))}
    return marks == {","} or (semicolons and "." not in marks)


def _certain(cells: Sequence[str]) -> str:
    """The decimal mark of a column, where one cell tells it and none holds the other mark; else ""."""
    for mark, other in (",.", ".,"):
        if any(mark in cell for cell in cells) and not any(other in cell for cell in cells):
            return mark if any(_decimal(digits) == mark for cell in cells if (digits := split(cell)[0])) else ""
    return ""


def _decimal(digits: str) -> str:
    """The decimal mark of a number, where it is certain; "" where none tells."""
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and point >= 0:
        return "," if comma > point else "."
    mark = "," if comma >= 0 else "." if point >= 0 else ""
    if not mark:
        return ""
    other = "." if mark == "," else ","
    if digits.count(mark) > 1:
        return other
    behind = len(digits) - 1 - digits.rfind(mark)
    return "" if behind == 3 and digits.find(mark) in (1, 2, 3) and not digits.startswith("0") else mark
