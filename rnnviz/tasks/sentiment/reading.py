"""A table of anyone's reviews, read in a stream and stored as small numbers: `python -m … FILE [TEXT LABEL]`.

As a program it runs beside the server, which neither waits nor grows. It prints one JSON object a line: how much has
been read, then what came of it.
"""

import array
import collections
import hashlib
import json
import math
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save

from rnnviz.core import limits
from rnnviz.core.contents import Content, keep
from rnnviz.core.errors import ExperimentError, Words, plain
from rnnviz.core.parsing import parse_real
from rnnviz.tables import footers
from rnnviz.tables.beginning import Rows
from rnnviz.tables.cells import FIELD
from rnnviz.tables.encoding import ENCODINGS
from rnnviz.tables.labelled import ColumnsNeeded, Sketch, sketch
from rnnviz.tasks.sentiment.left_out import CELLS, quotes_needed, reasons
from rnnviz.tasks.sentiment.tokens import tokens

FEWEST_REVIEWS = 30  # so that three are held out, which are looked at
_MOST_DIFFERENT = 500_000  # words that are counted: a file of nothing but new words must not fill the memory
_LONGEST_WORD = 60  # characters; a longer one is not known
_COUNTED_AT_ONCE = 1_000_000  # words

Progress = Callable[[float], None]


def read_reviews(
    path: str | Path,
    text: str | None = None,
    label: str | None = None,
    progress: Progress | None = None,
    encoding: str | None = None,
) -> Content:
    """A table (CSV, TSV, semicolons) with a column of texts and one of labels, stored; for `Sentiment(table=…)`.

    text, label: names of the columns, where they cannot be told by name or content.
    progress:    called now and then with the share of the file that has been read.
    encoding:    one of `rnnviz.tables.encoding.ENCODINGS`, where it is not the one that is found.

    Of a file that is too large the beginning is read, which the summary of the task says.

    Raises:
        ColumnsNeeded: which column is which cannot be told.
        ExperimentError: it is no such table, or it has fewer than 2 labels or more than 20.
    """
    path = Path(path)
    looked = sketch(path, text, label, encoding)
    columns = looked.begun.columns
    if looked.text is None or looked.label is None:
        raise ColumnsNeeded(columns, looked.text, looked.label)
    found = _Found(looked, looked.text, looked.label)
    sums = list[list[str]]()  # those at the end of the table are none of its rows
    with Rows(path, looked.begun, progress) as rows:
        for row in rows:
            sums.append(row)
            if not footers.is_sum(row):
                for one in sums:
                    found.add(one)
                sums.clear()
    odd = {"inside": rows.inside, "cut": rows.cut, "footers": len(sums)}
    return keep(found.canonical(_told(looked, columns[looked.text], columns[looked.label], odd)))


def _told(looked: Sketch, text: str, label: str, odd: dict[str, int]) -> dict[str, Any]:
    """What is said of the file, beside the counts; `odd`: what of its rows is out of the ordinary."""
    begun = looked.begun
    odd = odd | {"unread": begun.unread, "skipped": begun.skipped + begun.dialect.remarks}
    return {name: value for name, value in odd.items() if value} | {
        "columns": begun.columns,
        "text": text,
        "label": label,
        "found": looked.found,
        "header": begun.header,
        "encoding": ENCODINGS[begun.encoding],
        "delimiter": begun.dialect.delimiter,
    }


class _Numbers(dict[str, int]):
    """Word → its number from 1 on, in the order in which they come; 0 for those that are too many or too long."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _MOST_DIFFERENT or len(word) > _LONGEST_WORD:
            return 0
        number = self[word] = len(self) + 1
        return number


def _label(cell: str) -> str:
    """A label without marks that would turn a sentence around, nor any that nobody sees."""
    return "".join(c for c in cell if c.isprintable()).strip()


def _shown(labels: Iterable[str]) -> list[str]:
    """Labels in their order as they are shown: the beginning of a long one, and numbered where two begin alike."""
    shown = list[str]()
    for label in sorted(labels, key=_in_order):
        name, count = plain(label, limits.LONGEST_LABEL), 1
        while name in shown:
            count += 1
            name = f"{plain(label, limits.LONGEST_LABEL - 5)} ({count})"
        shown.append(name)
    return shown


class _Found:
    """What has been read so far."""

    def __init__(self, looked: Sketch, text: int, label: int) -> None:
        self.rows = 0
        self._looked, self._text, self._label = looked, text, label
        self._numbers, self._labels = _Numbers(), dict[str, int]()
        self._codes, self._uncounted = array.array("I"), array.array("I")
        self._counts = np.zeros(1, np.int64)
        self._lengths, self._label_of, self._kept = array.array("I"), array.array("B"), array.array("I")
        self._seen = dict[bytes, str]()
        self._left_out = collections.Counter[str]()

    def add(self, row: list[str]) -> None:
        """One more row that is not empty."""
        self.rows += 1
        if self.rows > limits.MOST_TABLE_ROWS:
            self._left_out["beyond"] += 1
            return
        if not self._looked.matches(row):
            self._left_out[CELLS] += 1
            return
        text, label = ("".join(row[place : place + 1]) for place in (self._text, self._label))
        named, words = sys.intern(_label(label)), tokens(text)  # one copy of each label is kept
        if not named or not words:
            self._left_out["no_text" if named else "no_label"] += 1
            return
        codes = array.array("I", map(self._numbers.__getitem__, words))
        first = self._seen.setdefault(hashlib.blake2b(" ".join(words).encode(), digest_size=10).digest(), named)
        if len(self._seen) == len(self._lengths):  # it was there before
            self._left_out["again" if first == named else "contradicting"] += 1
            return
        self._take(codes, named)

    def _take(self, codes: "array.array[int]", named: str) -> None:
        place = self._labels.setdefault(named, len(self._labels))
        if place >= limits.MOST_LABELS:
            raise self._refused("more")
        self._label_of.append(place)
        self._lengths.append(len(codes))
        kept = codes[: limits.LONGEST_SEQUENCE]
        self._kept.append(len(kept))
        self._codes.extend(kept)
        self._uncounted.extend(codes)
        if len(self._uncounted) > _COUNTED_AT_ONCE:
            self._count()

    def _count(self) -> None:
        counts = np.bincount(np.frombuffer(self._uncounted, np.uint32), minlength=len(self._counts))
        counts[: len(self._counts)] += self._counts
        self._counts, self._uncounted = counts, array.array("I")

    def _refused(self, more: str = "") -> ExperimentError:
        names = ", ".join(_shown(self._labels))
        came = f"{len(self._labels)} or {more}" if more else f"{len(self._labels)}"
        column = self._looked.begun.columns[self._label]
        allowed = f"a file whose label column, here “{column}”, holds 2 to {limits.MOST_LABELS} different labels"
        allowed += "" if more else self._said_of_left_out
        return ExperimentError(FIELD, allowed, Words(f"{came}: {names}" if names else came))

    def _mismatched(self) -> ExperimentError:
        least, most = self._looked.begun.width
        span = f"{most}" if least == most else f"{least} to {most}"
        allowed = f"a file whose rows have {span} cells each ({quotes_needed(self._looked.begun.dialect.delimiter)})"
        came = f"{self._left_out[CELLS]:,} of {self.rows:,} rows with more or fewer"
        return ExperimentError(FIELD, allowed, Words(came))

    @property
    def _said_of_left_out(self) -> str:
        left_out = +self._left_out
        return f" (left out: {reasons(left_out, self._looked.begun.dialect.delimiter)})" if left_out else ""

    def canonical(self, told: dict[str, Any]) -> bytes:
        """All of it in one canonical form: equal tables, equal bytes.

        Raises:
            ExperimentError: there are fewer than 2 labels, or too few reviews.
        """
        if 2 * self._left_out[CELLS] > min(self.rows, limits.MOST_TABLE_ROWS):
            raise self._mismatched()
        if len(self._labels) < 2:
            raise self._refused()
        if len(self._lengths) < FEWEST_REVIEWS:
            allowed = f"a file of at least {FEWEST_REVIEWS} different texts with a label{self._said_of_left_out}"
            raise ExperimentError(FIELD, allowed, Words(f"{len(self._lengths):,} among {self.rows:,} rows"))
        self._count()
        words, places = self._vocabulary()
        labels = sorted(self._labels, key=_in_order)
        order = np.array([labels.index(label) for label in self._labels], np.uint8)
        told |= {"rows": self.rows, "labels": _shown(labels), "left_out": dict(+self._left_out)}
        told |= {"different": len(self._numbers), "words": int(self._counts.sum())}
        arrays = {
            "codes": places[np.frombuffer(self._codes, np.uint32)],
            "kept": np.frombuffer(self._kept, np.uint32).astype(np.uint16),
            "lengths": np.frombuffer(self._lengths, np.uint32),
            "labels": order[np.frombuffer(self._label_of, np.uint8)],
            "counts": self._counts[[self._numbers[word] for word in words]],
            "vocabulary": np.frombuffer("\n".join(words).encode(), np.uint8),
        }
        # one entry alone: several stand in no fixed order
        return save(arrays, {"reviews": json.dumps(told, sort_keys=True, ensure_ascii=False)})

    def _vocabulary(self) -> tuple[list[str], np.ndarray]:
        """The most frequent words, and the place of every number among them from 1 on; 0 for all others."""
        counts = self._counts.tolist()
        words = sorted(self._numbers, key=lambda word: (-counts[self._numbers[word]], word))
        words = words[: limits.MOST_REVIEW_WORDS]
        places = np.zeros(len(self._counts), np.uint16)
        places[[self._numbers[word] for word in words]] = np.arange(1, len(words) + 1)
        return words, places


def _in_order(name: str) -> tuple[bool, float, str]:
    """Labels that are numbers by size, the others by their letters."""
    try:
        value = parse_real(name)
    except ValueError:
        value = math.nan
    return (False, value, name) if math.isfinite(value) else (True, 0.0, name.casefold())


def main(path: str, *columns: str) -> None:
    """Read a table and print how it goes: {"share": …} now and then, last {"digest": …} or why not."""
    text, label, encoding = (*(name or None for name in columns), None, None, None)[:3]
    try:
        content = read_reviews(path, text, label, lambda share: _say(share=share), encoding)
        _say(digest=content.digest)
    except ColumnsNeeded as needed:
        _say(columns=needed.columns, text=needed.text, label=needed.label)
    except ExperimentError as error:
        _say(field=error.field, allowed=error.allowed, received=str(error.received))


def _say(**said: Any) -> None:
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
