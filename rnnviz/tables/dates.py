"""Cells that say when: dates in the ways in which people write them."""

import dataclasses
import datetime
import itertools
import re
from collections.abc import Iterable, Sequence

_NUMBERS = re.compile(
    r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([AaPp])\.?[Mm]\.?)?)?"
)
_NAMED = re.compile(r"(?:(\d{1,2})[ .-]+)?([^\W\d_]{3,9})\.?[ -]+(?:(\d{1,2}),? +)?(\d{4})")
_SHORT = re.compile(r"(?:(\d{1,2})[ .-])?([^\W\d_]{3,9})\.?[ '’-]{1,2}(\d{2})")  # Jan-49, 1-Jan-49, Jan '49
_RUN = re.compile(r"(\d{1,2})([^\W\d_]{3,9})(\d{4})")  # 01JAN1990
_YEAR_FIRST = re.compile(r"(\d{2}|\d{4})[ ./-]?([^\W\d_]{3,9})\.?")  # 49-Jan, 1949 Jan
_MONTH_FIRST = re.compile(r"(\d{1,2})[/.-]((?:1[5-9]|20)\d{2})")  # 01/1949
_YEAR_MONTH = re.compile(r"((?:1[5-9]|20)\d{2})(0[1-9]|1[0-2])")  # 194901
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,? +", re.IGNORECASE)
_ZONE = re.compile(r" ?(?:UTC|GMT|Z)$")
_QUARTER = re.compile(r"(?:([12]\d{3})[ .-]?Q([1-4])|Q([1-4])[ -/]?([12]\d{3}))", re.IGNORECASE)
_LONGEST = 40  # characters of a date
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MORE_MONTHS = {"mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12}  # as Germans write them
# Dates that are counted: first and last number that is taken for one, by how many seconds each is, and where 0 lies.
COUNTED = {
    "days of a spreadsheet": (14_000, 80_000, 86_400.0, -2_209_161_600),  # from 1938 to 2119; 0 is the 30th of 12. 1899
    "seconds": (100_000_000, 5_000_000_000, 1.0, 0),  # since 1970, as all that follow
    "milliseconds": (100_000_000_000, 5_000_000_000_000, 1e-3, 0),
}
_EPOCH = datetime.datetime(1970, 1, 1)
_PIVOT = 40  # years of two digits from here on are of the last century: what is measured lies hardly in the future
ORDERS = ("day", "month")  # what comes first where a date is written in numbers, its year last


@dataclasses.dataclass(frozen=True)
class Dates:
    """How the dates of a column are written.

    first:   one of `ORDERS`.
    counted: one of `COUNTED` or "".
    either:  whether the other order would read as many of them, and otherwise.
    """

    first: str
    counted: str = ""
    either: bool = False

    def seconds(self, cell: str) -> int | None:
        """Seconds since 1970 of a cell; None where it is no date."""
        if self.counted:
            return self._counted(cell)
        try:
            found = self._read(_ZONE.sub("", _WEEKDAY.sub("", cell.strip(), count=1)))
        except (ValueError, OverflowError):
            return None
        return None if found is None else int((found - _EPOCH).total_seconds())

    def _counted(self, cell: str) -> int | None:
        low, high, each, begin = COUNTED[self.counted]
        if re.fullmatch(r"\d{1,15}(?:\.\d{1,12})?", cell.strip(), re.ASCII) is None:
            return None
        return round(float(cell) * each) + begin if low <= float(cell) <= high else None

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
        elif len(parts[3]) == 1:
            return None
        else:
            year = _year(three) if len(parts[3]) == 2 else three
            month, day = (two, one) if self.first == "day" else (one, two)
        hour, minute, second = (int(part or 0) for part in parts.groups()[3:6])
        if parts[7] is not None:
            hour = hour % 12 + 12 * (parts[7] in "Pp")
        return datetime.datetime(year, month, day, hour, minute, second)


def _period(cell: str) -> datetime.datetime | None:
    """The beginning of a year, a month in numbers, or a quarter."""
    if re.fullmatch(r"[12]\d{3}", cell):
        return datetime.datetime(int(cell), 1, 1)
    if month := re.fullmatch(r"([12]\d{3})(?:[-/.]|-?[mM])(\d{1,2})", cell):
        return datetime.datetime(int(month[1]), int(month[2]), 1)
    if month := _YEAR_MONTH.fullmatch(cell):
        return datetime.datetime(int(month[1]), int(month[2]), 1)
    if month := _MONTH_FIRST.fullmatch(cell):
        return datetime.datetime(int(month[2]), int(month[1]), 1)
    if quarter := _QUARTER.fullmatch(cell):
        return datetime.datetime(int(quarter[1] or quarter[4]), 3 * int(quarter[2] or quarter[3]) - 2, 1)
    return None


def _with_name(cell: str) -> datetime.datetime | None:
    """A date whose month has its name."""
    if named := _NAMED.fullmatch(cell):
        return datetime.datetime(int(named[4]), _month(named[2]), int(named[1] or named[3] or 1))
    if run := _RUN.fullmatch(cell):
        return datetime.datetime(int(run[3]), _month(run[2]), int(run[1]))
    if short := _SHORT.fullmatch(cell):
        return datetime.datetime(_year(int(short[3])), _month(short[2]), int(short[1] or 1))
    if (year := _YEAR_FIRST.fullmatch(cell)) and _is_month(year[2]):
        return datetime.datetime(int(year[1]) if len(year[1]) == 4 else _year(int(year[1])), _month(year[2]), 1)
    return None


def _is_month(name: str) -> bool:
    return name[:3].lower() in (*_MONTHS, *_MORE_MONTHS)


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

    Of dates such as 3/4/2015 the one of two orders that reads more of them; where both do, the one in which rows are in
    order of time; where both or none are, the one in which the longest time between two rows is the least beyond the
    usual one; else the month comes first between slashes.
    """
    kept = [cell for cell in cells if cell.strip()]
    if not kept:
        return Dates("month"), 0.0
    ways = [Dates(first) for first in (ORDERS if "." in kept[0] else reversed(ORDERS))]
    shares = [sum(way.seconds(cell) is not None for cell in kept) / len(kept) for way in ways]
    best = max(range(len(ways)), key=shares.__getitem__)
    if shares[0] == shares[1] > 0:
        times = [[one for cell in kept if (one := way.seconds(cell)) is not None] for way in ways]
        turns, gaps = [_turns(one) for one in times], [_unevenness(one) for one in times]
        sure = 2 * min(turns) < max(turns)
        best = min(range(len(ways)), key=(turns if sure else gaps).__getitem__)
        return dataclasses.replace(ways[best], either=times[0] != times[1]), shares[best]
    return ways[best], shares[best]


def _turns(seconds: Sequence[int]) -> int:
    """How often rows go against the direction of time that most of them have."""
    apart = [then - one for one, then in itertools.pairwise(seconds)]
    return min(sum(one < 0 for one in apart), sum(one > 0 for one in apart))


def _unevenness(seconds: Sequence[int]) -> float:
    """How many times as long as the usual time between two rows the longest one is; 1 where there are too few."""
    gaps = sorted(abs(then - one) for one, then in itertools.pairwise(seconds) if then != one)
    return gaps[-1] / gaps[len(gaps) // 2] if gaps else 1.0


def look_at_counts(cells: Iterable[str]) -> Dates | None:
    """How numbers count the time, where they are called dates; None where they do not."""
    kept = [cell for cell in cells if cell.strip()]
    for counted in COUNTED:
        way = Dates("day", counted)
        if kept and len({*kept}) > 1 and all(way.seconds(cell) is not None for cell in kept):
            return way
    return None
