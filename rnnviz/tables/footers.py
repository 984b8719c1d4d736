"""Rows below a table that are none of it: sums, remarks, where it is from."""

import re
from collections.abc import Sequence

_SUM = re.compile(
    r"(?:grand |sub)?totals?|sums?|summe|gesamt|insgesamt|mean|average|mittelwert|count|(?:notes?|sources?|quelle):.*",
    re.IGNORECASE,
)


def sums_up(row: Sequence[str]) -> bool:
    """Whether the first cell of a row that is not empty says that the row sums up those above it, or is a remark."""
    first = next((cell.strip() for cell in row if cell.strip()), "")
    return first.startswith("#") or _SUM.fullmatch(first.rstrip(":")) is not None


def below(rows: Sequence[Sequence[str]]) -> int:
    """How many rows at the end of a table have a single cell that is full, where the others have two or more."""
    found = 0
    for row in reversed(rows):
        if len(row) > 1 and sum(bool(cell.strip()) for cell in row) > 1 and not row[0].startswith("#"):
            break
        if len(row) > 1 and not row[0].strip():  # its first side is missing: a row like others
            break
        found += 1
    return found if found < len(rows) else 0
