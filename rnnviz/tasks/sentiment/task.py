"""Reviews, word by word; at the end, say whether the verdict is good or bad, or which label a review has."""

import dataclasses
import functools
import random
import zlib
from typing import ClassVar

import numpy as np

from rnnviz.core import fields, limits
from rnnviz.core.contents import Content
from rnnviz.core.names import percent
from rnnviz.core.when import When
from rnnviz.tasks.base import Defaults
from rnnviz.tasks.batch import Batch, one_hot
from rnnviz.tasks.declared import Tables
from rnnviz.tasks.sentiment import grammar, reviews
from rnnviz.tasks.sentiment.tokens import tokens
from rnnviz.tasks.shapes import Classes, Once
from rnnviz.tasks.typed import whole
from rnnviz.tasks.worded import Collection, Worded, prepared

NEGATIVE, POSITIVE = 0, 1
_DRAWN = 12_000  # reviews; those that come twice count once
_SHARE = 10  # one review in ten is held out
_BROUGHT = When(lambda task: task.table is not None, lambda _: "for the reviews of the grammar")
_EXAMPLES = (
    ("contrast", "not a good film , though the music was lovely", NEGATIVE),
    ("negation", "the story was anything but dull", POSITIVE),
    (
        "long",
        "my brother took me to the cinema last week and i loved the music , but the ending was not very clever"
        " , and that is all i can say",
        NEGATIVE,
    ),
)


@dataclasses.dataclass(frozen=True)
class Sentiment(Worded):
    """Reviews of a small grammar (see `grammar`), of which a tenth is held out by a fixed rule on their letters.

    Or those of a table that somebody brought, with 2 to 20 labels (see `reading` and `reviews`): named by its hash, and
    opened when it is first asked for anything.
    """

    name: ClassVar[str] = "sentiment"
    place: ClassVar[int] = 10
    title: ClassVar[str] = "Judge a review"
    application: ClassVar[str] = "Text classification: sentiment"
    about: ClassVar[str] = (
        "The network reads a film review word by word. At the end it says whether the verdict is good or bad. "
        "This is text classification: one label for the whole text. Single words do not tell. “Not” turns what "
        "follows; after “but”, “though” or “although” one of two contradicting statements counts. So the verdict has "
        "to be kept, and turned, while words that change nothing pass."
    )
    score_name: ClassVar[str] = "reviews judged right"
    guessing: ClassVar[str] = "always giving the most frequent verdict"
    defaults: ClassVar[Defaults] = Defaults(steps=400, batch=64, lr=1e-2)

    tables: ClassVar[Tables] = Tables(
        program="rnnviz.tasks.sentiment.reading",
        asked="Reviews of your own: a CSV or TSV file with a text and a label column",
        hint="As long as there is no table of yours, reviews of a small grammar are learned.",
        back="Back to the grammar’s reviews",
        columns=("Column of the texts", "Column of the labels"),
        told=reviews.chosen,
        encoding=reviews.encoding,
    )

    table: Content | None = fields.content("A table of your own with texts and labels", later=True)  # noqa: RUF009
    longest: int = fields.whole(
        100, 5, limits.LONGEST_SEQUENCE, "Of longer reviews only the beginning is read", "words",
        label="Longest review", when=_BROUGHT, later=True,
    )  # fmt: skip
    vocabulary: int = fields.whole(
        2_000, 100, limits.MOST_REVIEW_WORDS, "The most frequent words, which are told apart", "words",
        when=_BROUGHT, later=True,
    )  # fmt: skip

    def __post_init__(self) -> None:
        super().__post_init__()
        fields.check(self)

    @property
    def sentences(self) -> Collection:
        return _reviews() if self._own is None else self._own

    @functools.cached_property
    def _own(self) -> reviews.Reviews | None:
        return None if self.table is None else reviews.opened(self.table, self.longest, self.vocabulary)

    @property
    def brought(self) -> bool:
        return self.table is not None

    @property
    def asks(self) -> str:
        if self._own is None:
            return self.about
        labels = ", ".join(self._own.classes)
        return f"The network reads a text of yours word by word and says at the end which label it has: {labels}."

    @property
    def summary(self) -> str:
        if self._own is None:
            return ""
        most = self.classes[int(self.guess(self.held_out())[0].argmax())]
        return f"{self._own.summary} Always answering “{most}” is right for {percent(self.baseline)} of those scored."

    @property
    def first_rows(self) -> tuple[str, ...]:
        return () if self._own is None else self._own.first_rows

    @property
    def answers(self) -> Once:
        return Once(Classes(("negative", "positive") if self._own is None else self._own.classes))

    @property
    def answering(self) -> type[Once]:
        return Once

    @property
    def held_out_wanted(self) -> int:
        return 256 if self._own is None else reviews.MOST_SCORED

    def guess(self, batch: Batch) -> np.ndarray:
        """Of one's own reviews the label most frequent among those scored: no constant answer is right more often.

        The one most frequent in training may by chance be rare among a few, which any model would then beat.
        """
        if self._own is None:
            return super().guess(batch)
        most = np.bincount(self.held_out().targets, minlength=self.output_size).argmax()
        return one_hot(np.full(batch.targets.shape, most), self.output_size)

    def examples(self) -> tuple[tuple[str, int], ...]:
        if self._own is None:
            return tuple((name, self.sentences.known[text]) for name, text, _ in _EXAMPLES)
        return self._own.shown

    def make_held_out(self, rng: np.random.Generator) -> Batch:
        """As many of either verdict; of one's own reviews, as they come."""
        held_out, verdicts = self.sentences.held_out, self.sentences.targets
        if self._own is not None:
            return self._asking(rng.permutation(held_out)[: self.held_out_wanted])
        parts = [held_out[verdicts[held_out] == verdict] for verdict in (NEGATIVE, POSITIVE)]
        return self._asking(np.concatenate([rng.permutation(part)[: self.held_out_wanted // 2] for part in parts]))

    def split(self, text: str) -> list[str]:
        return super().split(text) if self.table is None else tokens(whole(text, limits.LONGEST_REVIEW))


def is_held_out(text: str) -> bool:
    """Whether a review is kept away from training: a fixed rule, and those that are shown are."""
    return zlib.crc32(text.encode()) % _SHARE == 0 or any(text == shown for _, shown, _ in _EXAMPLES)


@functools.lru_cache(maxsize=1)
def _reviews() -> Collection:
    draw = random.Random(1)
    found = {text: verdict for _, text, verdict in _EXAMPLES}
    for place in range(_DRAWN):
        verdict = (NEGATIVE, POSITIVE)[place % 2]
        found.setdefault(grammar.review(draw, verdict == POSITIVE), verdict)
    return prepared(tuple(found), np.array(list(found.values())), map(is_held_out, found))
