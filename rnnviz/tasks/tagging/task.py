"""Sentences, word by word; at every word, name its tag."""

import dataclasses
import functools
import random
import zlib
from collections import defaultdict
from typing import ClassVar

import numpy as np

from rnnviz.tasks.base import Defaults, Textbook
from rnnviz.tasks.batch import Batch, padded
from rnnviz.tasks.shapes import Classes, EveryStep
from rnnviz.tasks.tagging import grammar
from rnnviz.tasks.worded import Sentences, Worded, prepared

_DRAWN = 12_000  # sentences; those that come twice count once
_SHARE = 10  # one sentence in ten is held out
_EXAMPLES = (
    ("a fruit", grammar.parse("apple:FRUIT , it keeps:V me healthy")),
    ("a company", grammar.parse("apple:COMPANY , it produces:V electronics:N")),
    (
        "a person, told late",
        grammar.parse("well , jordan:PERSON , to be honest , she plays:V the violin:N this year:N"),
    ),
)


@dataclasses.dataclass(frozen=True)
class Tagging(Worded):
    """Sentences of a small grammar (see `grammar`); a tenth is held out, by a fixed rule on their letters."""

    name: ClassVar[str] = "tagging"
    place: ClassVar[int] = 11
    title: ClassVar[str] = "Tag every word"
    application: ClassVar[str] = "Parts of speech, names"
    about: ClassVar[str] = (
        "The network reads a sentence and gives every word a tag: person, place, company, fruit, verb, noun or other. "
        "Some names are of two kinds, and what decides comes later. “Apple” is a fruit if it keeps one healthy, a "
        "company if it produces electronics. Who reads from left to right can only guess. Who also reads from the end "
        "knows."
    )
    marked_name: ClassVar[str] = "names whose kind is told later"
    score_name: ClassVar[str] = "words tagged right"
    guessing: ClassVar[str] = "always giving the tag most frequent in training"
    defaults: ClassVar[Defaults] = Defaults(steps=200, batch=32, lr=1e-2, both_ways="gru")
    textbook: ClassVar[Textbook] = Textbook("both directions help", "bidirectional")

    @property
    def sentences(self) -> Sentences:
        return _sentences()

    @property
    def answers(self) -> EveryStep:
        return EveryStep(Classes(grammar.TAGS))

    @property
    def answering(self) -> type[EveryStep]:
        return EveryStep

    def examples(self) -> tuple[tuple[str, int], ...]:
        return tuple((name, self.sentences.known[_text(tagged)]) for name, tagged in _EXAMPLES)

    def marked(self, batch: Batch) -> np.ndarray:
        """Names of two kinds before which nothing is told: no verb comes before them."""
        names = np.isin(batch.inputs, [self.sentences.places[name] for name in grammar.AMBIGUOUS])
        told = np.cumsum(batch.targets == grammar.TAGS.index(grammar.VERB), axis=0) > 0
        return names & ~told

    @property
    def marked_guess(self) -> tuple[float, str]:
        return 100.0 / 2, "either of its two kinds at random"

    def make_held_out(self, rng: np.random.Generator) -> Batch:
        """Every name that can be of two kinds equally often of either, so that guessing its kind scores a half."""
        sentences, groups = self.sentences, defaultdict[tuple[int, int], list[int]](list)
        marked = self.marked(self._asking(sentences.held_out))
        later = marked.any(axis=0)
        for row, at in zip(sentences.held_out[later], marked.argmax(axis=0)[later], strict=True):
            word, tag = sentences.at(row)[at], sentences.targets[row, at]
            groups[int(word), int(tag)].append(int(row))
        chosen = []
        for name, kinds in grammar.AMBIGUOUS.items():
            parts = [groups[sentences.places[name], grammar.TAGS.index(kind)] for kind in kinds]
            most = min(*map(len, parts), self.held_out_wanted // (3 * len(grammar.AMBIGUOUS)))
            chosen += [row for part in parts for row in rng.permutation(part)[:most]]
        others = rng.permutation(sentences.held_out[~later])[: self.held_out_wanted - len(chosen)]
        return self._asking(np.array([*chosen, *others], np.int64))


def is_held_out(text: str) -> bool:
    """Whether a sentence is kept away from training: a fixed rule, and those that are shown are."""
    return zlib.crc32(text.encode()) % _SHARE == 0 or any(text == _text(shown) for _, shown in _EXAMPLES)


def _text(tagged: grammar.Tagged) -> str:
    return " ".join(word for word, _ in tagged)


@functools.lru_cache(maxsize=1)
def _sentences() -> Sentences:
    draw, found = random.Random(2), dict[str, list[int]]()
    for tagged in (*(one for _, one in _EXAMPLES), *(grammar.sentence(draw) for _ in range(_DRAWN))):
        found[_text(tagged)] = [grammar.TAGS.index(tag) for _, tag in tagged]
    texts = tuple(found)
    return prepared(texts, padded(list(found.values()), max(map(len, found.values()))).T, map(is_held_out, texts))
