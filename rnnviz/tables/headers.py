"""Whether the first row of a table names its columns."""

import re
from collections.abc import Sequence, Set

from rnnviz.tables import dates, kinds, numerals

_NAME = re.compile(r"[\w .:()/-]+")
_LOCALE = re.compile(r"[a-z]{2}[-_][A-Z]{2}")  # of a language: en_US
_NUMBERED = re.compile(
    r"(c|col|column|field|text|sentence|lang|language|side|spalte|phrase)[ _]?([12ab])", re.IGNORECASE
)
_LONGER = 2  # letters that cells below x and y have at least
_FEWEST = 3  # rows below one that may be a header


def counts_columns(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row is that of a table whose columns have numbers for names: "0,1,2", ",0,1,2", "date,0,1".

    Rows of whole numbers could begin so, too: the row has to stand out, or to be longer than chance allows and not
    to go on in the next one.
    """
    first = [cell.strip() for cell in rows[0]]
    places = [place for place, cell in enumerate(first) if _whole(cell)]
    if not places or [first[place] for place in places] != list(map(str, range(len(places)))) or len(rows) < 2:
        return False
    columns = [[row[place].strip() for row in rows[1:] if place < len(row)] for place in places]
    if (len(rows) > _FEWEST or len(places) > 2) and any(column and not any(map(_whole, column)) for column in columns):
        return True  # "0" above numbers such as "0.5", or above texts
    others = [cell for place, cell in enumerate(first) if place not in places]
    goes_on = [column[0] for column in columns if column] == [str(len(places) + place) for place in range(len(places))]
    return others == [""] or (not others and len(places) > 2 and not goes_on)


def _whole(cell: str) -> bool:
    return re.fullmatch(r"[-+]?\d+", cell) is not None


def stands_over_numbers(columns: Sequence[Sequence[str]]) -> bool:
    """Whether any column has a word above numbers or dates alone, or nothing above numbers that count its rows."""
    for column in columns:
        first, below = column[0], [cell for cell in column[1:] if cell]
        if len(below) < _FEWEST or first.lower() in numerals.MISSING - {""}:
            continue
        if not first and kinds.counts_rows(below):
            return True
        if kinds.words(first) and _alike([first]) == "" != _alike(below):
            return True
    return False


def _alike(cells: Sequence[str]) -> str:
    """What all cells are: numbers, dates or, "", neither."""
    if numerals.look(cells, False)[2] == 1.0:
        return "numbers"
    return "dates" if dates.look(cells)[1] == 1.0 else ""


def named(first: Sequence[str], known: Set[str]) -> list[str]:
    """Which cells of a row are known names of columns: all of their words, or the last one."""
    found = []
    for cell in first:
        parts = kinds.words(cell)
        called = bool(parts) and len(parts) <= 4 and ("".join(parts) in known or parts[-1] in known)
        if _LOCALE.fullmatch(cell) or (called and _NAME.fullmatch(cell)):
            found.append(cell)
    return found


def lacks_first(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether the names of the columns are one too few, as the first column has none and numbers or names the rows."""
    first = [row[0] for row in rows[1:] if row]
    return len(rows[0]) + 1 == width and len(set(first)) == len(first) >= _FEWEST


def names_two(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of rows of two cells has names that say nothing: "x,y", "col1,col2", "Front,Back"."""
    first = [cell.strip().casefold() for cell in rows[0]]
    numbered = [_NUMBERED.fullmatch(cell) for cell in first]
    both = [match[1].lower() for match in numbered if match]
    if len(both) == 2 and both[0] == both[1] and first[0] != first[1]:
        return True
    if first == ["x", "y"]:
        return all(len(cell.strip()) > _LONGER for row in rows[1:] for cell in row)
    return first in (["front", "back"], ["term", "definition"], ["prompt", "completion"], ["instruction", "response"])
