"""What every task is that reads sentences word by word, and answers once or at every word."""

import abc
import dataclasses
import functools
from collections.abc import Iterable, Mapping
from collections.abc import Sequence as Ordered
from typing import ClassVar, Protocol

import numpy as np

from rnnviz.tasks.base import Probes, Task
from rnnviz.tasks.batch import PAD, Batch, padded
from rnnviz.tasks.shapes import EveryStep, Once, Symbols
from rnnviz.tasks.typed import read_words, split_words

UNKNOWN = "<unknown>"  # the symbol that every word is read as that is not known
_UNKNOWN_PLACE = 0
_RARE = 0.003  # share of all words below which one is rare
_REPLACED = 0.05  # how often a rare word is read as unknown in training
_LONGEST_SHOWN = 20  # letters of a word that is not known
_MOST_SHOWN = 12  # words of an example


class Collection(Protocol):
    """Sentences to learn, wherever they come from; what each property is, `Sentences` tells."""

    @property
    def words(self) -> tuple[str, ...]:
        """What they are made of; the first stands for all that are not known."""

    @property
    def steps(self) -> int:
        """Words of the longest that is read."""

    @property
    def targets(self) -> np.ndarray:
        """The right answers."""

    @property
    def trained(self) -> np.ndarray:
        """Rows to train on."""

    @property
    def held_out(self) -> np.ndarray:
        """Rows that are never trained on."""

    @property
    def replaced(self) -> np.ndarray:
        """How likely each word is read as unknown in training."""

    @property
    def known(self) -> Mapping[str, int]:
        """A sentence → its row."""

    @property
    def places(self) -> Mapping[str, int]:
        """A word → its place in `words`."""

    def at(self, rows: np.ndarray) -> np.ndarray:
        """Sentences as numbers (row, time) int16."""


@dataclasses.dataclass(frozen=True, eq=False)
class Sentences:
    """All sentences of a task as numbers.

    words:    what they are made of, `UNKNOWN` first, then sorted.
    inputs:   (sentence, time) int16, places in `words`, `PAD` behind each.
    targets:  (sentence,) or (sentence, time) int16.
    trained, held_out: rows of the sentences.
    replaced: (word + 1,), how likely a word is read as unknown in training; the last is that of `PAD`: 0.
    known:    a sentence → its row.
    """

    words: tuple[str, ...]
    inputs: np.ndarray
    targets: np.ndarray
    trained: np.ndarray
    held_out: np.ndarray
    replaced: np.ndarray
    known: Mapping[str, int]

    @property
    def steps(self) -> int:
        """Words of the longest sentence."""
        return int(self.inputs.shape[1])

    def at(self, rows: np.ndarray) -> np.ndarray:
        """The inputs of some rows."""
        found: np.ndarray = self.inputs[rows]
        return found

    @functools.cached_property
    def places(self) -> dict[str, int]:
        """A word → its place in `words`."""
        return {word: place for place, word in enumerate(self.words)}


def prepared(sentences: Ordered[str], targets: np.ndarray, apart: Iterable[bool]) -> Sentences:
    """Sentences, each given once, with their targets; `apart` says which are held out."""
    split = [sentence.split() for sentence in sentences]
    words = (UNKNOWN, *sorted({word for one in split for word in one}))
    places = {word: place for place, word in enumerate(words)}
    steps = max(map(len, split))
    inputs = padded([[places[word] for word in one] for one in split], steps).T.astype(np.int16)
    held_out = np.array(list(apart))
    counts = np.bincount(inputs[inputs != PAD], minlength=len(words))
    replaced = np.append(np.where(counts < _RARE * counts.sum(), _REPLACED, 0.0), 0.0).astype(np.float32)
    known = {sentence: row for row, sentence in enumerate(sentences)}
    rows = np.flatnonzero(~held_out), np.flatnonzero(held_out)
    return Sentences(words, np.ascontiguousarray(inputs), targets.astype(np.int16), *rows, replaced, known)


class Worded(Task):
    """Sentences of different lengths, word by word. A word that is not known is read as `UNKNOWN`.

    So that a model knows what to make of it, rare words are now and then read as unknown in training.
    """

    always_new: ClassVar[bool] = False
    sized_by_data: ClassVar[bool] = True
    score_unit: ClassVar[str] = "%"
    higher_is_better: ClassVar[bool] = True

    @property
    def equally_long(self) -> bool:
        return False

    @property
    @abc.abstractmethod
    def sentences(self) -> Collection:
        """Everything there is to read."""

    @property
    @abc.abstractmethod
    def answers(self) -> Once | EveryStep:
        """One answer at the end, or one at every word."""

    @abc.abstractmethod
    def examples(self) -> tuple[tuple[str, int], ...]:
        """The probes: name and row of the sentence."""

    @property
    def steps(self) -> int:
        return self.sentences.steps

    @property
    def reads(self) -> Symbols:
        return Symbols(self.sentences.words)

    @property
    def held_out_wanted(self) -> int:
        return 256

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        sentences = self.sentences
        batch = self._asking(rng.choice(sentences.trained, size))
        unknown = rng.random(batch.inputs.shape, dtype=np.float32) < sentences.replaced[batch.inputs]
        batch.inputs[unknown] = _UNKNOWN_PLACE
        return batch

    def answers_trained(self) -> np.ndarray:
        labels: np.ndarray = self.sentences.targets[self.sentences.trained].astype(np.int64)
        return labels

    def probes(self) -> Probes:
        names, rows = zip(*self.examples(), strict=True)
        batch = self._asking(np.array(rows))
        return Probes(batch, np.array([*self.sentences.words, ""])[batch.inputs], names)

    @property
    def typing(self) -> str:
        shown = " ".join(self.spelled(0)[:_MOST_SHOWN]).replace(" ,", ",")
        return f"words, such as “{shown}”; words that are not known are named"

    def encode(self, text: str) -> tuple[np.ndarray, tuple[str, ...]]:
        """A word that is not known stands in ⟨⟩."""
        words = self.split(text)
        places = read_words(words, self.sentences.places, _UNKNOWN_PLACE)
        shown = [self._shown(word) for word in words]
        return places[:, None], tuple(shown)

    def split(self, text: str) -> list[str]:
        """The words of a sentence that is typed."""
        return split_words(text)

    def spelled(self, probe: int) -> tuple[str, ...]:
        return tuple(self.sentences.words[place] for place in self.probes().batch.inputs[:, probe] if place != PAD)

    def unread(self, text: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word for word in self.split(text) if word not in self.sentences.places))

    def written(self, inputs: np.ndarray) -> str:
        return " ".join(self.sentences.words[place] for place in inputs if place != PAD)

    def solved(self, inputs: np.ndarray) -> tuple[str, ...]:
        row = self.sentences.known.get(self.written(inputs))
        if row is None:
            return ()
        right = self.sentences.targets[row].astype(np.int64)
        said = self.answers.of.words(right[..., None] if right.ndim else right[None], 0)
        return said[: int((inputs != PAD).sum())] if self.answers.at_every_step else said

    def _shown(self, word: str) -> str:
        return word if word in self.sentences.places else f"⟨{word[:_LONGEST_SHOWN]}⟩"

    def _asking(self, rows: np.ndarray) -> Batch:
        """The batch of these sentences."""
        inputs, targets = self.sentences.at(rows).T, self.sentences.targets[rows]
        targets = targets.T if targets.ndim == 2 else targets
        return Batch(np.ascontiguousarray(inputs, np.int64), np.ascontiguousarray(targets, np.int64))
