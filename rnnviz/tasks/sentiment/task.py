"""Reviews, word by word; at the end, say whether the verdict is good or bad."""

import dataclasses
import functools
import random
import zlib
from typing import ClassVar

import numpy as np

from rnnviz.tasks.base import Defaults
from rnnviz.tasks.batch import Batch
from rnnviz.tasks.sentiment import grammar
from rnnviz.tasks.shapes import Classes, Once
from rnnviz.tasks.worded import Sentences, Worded, prepared

NEGATIVE, POSITIVE = 0, 1
_DRAWN = 12_000  # reviews; those that come twice count once
_SHARE = 10  # one review in ten is held out
_EXAMPLES = (
    ("contrast", "not a good film , though the music was lovely", NEGATIVE),
    ("negation", "the story was anything but dull", POSITIVE),
    (
        "long",
        "my brother took me to the cinema last week and the ending was not very clever , but i loved the music"
        " , and that is all i can say",
        POSITIVE,
    ),
)


@dataclasses.dataclass(frozen=True)
class Sentiment(Worded):
    """Reviews of a small grammar (see `grammar`); a tenth is held out, by a fixed rule on their letters."""

    name: ClassVar[str] = "sentiment"
    place: ClassVar[int] = 10
    title: ClassVar[str] = "Judge a review"
    about: ClassVar[str] = (
        "The network reads a film review word by word and says at the end whether its verdict is good or bad. Single "
        "words do not tell: “not” turns what follows, and after “but”, “though” or “although” one of two contradicting "
        "statements counts. So the verdict has to be kept, and turned, while words that change nothing pass."
    )
    score_name: ClassVar[str] = "reviews judged right"
    guessing: ClassVar[str] = "always giving the verdict most frequent in training"
    defaults: ClassVar[Defaults] = Defaults(steps=400, batch=64, lr=1e-2)

    @property
    def sentences(self) -> Sentences:
        return _reviews()

    @property
    def answers(self) -> Once:
        return Once(Classes(("negative", "positive")))

    def examples(self) -> tuple[tuple[str, str], ...]:
        return tuple((name, text) for name, text, _ in _EXAMPLES)

    def make_held_out(self, rng: np.random.Generator) -> Batch:
        """As many of either verdict."""
        held_out, verdicts = self.sentences.held_out, self.sentences.targets
        parts = [held_out[verdicts[held_out] == verdict] for verdict in (NEGATIVE, POSITIVE)]
        return self._asking(np.concatenate([rng.permutation(part)[: self.held_out_wanted // 2] for part in parts]))


def is_held_out(text: str) -> bool:
    """Whether a review is kept away from training: a fixed rule, and those that are shown are."""
    return zlib.crc32(text.encode()) % _SHARE == 0 or any(text == shown for _, shown, _ in _EXAMPLES)


@functools.lru_cache(maxsize=1)
def _reviews() -> Sentences:
    draw = random.Random(1)
    found = {text: verdict for _, text, verdict in _EXAMPLES}
    for place in range(_DRAWN):
        verdict = (NEGATIVE, POSITIVE)[place % 2]
        found.setdefault(grammar.review(draw, verdict == POSITIVE), verdict)
    return prepared(tuple(found), np.array(list(found.values())), map(is_held_out, found))
