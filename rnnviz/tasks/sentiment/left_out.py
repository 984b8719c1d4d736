"""Why rows of a table are not learned, in words."""

from collections.abc import Mapping

from rnnviz.core import limits
from rnnviz.tables.cells import DELIMITERS

CELLS = "cells"  # more or fewer than there are columns
_REASONS = {
    "no_label": "without a label",
    "no_text": "without a text",
    "again": "with the text of an earlier row",
    "contradicting": "with the text of an earlier row and another label",
    "beyond": f"because only the first {limits.MOST_TABLE_ROWS:,} are read",
}


def quotes_needed(delimiter: str) -> str:
    """What a text has to keep to so that its cells match the columns."""
    return f"a {DELIMITERS[delimiter]} inside a text needs quotes"


def reasons(left_out: Mapping[str, int], delimiter: str) -> str:
    """How many rows are left out, and why: "2 without a label, 1 that came before"."""
    words = _REASONS | {CELLS: f"whose cells do not match the columns ({quotes_needed(delimiter)})"}
    return ", ".join(f"{number:,} {words[why]}" for why, number in left_out.items())
