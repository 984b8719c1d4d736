"""Which column of a table holds texts, and which their labels: by name, else by content."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.core.names import listed
from rnnviz.tables import kinds
from rnnviz.tables.beginning import Beginning, beginning
from rnnviz.tables.cells import FIELD
from rnnviz.tables.kinds import words

NEEDED = "a file with a column of texts and a column of labels, parted by commas, semicolons or tabs"
_MOST_LISTED = 12  # columns in a sentence
_TEXTS = "text review comment sentence content body message tweet document description reviewtext headline title"
_LABELS = "label sentiment class category rating stars score target polarity verdict emotion grade y"
KNOWN = frozenset({*_TEXTS.split(), *_LABELS.split()})

_Told = tuple[int | None, str]  # the place of a column, and how it was found


@dataclasses.dataclass(frozen=True)
class Sketch:
    """What the beginning of a table tells.

    text, label: places of the columns; None where neither name nor content tells.
    found:       of each of these two, how: "chosen", by "name" or by "content".
    """

    begun: Beginning
    text: int | None
    label: int | None
    found: tuple[str, str]

    def matches(self, row: list[str]) -> bool:
        """Whether a row has no more cells than there are columns, and no fewer than hold its text and its label."""
        return self.begun.matches(row, 1 + max(self.text or 0, self.label or 0))


class ColumnsNeeded(ExperimentError):
    """Which column is the text, or the label, cannot be told; `columns` are those that there are, by name.

    text, label: the places of those that can be told.
    """

    def __init__(self, columns: Sequence[str], text: int | None, label: int | None) -> None:
        self.columns, self.text, self.label = tuple(columns), text, label
        missing = listed([what for what, found in (("text", text), ("label", label)) if found is None])
        names = ", ".join(columns[:_MOST_LISTED]) + (" …" if len(columns) > _MOST_LISTED else "")
        allowed = f"a file whose {missing} column can be told by its name or its content, or is chosen"
        super().__init__(FIELD, allowed, Words(f"the columns {names}"))

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), (self.columns, self.text, self.label)


def sketch(path: Path, text: str | None = None, label: str | None = None, encoding: str | None = None) -> Sketch:
    """Look at the beginning of a table; `text` and `label` are names of columns that are chosen.

    Raises:
        ExperimentError: it is empty, no text, has one column, or none of those names.
    """
    begun = beginning(path, NEEDED, KNOWN, encoding)
    names, values = begun.columns, [[cell for cell in column if cell] for column in begun.values]
    reasons = [kinds.aside(name, cells) for name, cells in zip(begun.given, begun.values, strict=True)]
    (text_at, text_found), (label_at, label_found) = _both(names, values, reasons, text, label)
    return Sketch(begun, text_at, label_at, (text_found, label_found))


def _both(
    names: tuple[str, ...], values: list[list[str]], reasons: list[str], text: str | None, label: str | None
) -> tuple[_Told, _Told]:
    """Where text and label are, and how that was found."""
    for name in (text, label):
        if name is not None and name not in names:
            raise ExperimentError(FIELD, f"one with a column “{name}”", Words(f"the columns {', '.join(names)}"))
    if text is not None and text == label:
        raise ExperimentError(FIELD, "read with a label column other than its text column", text)
    chosen = None if label is None else names.index(label)
    told = _text_column(names, values, reasons, chosen) if text is None else (names.index(text), "chosen")
    return told, (_label_column(names, values, reasons, told[0]) if chosen is None else (chosen, "chosen"))


def _by_name(names: tuple[str, ...], known: str, free: Sequence[int]) -> int | None:
    """The column that is called so: the whole name before a part of it, then in the order of what is known."""
    for word in known.split():
        for place in free:
            if "".join(words(names[place])) == word:
                return place
    for word in known.split():
        for place in free:
            if word in words(names[place])[-1:]:
                return place
    return None


def _text_column(names: tuple[str, ...], values: list[list[str]], reasons: list[str], taken: int | None) -> _Told:
    """The one whose name tells, else the one with the most words, at least two in a cell."""
    free = [place for place in range(len(names)) if place != taken and reasons[place] != kinds.EMPTY]
    if (named := _by_name(names, _TEXTS, free)) is not None:
        return named, "name"
    means = [sum(len(cell.split()) for cell in column) / max(1, len(column)) for column in values]
    free = [place for place in free if not reasons[place] or reasons[place] in kinds.ALIKE]
    most = max(free, key=means.__getitem__, default=None)
    return (most if most is not None and means[most] >= 2 else None), "content"


def _label_column(names: tuple[str, ...], values: list[list[str]], reasons: list[str], taken: int | None) -> _Told:
    """The one whose name tells, else the only one whose few values come again and again."""
    free = [place for place in range(len(names)) if place != taken and reasons[place] != kinds.EMPTY]
    if (named := _by_name(names, _LABELS, free)) is not None:
        return named, "name"
    few = [place for place in free if not reasons[place] and _is_label(values[place])]
    return (few[0] if len(few) == 1 else None), "content"


def _is_label(column: list[str]) -> bool:
    kinds = set(column)
    short = all(len(kind) <= limits.LONGEST_LABEL for kind in kinds)
    return 2 <= len(kinds) <= limits.MOST_LABELS and len(column) >= 2 * len(kinds) and short
