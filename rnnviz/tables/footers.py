"""Rows below a table that are none of it: sums, remarks, where it is from."""

import re
from collections.abc import Sequence

_SUMS = "total|sum|summe|gesamt|insgesamt|mean|average|mittelwert|count"
_SUM = re.compile(rf"(?:grand |sub)?(?:{_SUMS})s?|(?:total|note|source|quelle)s?:.*", re.IGNORECASE)


def sums_up(row: Sequence[str]) -> bool:
    """Whether the first cell of a row that is not empty says that the row sums up those above it, or is a remark."""
    first = next((cell.strip() for cell in row if cell.strip()), "")
    return first.startswith("#") or _SUM.fullmatch(first.rstrip(":")) is not None
