"""A table of pairs as numbers, and what of it cannot be used."""

import collections
import dataclasses
import functools
import itertools
import zlib
from collections.abc import Iterable, Sequence

import numpy as np

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.core.names import counted
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.corpora import RARE
from rnnviz.tasks.pairs.csv_table import Row, parsed
from rnnviz.tasks.pairs.header import may_be_header
from rnnviz.tasks.translating import END

UNITS = ("characters", "words")
SHARE = 10  # one input in ten is held out …
FEWEST = 20  # … if there are so many
EMPTY = "because a side is empty"
_LONGEST_SHOWN = 40  # characters of a side in a line


@dataclasses.dataclass(frozen=True, eq=False)
class Prepared:
    """The rows that are used, as numbers.

    symbols, written_symbols: what either side is made of, sorted; with `RARE` last if there are too many.
    inputs, targets: (row, time) int16, as in a batch but with time last.
    trained, held_out: (…,) int64 rows; all of them twice if there are too few.
    apart:           whether held-out rows are kept away from training.
    summary:         what is used and what is not, for people.
    """

    symbols: tuple[str, ...]
    written_symbols: tuple[str, ...]
    inputs: np.ndarray
    targets: np.ndarray
    trained: np.ndarray
    held_out: np.ndarray
    apart: bool
    summary: str

    @functools.cached_property
    def middling(self) -> int:
        """Index of a row whose input is of middle length, for the first probe.

        The middle row and the last held out are probes already and left out. So is the first row: it may be a header,
        and where no output comes twice its output is what guessing writes. Where no other is there: the middle row.
        """
        others = np.setdiff1d(np.arange(len(self.inputs)), [0, len(self.inputs) // 2, self.held_out[-1]])
        by_length = others[np.argsort((self.inputs[others] != PAD).sum(axis=1), kind="stable")]
        return int(by_length[len(by_length) // 2]) if len(by_length) else len(self.inputs) // 2

    def row_of(self, places: np.ndarray) -> int | None:
        """The row with this input (time,); None if there is none, or if two such rows have different outputs."""
        return self._rows.get(_key(np.asarray(places, np.int16)))

    @functools.cached_property
    def _rows(self) -> dict[bytes, int | None]:
        found: dict[bytes, int | None] = {}
        for row, key in enumerate(map(_key, self.inputs)):
            first = found.setdefault(key, row)
            if first is not None and not np.array_equal(self.targets[first], self.targets[row]):
                found[key] = None
        return found


def _key(places: np.ndarray) -> bytes:
    key: bytes = places[places != PAD].tobytes()
    return key


@functools.lru_cache(maxsize=3)  # the longest text takes a second; equal tasks share it
def prepare(text: str, unit: str) -> Prepared:
    """A cleaned table as numbers.

    Raises:
        ExperimentError: no row of it can be used.
    """
    rows = parsed(text)
    used, left_out = _used(rows, unit)
    too_long = sum(left_out.values()) > left_out[EMPTY]
    if not used or (used == [rows[0]] and too_long):  # a header alone is nothing to learn
        allowed = f"a table with a row whose two sides have 1 to {limits.LONGEST_PAIR_SIDE} {unit}"
        allowed += f" of at most {limits.LONGEST_PAIR_WORD} characters" * (unit == "words")
        raise ExperimentError(
            "text", allowed, Words(f"{'only the first' if used else 'none'} among {counted(len(rows), 'row')}")
        )
    symbols, inputs, more = _numbers([_parts(row.read, unit) for row in used], 0, _most(unit))
    written, targets, more_written = _numbers([_parts(row.written, unit) for row in used], 1, _most(unit))
    held_out, apart = _apart([row.read for row in used])
    header = used[0] == rows[0] and may_be_header(used)
    said = _summary(len(used), len(rows), left_out, apart)
    said += f" The first row is “{arrow(used[0])}”; if it names the columns, remove it." if header else ""
    said += _merged("first", more, unit) + _merged("second", more_written, unit)
    every = np.arange(len(used))
    trained = every[~held_out] if apart else every
    return Prepared(symbols, written, inputs, _ended(targets), trained, every[held_out], apart, said)


def _most(unit: str) -> int:
    """How many symbols either side may be made of."""
    return limits.LARGEST_WORDS if unit == "words" else limits.LARGEST_VOCABULARY


def _parts(side: str, unit: str) -> Sequence[str]:
    return side.split() if unit == "words" else side


def _used(rows: tuple[Row, ...], unit: str) -> tuple[list[Row], dict[str, int]]:
    """The rows that can be learned, and how many cannot, by reason."""
    whole = [row for row in rows if all(row)]
    fitting = [row for row in whole if all(len(_parts(side, unit)) <= limits.LONGEST_PAIR_SIDE for side in row)]
    readable = [row for row in fitting if unit != "words" or all(map(_has_short_words, row))]
    used = readable[: limits.MOST_PAIRS]
    return used, {
        EMPTY: len(rows) - len(whole),
        f"because a side is longer than {limits.LONGEST_PAIR_SIDE} {unit}": len(whole) - len(fitting),
        f"because a word is longer than {limits.LONGEST_PAIR_WORD} characters": len(fitting) - len(readable),
        f"because only the first {limits.MOST_PAIRS:,} are used": len(readable) - len(used),
    }


def _has_short_words(side: str) -> bool:
    return max(map(len, side.split())) <= limits.LONGEST_PAIR_WORD


def _numbers(sides: list[Sequence[str]], first: int, most: int) -> tuple[tuple[str, ...], np.ndarray, int]:
    """The symbols of all sides, at most `most`, every side as numbers from `first` on, and how many share `RARE`."""
    counts = collections.Counter(itertools.chain.from_iterable(sides))
    symbols, more = _vocabulary(counts, most)
    places = dict.fromkeys(counts, first + len(symbols) - 1) | {s: first + place for place, s in enumerate(symbols)}
    lengths = np.array([len(side) for side in sides])
    found = np.full((len(sides), lengths.max()), PAD, np.int16)
    flat = map(places.__getitem__, itertools.chain.from_iterable(sides))
    found[np.arange(lengths.max()) < lengths[:, None]] = np.fromiter(flat, np.int16, lengths.sum())
    return symbols, found, more


def _vocabulary(counts: "collections.Counter[str]", most: int) -> tuple[tuple[str, ...], int]:
    """The symbols, and how many share `RARE`: all but the commonest if they are too many, as in `corpora.prepare`."""
    if len(counts) <= most:
        return tuple(sorted(counts)), 0
    kept = sorted((s for s in counts if s != RARE), key=lambda s: (-counts[s], s))[: most - 1]
    return (*sorted(kept), RARE), len(counts) - len(kept)


def _ended(targets: np.ndarray) -> np.ndarray:
    """Outputs (row, time) with `END` behind each: (row, time + 1)."""
    ended = np.pad(targets, ((0, 0), (0, 1)), constant_values=PAD)
    ended[np.arange(len(ended)), (targets != PAD).sum(axis=1)] = END
    return ended


def _apart(inputs: Iterable[str]) -> tuple[np.ndarray, bool]:
    """(row,) bool, which rows are held out, and whether they are kept away from training.

    A fixed rule, in place of a draw, sorts the different inputs; rows with the same input stay together.
    """
    inputs = list(inputs)
    different = sorted(set(inputs), key=lambda one: (zlib.crc32(one.encode()), one))
    if len(different) < FEWEST:
        return np.ones(len(inputs), bool), False
    chosen = set(different[: len(different) // SHARE])
    return np.array([one in chosen for one in inputs]), True


def _summary(used: int, rows: int, left_out: dict[str, int], apart: bool) -> str:
    why = ", ".join(f"{count:,} {reason}" for reason, count in left_out.items() if count)
    said = f"Learning {used:,} of {counted(rows, 'row')}" + (f"; left out: {why}." if why else ".")
    return said if apart else said + " They are too few to keep some for the score."


def arrow(sides: Iterable[str]) -> str:
    """Both sides of a pair in a line, shortened if they are long."""
    return " → ".join(side if len(side) <= _LONGEST_SHOWN else side[: _LONGEST_SHOWN - 1] + "…" for side in sides)


def _merged(column: str, more: int, unit: str) -> str:
    if not more:
        return ""
    own = _most(unit) - 1
    return f" In the {column} column the {own} most frequent {unit} are told apart, {more:,} others are {RARE}."
