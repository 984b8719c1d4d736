"""Sentences, word by word; at every word, name the next one."""

import dataclasses
import functools
import random
import zlib
from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from rnnviz.core import fields, limits
from rnnviz.core.contents import Content
from rnnviz.core.errors import ExperimentError
from rnnviz.core.stored import held, put_away, stored
from rnnviz.core.when import When
from rnnviz.tasks import corpora
from rnnviz.tasks.abilities import Suggests
from rnnviz.tasks.autocomplete import grammar, running
from rnnviz.tasks.base import Defaults
from rnnviz.tasks.batch import PAD, Batch, one_hot, padded
from rnnviz.tasks.shapes import Classes, EveryStep
from rnnviz.tasks.typed import check_length, whole
from rnnviz.tasks.worded import UNKNOWN, Sentences, Worded, prepared

GRAMMAR, MANUAL = "grammar", "manual"
_DRAWN = 12_000  # sentences; those that come twice count once
_SHARE = 10  # one sentence in ten is held out
_RUNNING = When(lambda task: task.corpus != GRAMMAR, lambda _: "for the sentences of the grammar")
_EXAMPLES = (
    (
        "a place, and what one gets there",
        "near the station , my sister talked to our friends in the morning and then asked for a ticket .",
    ),
    (
        "a country, and its language",
        "i grew up in france , but my parents moved away when i was small , and i still speak french at home .",
    ),
    ("a subject, and its verb", "the keys under the old mirror that my sister found are still too small ."),
)


@stored("text")
@dataclasses.dataclass(frozen=True)
class Autocomplete(Worded, Suggests):
    """Sentences of a small grammar (see `grammar`), of which a tenth is held out, by a fixed rule on their letters.

    Or running text (see `running`), the visitor's own or Python's manual: stretches of `length` words, those of its
    last tenth held out. All words are classes, in the same order, so that an answer can be read as the next input.
    """

    name: ClassVar[str] = "autocomplete"
    place: ClassVar[int] = 16
    title: ClassVar[str] = "Suggest the next word"
    application: ClassVar[str] = "Autocomplete"
    about: ClassVar[str] = (
        "The network reads a sentence word by word and always has to name the next one. The keyboard of a phone does "
        "the same. Often the word before tells enough, but some words are decided far back. After “i grew up in "
        "france”, many words later, one speaks French. The keys under the old mirror “are” small, not “is”: a word "
        "that has long passed decides it."
    )
    predicts_next: ClassVar[bool] = True
    marked_name: ClassVar[str] = "words decided far back"
    score_name: ClassVar[str] = "next words named right"
    guessing: ClassVar[str] = "always naming the word that most often follows the one before"
    picture: ClassVar[str] = "keyboard"
    defaults: ClassVar[Defaults] = Defaults(steps=1200, batch=128, lr=1e-2, hidden=64)

    corpus: str = fields.choice(GRAMMAR, (GRAMMAR, MANUAL, corpora.OWN), "The text to learn")
    length: int = fields.whole(20, 5, limits.LONGEST_SEQUENCE, "Length of a sequence", "words", when=_RUNNING)
    vocabulary: int = fields.whole(
        400, 20, limits.MOST_SUGGESTED, "The most frequent words, which are told apart", "words", when=_RUNNING
    )
    text: str = fields.text("", limits.LONGEST_TEXT, "Your own text")

    def __post_init__(self) -> None:
        super().__post_init__()
        fields.check(self)
        if self.corpus == corpora.OWN and not isinstance(held(self, "text"), Content):
            object.__setattr__(self, "text", corpora.cleaned(self.text))
            running.check(self.text, self.length)
            put_away(self, "text")
        elif self.corpus != corpora.OWN and held(self, "text"):
            raise ExperimentError("text", f"left out unless the corpus is {corpora.OWN}", self.text)

    @functools.cached_property
    def digest(self) -> str:
        """A short hash of the visitor's text, by which a link names it."""
        return corpora.digest(self.text)

    @functools.cached_property
    def _learned(self) -> str:
        """The running text that is learned; "" for sentences of the grammar."""
        return running.manual() if self.corpus == MANUAL else self.text

    @functools.cached_property
    def sentences(self) -> Sentences:
        if self.corpus == GRAMMAR:
            return _sentences()
        return running.prepared(self._learned, self.length, self.vocabulary)

    @property
    def brought(self) -> bool:
        return self.corpus == corpora.OWN

    @property
    def asks(self) -> str:
        if self.corpus == GRAMMAR:
            return self.about
        what = "a text of yours" if self.brought else "prose from the manual of Python"
        asked = "word by word and always has to name the next one, as the keyboard of a phone does."
        return f"The network reads {what} {asked} {self.summary}"

    @property
    def summary(self) -> str:
        return "" if self.corpus == GRAMMAR else running.summary(self._learned, self.vocabulary)

    @functools.cached_property
    def answers(self) -> EveryStep:
        return EveryStep(Classes(self.sentences.words))

    @property
    def answering(self) -> type[EveryStep]:
        return EveryStep

    def answers_trained(self) -> np.ndarray:
        """Of the grammar all; of running text the words themselves, once each."""
        return super().answers_trained() if self.corpus == GRAMMAR else self._pairs_trained[1]

    @property
    def _pairs_trained(self) -> tuple[np.ndarray, np.ndarray]:
        """Words to train on, and what follows each (pair,) int64; only where that is asked."""
        sentences = self.sentences
        inputs, targets = sentences.inputs[sentences.trained], sentences.targets[sentences.trained]
        if self.corpus != GRAMMAR:  # stretches overlap: the first word of each is all words
            inputs, targets = inputs[:, 0], targets[:, 0]
        asked = targets != PAD
        return inputs[asked].astype(np.int64), targets[asked].astype(np.int64)

    @functools.cached_property
    def followers(self) -> np.ndarray:
        """Of each word, the one that most often follows it in training (word,) int64; of one that none follows, any."""
        before, after = self._pairs_trained
        found = np.bincount(before * self.input_size + after, minlength=self.input_size**2)
        most: np.ndarray = found.reshape(self.input_size, -1).argmax(1)
        return most

    def guess(self, batch: Batch) -> np.ndarray:
        return one_hot(self.followers[batch.inputs], self.output_size)

    @property
    def best(self) -> float | None:
        """The score of who knows the grammar and has read all words before, on the held-out sentences."""
        return _best(self) if self.corpus == GRAMMAR else None

    def chances(self, batch: Batch) -> np.ndarray:
        """How likely each word is as the next one, to who knows the grammar: (time, sample, class) float32.

        Zero where nothing is asked. All sentences are those of the grammar.
        """
        found = np.zeros((*batch.targets.shape, self.output_size), np.float32)
        for sample in range(batch.size):
            words = self._said(batch, sample)
            for time in range(len(words)):
                for word, chance in grammar.following(words[:time]).items():
                    found[time, sample, self.sentences.places[word]] = chance
        return found

    @property
    def marks(self) -> bool:
        return self.corpus == GRAMMAR

    def marked(self, batch: Batch) -> np.ndarray | None:
        """Words that follow from what stands far before; of running text nobody knows which these are."""
        if self.corpus != GRAMMAR:
            return None
        found = np.zeros(batch.targets.shape, bool)
        for sample in range(batch.size):
            far = grammar.parse(self._said(batch, sample))
            found[: len(far), sample] = far
        return found

    def _said(self, batch: Batch, sample: int) -> grammar.Phrase:
        """The words that are asked for, one after the other."""
        return tuple(self.sentences.words[place] for place in batch.targets[:, sample] if place != PAD)

    def examples(self) -> tuple[tuple[str, int], ...]:
        if self.corpus == GRAMMAR:
            return tuple((name, self.sentences.known[_read(text)]) for name, text in _EXAMPLES)
        trained, held_out = self.sentences.trained, self.sentences.held_out
        rows = trained[0], trained[len(trained) // 2], held_out[0]
        names = "the beginning", "the middle", "the end, never trained on"
        return tuple(zip(names, map(int, rows), strict=True))

    def make_held_out(self, rng: np.random.Generator) -> Batch:
        """Any of the sentences; of running text stretches spread evenly over what is held out, none twice."""
        rows, size = self.sentences.held_out, min(len(self.sentences.held_out), self.held_out_wanted)
        chosen = rng.permutation(rows)[:size] if self.corpus == GRAMMAR else rows[np.arange(size) * len(rows) // size]
        return self._asking(chosen)

    @property
    def typing(self) -> str:
        shown = " ".join(self.spelled(0)[1:8] if self.corpus == GRAMMAR else self.spelled(0)[:7])
        return f"the beginning of a sentence, such as “{shown}”; words that are not known are named".replace(" ,", ",")

    def encode(self, text: str) -> tuple[np.ndarray, tuple[str, ...]]:
        """A sentence of the grammar begins behind the end of the one before: that is put before it."""
        inputs, shown = super().encode(text)
        end = self.sentences.places.get(grammar.END)
        if self.corpus != GRAMMAR or inputs[0, 0] == end:
            return inputs, shown
        check_length(len(inputs) + 1, "words")
        return np.concatenate([[[end]], inputs]), (grammar.END, *shown)

    def split(self, text: str) -> list[str]:
        """Words and signs as running text has them; “<unknown>” stays one word."""
        return [word for part in whole(text).split(UNKNOWN) for word in (UNKNOWN, *running.tokens(part))][1:]

    def solved(self, inputs: np.ndarray) -> tuple[str, ...]:
        words = self.sentences.words
        return (*("" if place == 0 else words[place] for place in inputs[1:] if place != PAD), "")

    def begun(self, text: str) -> tuple[str, str]:
        words = self.split(text)
        letters = words.pop() if words and text[-1].isalnum() else ""
        check_length(len(words) + 1, "words")
        return " ".join([*([] if words[:1] == [grammar.END] else [grammar.END]), *words]), letters

    def candidates(self, chances: np.ndarray, letters: str, most: int) -> list[tuple[str, float]]:
        words = self.sentences.words
        fitting = [place for place in range(1, len(words)) if words[place].startswith(letters)]
        order = sorted(fitting, key=lambda place: -chances[place])[:most]
        return [(words[place], float(chances[place])) for place in order]

    def known(self, inputs: np.ndarray) -> Mapping[str, float]:
        """Of the sentence that the inputs end with."""
        words = [self.sentences.words[place] for place in inputs]
        begin = len(words) - words[::-1].index(grammar.END) if grammar.END in words else 0
        return grammar.following(tuple(words[begin:])) if self.corpus == GRAMMAR else {}


def is_held_out(sentence: str) -> bool:
    """Whether a sentence is kept away from training: a fixed rule, and those that are shown are."""
    return zlib.crc32(sentence.encode()) % _SHARE == 0 or any(sentence == _read(text) for _, text in _EXAMPLES)


def _read(sentence: str) -> str:
    """What is read of a sentence: the end of the one before, and all words but its own end."""
    return " ".join((grammar.END, *sentence.split()[:-1]))


@functools.lru_cache(maxsize=1)
def _sentences() -> Sentences:
    draw = random.Random(6)
    drawn = (" ".join(grammar.sentence(draw)[0]) for _ in range(_DRAWN))
    whole = tuple(dict.fromkeys((*(text for _, text in _EXAMPLES), *drawn)))
    read = tuple(map(_read, whole))
    known = prepared(read, np.empty(0), map(is_held_out, read))
    words = [[known.places[word] for word in text.split()] for text in whole]
    return dataclasses.replace(known, targets=padded(words, known.steps).T.astype(np.int16))


@functools.lru_cache(maxsize=4)
def _best(task: Autocomplete) -> float:
    batch = task.held_out()
    return task.score(task.chances(batch), batch.targets)
