"""Whether the first row of a table of pairs names its columns; nobody can tell for sure."""

import collections
import re
from collections.abc import Sequence

from rnnviz.tables.paired import ROLES
from rnnviz.tasks.pairs.csv_table import HEADERS, Row

_NAMES = {name for name in ROLES if len(name) > 3} | {name for two in HEADERS for name in two}


def may_be_header(rows: Sequence[Row]) -> bool:
    """Whether the first row looks like a header: both sides are usual names of columns, or it stands out.

    It stands out if no word of either of its sides comes again in any other row, while most other rows have a word
    that does. In a list of single words nothing comes again, so there only the names tell. Capitals do not matter.
    """
    if all(side.casefold() in _NAMES for side in rows[0]):
        return len(rows) > 1
    first = _words(rows[0])
    if any(not first.isdisjoint(_words(row)) for row in rows[1:]):
        return False
    others = [_words(row) for row in rows[1:]]
    counts = collections.Counter(word for words in others for word in words)
    return sum(any(counts[word] > 1 for word in words) for words in others) > len(others) / 2


def _words(row: Row) -> set[str]:
    """The words of both sides, "forty-two" being one; a side without any is one itself."""
    return {word for side in row for word in re.findall(r"\w+(?:[-'’]\w+)*", side.casefold()) or [side]}
