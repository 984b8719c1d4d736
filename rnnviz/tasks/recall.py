"""Recall after a lag: one thing has to be kept while others pass by."""

import dataclasses
import string
from typing import ClassVar

import numpy as np

from rnnviz.core import fields, limits
from rnnviz.tasks.base import Defaults, Probes, Remembered, Task
from rnnviz.tasks.batch import Batch, one_hot
from rnnviz.tasks.shapes import Classes, Features, Once
from rnnviz.tasks.typed import read_symbols


@dataclasses.dataclass(frozen=True)
class Recall(Task):
    """A capital letter, then `lag` small letters that do not matter; name the capital letter at the end."""

    name: ClassVar[str] = "recall"
    place: ClassVar[int] = 1
    title: ClassVar[str] = "Recall the first letter"
    application: ClassVar[str] = "Long dependencies"
    about: ClassVar[str] = (
        "The first symbol is a capital letter; after many small letters that mean nothing, the network has to name "
        "it. So one choice out of eight must be kept while other letters keep coming in."
    )
    kept: ClassVar[str] = "the letter to name"
    remembers: ClassVar[str] = kept
    counts: ClassVar[str] = kept
    ignores: ClassVar[str] = "a letter that passes by"
    asks_kept: ClassVar[bool] = True
    score_name: ClassVar[str] = "letters named right"
    score_unit: ClassVar[str] = "%"
    higher_is_better: ClassVar[bool] = True
    guessing: ClassVar[str] = "always naming the same letter"
    defaults: ClassVar[Defaults] = Defaults(steps=600, lr=1e-2, forget_bias=3.0)

    lag: int = fields.whole(20, 1, limits.LONGEST_SEQUENCE - 1, "Small letters between question and answer", "letters")
    letters: int = fields.whole(8, 2, 26, "Capital letters that may have to be remembered", "letters")
    distractors: int = fields.whole(8, 2, 26, "Kinds of small letters that distract", "letters")

    @property
    def steps(self) -> int:
        return self.lag + 1

    @property
    def kept_for(self) -> tuple[int, int]:
        return self.lag, self.lag

    @property
    def reads(self) -> Features:
        return Features(self.letters + self.distractors)

    @property
    def answers(self) -> Once:
        return Once(Classes(tuple(string.ascii_uppercase[: self.letters])))

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        return self._asking(rng.integers(0, self.letters, size), self._distractors(rng, size))

    def make_held_out(self, rng: np.random.Generator) -> Batch:
        """Every letter equally often, so that guessing scores what it should."""
        letters = np.arange(self.held_out_wanted) % self.letters
        return self._asking(letters, self._distractors(rng, self.held_out_wanted))

    def remembered(self, batch: Batch) -> Remembered:
        return Remembered(batch.targets, np.zeros(batch.size, np.int64), self.classes)

    def probes(self) -> Probes:
        """Two that differ in nothing but the letter to keep, and one that differs in everything else."""
        rng = np.random.default_rng(2)
        passing = self._distractors(rng, 2)[:, [0, 0, 1]]
        letters = np.array([0, 1, 0])
        tokens = np.array(self.alphabet)[np.concatenate([letters[None], passing])]
        names = ("A first", "B first, then the same letters", "A first, then other letters")
        return Probes(self._asking(letters, passing), tokens, names)

    def ignored(self, inputs: np.ndarray) -> np.ndarray:
        return np.asarray(inputs.argmax(-1) >= self.letters)

    @property
    def alphabet(self) -> tuple[str, ...]:
        return (*self.classes, *string.ascii_lowercase[: self.distractors])

    @property
    def typing(self) -> str:
        capitals, small = self.classes, self.alphabet[self.letters :]
        return f"capital letters {capitals[0]} to {capitals[-1]} and small letters {small[0]} to {small[-1]}"

    def encode(self, text: str) -> tuple[np.ndarray, tuple[str, ...]]:
        codes = {symbol: place for place, symbol in enumerate(self.alphabet)}
        read = read_symbols(text, codes, self.typing)
        return one_hot(read[:, None], self.input_size), tuple(self.alphabet[place] for place in read)

    def written(self, inputs: np.ndarray) -> str:
        return "".join(self.alphabet[place] for place in inputs.argmax(-1))

    def solved(self, inputs: np.ndarray) -> tuple[str, ...]:
        first, *passing = inputs.argmax(-1)
        asked = first < self.letters and all(place >= self.letters for place in passing)
        return (self.classes[first],) if asked else ()

    def _distractors(self, rng: np.random.Generator, size: int) -> np.ndarray:
        return rng.integers(self.letters, self.input_size, (self.lag, size))

    def _asking(self, letters: np.ndarray, passing: np.ndarray) -> Batch:
        """The letters (sample,) and then the distractors (lag, sample)."""
        symbols = np.concatenate([letters[None], passing])
        return Batch(one_hot(symbols, self.input_size), letters)
