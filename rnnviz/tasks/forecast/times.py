"""The distance between the time steps of a series, from its dates, and after how many of them it repeats itself."""

import dataclasses
import itertools
import re
from collections.abc import Callable, Sequence

import numpy as np

DAY = 86_400  # seconds


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
    """The distance that most neighbours of times (row,) have, if it is the calendar's; None if it is none.

    The times are sorted, and each comes once. At least a half of all steps from the first to the last have to be there.
    """
    first, apart = int(times[0]), np.diff(times)
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
