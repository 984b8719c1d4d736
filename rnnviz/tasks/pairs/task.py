"""Pairs of one's own: two columns of a CSV file, what is read and what is to be written."""

import dataclasses
import functools
from typing import ClassVar

import numpy as np

from rnnviz.core import fields, limits
from rnnviz.core.contents import Content, Exact
from rnnviz.core.stored import held, put_away, stored
from rnnviz.tasks import corpora
from rnnviz.tasks.base import Defaults
from rnnviz.tasks.batch import Batch
from rnnviz.tasks.pairs import numbers
from rnnviz.tasks.pairs.csv_table import begun, cell, cleaned, learned
from rnnviz.tasks.pairs.csv_table import brought as from_anywhere
from rnnviz.tasks.pairs.prepared import UNITS, Prepared, arrow, prepare
from rnnviz.tasks.translating import Translating
from rnnviz.tasks.typed import whole


@stored("text")
@dataclasses.dataclass(frozen=True)
class Pairs(Translating):
    """The rows of a table: the first column is read, the second is to be written.

    `text` is read as any table that somebody brings, and kept in its canonical form, a long one in the store. An
    `Exact` one is in that form: names of columns are then a row like all others, as links have always held them. While
    it is empty, number words are learned (see `numbers`). Sides longer than `limits.LONGEST_PAIR_SIDE`, or with a word
    longer than `limits.LONGEST_PAIR_WORD`, are left out; on either side characters beyond `limits.LARGEST_VOCABULARY`,
    or words beyond `limits.LARGEST_WORDS`, share one symbol, "□". A tenth of the different inputs is held out if there
    are twenty.

    Raises:
        ExperimentError: the text is no such table, or no row of it can be used.
    """

    name: ClassVar[str] = "pairs"
    place: ClassVar[int] = 9
    title: ClassVar[str] = "Translate pairs of your own"
    application: ClassVar[str] = "Machine translation"
    about: ClassVar[str] = (
        "The encoder reads the first column of a table, the decoder has to write the second. As long as you bring no "
        "table, the pairs are English number words with the German ones. German names the ones before the tens: "
        "forty-two is zweiundvierzig."
    )
    always_new: ClassVar[bool] = False
    sized_by_data: ClassVar[bool] = True
    defaults: ClassVar[Defaults] = Defaults(steps=400, batch=64, lr=5e-3, hidden=64)

    unit: str = fields.choice("characters", UNITS, "What is read and written step by step")
    text: str = fields.text("", limits.LONGEST_TEXT, "Your own pairs: a CSV with two columns, input and output")

    def __post_init__(self) -> None:
        given = held(self, "text")
        if isinstance(given, str):
            object.__setattr__(self, "text", begun(given))
        super().__post_init__()
        if self.brought and not isinstance(given, Content):
            text, report = (learned if isinstance(given, Exact) else from_anywhere)(self.text)
            object.__setattr__(self, "text", text)
            said = ["Too long: its beginning is used."] * (len(given) > limits.LONGEST_TEXT)
            vars(self)["_said"] = " ".join([*said, *([report.said] if report and report.said else [])])
            self._prepared  # noqa: B018 (whether any row can be used is to be known when they are brought)
            put_away(self, "text")

    @property
    def brought(self) -> bool:
        return bool(held(self, "text"))

    @property
    def learned(self) -> str:
        """The table that is learned, cleaned."""
        return self.text or numbers.text()

    @functools.cached_property
    def digest(self) -> str:
        """A short hash of the learned table, by which a link names it."""
        return corpora.digest(self.learned)

    @functools.cached_property
    def _prepared(self) -> Prepared:
        return prepare(self.learned, self.unit)

    @property
    def summary(self) -> str:
        """How many rows are used, and which are not and why, for people; then which columns, where there are others."""
        return f"{self._prepared.summary} {vars(self).get('_said', '')}".rstrip()

    @property
    def first_rows(self) -> tuple[str, ...]:
        known = self._prepared
        shown = zip(known.inputs[:3], known.targets[:3], strict=True)
        return tuple(arrow((self.spell(read), self.write(written))) for read, written in shown)

    @property
    def between(self) -> str:  # type: ignore[override]
        return " " if self.unit == "words" else ""

    @property
    def symbols(self) -> tuple[str, ...]:
        return self._prepared.symbols

    @property
    def written_symbols(self) -> tuple[str, ...]:
        return self._prepared.written_symbols

    @property
    def input_steps(self) -> int:
        return int(self._prepared.inputs.shape[1])

    @property
    def output_steps(self) -> int:
        return int(self._prepared.targets.shape[1])

    @property
    def held_out_is_new(self) -> bool:
        """Whether there were enough rows to keep some away from training."""
        return self._prepared.apart

    @property
    def typing(self) -> str:
        return f"{self.unit} of the first column"

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        rows = self._prepared.trained
        return self._asking(rows[rng.integers(0, len(rows), size)])

    def answers_trained(self) -> np.ndarray:
        return self._asking(self._prepared.trained).targets

    def make_held_out(self, rng: np.random.Generator) -> Batch:
        """Rows spread evenly over those that are held out; no row twice."""
        rows = self._prepared.held_out
        size = min(len(rows), self.held_out_wanted)
        return self._asking(rows[np.arange(size) * len(rows) // size])

    def examples(self) -> tuple[tuple[str, str, str], ...]:
        known = self._prepared
        last = "a row never trained on" if known.apart else "the last row"
        rows = (known.middling, len(known.inputs) // 2, known.held_out[-1])
        names = ("a row of middle length", "a row in the middle", last)
        return tuple(
            (name, self.spell(known.inputs[row]), self.write(known.targets[row]))
            for name, row in zip(names, rows, strict=True)
        )

    def example(self) -> str:
        _, *sides = self.examples()[1]
        return arrow(sides)

    def read(self, text: str) -> np.ndarray:
        """An input as it is written; what the table holds too rarely, or not at all, is "□" if there is one."""
        text = cell(corpora.plain(whole(text)))
        known = self._symbol_places
        if corpora.RARE in known:
            parts = text.split() if self.between else list(text)
            text = self.between.join(part if part in known else corpora.RARE for part in parts)
        return super().read(text)

    def right(self, places: np.ndarray) -> str:
        row = self._prepared.row_of(places)
        return "" if row is None else self.write(self._prepared.targets[row])

    def _asking(self, rows: np.ndarray) -> Batch:
        inputs, targets = self._prepared.inputs[rows].T, self._prepared.targets[rows].T
        return Batch(np.ascontiguousarray(inputs, np.int64), np.ascontiguousarray(targets, np.int64))


__all__ = ["Pairs", "cleaned"]
