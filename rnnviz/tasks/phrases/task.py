"""German sentences, word by word, answered by their English translations."""

import dataclasses
import functools
import zlib
from collections.abc import Iterable
from typing import ClassVar

import numpy as np

from rnnviz.tasks.base import Defaults
from rnnviz.tasks.batch import Batch, padded
from rnnviz.tasks.phrases import grammar as grammar
from rnnviz.tasks.translating import END, Translating
from rnnviz.tasks.typed import composed

_SHARE = 10  # one sentence in ten is held out
_EXAMPLES = (
    ("verb that is split", "bringen sie bitte das auto zurück"),
    ("verb at the end", "ich möchte morgen ein buch kaufen"),
    ("subordinate clause", "er ist traurig weil sie gestern den zug verpasst hat"),
)


@dataclasses.dataclass(frozen=True)
class Phrases(Translating):
    """Sentences of a small grammar (see `phrases_grammar`); every kind of sentence is equally frequent.

    A tenth of the sentences is held out, by a fixed rule on their letters; all of their words are trained on.
    """

    name: ClassVar[str] = "phrases"
    place: ClassVar[int] = 8
    title: ClassVar[str] = "Translate German into English"
    application: ClassVar[str] = "Machine translation"
    about: ClassVar[str] = (
        "The encoder reads a German sentence word by word. The decoder has to write it in English. German puts the "
        "verb at the end, or half of it, where English has it second. So the words do not stand in the same order. "
        "The last word read is often needed early."
    )
    always_new: ClassVar[bool] = False
    sized_by_data: ClassVar[bool] = True
    score_name: ClassVar[str] = "sentences written right"
    between: ClassVar[str] = " "
    defaults: ClassVar[Defaults] = Defaults(steps=300, batch=64, lr=5e-3, hidden=64)

    @property
    def symbols(self) -> tuple[str, ...]:
        return _table().german

    @property
    def written_symbols(self) -> tuple[str, ...]:
        return _table().english

    @property
    def input_steps(self) -> int:
        return int(_table().inputs.shape[1])

    @property
    def output_steps(self) -> int:
        return int(_table().targets.shape[1])

    @property
    def typing(self) -> str:
        return f"words of the sentences, such as “{_EXAMPLES[0][1]}”"

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        rows, counts = _table().trained
        kinds = rng.integers(0, len(counts), size)
        return self._asking(rows[kinds, rng.integers(0, counts[kinds])])

    def make_held_out(self, rng: np.random.Generator) -> Batch:
        """As many of every kind; no sentence twice."""
        rows, counts = _table().held_out
        shares = [len(part) for part in np.array_split(np.arange(self.held_out_wanted), len(counts))]
        drawn = [rng.permutation(count)[:size] for count, size in zip(counts, shares, strict=True)]
        return self._asking(np.concatenate([rows[kind, places] for kind, places in enumerate(drawn)]))

    def examples(self) -> tuple[tuple[str, str, str], ...]:
        return tuple((name, german, _table().known[german]) for name, german in _EXAMPLES)

    def read(self, text: str) -> np.ndarray:
        small = composed(text).lower()
        return super().read("".join(" " if c in ',.;:!?"„“”' else c for c in small))

    def right(self, places: np.ndarray) -> str:
        return _table().known.get(self.spell(places), "")

    def _asking(self, rows: np.ndarray) -> Batch:
        table = _table()
        inputs, targets = table.inputs[rows].T, table.targets[rows].T
        return Batch(np.ascontiguousarray(inputs, np.int64), np.ascontiguousarray(targets, np.int64))


@dataclasses.dataclass(frozen=True, eq=False)
class Table:
    """All sentences of the grammar as numbers.

    german, english: the words of either side, sorted.
    inputs, targets: (sentence, time) int16, as in a batch but with time last.
    trained, held_out: rows of the sentences by kind (kind, …), and how many there are of each (kind,).
    known:           a sentence → its translation.
    """

    german: tuple[str, ...]
    english: tuple[str, ...]
    inputs: np.ndarray
    targets: np.ndarray
    trained: tuple[np.ndarray, np.ndarray]
    held_out: tuple[np.ndarray, np.ndarray]
    known: dict[str, str]


def is_held_out(german: str) -> bool:
    """Whether a sentence is kept away from training: a fixed rule that spreads over all kinds of sentences.

    The sentences that are shown are.
    """
    return zlib.crc32(german.encode()) % _SHARE == 0 or german in dict(_EXAMPLES).values()


@functools.lru_cache(maxsize=1)
def _table() -> Table:
    pairs = [(kind, *pair) for kind, sentences in enumerate(grammar.KINDS) for pair in sentences()]
    kinds = np.array([kind for kind, _, _ in pairs])
    german, english = _words(one for _, one, _ in pairs), _words(other for _, _, other in pairs)
    read = {word: place for place, word in enumerate(german)}
    written = {word: place + 1 for place, word in enumerate(english)}  # class 0 is the end
    inputs = _numbers([[read[word] for word in one.split()] for _, one, _ in pairs])
    targets = _numbers([[*(written[word] for word in one.split()), END] for _, _, one in pairs])
    apart = np.array([is_held_out(one) for _, one, _ in pairs])
    known = {one: other for _, one, other in pairs}
    return Table(german, english, inputs, targets, _by_kind(kinds, ~apart), _by_kind(kinds, apart), known)


def _words(sentences: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({word for sentence in sentences for word in sentence.split()}))


def _numbers(sentences: list[list[int]]) -> np.ndarray:
    return np.ascontiguousarray(padded(sentences, max(map(len, sentences))).T, np.int16)


def _by_kind(kinds: np.ndarray, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows that are kept, one list per kind, and their numbers; a short list begins again until it is as long."""
    rows = [np.flatnonzero(kept & (kinds == kind)) for kind in range(len(grammar.KINDS))]
    counts = np.array([len(part) for part in rows])
    return np.stack([np.resize(part, counts.max()) for part in rows]), counts
