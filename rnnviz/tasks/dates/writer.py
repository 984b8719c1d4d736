"""Days as numbers, and many dates written at once, each in a pattern of its own."""

import dataclasses
import datetime
import functools

import numpy as np

from rnnviz.tasks.batch import PAD
from rnnviz.tasks.dates import calendars
from rnnviz.tasks.dates.calendars import LANGUAGES, Pattern
from rnnviz.tasks.translating import END

FIRST, LAST = datetime.date(1950, 1, 1), datetime.date(2049, 12, 31)
PROBE_DAY = datetime.date(2026, 3, 14)  # held out
ISO = "-0123456789"
_VALUES = ("y", "M", "d", "E")  # what is known of a day, in this order, and a zero behind


@dataclasses.dataclass(frozen=True, eq=False)
class Days:
    """All days from `FIRST` to `LAST`, counted from 0.

    parts:    (day, 5) int64: year after the first, month, day and weekday from 0, and a zero.
    iso:      (11, day) int64, the answer to each.
    trained:  (…,) int64, the days to train on.
    held_out: (…,) int64, the others.
    """

    parts: np.ndarray
    iso: np.ndarray
    trained: np.ndarray
    held_out: np.ndarray


@functools.lru_cache(maxsize=1)
def days_written() -> Days:
    """The days; made once."""
    dates = np.arange(np.datetime64(FIRST), np.datetime64(LAST) + 1)
    years, months = dates.astype("datetime64[Y]"), dates.astype("datetime64[M]")
    columns = (years.astype(int) + 1970 - FIRST.year, months.astype(int) % 12, (dates - months).astype(int))
    weekdays = (dates.astype(int) + 3) % 7  # 1 January 1970 was a Thursday
    parts = np.stack([*columns, weekdays, np.zeros(len(dates), int)], axis=1)
    signs = np.array([ISO.index(c) + 1 for c in "".join(np.datetime_as_string(dates))]).reshape(len(dates), -1)
    iso = np.concatenate([signs, np.full((len(dates), 1), END)], axis=1).T
    # A fixed rule in place of a draw: multiplying by an odd number spreads the days, one in ten is held out.
    spread = (np.arange(len(dates)) - place_of(PROBE_DAY)) * 2_654_435_761 % 2**32
    kept = (spread >> 16) % 10 == 0
    return Days(parts, np.ascontiguousarray(iso), np.flatnonzero(~kept), np.flatnonzero(kept))


def place_of(day: datetime.date) -> int:
    """A day as a number, counted from the first."""
    return (day - FIRST).days


class Writer:
    """Writes many dates at once, each in a pattern of its own: a table of fragments, put together.

    symbols: what the dates are made of, sorted.
    longest: symbols of the longest date that can come.
    """

    def __init__(self, patterns: tuple[Pattern, ...]) -> None:
        self.patterns = patterns
        self._first: dict[tuple[str, ...], int] = {}  # a list of fragments → the row at which it begins
        self._fragments: list[str] = []
        self._lay_out()
        self.symbols = tuple(sorted(set("".join(self._fragments))))
        self._table = self._spelled()
        self.longest = max(sum(max(map(len, _fragments(p, part))) for part in p.parts) for p in patterns)
        of_language = [np.flatnonzero([p.language == one for p in patterns]) for one in LANGUAGES]
        of_language = [places for places in of_language if len(places)]
        self._counts = np.array([len(places) for places in of_language])
        self._grid = np.stack([np.resize(places, self._counts.max()) for places in of_language])

    def _lay_out(self) -> None:
        """For every slot of a pattern, the row of its first fragment and which value of the day is added to it."""
        slots = max(len(pattern.parts) for pattern in self.patterns)
        self._rows = np.full((len(self.patterns), slots), self._begin(("",)))
        self._asked = np.full((len(self.patterns), slots), len(_VALUES))
        for place, pattern in enumerate(self.patterns):
            for slot, part in enumerate(pattern.parts):
                self._rows[place, slot] = self._begin(_fragments(pattern, part))
                if part[0] != "'":
                    self._asked[place, slot] = _VALUES.index(part[0])

    def draw(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Patterns (sample,): every language equally often, and in it every pattern."""
        languages = rng.integers(0, len(self._counts), size)
        return self._grid[languages, rng.integers(0, self._counts[languages])]

    def write(self, chosen: np.ndarray, parts: np.ndarray) -> np.ndarray:
        """Dates of these patterns (sample,) on days (sample, 5) as (longest, sample) int64, `PAD` behind each."""
        size = len(chosen)
        rows = self._rows[chosen] + np.take_along_axis(parts, self._asked[chosen], axis=1)
        signs = self._table[rows].reshape(size, -1)
        there = signs != PAD
        sample, _ = np.nonzero(there)
        found = np.full((self.longest, size), PAD, np.int64)
        found[(there.cumsum(axis=1) - 1)[there], sample] = signs[there]
        return found

    def _begin(self, fragments: tuple[str, ...]) -> int:
        if fragments not in self._first:
            self._first[fragments] = len(self._fragments)
            self._fragments += fragments
        return self._first[fragments]

    def _spelled(self) -> np.ndarray:
        """(fragment, sign) int8."""
        places = {symbol: place for place, symbol in enumerate(self.symbols)}
        table = np.full((len(self._fragments), max(map(len, self._fragments))), PAD, np.int8)
        for row, fragment in enumerate(self._fragments):
            table[row, : len(fragment)] = [places[c] for c in fragment]
        return table


def _fragments(pattern: Pattern, part: str) -> tuple[str, ...]:
    """Everything that may stand in a part of a pattern, by the value it stands for."""
    if part[0] == "'":
        return (part[1:],)
    return {
        "y": tuple(str(year) for year in range(FIRST.year, LAST.year + 1)),
        "M": tuple(str(month) for month in range(1, 13)),
        "MM": tuple(f"{month:02}" for month in range(1, 13)),
        "d": tuple(str(day) for day in range(1, 32)),
        "dd": tuple(f"{day:02}" for day in range(1, 32)),
        **dict(pattern.names),
    }[part]


@functools.lru_cache(maxsize=len(LANGUAGES) + 1)
def writer_of(language: str) -> Writer:
    """The writer of the dates of one language, or of `all`."""
    return Writer(calendars.patterns(language))
