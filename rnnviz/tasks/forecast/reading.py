"""A table of anyone's numbers in time, read in a stream and stored: `python -m … FILE [TIME VALUE]`.

As a program it runs beside the server, which neither waits nor grows. It prints one JSON object a line: how much has
been read, then what came of it.
"""

import array
import collections
import itertools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save

from rnnviz.core import limits
from rnnviz.core.contents import Content, keep
from rnnviz.core.errors import ExperimentError, Words, plain
from rnnviz.tables import footers
from rnnviz.tables.beginning import Beginning, Rows, beginning
from rnnviz.tables.cells import FIELD
from rnnviz.tables.encoding import ENCODINGS
from rnnviz.tables.labelled import KNOWN
from rnnviz.tasks.forecast import precision
from rnnviz.tasks.forecast.roles import DATES, FEWEST, NEEDED, Roles, roles_of
from rnnviz.tasks.forecast.times import Steps, steps_of

_LARGEST = float(np.finfo(np.float32).max)  # number that can be stored
_LOOKED_AT = 2_000  # rows from which the columns are known

Progress = Callable[[float], None]


def read_series(
    path: str | Path,
    time: str | None = None,
    value: str | None = None,
    progress: Progress | None = None,
    encoding: str | None = None,
) -> Content:
    """A table (CSV, TSV, semicolons) with numbers, and perhaps dates, stored; for `Forecast(table=…)`.

    time, value: names of the columns, where others than those found are meant.
    progress:    called now and then with the share of the file that has been read.
    encoding:    one of `rnnviz.tables.encoding.ENCODINGS`, where it is not the one that is found.

    Of a file that is too large the beginning is read, which the summary of the task says.

    Raises:
        ExperimentError: it is no such table, its dates cannot be read, or nothing is to be forecast.
    """
    path = Path(path)
    looked = beginning(path, NEEDED, KNOWN, encoding)
    with Rows(path, looked) as rows:
        begun = list(itertools.islice(rows, _LOOKED_AT))
    found = _Found(roles_of(looked, begun, time, value), len(looked.columns))
    with Rows(path, looked, progress) as rows:
        for row in rows:
            found.add(row)
    return keep(found.canonical(looked, {"inside": rows.inside, "cut": rows.cut}))


class _Found:
    """What has been read so far."""

    def __init__(self, roles: Roles, width: int) -> None:
        self._roles, self._width = roles, width
        self._times = array.array("q")
        self._values = [array.array("d") for _ in roles.columns]
        self._texts = [array.array("q") for _ in roles.texts]  # a hash of each cell
        self._rows = 0
        self._left_out = collections.Counter[str]()
        self._no_number, self._example = 0, ""
        self._too_large, self._larger = 0, ""

    def add(self, row: list[str]) -> None:
        """One more row that is not empty."""
        self._rows += 1
        if self._rows > limits.MOST_TABLE_ROWS:
            self._left_out["beyond"] += 1
            return
        roles = self._roles
        when = self._rows
        if roles.time is None and footers.sums_up(row):
            self._left_out["footer"] += 1
            return
        if roles.time is not None:
            cell = roles.when(row)
            found = roles.dates.seconds(cell)
            if found is None:
                self._left_out["no_date" if cell.strip() else "empty_date"] += 1
                return
            when = found
        self._times.append(when)
        for at, (place, numerals) in enumerate(zip(roles.columns, roles.numerals, strict=True)):
            cell = row[place] if place < len(row) else ""
            value = numerals.value(cell)
            if value is not None and abs(value) > _LARGEST:
                value = float("nan")
                if at == 0:
                    self._too_large, self._larger = self._too_large + 1, self._larger or plain(cell.strip(), 30)
            if value is None and at == 0:
                self._no_number, self._example = self._no_number + 1, self._example or plain(cell.strip(), 20)
            self._values[at].append(float("nan") if value is None else value)
        for hashes, place in zip(self._texts, roles.texts, strict=True):
            hashes.append(hash(row[place].strip() if place < len(row) else ""))

    def canonical(self, looked: Beginning, odd: dict[str, int]) -> bytes:
        """What is stored: the same bytes for the same table; `odd`: what of its rows is out of the ordinary.

        Raises:
            ExperimentError: there is nothing to forecast.
        """
        roles, times = self._roles, np.array(self._times, np.int64)
        if 2 * self._left_out["no_date"] > self._rows:
            assert roles.time is not None
            allowed = f"a file with {DATES} in the column “{looked.columns[roles.time]}”"
            raise ExperimentError(FIELD, allowed, Words("others"))
        values = np.stack([np.array(one, np.float64) for one in self._values], axis=1)
        known = values[np.isfinite(values[:, 0]), 0]
        name = looked.columns[roles.columns[0]]
        if len(known) < FEWEST <= len(known) + self._too_large:
            received = Words(f"{self._too_large:,} larger ones, such as {self._larger}")
            raise ExperimentError(FIELD, f"one with numbers up to {_LARGEST:.2g} in the column “{name}”", received)
        if len(known) < FEWEST:
            raise ExperimentError(FIELD, f"one with at least {FEWEST} numbers in time", Words(f"{len(known)}"))
        if len(np.unique(times)) < FEWEST:
            received = Words(f"{len(np.unique(times))} different among {len(times):,} rows")
            raise ExperimentError(FIELD, f"one with at least {FEWEST} different dates", received)
        if known.min() == known.max():
            allowed = f"a file whose column “{name}” changes, or there is nothing to forecast"
            raise ExperimentError(FIELD, allowed, Words(f"{known[0]:g} in every row"))
        if precision.too_small(known):
            allowed = f"a table whose column “{name}” changes by more than {precision.LEAST:g}"
            raise ExperimentError(FIELD, allowed, Words(f"numbers within {known.max() - known.min():g}"))
        told = self._told(looked, odd) | {"sorted": bool((np.diff(times) < 0).any())}
        if (apart := self._tells_apart(times)) is not None:
            told["apart"] = looked.columns[apart]
        order = np.argsort(times, kind="stable")
        times, values = times[order], values[order]
        steps = steps_of(np.unique(times)) if roles.time is not None else None
        grid, when, more = _even(times, values, steps)
        stored, lost = precision.stored(grid)
        more |= {"lost": lost} if lost else {}
        arrays = {"values": stored, "times": when}
        if roles.time is None:
            del arrays["times"]
        return save(arrays, {"series": json.dumps(told | more, sort_keys=True, ensure_ascii=False)})

    def _tells_apart(self, times: np.ndarray) -> int | None:
        """The place of the column of text that tells rows with the same of these times (row,) apart, if one does."""
        if len(np.unique(times)) == len(times):
            return None
        for place, cells in zip(self._roles.texts, self._texts, strict=True):
            hashes = np.array(cells, np.int64)
            order = np.lexsort((hashes, times))
            again = (np.diff(times[order]) == 0) & (np.diff(hashes[order]) == 0)
            if not again.any() and 2 * len(np.unique(hashes)) <= len(hashes):
                return place
        return None

    def _told(self, looked: Beginning, odd: dict[str, int]) -> dict[str, Any]:
        roles, names = self._roles, looked.columns
        more: dict[str, Any] = {"beyond": looked.width[1] - len(names)}
        more |= {
            "unread": looked.unread,
            "skipped": looked.skipped + looked.dialect.remarks,
            "aside": roles.aside,
            "mixed": roles.mixed,
            "too_large": self._too_large,
            "larger": self._larger,
        }
        return {name: value for name, value in (odd | more).items() if value} | {
            "columns": names,
            "time": None if roles.time is None else names[roles.time],
            **({"first": roles.dates.first} if roles.time is not None and roles.dates.either else {}),
            **({"beside": [names[place] for place, _, _ in roles.beside]} if roles.beside else {}),
            "read": [names[place] for place in roles.columns],
            "units": roles.units,
            "found": roles.found,
            "unused": roles.unused,
            "rows": self._rows,
            "left_out": dict(self._left_out),
            "no_number": self._no_number,
            "example": self._example,
            "encoding": ENCODINGS[looked.encoding],
            "delimiter": looked.dialect.delimiter,
            "decimal": roles.numerals[0].decimal,
        }


def _even(times: np.ndarray, values: np.ndarray, steps: Steps | None) -> tuple[np.ndarray, np.ndarray, dict[str, Any]]:
    """Sorted rows at equal distances: values (step, column), when each step is, and what was done.

    NaN stands where there is no row. Of several rows at one time the first counts. Where the distances are no
    calendar's, each row is one step.
    """
    first = np.append(True, np.diff(times) > 0)
    again = int((~first).sum())
    times, values = times[first], values[first]
    if steps is None:
        return values, times, {"every": "row", "again": again, "gaps": 0}
    at = steps.at(times)
    apart = np.append(True, np.diff(at) > 0)
    again += int((~apart).sum())
    grid = np.full((int(at[-1]) + 1, values.shape[1]), np.nan)
    grid[at[apart]] = values[apart]
    gaps = len(grid) - int(apart.sum())
    return grid, steps.seconds(np.arange(len(grid))), {"every": steps.every, "again": again, "gaps": gaps}


def main(path: str, *columns: str) -> None:
    """Read a table and print how it goes: {"share": …} now and then, last {"digest": …} or why not."""
    time, value, encoding = (*(name or None for name in columns), None, None, None)[:3]
    try:
        content = read_series(path, time, value, lambda share: _say(share=share), encoding)
        _say(digest=content.digest)
    except ExperimentError as error:
        _say(field=error.field, allowed=error.allowed, received=str(error.received))


def _say(**said: Any) -> None:
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
