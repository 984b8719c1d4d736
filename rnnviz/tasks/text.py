"""Text, character by character: what comes next?"""

import dataclasses
import functools
from typing import ClassVar

import numpy as np

from rnnviz.core import fields, limits
from rnnviz.core.contents import Content
from rnnviz.core.errors import ExperimentError
from rnnviz.core.stored import held, put_away, stored
from rnnviz.tasks import corpora
from rnnviz.tasks.base import Defaults, Probes, Task
from rnnviz.tasks.batch import Batch, one_hot
from rnnviz.tasks.shapes import Classes, EveryStep, Features
from rnnviz.tasks.typed import read_symbols

HELD_OUT_SHARE = 10  # one character in ten, at the end of the text


@stored("text")
@dataclasses.dataclass(frozen=True)
class Text(Task, corpora.Running):
    """A stretch of text; at every step, name the next character.

    The text is read as a ring, so that a short one fills any length: "hello" goes on "hellohello…".
    `text` is given if and only if `corpus` is "own"; it is kept as `corpora.cleaned` leaves it. A long one is stored,
    and the task holds its hash.
    """

    name: ClassVar[str] = "text"
    place: ClassVar[int] = 4
    title: ClassVar[str] = "Name the next character"
    application: ClassVar[str] = "Character-level text"
    about: ClassVar[str] = (
        "The network reads a text character by character and always has to name the next one. How much memory that "
        "takes depends on the text. To finish a word, the last letter or two may do. To close a bracket, it takes a "
        "whole line."
    )
    predicts_next: ClassVar[bool] = True
    picture: ClassVar[str] = "writer"
    always_new: ClassVar[bool] = False
    sized_by_data: ClassVar[bool] = True
    score_name: ClassVar[str] = "next characters named right"
    score_unit: ClassVar[str] = "%"
    higher_is_better: ClassVar[bool] = True
    guessing: ClassVar[str] = "always naming the most frequent character"
    defaults: ClassVar[Defaults] = Defaults(steps=800, lr=1e-2)

    corpus: str = fields.choice("python:argparse", corpora.CORPORA, "The text to learn")
    length: int = fields.whole(50, 2, limits.LONGEST_SEQUENCE, "Length of a sequence", "characters")
    text: str = fields.text("", limits.LONGEST_TEXT, "Your own text")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.corpus == corpora.OWN and not isinstance(held(self, "text"), Content):
            object.__setattr__(self, "text", corpora.cleaned(self.text))
            put_away(self, "text")
        elif self.corpus != corpora.OWN and held(self, "text"):
            raise ExperimentError("text", f"left out unless the corpus is {corpora.OWN}", self.text)

    @functools.cached_property
    def learned(self) -> str:
        """The text that is learned, cleaned."""
        return self.text or corpora.shipped(self.corpus)

    @functools.cached_property
    def digest(self) -> str:
        """A short hash of the learned text, by which a link names it."""
        return corpora.digest(self.learned)

    @functools.cached_property
    def _prepared(self) -> corpora.Corpus:
        return corpora.prepare(self.learned)

    @functools.cached_property
    def _train(self) -> np.ndarray:
        return self._ring(self._prepared.codes[: self._split])

    @functools.cached_property
    def _rest(self) -> np.ndarray:
        return self._ring(self._prepared.codes[self._split if self.held_out_is_new else 0 :])

    @property
    def _split(self) -> int:
        """Characters to train on."""
        total = len(self._prepared.codes)
        return total - total // HELD_OUT_SHARE if self.held_out_is_new else total

    def _ring(self, codes: np.ndarray) -> np.ndarray:
        """`codes` and once more its beginning, so that every character of it starts a window."""
        return np.resize(codes, len(codes) + self.length)

    @property
    def held_out_is_new(self) -> bool:
        """Whether a tenth of the text holds a whole sequence; else what is scored is also trained on."""
        return len(self._prepared.codes) // HELD_OUT_SHARE > self.length

    @property
    def steps(self) -> int:
        return self.length

    @property
    def reads(self) -> Features:
        return Features(len(self._prepared.vocabulary))

    @property
    def alphabet(self) -> tuple[str, ...]:
        return self.classes

    @property
    def answering(self) -> type[EveryStep]:
        return EveryStep

    @property
    def brought(self) -> bool:
        return self.corpus == corpora.OWN

    @functools.cached_property
    def answers(self) -> EveryStep:
        return EveryStep(Classes(tuple(corpora.visible(character) for character in self._prepared.vocabulary)))

    @property
    def typing(self) -> str:
        return "characters of the text that is learned; ↵ stands for the end of a line, ⇥ for a tab"

    def encode(self, text: str) -> tuple[np.ndarray, tuple[str, ...]]:
        vocabulary = self._prepared.vocabulary
        marks = {shown: place for place, shown in enumerate(self.classes) if len(shown) == 1}
        codes = marks | {character: place for place, character in enumerate(vocabulary)}
        if vocabulary[-1] == corpora.RARE:  # it stands for whatever else there is
            codes = dict.fromkeys(text, len(vocabulary) - 1) | codes
        read = read_symbols(text, codes, "characters of the text that is learned", blank=True)
        return one_hot(read[:, None], self.input_size), tuple(self.classes[place] for place in read)

    @property
    def running(self) -> tuple[str, int]:
        return self.learned, self._split if self.held_out_is_new else len(self.learned)

    def read(self, text: str) -> np.ndarray:
        vocabulary = self._prepared.vocabulary
        codes = {character: place for place, character in enumerate(vocabulary)}
        if vocabulary[-1] == corpora.RARE:
            codes = dict.fromkeys(text, len(vocabulary) - 1) | codes
        if unknown := next((one for one in text if one not in codes), ""):
            raise ExperimentError("text", "made of characters of the text that is learned", corpora.visible(unknown))
        return one_hot(np.array([codes[one] for one in text])[:, None], self.input_size)

    def written(self, inputs: np.ndarray) -> str:
        line = str.maketrans({"\n": "↵", "\t": "⇥"})
        return "".join(self._prepared.vocabulary[place] for place in inputs.argmax(-1)).translate(line)

    def solved(self, inputs: np.ndarray) -> tuple[str, ...]:
        return (*(self.classes[place] for place in inputs[1:].argmax(-1)), "")

    @property
    def best(self) -> None:
        """Unknown: nobody can say how well a text can be foreseen."""
        return None

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        starts = rng.integers(0, len(self._train) - self.length, size)
        return self._windows(self._train, starts)

    def answers_trained(self) -> np.ndarray:
        return self._prepared.codes[: self._split].astype(np.int64)

    def make_held_out(self, rng: np.random.Generator) -> Batch:
        """Windows spread evenly over what is held out; no window twice."""
        places = len(self._rest) - self.length
        size = min(places, self.held_out_wanted)
        return self._windows(self._rest, np.arange(size) * places // size)

    def probes(self) -> Probes:
        whole = self._ring(self._prepared.codes)
        total = len(self._prepared.codes)
        end = max(self._line_before(total - self.length - 1), self._split if self.held_out_is_new else 0)
        starts = np.array([0, self._line_before(total // 2), end])
        last = "the end, never trained on" if self.held_out_is_new else "the end"
        batch = self._windows(whole, starts)
        return Probes(batch, np.array(self.classes)[batch.inputs.argmax(-1)], ("the beginning", "the middle", last))

    def _line_before(self, place: int) -> int:
        """Where the line begins that goes on at `place`; `place` itself if that is more than 80 characters back."""
        place = max(place, 0)
        newline = self.learned.rfind("\n", max(0, place - 80), place)
        return place if newline < 0 else newline + 1

    def _windows(self, ring: np.ndarray, starts: np.ndarray) -> Batch:
        codes = ring[starts + np.arange(self.length + 1)[:, None]]
        return Batch(one_hot(codes[:-1], self.input_size), codes[1:].astype(np.int64))
