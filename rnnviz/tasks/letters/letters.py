"""What the tasks on strings of letters share: their lengths, and which strings are held out."""

import abc
import dataclasses
import functools
import string
from typing import ClassVar

import numpy as np

from rnnviz.core import fields
from rnnviz.tasks.base import Defaults, Remembered
from rnnviz.tasks.batch import PAD, Batch, padded
from rnnviz.tasks.translating import END, Translating

SHORTEST = 2
LONGEST = 60
_SHARE = 10  # one string in ten is held out
_PER_LENGTH, _LENGTHS = 8, 20  # of the test by length
_TRIED = 2_000  # strings, to find those that are held out


@dataclasses.dataclass(frozen=True)
class Letters(Translating):
    """Strings of small letters, answered by the same letters in another order; all lengths are equally frequent.

    A tenth of the strings of every length is held out, by a fixed rule on their letters.
    """

    score_name: ClassVar[str] = "strings written right"
    opening: ClassVar[int] = 2  # the longest, whose order is to be seen where the decoder looks
    remembers: ClassVar[str] = "the first letter"
    always_new: ClassVar[bool] = False  # the short ones come again and again
    defaults: ClassVar[Defaults] = Defaults(steps=600, batch=64, lr=5e-3)

    length: int = fields.whole(10, SHORTEST, LONGEST, "Longest string that is trained on", "letters")
    letters: int = fields.whole(10, 2, 26, "Kinds of letters", "letters")

    @abc.abstractmethod
    def answer(self, strings: np.ndarray) -> np.ndarray:
        """The letters of every string (time, sample) in the order that is asked for, `PAD` behind each."""

    @property
    def symbols(self) -> tuple[str, ...]:
        return tuple(string.ascii_lowercase[: self.letters])

    @property
    def written_symbols(self) -> tuple[str, ...]:
        return self.symbols

    @property
    def input_steps(self) -> int:
        return self.length

    @property
    def output_steps(self) -> int:
        return self.length + 1

    @property
    def typing(self) -> str:
        return f"the letters a to {self.symbols[-1]}"

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        return self._asking(self._strings(rng, rng.integers(SHORTEST, self.length + 1, size)))

    def make_held_out(self, rng: np.random.Generator) -> Batch:
        """As many of every length, as far as there are so many; no string twice."""
        return self.unseen(rng, self.held_out_wanted)

    def unseen(self, rng: np.random.Generator, size: int) -> Batch:
        lengths = range(SHORTEST, self.length + 1)
        return self._asking(self._held_out(rng, {n: -(-size // len(lengths)) for n in lengths}))

    def remembered(self, batch: Batch) -> Remembered:
        return Remembered(batch.inputs[0], np.zeros(batch.size, np.int64), self.symbols)

    def length_test(self) -> Batch:
        """Up to 8 strings of each length, up to twice the longest that is trained on; none of them is trained on."""
        return _length_test(self)

    @property
    def length_trained(self) -> int:
        return self.length

    def examples(self) -> tuple[tuple[str, str, str], ...]:
        rng = np.random.default_rng(3)
        names = ("short", "of middle length", "as long as any trained on")
        lengths = [max(SHORTEST, self.length * part // 3) for part in (1, 2, 3)]
        found = []
        for name, length in zip(names, lengths, strict=True):
            one = self._held_out(rng, {length: 1})
            found.append((name, self.spell(one[:, 0]), self.spell(self.answer(one)[:, 0])))
        return tuple(found)

    def read(self, text: str) -> np.ndarray:
        return super().read("".join(text.casefold().replace(",", " ").split()))

    def right(self, places: np.ndarray) -> str:
        return self.spell(self.answer(np.asarray(places)[:, None])[:, 0])

    def _asking(self, strings: np.ndarray) -> Batch:
        """Strings (time, sample) with what is to be written: the letters' classes, then the end."""
        ordered = self.answer(strings) + 1  # class 0 is the end, and behind the letters comes `END`
        targets = np.concatenate([ordered, np.zeros((1, strings.shape[1]), np.int64)])
        place = np.arange(len(targets))[:, None]
        length = (strings != PAD).sum(axis=0)
        return Batch(strings, np.where(place < length, targets, np.where(place == length, END, PAD)))

    def _strings(self, rng: np.random.Generator, lengths: np.ndarray) -> np.ndarray:
        """Random strings of these lengths (sample,) that are not held out: (length, sample) int64."""
        beyond = np.arange(self.length)[:, None] >= lengths
        found = rng.integers(0, self.letters, beyond.shape)
        found[beyond] = PAD
        while (again := np.flatnonzero(is_held_out(found))).size:
            redrawn = rng.integers(0, self.letters, (self.length, again.size))
            found[:, again] = np.where(beyond[:, again], PAD, redrawn)
        return found

    def _held_out(self, rng: np.random.Generator, wanted: dict[int, int]) -> np.ndarray:
        """Different strings that are held out, as many of each length as wanted or as there are: (time, sample).

        Beyond the longest that is trained on, every string is one that is never trained on.
        """
        found: list[np.ndarray] = []
        for length, size in wanted.items():
            tried = rng.integers(0, self.letters, (length, _TRIED))
            tried[:, -1] = [1, *[0] * (length - 1)]  # always held out: "baa…"
            kept = tried if length > self.length else tried[:, is_held_out(tried)]
            found += [kept[:, place] for place in _different(kept)[:size]]
        return padded(found, max(self.length, *wanted))


def is_held_out(strings: np.ndarray) -> np.ndarray:
    """(sample,) bool: whether strings (time, sample) are kept away from training.

    About one in ten of every length is; "aaa…" is not and "baa…" is, so that there is always one of each.
    """
    spread = (_weights()[: len(strings), None] * np.maximum(strings, 0).astype(np.uint64)).sum(axis=0)
    held_out: np.ndarray = (spread >> np.uint64(40)) % np.uint64(_SHARE) == np.uint64(_SHARE - 1)
    return held_out


@functools.lru_cache(maxsize=1)
def _weights() -> np.ndarray:
    """One large number for each place of a string; that of the first holds "baa…" out."""
    drawn = np.random.default_rng(7).integers(0, 2**63, 2 * LONGEST, np.int64).astype(np.uint64)
    drawn[0] = (drawn[0] >> np.uint64(44) << np.uint64(44)) // np.uint64(_SHARE << 40) * np.uint64(_SHARE << 40)
    drawn[0] += np.uint64(_SHARE - 1 << 40) + np.uint64(0x9E37_79B9_7F)
    return drawn


def _different(strings: np.ndarray) -> np.ndarray:
    """The places of strings (time, sample) that are the first of their kind, in their order."""
    return np.sort(np.unique(strings, axis=1, return_index=True)[1])


@functools.lru_cache(maxsize=12)
def _length_test(task: Letters) -> Batch:
    lengths = np.unique(np.linspace(SHORTEST, 2 * task.length, _LENGTHS).round().astype(int))
    wanted = {int(length): _PER_LENGTH for length in lengths}
    return task._asking(task._held_out(np.random.default_rng(11), wanted))
