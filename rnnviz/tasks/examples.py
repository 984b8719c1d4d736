"""A worked example in plain text, short enough for a line."""

import itertools
from collections.abc import Sequence

LONGEST = 12  # symbols in a line
WIDEST = 90  # characters of a line with its label, where symbols are words


def shortened(tokens: Sequence[str]) -> str:
    """Tokens with spaces between; of many those at both ends."""
    half = LONGEST // 2
    return " ".join(tokens if len(tokens) <= LONGEST else [*tokens[:half], "…", *tokens[-half:]])


def in_columns(read: Sequence[str], named: Sequence[str]) -> str:
    """What is read and what is answered after each step, in two lines that stand under each other."""
    read, named = read[:LONGEST], named[:LONGEST]
    widths = [max(len(a), len(b)) for a, b in zip(read, named, strict=True)]
    fitting = sum(end <= WIDEST for end in itertools.accumulate(width + 1 for width in [8, *widths])) - 1
    read, named, widths = read[:fitting], named[:fitting], widths[:fitting]
    return "\n".join(f"{label:<8}{_columns(row, widths)}" for label, row in (("read", read), ("answer", named)))


def _columns(row: Sequence[str], widths: Sequence[int]) -> str:
    return " ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
