"""Whether the first row of a table names its columns."""

import itertools
import re
from collections.abc import Sequence

from rnnviz.tables import numerals
from rnnviz.tables.kinds import counts_rows, words

_FEWEST = 3  # rows below one that may be a header


def counts_columns(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row is that of a table whose columns have numbers for names: "0,1,2", ",0,1,2".

    Rows of whole numbers could begin so, too: the row has to stand out, or to be longer than chance allows and not
    to go on in the next one.
    """
    first = [cell.strip() for cell in rows[0]]
    named = first[1:] if first[:1] == [""] else first
    if not named or named != [str(place) for place in range(len(named))] or len(rows) < 2:
        return False
    columns = [[cell.strip() for cell in column] for column in itertools.zip_longest(*rows[1:], fillvalue="")]
    below = columns[len(first) - len(named) : len(first)]
    if (len(rows) > _FEWEST or len(named) > 2) and any(column and not any(map(_whole, column)) for column in below):
        return True  # "0" above numbers such as "0.5", or above texts
    goes_on = [cell.strip() for cell in rows[1]] == [str(len(named) + place) for place in range(len(named))]
    return len(first) > len(named) or (len(named) > 2 and not goes_on)


def _whole(cell: str) -> bool:
    return re.fullmatch(r"[-+]?\d+", cell) is not None


def stands_over_numbers(columns: Sequence[Sequence[str]]) -> bool:
    """Whether a column counts the rows below its first cell, or has numbers there alone."""
    for column in columns:
        below = [cell for cell in column[1:] if cell]
        if len(below) < _FEWEST or numerals.look(column[:1], False)[2] > 0:
            continue
        if numerals.look(below, False)[2] == 1.0 and (column[0] or counts_rows(below)):
            return True
    return False


def named(first: Sequence[str], known: set[str]) -> list[str]:
    """Which cells of a row are known names of columns: all of their words, or the last one."""
    found = []
    for cell in first:
        parts = words(cell)
        if parts and len(parts) <= 4 and ("".join(parts) in known or parts[-1] in known):
            found.append(cell)
    return found


def lacks_first(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether the names of the columns are one too few, as the first column has none and numbers or names the rows."""
    first = [row[0] for row in rows[1:] if row]
    return len(rows[0]) + 1 == width and len(set(first)) == len(first) >= _FEWEST
