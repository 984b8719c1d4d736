"""What was read of a table, in sentences."""

import dataclasses
import itertools
from collections.abc import Mapping
from typing import Any

from rnnviz.core import limits
from rnnviz.core.names import counted, listed
from rnnviz.tables.encoding import ENCODINGS, GUESSED

_MOST_NAMED = 5  # columns that are left out, in a sentence for each reason


@dataclasses.dataclass(frozen=True)
class Report:
    """What was read of a table.

    columns:  the names of all columns, made up where there are none.
    read:     of those the ones that are learned, in their order of use.
    found:    how each of these was found: "chosen", by "name", by "content"; "" where there were no others.
    left_out: name of a column → why, as in `kinds`.
    rows:     how many rows hold what is learned.
    header:   whether the first row names the columns.
    skipped:  rows before the table; `footers`: those below it, `inside`: those in it, which are none of it.
    unmatched: rows with more cells than there are columns.
    cut:      what of a table that is too long is used: "its first 400 rows"; "" for all of it.
    doubtful: whether the rows may be sentences with commas, and no columns.
    html:     whether HTML was taken out of the cells.
    encoding: one of `encoding.ENCODINGS`; "" where no bytes were read.
    unread:   characters that could not be read.
    """

    columns: tuple[str, ...]
    read: tuple[str, ...]
    found: tuple[str, ...]
    left_out: Mapping[str, str]
    rows: int
    header: bool
    skipped: int = 0
    footers: int = 0
    inside: int = 0
    unmatched: int = 0
    cut: str = ""
    doubtful: bool = False
    html: bool = False
    encoding: str = ""
    unread: int = 0

    def cut_to(self, used: str) -> "Report":
        """The same, of a table that is too long in another way."""
        return dataclasses.replace(self, cut=used)

    @property
    def said(self) -> str:
        """What is out of the ordinary; "" for a table that holds nothing but what is learned."""
        said = ["These may be sentences with commas, not columns."] * self.doubtful
        if len(self.columns) > len(self.read):
            said.append(f"Columns read: {listed([f'“{name}”' for name in self.read])}.")
        said += left_out(self.left_out)
        if self.header:
            said.append("The first row names the columns.")
        if self.html:
            said.append("HTML was taken out of the cells.")
        said += of_file(
            {"skipped": self.skipped, "inside": self.inside, "footers": self.footers, "unread": self.unread}
        )
        if self.unmatched:
            said.append(
                f"{counted(self.unmatched, 'row')} with more cells than columns left out: quote what parts them."
            )
        if self.cut:
            said.append(f"Too long: {self.cut} are used.")
        said += of_encoding(self.encoding)
        return " ".join(said)


def left_out(reasons: Mapping[str, str]) -> list[str]:
    """Which columns are left out and why: name → reason."""
    alike = dict[str, list[str]]()
    for name, why in itertools.islice(reasons.items(), _MOST_NAMED):
        alike.setdefault(why, []).append(f"“{name}”")
    said = [f"Left out: {listed(names)}, which {_of(len(names), why)}." for why, names in alike.items()]
    more = len(reasons) - _MOST_NAMED
    return said + [f"{counted(more, 'more column')} left out."] * (more > 0)


def _of(count: int, why: str) -> str:
    """A reason of `kinds`, which begins with a verb, as it is said of one column or of several."""
    verb, rest = why.split(" ", 1)
    return why if count == 1 else f"{'are' if verb == 'is' else verb.removesuffix('s')} {rest}"


def of_file(told: Mapping[str, Any]) -> list[str]:
    """What else was left out: told of by these names, where there was any."""
    said = []
    if rows := told.get("skipped"):
        said.append(f"{counted(rows, 'row')} before the table left out.")
    if rows := told.get("inside"):
        said.append(f"{counted(rows, 'row')} in the table left out, which repeats names, draws a line or is a remark.")
    if rows := told.get("footers"):
        said.append(f"{counted(rows, 'row')} below the table left out.")
    if told.get("cut"):
        said.append(f"The file is too large: its first {limits.LARGEST_TABLE // 1_000_000} MB are read.")
    if unread := told.get("unread"):
        be = "is" if unread == 1 else "are"
        said.append(f"{counted(unread, 'character')} of it could not be read and {be} “�”.")
    return said


def of_encoding(encoding: str) -> list[str]:
    """That an encoding is a guess; `encoding`: one of `encoding.ENCODINGS`, "" where no bytes were read."""
    if encoding not in GUESSED:
        return []
    return [f"The encoding is a guess: {ENCODINGS[encoding]}. Are letters wrong? Then choose another one."]
