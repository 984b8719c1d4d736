"""Rows that may be sentences with commas, which part no columns."""

from collections.abc import Sequence

_ENDS = (".", "!", "?", "…", ":", ";", "”", "’", ")")
_LOOKED_AT = 2_000  # rows
_RUNNING = 3  # words that go on in small letters


def are_parted(rows: Sequence[Sequence[str]]) -> bool:
    """Whether most rows, parted at their commas, look like one sentence each."""
    looked = [[cell for cell in row if cell.strip()] for row in rows[:_LOOKED_AT]]
    return 2 * sum(map(_is_sentence, looked)) > len(looked)


def _is_sentence(cells: Sequence[str]) -> bool:
    """Whether a blank stands behind each comma, and no sentence ends before the last part, which goes on or ends it."""
    if len(cells) < 2 or any(cell[:1] != " " for cell in cells[1:]):
        return False
    first, last = cells[0].strip(), cells[-1].strip()
    if any(cell.strip().endswith(_ENDS) for cell in cells[:-1]) or len(f"{first} {last}".split()) <= _RUNNING:
        return False
    return last.endswith(_ENDS) or (first[0].isupper() and last[0].islower() and len(last.split()) >= _RUNNING)
