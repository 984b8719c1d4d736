"""What every task is that reads sentences word by word, and answers once or at every word."""

import abc
import dataclasses
import functools
from collections.abc import Iterable, Mapping
from collections.abc import Sequence as Ordered
from typing import ClassVar

import numpy as np

from rnnviz.tasks.base import Probes, Task
from rnnviz.tasks.batch import PAD, Batch, padded
from rnnviz.tasks.shapes import EveryStep, Once, Symbols
from rnnviz.tasks.typed import read_words

UNKNOWN = "<unknown>"  # the symbol that every word is read as that is not known
_UNKNOWN_PLACE = 0
_RARE = 0.003  # share of all words below which one is rare
_REPLACED = 0.05  # how often a rare word is read as unknown in training
_LONGEST_SHOWN = 20  # letters of a word that is not known


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
    equally_long: ClassVar[bool] = False
    score_unit: ClassVar[str] = "%"
    higher_is_better: ClassVar[bool] = True

    @property
    @abc.abstractmethod
    def sentences(self) -> Sentences:
        """Everything there is to read."""

    @property
    @abc.abstractmethod
    def answers(self) -> Once | EveryStep:
        """One answer at the end, or one at every word."""

    @abc.abstractmethod
    def examples(self) -> tuple[tuple[str, str], ...]:
        """The probes: name and sentence."""

    @property
    def steps(self) -> int:
        return int(self.sentences.inputs.shape[1])

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
        names, read = zip(*self.examples(), strict=True)
        batch = self._asking(np.array([self.sentences.known[sentence] for sentence in read]))
        return Probes(batch, np.array([*self.sentences.words, ""])[batch.inputs], names)

    @property
    def typing(self) -> str:
        return f"words, such as “{self.examples()[0][1].replace(' ,', ',')}”; words that are not known are named"

    def encode(self, text: str) -> tuple[np.ndarray, tuple[str, ...]]:
        """A word that is not known stands in ⟨⟩."""
        places, words = read_words(text, self.sentences.places, _UNKNOWN_PLACE)
        shown = [self._shown(word) for word in words]
        return places[:, None], tuple(shown)

    def unread(self, text: str) -> tuple[str, ...]:
        _, words = read_words(text, self.sentences.places, _UNKNOWN_PLACE)
        return tuple(dict.fromkeys(word for word in words if word not in self.sentences.places))

    def written(self, inputs: np.ndarray) -> str:
        return " ".join(self.sentences.words[place] for place in inputs if place != PAD)

    def solved(self, inputs: np.ndarray) -> tuple[str, ...]:
        row = self.sentences.known.get(self.written(inputs))
        if row is None:
            return ()
        right = self.sentences.targets[row].astype(np.int64)
        said = self.answers.of.words(right[..., None] if right.ndim else right[None], 0)
        return said[: int((self.sentences.inputs[row] != PAD).sum())] if self.answers.at_every_step else said

    def _shown(self, word: str) -> str:
        return word if word in self.sentences.places else f"⟨{word[:_LONGEST_SHOWN]}⟩"

    def _asking(self, rows: np.ndarray) -> Batch:
        """The batch of these sentences."""
        inputs, targets = self.sentences.inputs[rows].T, self.sentences.targets[rows]
        targets = targets.T if targets.ndim == 2 else targets
        return Batch(np.ascontiguousarray(inputs, np.int64), np.ascontiguousarray(targets, np.int64))
