"""A series of one's own as it is learned: opened by its hash, with what was found in its table in words."""

import functools
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from rnnviz.core import limits
from rnnviz.core.contents import Content
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.core.names import counted, listed
from rnnviz.tables import kinds, report
from rnnviz.tables.cells import DELIMITERS
from rnnviz.tasks.declared import Chosen
from rnnviz.tasks.forecast import times
from rnnviz.tasks.forecast.series import YEAR, Series, day_of_year, days_of_year, months, short_days

_SHARE = 4  # the last quarter is held out,
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MOST_UNITS = 4  # of a column that are named
_MARKS = 6  # names under a time axis, where no months are


@functools.lru_cache(maxsize=limits.MOST_TABLES_OPEN)
def opened(table: Content) -> Series:
    """The series of a table that `reading` stored.

    Raises:
        ContentNeeded: the table is not on this machine.
        ExperimentError: it is no series.
    """
    told, arrays = unpacked(table.view("table"))
    values = arrays["values"].reshape(-1, len(told["read"]))
    count, every = len(values), told["every"]
    season, named = times.season_of(every, count)
    when = arrays.get("times")
    names, short = _names(when, every, count)
    phase, phases = _phases(when, every, season, count)
    daily = every == "day"
    trained = count - (YEAR if daily and count >= 3 * YEAR else count // _SHARE)
    marks = months(when.astype("datetime64[s]").astype("datetime64[D]")) if daily and when is not None else None
    found = Series(
        columns=tuple(told["read"]),
        units=tuple(told["units"]),
        values=values,
        names=names,
        short=short,
        marks=_some(short) if marks is None else marks,
        every=every,
        season=season,
        phase=phase,
        phases=phases,
        trained=trained,
        source="a table of your own",
        season_name=named,
    )
    for part, said in ((values[:trained, 0], "that is trained on"), (values[trained:, 0], "that is held out")):
        known = part[np.isfinite(part)]
        if not len(known) or known.min() == known.max():
            allowed = f"a series that changes in its part {said}"
            raise ExperimentError("table", allowed, Words("one value there" if len(known) else "no number there"))
    return found


def _names(when: np.ndarray | None, every: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """When each step is, and the same where there is little room."""
    if when is None:
        numbers = np.arange(1, count + 1).astype(str)
        return np.char.add("row ", numbers), numbers
    at = when.astype("datetime64[s]")
    days = at.astype("datetime64[D]")
    if every in ("month", "quarter"):
        return at.astype("datetime64[M]").astype(str), at.astype("datetime64[M]").astype(str)
    if every == "year":
        return at.astype("datetime64[Y]").astype(str), at.astype("datetime64[Y]").astype(str)
    if (when % times.DAY == 0).all():
        return days.astype(str), short_days(days)
    minutes = np.char.replace(at.astype("datetime64[m]").astype(str), "T", " ")
    return minutes, np.array([f"{name[8:10].lstrip('0')}. {name[11:]}" for name in minutes])


def _phases(when: np.ndarray | None, every: str, season: int, count: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """Where in the season each step is, and what the places are called."""
    if when is None or season == 1:
        return np.arange(count) % season, tuple(map(str, range(1, season + 1)))
    days = when.astype("datetime64[s]").astype("datetime64[D]")
    if every == "day" and season == YEAR:
        return day_of_year(days), days_of_year()
    if every == "day":
        return (days.astype(np.int64) + 3) % season, _WEEKDAYS  # the 1st of January 1970 was a Thursday
    if every in ("month", "quarter"):
        month = when.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64) % 12
        return month * season // 12, tuple(map(str, range(1, season + 1)))
    step = int(when[1] - when[0])
    return (when // step) % season, tuple(map(str, range(season)))


def _some(names: np.ndarray) -> np.ndarray:
    """Names at a few steps of any sixty, "" at all others."""
    return np.where(np.arange(len(names)) % (60 // _MARKS) == 0, names, "")


def summary(table: Content, series: Series) -> str:
    """What of a table is learned and what is not, for people."""
    told, _ = unpacked(table.view("table"))
    count, every = len(series.values), series.every
    name, unit, first = told["read"][0], told["units"][0], series.names[0]
    what, last = f"“{name}”{f' ({unit})' if unit else ''}", series.names[-1]
    said = [f"Learning {what} of {counted(count, every)}, {first} to {last}."]
    if told["time"] is None:
        said.append("No column of dates was found: each row is one time step.")
    else:
        named = [told["time"], *told.get("beside", ())]
        columns = f"column{'s' if len(named) > 1 else ''} {listed([f'“{name}”' for name in named])}"
        said.append(f"Dates are in the {columns} ({_way(told['found'][0])}).")
        if first := told.get("first"):
            said.append(f"Day and month of them could be swapped: the {first} is read first.")
        if every == "row":
            said.append("They are at no equal distances: each row is one time step.")
    mark = "comma" if told["decimal"] == "," else "point"
    said.append(f"Numbers: found by {told['found'][1]}, with a decimal {mark}.".replace("found by chosen", "chosen"))
    for mixed, units in told.get("mixed", {}).items():
        some = list(units) if len(units) <= _MOST_UNITS else [*units[: _MOST_UNITS - 1], "others"]
        said.append(f"“{mixed}” has {counted(len(units), 'unit')}, {listed(some)}: its numbers are not converted.")
    if lost := told.get("lost"):
        said.append(f"Numbers are rounded to double precision: changes below {lost:.3g} are lost.")
    said.append(f"The file is {told['encoding']}, parted by {DELIMITERS[told['delimiter']]}s.")
    if len(told["read"]) > 1:
        said.append(f"Read beside it: {listed([f'“{one}”' for one in told['read'][1:]])}.")
    aside = dict(told.get("aside", {}))
    if told["unused"]:
        said.append(f"{counted(told['unused'], 'more column')} of numbers not read.")
    else:
        known = {told["time"], *told.get("beside", ()), *told["read"], *aside}
        aside |= {name: kinds.NO_NUMBERS for name in told["columns"] if name not in known}
    said += report.left_out(aside)
    if beyond := told.get("beyond"):
        behind = f"behind the first {len(told['columns'])}"
        said.append(f"{counted(beyond, 'column')} {behind} {'is' if beyond == 1 else 'are'} not looked at.")
    said += _said_of_gaps(told, series)
    held_out = count - series.trained
    said.append(f"The last {counted(held_out, every)} are held out, and neither trained on nor known to the scale.")
    repeats = f"after {counted(series.season, every)} ({series.season_name})" if series.season > 1 else ""
    said.append(f"Expected to repeat itself {repeats}." if repeats else "No season is known for such time steps.")
    return " ".join(said)


def _said_of_gaps(told: Mapping[str, Any], series: Series) -> list[str]:
    """What is missing or left out, with counts."""
    left, said = told["left_out"], []
    if told["sorted"]:
        said.append("The rows were not in the order of their dates, and are sorted.")
    if told["again"]:
        said.append(f"{counted(told['again'], 'row')} with the date of another: the first counts.")
    if name := told.get("apart"):
        said.append(f"“{name}” tells rows of the same date apart: keep the rows of one of its values.")
    if left.get("no_date") or left.get("empty_date"):
        said.append(f"Left out: {counted(left.get('no_date', 0) + left.get('empty_date', 0), 'row')} without a date.")
    if left.get("footer"):
        said.append(f"Left out: {counted(left['footer'], 'row')} with a sum or a remark.")
    said += report.of_file(told)
    if left.get("beyond"):
        said.append(f"Left out: {left['beyond']:,} rows, because only the first {limits.MOST_TABLE_ROWS:,} are read.")
    if told["no_number"]:
        said.append(f"Read as missing: {counted(told['no_number'], 'cell')} without a number (“{told['example']}”).")
    if count := told.get("too_large"):
        be = "number that is" if count == 1 else "numbers that are"
        said.append(f"Read as missing: {count:,} {be} too large (“{told['larger']}”).")
    return said + _said_of_missing(told, series)


def _said_of_missing(told: Mapping[str, Any], series: Series) -> list[str]:
    """How many time steps are without a number, and what stands for them in a simple forecast."""
    missing = int(np.isnan(series.values[:, 0]).sum())
    if not missing:
        return []
    gaps = f", {told['gaps']:,} of them without a row" if told["gaps"] else ""
    said = [f"{counted(missing, series.every)} without a number{gaps}: read as missing, and never asked."]
    if series.season > 1:
        before = f"Where the value {series.season_name} before is missing, the season before that counts"
        said.append(f"{before}, else the last known value.")
    return said


def _way(found: str) -> str:
    return "chosen" if found == "chosen" else f"found by {found}"


def encoding(view: memoryview) -> str:
    """In which encoding a table was read, in words."""
    told, _ = unpacked(view)
    return str(told["encoding"])


def chosen(view: memoryview) -> tuple[tuple[str, ...], Chosen]:
    """The columns of a table, and which are time and value."""
    told, _ = unpacked(view)
    return tuple(told["columns"]), (told["time"], told["read"][0])


def unpacked(view: memoryview) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What was stored: what is told of the file, and its arrays, which are not copied.

    Raises:
        ExperimentError: it is something else.
    """
    try:
        size = int.from_bytes(view[:8], "little")
        header = json.loads(bytes(view[8 : 8 + size]))
        told = json.loads(header.pop("__metadata__")["series"])
        kinds = {"F32": np.float32, "F64": np.float64, "I64": np.int64}
        arrays = {
            name: np.frombuffer(view[8 + size :][slice(*one["data_offsets"])], kinds[one["dtype"]])
            for name, one in header.items()
        }
        count = len(arrays["values"]) // len(told["read"])
        fits = (count > 0 and "times" not in arrays) or len(arrays["times"]) == count
    except (ValueError, KeyError, TypeError, RecursionError, ZeroDivisionError):
        fits = False
    if not fits:
        raise ExperimentError("table", "a file of numbers in time", Words("something else"))
    return told, arrays
