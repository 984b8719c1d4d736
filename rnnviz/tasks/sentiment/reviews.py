"""Reviews of one's own as they are learned: opened by their hash, cut to a length, with a tenth held out."""

import dataclasses
import functools
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from rnnviz.core import limits
from rnnviz.core.contents import Content
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.core.names import counted, percent
from rnnviz.tables import kinds, report
from rnnviz.tables.cells import DELIMITERS
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.corpora import RARE
from rnnviz.tasks.declared import Chosen
from rnnviz.tasks.sentiment.left_out import reasons

MOST_SCORED = 512  # held-out reviews
FEWEST_HELD_OUT = 3  # reviews, which are looked at
_LONGEST_SHOWN = 60  # characters of a review in a line
_SHARE = 10  # one review in ten is held out,
_ENOUGH, _MOST_SHARE = 50, 3  # or so many, but at most one in three: a score of a handful of reviews tells nothing
_SPLIT_SEED = 11
_AT_ONCE = 4_000  # reviews that are compared with each other


@dataclasses.dataclass(frozen=True, eq=False)
class Reviews:
    """A table that `reading` stored, as a task reads it; see `worded.Collection`.

    words:    `RARE` for all that are not told apart, then the most frequent ones.
    codes:    all reviews end to end, uint16: places in the vocabulary of the table, of which `words` may be a part.
    starts:   (review + 1,), where each begins in `codes`.
    lengths:  (review,), words of each in the file.
    cut_alike: how many held-out reviews are as one that is trained on, once they are cut, and so are left out.
    told:     what is known of the file.
    """

    words: tuple[str, ...]
    steps: int
    targets: np.ndarray
    trained: np.ndarray
    held_out: np.ndarray
    replaced: np.ndarray
    codes: np.ndarray
    starts: np.ndarray
    lengths: np.ndarray
    unknown: float
    cut_alike: int
    told: Mapping[str, Any]

    @functools.cached_property
    def places(self) -> dict[str, int]:
        """A word → its place in `words`."""
        return {word: place for place, word in enumerate(self.words)}

    @functools.cached_property
    def known(self) -> Mapping[str, int]:
        """The reviews that are shown, as they are read → their rows."""
        shown = np.array([row for _, row in self.shown])
        read = (" ".join(self.words[place] for place in one if place != PAD) for one in self.at(shown))
        return dict(zip(read, shown.tolist(), strict=True))

    def at(self, rows: np.ndarray) -> np.ndarray:
        """(row, time) int16: places in `words`, `PAD` behind each review."""
        return _cut(self.codes, self.starts, rows, self.steps, len(self.words))

    @functools.cached_property
    def shown(self) -> tuple[tuple[str, int], ...]:
        """Held-out reviews to look at, by name: a short one, one of middle length, a long one."""
        by_length = self.held_out[np.argsort(self.lengths[self.held_out], kind="stable")]
        last = len(by_length) - 1
        names = ("a short review", "a review of middle length", "a long review")
        return tuple(
            (name, int(by_length[place]))
            for name, place in zip(names, (last // 10, (last + 1) // 2, last), strict=True)
        )

    @property
    def first_rows(self) -> tuple[str, ...]:
        """The first three reviews as they are read, each with its label; of long ones the beginning."""
        read = self.at(np.arange(min(3, len(self.targets))))
        texts = (" ".join(self.words[place] for place in one if place != PAD) for one in read)
        shown = (text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…" for text in texts)
        return tuple(f"{text} → {self.classes[label]}" for text, label in zip(shown, self.targets[:3], strict=True))

    @property
    def classes(self) -> tuple[str, ...]:
        """The labels, by name."""
        return tuple(self.told["labels"])

    @property
    def summary(self) -> str:
        """What is learned and what is not, for people."""
        told, count = self.told, len(self.targets)
        of_label = np.bincount(self.targets, minlength=len(self.classes))
        labels = ", ".join(f"“{name}” {number:,}" for name, number in zip(self.classes, of_label, strict=True))
        said = [
            f"Learning {counted(count, 'review')} of {counted(told['rows'], 'row')}: texts in the column "
            f"“{told['text']}” ({_way(told['found'][0])}), labels in “{told['label']}” ({_way(told['found'][1])}).",
            f"The file is {told['encoding']}, parted by {DELIMITERS[told['delimiter']]}s"
            f"{'' if told['header'] else ', without names of columns'}.",
            f"Labels: {labels}.",
        ]
        said += report.left_out(
            {name: kinds.UNUSED for name in told["columns"] if name not in (told["text"], told["label"])}
        )
        said += report.of_file(told)
        if told["left_out"]:
            said.append(f"Left out: {reasons(told['left_out'], told['delimiter'])}.")
        said.append(self._said_of_words)
        if cut := int((self.lengths > self.steps).sum()):
            said.append(f"{counted(cut, 'review')} longer than {self.steps} words: only their beginning is read.")
        scored = min(len(self.held_out), MOST_SCORED)
        said.append(
            f"{counted(len(self.held_out), 'review')} held out and never trained on, {scored:,} of them scored."
        )
        if self.cut_alike:
            said.append(f"{self.cut_alike:,} more would be: cut, they are as one that is trained on, and so left out.")
        return " ".join(said)

    @property
    def _said_of_words(self) -> str:
        told = len(self.words) - 1
        if told == self.told["different"]:
            return f"All {told:,} different words are told apart."
        share = percent(100 * self.unknown)
        return f"The {told:,} most frequent words are told apart; all others, {share} of the text, are {RARE}."


def _way(found: str) -> str:
    return "chosen" if found == "chosen" else f"found by {found}"


@functools.lru_cache(maxsize=limits.MOST_TABLES_OPEN)
def opened(table: Content, longest: int, vocabulary: int) -> Reviews:
    """The reviews of a table, of which at most `longest` words are read and `vocabulary` words told apart.

    Raises:
        ContentNeeded: the table is not on this machine.
        ExperimentError: it is no table of reviews, or too few are left to be held out.
    """
    told, arrays = unpacked(table.view("table"))
    words = (RARE, *bytes(arrays["vocabulary"]).decode().split("\n")[: vocabulary - 1])
    starts = np.append(0, np.cumsum(arrays["kept"], dtype=np.int64))
    steps = min(longest, int(arrays["kept"].max()))
    trained, held_out, alike = _split(arrays["codes"], starts, steps, len(words))
    if len(held_out) < FEWEST_HELD_OUT:
        allowed = f"so long that {FEWEST_HELD_OUT} reviews differ from all that are trained on"
        raise ExperimentError("longest", allowed, longest)
    total = max(1, int(told["words"]))
    return Reviews(
        words=words,
        steps=steps,
        targets=arrays["labels"].astype(np.int16),
        trained=trained,
        held_out=held_out,
        replaced=_replaced(words, arrays["counts"], total),
        codes=arrays["codes"],
        starts=starts,
        lengths=arrays["lengths"],
        unknown=1 - float(arrays["counts"][: len(words) - 1].sum()) / total,
        cut_alike=alike,
        told=told,
    )


def _replaced(words: tuple[str, ...], counts: np.ndarray, total: int) -> np.ndarray:
    """How likely each word, and last `PAD`, is read as `RARE` in training: not at all where the reviews have some."""
    chances = np.zeros(len(words) + 1, np.float32)
    if len(words) - 1 == len(counts) and counts.sum() == total:
        chances[1:-1] = np.where(counts < 0.003 * total, 0.05, 0.0)
    return chances


def _split(codes: np.ndarray, starts: np.ndarray, steps: int, words: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Rows that are trained on, those held out, and how many are neither: as they are read they would be both."""
    count = len(starts) - 1
    drawn = np.random.default_rng(_SPLIT_SEED).permutation(count)
    scored = max(count // _SHARE, min(_ENOUGH, count // _MOST_SHARE))
    held_out, trained = np.sort(drawn[:scored]), np.sort(drawn[scored:])
    factors = np.random.default_rng(_SPLIT_SEED).integers(1, 2**63, steps, dtype=np.uint64) | np.uint64(1)
    keys = [
        ((_cut(codes, starts, rows, steps, words) + 2).astype(np.uint64) * factors).sum(axis=1, dtype=np.uint64)
        for rows in np.array_split(np.arange(count), 1 + count // _AT_ONCE)
    ]
    key = np.concatenate(keys)
    apart = ~np.isin(key[held_out], key[trained])
    return trained, held_out[apart], int((~apart).sum())


def _cut(codes: np.ndarray, starts: np.ndarray, rows: np.ndarray, steps: int, words: int) -> np.ndarray:
    """The first `steps` words of reviews (row, time) int16; 0 for those beyond the first `words`, `PAD` at the end."""
    at = starts[rows][:, None] + np.arange(steps)
    real = at < starts[rows + 1][:, None]
    found = codes[np.where(real, at, 0)].astype(np.int16)
    found[found >= words] = 0
    found[~real] = PAD
    return found


def encoding(view: memoryview) -> str:
    """In which encoding a table was read, in words."""
    told, _ = unpacked(view)
    return str(told["encoding"])


def chosen(view: memoryview) -> tuple[tuple[str, ...], Chosen]:
    """The columns of a table, and which are text and label."""
    told, _ = unpacked(view)
    return tuple(told["columns"]), (told["text"], told["label"])


def unpacked(view: memoryview) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What is told of a file of tensors in memory, and its arrays, which are views.

    Raises:
        ExperimentError: it is no table of reviews.
    """
    try:
        size = int.from_bytes(view[:8], "little")
        header = json.loads(bytes(view[8 : 8 + size]))
        told = json.loads(header.pop("__metadata__")["reviews"])
        kinds = {"U8": np.uint8, "U16": np.uint16, "U32": np.uint32, "I64": np.int64}
        arrays = {
            name: np.frombuffer(view[8 + size :][slice(*one["data_offsets"])], kinds[one["dtype"]])
            for name, one in header.items()
        }
        fits = arrays["kept"].sum(dtype=np.int64) == len(arrays["codes"]) and len(arrays["labels"]) == len(
            arrays["kept"]
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        fits = False
    if not fits:
        raise ExperimentError("table", "a file of reviews", Words("something else"))
    return told, arrays
