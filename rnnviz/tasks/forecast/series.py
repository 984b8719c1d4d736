"""A series in time: columns of numbers, one row for each step, of which the last part is held out."""

import csv
import dataclasses
import functools
from importlib import resources

import numpy as np

WEATHER = {"temp_max": "°C", "temp_min": "°C", "precipitation": "mm", "wind": "m/s"}  # column → unit
NAMES = {
    "temp_max": "highest temperature",
    "temp_min": "lowest temperature",
    "precipitation": "precipitation",
    "wind": "wind",
}
SOURCE = "Daily weather in Seattle, 2012 to 2015: NOAA, National Centers for Environmental Information (public domain)"
YEAR = 365  # days
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclasses.dataclass(frozen=True, eq=False)
class Series:
    """Columns of numbers at equal distances in time.

    columns: their names.
    units:   of each, "" where it is not known.
    values:  (step, column) float32, or float64 where that is needed; NaN where a number is missing.
    names:   (step,) str, when each step is: "2015-06-01".
    short:   (step,) str, the same where there is little room: "1 Jun".
    marks:   (step,) str, what stands under a time axis; "" at most steps: "Jun" at the first of it.
    every:   what one step is, in words: "day".
    season:  steps after which the series is expected to repeat itself.
    phase:   (step,), where in the season each step is, from 0.
    phases:  names of the places in the season: "06-01".
    trained: how many steps, the first ones, are trained on; the others are held out.
    source:  where it is from.
    season_name: how long a season is, in words.
    """

    columns: tuple[str, ...]
    units: tuple[str, ...]
    values: np.ndarray
    names: np.ndarray
    short: np.ndarray
    marks: np.ndarray
    every: str
    season: int
    phase: np.ndarray
    phases: tuple[str, ...]
    trained: int
    source: str
    season_name: str = "a year"

    @functools.cached_property
    def middle(self) -> np.ndarray:
        """The mean of each column over the steps that are trained on."""
        found: np.ndarray = np.nanmean(self.values[: self.trained].astype(np.float64), axis=0)
        return found

    @functools.cached_property
    def spread(self) -> np.ndarray:
        """The standard deviation of each column over the steps that are trained on; 1 of one that never changes."""
        found: np.ndarray = np.nanstd(self.values[: self.trained].astype(np.float64), axis=0)
        return np.where(found > 0, found, 1.0)

    @functools.cached_property
    def standard(self) -> np.ndarray:
        """The values with mean 0 and standard deviation 1 in training: (step, column) float32."""
        found: np.ndarray = ((self.values - self.middle) / self.spread).astype(np.float32)
        return found

    @property
    def partial(self) -> bool:
        """Whether any number is missing."""
        return bool(np.isnan(self.values).any())


@functools.lru_cache(maxsize=1)
def weather() -> Series:
    """Four years of daily weather, the last of which is held out."""
    text = resources.files(__package__).joinpath("seattle.csv").read_text(encoding="utf-8")
    head, *rows = csv.reader(text.splitlines())
    assert tuple(head[1:]) == tuple(WEATHER)
    days = np.array([row[0] for row in rows], "datetime64[D]")
    return Series(
        columns=tuple(WEATHER),
        units=tuple(WEATHER.values()),
        values=np.array([row[1:] for row in rows], np.float32),
        names=days.astype(str),
        short=short_days(days),
        marks=months(days),
        every="day",
        season=YEAR,
        phase=day_of_year(days),
        phases=days_of_year(),
        trained=len(rows) - YEAR,
        source=SOURCE,
    )


def day_of_year(days: np.ndarray) -> np.ndarray:
    """Places of days in a year of 365 days, from 0; the 29th of February has that of the 28th."""
    year = days.astype("datetime64[Y]")
    found = (days - year.astype("datetime64[D]")).astype(np.int64)
    leap = ((year + 1).astype("datetime64[D]") - year.astype("datetime64[D]")).astype(np.int64) > YEAR
    after: np.ndarray = found - (leap & (found >= 59))
    return after


def days_of_year() -> tuple[str, ...]:
    """Their names: "01-01" to "12-31"."""
    days = np.datetime64("2015-01-01") + np.arange(YEAR)
    return tuple(str(day)[5:] for day in days)


def short_days(days: np.ndarray) -> np.ndarray:
    """Days with little room: "1 Jun"."""
    return np.array([f"{int(day[8:])} {_MONTHS[int(day[5:7]) - 1]}" for day in days.astype(str)])


def months(days: np.ndarray) -> np.ndarray:
    """The month at the first day of each, "" at all others."""
    return np.array([_MONTHS[int(day[5:7]) - 1] if day.endswith("-01") else "" for day in days.astype(str)])
