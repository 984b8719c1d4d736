"""Cells that say when: dates in the ways in which people write them, and the steps between them."""

import dataclasses
import datetime
import itertools
import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np

_NUMBERS = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{2,4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_NAMED = re.compile(r"(?:(\d{1,2})[ .-]+)?([A-Za-z]{3,9})\.?[ -]+(?:(\d{1,2}),? +)?(\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EPOCH = datetime.datetime(1970, 1, 1)
DAY = 86_400  # seconds
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
        if re.fullmatch(r"[12]\d{3}", cell):
            return datetime.datetime(int(cell), 1, 1)
        if month := re.fullmatch(r"([12]\d{3})[-/.](\d{1,2})", cell):
            return datetime.datetime(int(month[1]), int(month[2]), 1)
        try:
            return datetime.datetime.fromisoformat(cell.replace("/", "-")).replace(tzinfo=None)
        except ValueError:
            pass
        if named := _NAMED.fullmatch(cell):
            return datetime.datetime(
                int(named[4]), 1 + _MONTHS.index(named[2][:3].lower()), int(named[1] or named[3] or 1)
            )
        if (parts := _NUMBERS.fullmatch(cell)) is None:
            return None
        one, two, three = int(parts[1]), int(parts[2]), int(parts[3])
        if len(parts[1]) == 4:
            year, month_, day = one, two, three
        else:
            year = three + (2000 if three < 70 else 1900) if len(parts[3]) == 2 else three
            month_, day = (two, one) if self.first == "day" else (one, two)
        hour, minute, second = (int(part or 0) for part in parts.groups()[3:])
        return datetime.datetime(year, month_, day, hour, minute, second)


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


@dataclasses.dataclass(frozen=True)
class Steps:
    """The distance between the steps of a series.

    every:   in words: "day".
    at:      seconds since 1970 (row,) → the number of the step of each, from the first on.
    seconds: back from numbers of steps to seconds, likewise.
    """

    every: str
    at: Callable[[np.ndarray], np.ndarray]
    seconds: Callable[[np.ndarray], np.ndarray]


def steps_of(times: np.ndarray) -> Steps | None:
    """The distance that most neighbours of sorted times (row,) have, if it is the calendar's; None if it is none.

    At least a half of all steps from the first to the last have to be there.
    """
    first, apart = int(times[0]), np.diff(times)
    apart = apart[apart > 0]
    if not len(apart):
        return None
    usual = int(np.median(apart))
    for name, low, high in (("month", 28, 31), ("quarter", 89, 92), ("year", 365, 366)):
        if low * DAY <= usual <= high * DAY:
            found = _by_months(name, {"month": 1, "quarter": 3, "year": 12}[name], first)
            break
    else:
        values, counts = np.unique(apart, return_counts=True)
        found = _regular(int(values[counts.argmax()]), first)
    count = int(found.at(times[-1:])[0]) + 1
    there = len(np.unique(found.at(times)))
    return found if there >= count / 2 and len(times) <= 1.5 * there else None


def _regular(step: int, first: int) -> Steps:
    names = {1: "second", 60: "minute", 3_600: "hour", DAY: "day", 7 * DAY: "week"}
    every = names.get(step) or next(
        (f"{step // of} {names[of]}s" for of in sorted(names, reverse=True) if step % of == 0), f"{step} seconds"
    )
    return Steps(every, lambda at: np.rint((at - first) / step).astype(np.int64), lambda place: first + place * step)


def _by_months(name: str, months: int, first: int) -> Steps:
    begin = np.datetime64(first, "s").astype("datetime64[M]").astype(np.int64)

    def at(times: np.ndarray) -> np.ndarray:
        month = times.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
        found: np.ndarray = (month - begin) // months
        return found

    def seconds(places: np.ndarray) -> np.ndarray:
        found = (begin + places * months).astype("datetime64[M]").astype("datetime64[s]").astype(np.int64)
        kept: np.ndarray = found
        return kept

    return Steps(name, at, seconds)


def season_of(every: str, count: int) -> tuple[int, str]:
    """After how many steps a series of `count` is expected to repeat itself, and how long that is in words.

    The longest of which there are at least two: a year, else a week of days; a day of hours; 1 where nothing is known.
    """
    known: dict[str, Sequence[tuple[int, str]]] = {
        "day": ((365, "a year"), (7, "a week")),
        "hour": ((24, "a day"),),
        "minute": ((1_440, "a day"), (60, "an hour")),
        "week": ((52, "a year"),),
        "month": ((12, "a year"),),
        "quarter": ((4, "a year"),),
    }
    found = list(known.get(every, ()))
    if (part := re.fullmatch(r"(\d+) (minute|hour)s", every)) is not None:
        a_day = {"minute": 1_440, "hour": 24}[part[2]]
        found += [(a_day // int(part[1]), "a day")] if a_day % int(part[1]) == 0 and a_day > int(part[1]) else []
    return next(itertools.chain((one for one in found if 2 * one[0] <= count), [(1, f"one {every}")]))
