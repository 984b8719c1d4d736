"""Rows in and below a table that are none of it: sums, remarks, where it is from, lines that are drawn, names again."""

import re
from collections.abc import Sequence

from rnnviz.tables import numerals

_SUMS = "total|sum|summe|gesamt|insgesamt|mean|average|mittelwert|count"
_COUNTED = r"\(?\d[\d,.]* (?:rows?|records?|entries|lines|zeilen)(?: in set| selected| affected)?\.?\)?.*"
_SUM = re.compile(rf"(?:grand |sub)?(?:{_SUMS})s?|(?:total|note|source|quelle)s?:.*|{_COUNTED}", re.IGNORECASE)


def sums_up(row: Sequence[str]) -> bool:
    """Whether the first cell of a row that is not empty says that the row sums up those above it, or is a remark."""
    first = next((cell.strip() for cell in row if cell.strip()), "")
    return first.startswith("#") or _SUM.fullmatch(first.rstrip(":")) is not None


def is_sum(row: Sequence[str]) -> bool:
    """Whether a row says that it sums up those above it, and holds numbers alone beside that."""
    full = [cell.strip() for cell in row if cell.strip()]
    return len(full) > 1 and sums_up(full) and numerals.look(full[1:], False)[2] == 1.0


def is_drawn(row: Sequence[str]) -> bool:
    """Whether a row is a line that is drawn, as below the names of a table in Markdown or around one of a database."""
    signs = "".join(row).replace(" ", "")
    return set(signs) <= set("-:=+|") and ("--" in signs or "==" in signs)


def is_remark(row: Sequence[str], usual: int) -> bool:
    """Whether a row, where most have `usual` cells, is a remark."""
    return len(row) < usual and row[0].lstrip()[:1] == "#"


def repeats(row: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a row names the columns again."""
    return any(names) and [cell.strip() for cell in row] == list(names)
