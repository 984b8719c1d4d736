"""Cells that say when: dates in the ways in which people write them."""

import dataclasses
import datetime
import re
from collections.abc import Iterable

_NUMBERS = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{2,4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_NAMED = re.compile(r"(?:(\d{1,2})[ .-]+)?([^\W\d_]{3,9})\.?[ -]+(?:(\d{1,2}),? +)?(\d{4})")
_SHORT = re.compile(r"(?:(\d{1,2})[ .-])?([^\W\d_]{3,9})\.?[ '’-]{1,2}(\d{2})")  # Jan-49, 1-Jan-49, Jan '49
_QUARTER = re.compile(r"(?:([12]\d{3})[ -]?Q([1-4])|Q([1-4])[ -/]?([12]\d{3}))", re.IGNORECASE)
_LONGEST = 40  # characters of a date
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MORE_MONTHS = {"mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12}  # as Germans write them
_EPOCH = datetime.datetime(1970, 1, 1)
_PIVOT = 40  # years of two digits from here on are of the last century: what is measured lies hardly in the future
ORDERS = ("day", "month")  # what comes first where a date is written in numbers, its year last


@dataclasses.dataclass(frozen=True)
class Dates:
    """How the dates of a column are written; `first` is one of `ORDERS`."""

    first: str

    def seconds(self, cell: str) -> int | None:
        """Seconds since 1970 of a cell; None where it is no date."""
        try:
            found = self._read(cell.strip())
        except (ValueError, OverflowError):
            return None
        return None if found is None else int((found - _EPOCH).total_seconds())

    def _read(self, cell: str) -> datetime.datetime | None:
        if (begin := _period(cell)) is not None:
            return begin
        try:
            return datetime.datetime.fromisoformat(cell.replace("/", "-")).replace(tzinfo=None)
        except ValueError:
            pass
        return _with_name(cell) or self._in_numbers(cell)

    def _in_numbers(self, cell: str) -> datetime.datetime | None:
        if (parts := _NUMBERS.fullmatch(cell)) is None:
            return None
        one, two, three = int(parts[1]), int(parts[2]), int(parts[3])
        if len(parts[1]) == 4:
            year, month, day = one, two, three
        else:
            year = _year(three) if len(parts[3]) == 2 else three
            month, day = (two, one) if self.first == "day" else (one, two)
        hour, minute, second = (int(part or 0) for part in parts.groups()[3:])
        return datetime.datetime(year, month, day, hour, minute, second)


def _period(cell: str) -> datetime.datetime | None:
    """The beginning of a year, a month in numbers, or a quarter."""
    if re.fullmatch(r"[12]\d{3}", cell):
        return datetime.datetime(int(cell), 1, 1)
    if month := re.fullmatch(r"([12]\d{3})(?:[-/.]|-?[mM])(\d{1,2})", cell):
        return datetime.datetime(int(month[1]), int(month[2]), 1)
    if quarter := _QUARTER.fullmatch(cell):
        return datetime.datetime(int(quarter[1] or quarter[4]), 3 * int(quarter[2] or quarter[3]) - 2, 1)
    return None


def _with_name(cell: str) -> datetime.datetime | None:
    """A date whose month has its name."""
    if named := _NAMED.fullmatch(cell):
        return datetime.datetime(int(named[4]), _month(named[2]), int(named[1] or named[3] or 1))
    if short := _SHORT.fullmatch(cell):
        return datetime.datetime(_year(int(short[3])), _month(short[2]), int(short[1] or 1))
    return None


def _month(name: str) -> int:
    begin = name[:3].lower()
    return _MORE_MONTHS[begin] if begin in _MORE_MONTHS else 1 + _MONTHS.index(begin)


def _year(two_digits: int) -> int:
    return two_digits + (2000 if two_digits < _PIVOT else 1900)


def is_date(cell: str) -> bool:
    """Whether a cell is a date in any order of its parts."""
    return len(cell) <= _LONGEST and any(Dates(first).seconds(cell) is not None for first in ORDERS)


def look(cells: Iterable[str]) -> tuple[Dates, float]:
    """How a column writes its dates, and which share of its cells are dates.

    Of dates such as 3/4/2015 the one of two orders that reads more of them; the month comes first where both do and
    the parts stand between slashes.
    """
    kept = [cell for cell in cells if cell.strip()]
    if not kept:
        return Dates("month"), 0.0
    ways = [Dates(first) for first in (ORDERS if "." in kept[0] else reversed(ORDERS))]
    shares = [sum(way.seconds(cell) is not None for cell in kept) / len(kept) for way in ways]
    best = max(range(len(ways)), key=shares.__getitem__)
    return ways[best], shares[best]
