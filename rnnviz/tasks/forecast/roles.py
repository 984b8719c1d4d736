"""Which column of a table says when, which one is forecast, and which are read beside it."""

import dataclasses
from collections.abc import Mapping, Sequence

from rnnviz.core.errors import ExperimentError, Words
from rnnviz.core.names import listed
from rnnviz.tables import dates as dated
from rnnviz.tables import kinds, numerals
from rnnviz.tables.beginning import Beginning
from rnnviz.tables.cells import FIELD
from rnnviz.tables.dates import Dates
from rnnviz.tables.numerals import Numerals

NEEDED = "a file with a column of numbers and one of dates, parted by commas, semicolons or tabs"
DATES = "dates such as 2015-06-01, 1.6.2015 or 1 Jun 2015"
FEWEST = 60  # numbers of a series that is worth a forecast
_FEWEST_COUNTED = 3  # rows by which a column shows that it counts them
_MOST_TEXTS = 8  # columns of text of which one may tell rows of the same date apart
MOST_BESIDE = 7  # columns that are read beside the one that is forecast
_ENOUGH = 0.8  # of the cells of a column that are dates, or numbers
# Columns that say together when: each is called one of these. What stands between their cells makes them a date.
_TOGETHER = (
    (
        (("year", "jahr"), "", ""),
        (("month", "monat", "mo"), "-", ""),
        (("day", "tag"), "-", ""),
        (("hour", "stunde"), " ", ":00"),
    ),
    ((("date", "datum"), "", ""), (("time", "zeit", "hour"), " ", "")),
)
_FIRST_YEAR, _LAST_YEAR = 1500, 2200  # of a column that counts years
_VALUES = ("value", "target", "y", "close", "price", "sales", "demand", "load", "count", "temperature", "temp")


@dataclasses.dataclass(frozen=True)
class Roles:
    """What the columns of a table are.

    time:     the place of the column of dates; None where there is none.
    beside:   places of columns that say when together with it, with what stands before and behind their cells.
    dates:    how they are written.
    columns:  places of the columns of numbers that are read, what is forecast first.
    numerals: how each writes its numbers, and `units` what all of its cells have behind or before them.
    mixed:    name of a column that is read → its units, where there are several.
    found:    how time and value were found: "chosen", "name" or "content".
    unused:   how many columns of numbers more there are.
    aside:    name of a column that is left out → why.
    texts:    places of columns that hold no numbers, of which one may tell rows of the same date apart.
    """

    time: int | None
    beside: tuple[tuple[int, str, str], ...]
    dates: Dates
    columns: tuple[int, ...]
    numerals: tuple[Numerals, ...]
    units: tuple[str, ...]
    mixed: Mapping[str, tuple[str, ...]]
    found: tuple[str, str]
    unused: int
    aside: Mapping[str, str]
    texts: tuple[int, ...]

    def when(self, row: Sequence[str]) -> str:
        """The cell of a row that says when, or what several cells say together."""
        return "" if self.time is None else _joined(row, self.time, self.beside)


def roles_of(looked: Beginning, rows: Sequence[Sequence[str]], time: str | None, value: str | None) -> Roles:
    """The roles of the columns by the first rows; `time` and `value` are names of columns that are chosen.

    Raises:
        ExperimentError: there is no column of that name, or none of numbers.
    """
    names = looked.columns
    for name in (time, value):
        if name is not None and name not in names:
            raise ExperimentError(FIELD, f"one with a column “{name}”", Words(f"the columns {', '.join(names)}"))
    if time is not None and time == value:
        raise ExperimentError(FIELD, "read with a column of numbers other than that of the dates", time)
    cells = [[row[place] if place < len(row) else "" for row in rows] for place in range(len(names))]
    when, how = _time(names, cells, time, value)
    beside = _beside(names, cells, when, value) if how != "chosen" else ()
    together = {place for place, _, _ in beside}
    commas = numerals.decimal_commas(cells, looked.dialect.delimiter == ";")
    looks = {
        place: numerals.look(column, commas)
        for place, column in enumerate(cells)
        if place != when and place not in together
    }
    every = [place for place, (_, _, share) in looks.items() if share >= _ENOUGH]
    aside = {place: why for place in every if (why := _aside(looked.given[place], cells[place]))}
    able = [place for place in every if place not in aside]
    able = able or [place for place in every if aside[place] == kinds.CONSTANT]  # which is refused by its value
    if value is not None:
        asked, found = names.index(value), "chosen"
        if asked not in every:
            raise ExperimentError(FIELD, f"a file with numbers in the column “{value}”", Words("others"))
    elif able:
        asked, found = _value(names, able)
    else:
        counting = [f"“{names[place]}”, which {aside[place]}" for place in every]
        raise ExperimentError(FIELD, NEEDED, Words(f"only {listed(counting)}" if every else "no column of numbers"))
    others = [place for place in able if place != asked]
    read = (asked, *others[:MOST_BESIDE])
    return Roles(
        time=when,
        beside=beside,
        dates=_dates(cells, when, beside),
        columns=read,
        numerals=tuple(looks[place][0] for place in read),
        units=tuple(looks[place][1] for place in read),
        mixed={names[place]: units for place in read if len(units := numerals.units(cells[place])) > 1},
        found=(how, found),
        unused=len(others[MOST_BESIDE:]),
        aside={names[place]: why for place, why in aside.items() if place not in read},
        texts=tuple(place for place in looks if place not in every)[:_MOST_TEXTS],
    )


def _joined(row: Sequence[str], time: int, beside: Sequence[tuple[int, str, str]]) -> str:
    cells = [(time, "", ""), *beside]
    return "".join(
        f"{before}{row[place].strip()}{behind}"
        for place, before, behind in cells
        if place < len(row) and row[place].strip()
    )


def _dates(cells: Sequence[Sequence[str]], when: int | None, beside: Sequence[tuple[int, str, str]]) -> Dates:
    if when is None:
        return Dates("day")
    found = [_joined(row, when, beside) for row in zip(*cells, strict=True)]
    way, share = dated.look(found)
    counted = dated.look_at_counts(found) if share < _ENOUGH else None
    return counted or way


def _beside(
    names: Sequence[str], cells: Sequence[Sequence[str]], when: int | None, value: str | None
) -> tuple[tuple[int, str, str], ...]:
    """Columns that say when together with one: a month beside a year, a time of day beside a date."""
    called = {" ".join(kinds.words(name)): place for place, name in enumerate(names) if name != value}
    for first, *others in _TOGETHER:
        if when is None or " ".join(kinds.words(names[when])) not in first[0]:
            continue
        found = list[tuple[int, str, str]]()
        for known, before, behind in others:
            place = next((called[name] for name in known if name in called), None)
            if place is None or len({*cells[place]}) < 2:
                break
            found.append((place, before, behind))
        together = [_joined(row, when, found) for row in zip(*cells, strict=True)]
        if found and dated.look(together)[1] >= _ENOUGH and len({*cells[when]}) < len({*together}):
            return tuple(found)
    return ()


def _aside(name: str, cells: Sequence[str]) -> str:
    """Why a column of numbers is left out, one of the reasons of `kinds`; "" if it may be read."""
    full = [cell.strip() for cell in cells if cell.strip()]
    if len(full) >= _FEWEST_COUNTED and kinds.counts_rows(full):
        return kinds.INDEX
    if kinds.is_id_name(name) and len(set(full)) == len(cells):
        return kinds.ID
    return kinds.alike([cell.strip() for cell in cells])


def _time(
    names: Sequence[str], cells: Sequence[Sequence[str]], time: str | None, value: str | None
) -> tuple[int | None, str]:
    """The column that is chosen, or is called like one of dates, or whose cells are dates and no plain numbers."""
    if time is not None:
        return names.index(time), "chosen"
    shares = [dated.look(column)[1] if name != value else 0.0 for name, column in zip(names, cells, strict=True)]
    for known in kinds.DATE_NAMES:
        for place, name in enumerate(names):
            if known in name.lower().replace("_", " ").split():
                if shares[place] >= _ENOUGH or (name != value and dated.look_at_counts(cells[place]) is not None):
                    return place, "name"
                if known in kinds.DATE_NAMES[:3] and numerals.look(cells[place], False)[2] < _ENOUGH:
                    example = next((cell for cell in cells[place] if cell.strip()), "none")
                    raise ExperimentError(FIELD, f"a file with {DATES} in the column “{name}”", example)
    for place, share in enumerate(shares):
        if share >= _ENOUGH and numerals.look(cells[place], False)[2] < _ENOUGH:
            return place, "content"
    if len(names) > 1 and names[0] != value and _counts_years(cells[0]):
        return 0, "content"
    return None, ""


def _counts_years(column: Sequence[str]) -> bool:
    years = [cell.strip() for cell in column if cell.strip()]
    if not years or not kinds.counts_rows(years):
        return False
    return int(years[0]) >= _FIRST_YEAR and int(years[-1]) <= _LAST_YEAR


def _value(names: Sequence[str], able: Sequence[int]) -> tuple[int, str]:
    for known in _VALUES:
        for place in able:
            if known in names[place].lower().replace("_", " ").split():
                return place, "name"
    return able[0], "content"
