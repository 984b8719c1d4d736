"""Tables of numbers in time as they come from the field, seeded: gaps, missing numbers, rows out of order."""

import functools

import numpy as np

from rnnviz.core.contents import Content, incoming
from rnnviz.tasks.forecast.reading import read_series


def days(count: int, seed: int = 0, begin: str = "2014-01-01") -> tuple[np.ndarray, np.ndarray]:
    """Days and numbers (day,) with a yearly rhythm and noise."""
    rng, at = np.random.default_rng(seed), np.arange(count)
    return np.datetime64(begin) + at, 10 + 5 * np.sin(2 * np.pi * at / 365) + rng.normal(size=count)


def rows(count: int, seed: int = 0) -> list[str]:
    """Lines with a date and two numbers."""
    return [f"{day},{value:.2f},{value * value:.1f}" for day, value in zip(*days(count, seed), strict=True)]


def stored(text: str, time: str | None = None, value: str | None = None) -> Content:
    """A table of these lines, read."""
    with incoming() as path:
        path.write_text(text, encoding="utf-8")
        return read_series(path, time, value)


@functools.cache
def series(count: int, missing: bool = False) -> Content:
    """A series of so many days; with some of them `missing` all over it."""
    lines = rows(count)
    if missing:
        lines = [line for at, line in enumerate(lines) if at % 11 != 7]
        lines[5::9] = [f"{line.split(',')[0]},n.a.,1" for line in lines[5::9]]
    return stored("\n".join(["date,value,square", *lines]))


def short_months(count: int) -> str:
    """A growing series with a weekly rhythm, one row a day, but none for the days 29 to 31 of a month."""
    every = np.datetime64("2021-01-01") + np.arange(2 * count)
    at = np.flatnonzero([int(str(day)[8:]) <= 28 for day in every])[:count]
    values = 1_000 + 0.5 * at + 100 * np.isin(at % 7, (1, 2)) + np.random.default_rng(0).normal(0, 10, count)
    return "\n".join(["date,value", *map("{},{:.1f}".format, every[at], values)])
