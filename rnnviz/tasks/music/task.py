"""Melodies, note by note, from a style and nothing else: what is the next note?"""

import dataclasses
import functools
from typing import ClassVar

import numpy as np

from rnnviz.core import fields, limits
from rnnviz.core.contents import Content
from rnnviz.core.errors import ExperimentError
from rnnviz.core.when import When
from rnnviz.tasks.abilities import Heard
from rnnviz.tasks.base import GUESS_SEED, Defaults, Probes, Task
from rnnviz.tasks.batch import PAD, Batch
from rnnviz.tasks.declared import Tables
from rnnviz.tasks.music import brought, notes, sound, styles
from rnnviz.tasks.music.grammars import grammars
from rnnviz.tasks.music.notes import Note
from rnnviz.tasks.music.repertoire import Repertoire
from rnnviz.tasks.music.styles import Style
from rnnviz.tasks.shapes import Classes, EveryStep, Symbols
from rnnviz.tasks.typed import FIELD, check_length, whole

ALL = "all"
_GRAMMARS = When(lambda task: getattr(task, "melody", None) is None, lambda _: "for a melody of your own")
_BROUGHT = When(lambda task: getattr(task, "melody", None) is not None, lambda _: "without a melody of your own")


@dataclasses.dataclass(frozen=True)
class Music(Task, Heard):
    """Melodies of several styles (see `styles`), or one of somebody's own in stretches (see `brought`).

    The first symbol names the style; after it every note is asked.

    A symbol is a note with its pitch and length, or a style. All symbols are classes, in the same order, so that what a
    model answers can be read as its next input; a style never comes as an answer.
    """

    name: ClassVar[str] = "music"
    place: ClassVar[int] = 15
    title: ClassVar[str] = "Name the next note"
    application: ClassVar[str] = "Music from a style"
    about: ClassVar[str] = (
        "The network is told a style, such as a march or a lament. Then it names every next note of a melody, pitch "
        "and length, from those that it has heard. Scale and metre are soon learned, but phrases come again, as in A "
        "A B A. Who remembers the first phrase knows the second note by note. A new phrase leaves much to chance. "
        "Trained, it writes melodies that can be listened to."
    )
    predicts_next: ClassVar[bool] = True
    sized_by_data: ClassVar[bool] = True
    marked_name: ClassVar[str] = "notes of phrases that come again"
    score_name: ClassVar[str] = "notes named right"
    score_unit: ClassVar[str] = "%"
    higher_is_better: ClassVar[bool] = True
    guessing: ClassVar[str] = "always naming the most frequent note"
    picture: ClassVar[str] = "roll"
    defaults: ClassVar[Defaults] = Defaults(steps=1500, lr=1e-2, hidden=64)

    tables: ClassVar[Tables] = Tables(
        program="rnnviz.tasks.music.reading",
        asked="A melody of your own: a MIDI file (.mid)",
        hint="As long as there is no melody of yours, those of the styles are learned.",
        back="Back to the styles",
        columns=("Channel that is learned",),
        told=brought.chosen,
        both=False,
        megabytes=limits.LARGEST_MIDI // 1_000_000,
    )

    melody: Content | None = fields.content("A melody of your own, out of a MIDI file", later=True)  # noqa: RUF009
    style: str = fields.choice(ALL, (ALL, *styles.STYLES), "The style of the melodies", when=_GRAMMARS)
    bars: int = fields.whole(2, 2, 4, "Length of a phrase", "bars", when=_GRAMMARS)
    length: int = fields.whole(
        brought.USUAL_LENGTH, 4, 100, "Length of a stretch of a melody of your own", "notes", when=_BROUGHT, later=True
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        fields.check(self)

    @property
    def brought(self) -> bool:
        return self.melody is not None

    @property
    def asks(self) -> str:
        if self.melody is None:
            return self.about
        return (
            f"The network reads a melody of yours in stretches of {self.length} notes. After each note it names the "
            "next one, pitch and length, from those that it has heard. No grammar says which notes may come. So nobody "
            "knows how many can be named right at best. Trained, it writes on in this manner, to be listened to for a "
            "minute at most."
        )

    @property
    def summary(self) -> str:
        return "" if self.melody is None else brought.summary(brought.opened(self.melody, self.length))

    @functools.cached_property
    def repertoire(self) -> Repertoire:
        """Where its melodies come from."""
        if self.melody is not None:
            return brought.opened(self.melody, self.length)
        chosen = tuple(styles.STYLES.values()) if self.style == ALL else (styles.STYLES[self.style],)
        return grammars(chosen, self.bars)

    @property
    def equally_long(self) -> bool:
        """Stretches of one melody are, melodies of a grammar are not."""
        return self.brought

    @property
    def styles(self) -> tuple[Style, ...]:
        """Those of its melodies."""
        return self.repertoire.styles

    @property
    def notes(self) -> tuple[Note, ...]:
        """All notes that melodies may have, from low to high; their places are those of their symbols."""
        return self.repertoire.notes

    @property
    def names(self) -> tuple[str, ...]:
        """The symbols: notes, then styles."""
        return self.repertoire.names

    @property
    def steps(self) -> int:
        return self.repertoire.steps

    @property
    def reads(self) -> Symbols:
        return Symbols(self.names)

    @property
    def held_out_known(self) -> float:
        return self.repertoire.known_again

    @property
    def answers(self) -> EveryStep:
        return EveryStep(Classes(self.names))

    @property
    def answering(self) -> type[EveryStep]:
        return EveryStep

    @property
    def best(self) -> float | None:
        """The score of who knows the grammars and has heard all notes before, on the held-out melodies."""
        return _best(self)

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        return self.repertoire.sample(rng, size)

    def make_held_out(self, rng: np.random.Generator) -> Batch:
        return self.repertoire.held_out(rng, self.held_out_wanted)

    def answers_trained(self) -> np.ndarray:
        return self.repertoire.answers_trained(np.random.default_rng(GUESS_SEED), self.held_out_wanted)

    def chances(self, batch: Batch) -> np.ndarray | None:
        """How likely each note is as the next one, to who knows the grammars: (time, sample, class) float32.

        Zero where nothing is asked; None where no grammar is known. All melodies are those of the task.
        """
        return self.repertoire.chances(batch)

    @property
    def marks(self) -> bool:
        return self.melody is None

    def marked(self, batch: Batch) -> np.ndarray | None:
        """Notes of a phrase that was heard before."""
        return self.repertoire.marked(batch)

    def probes(self) -> Probes:
        batch, names = self.repertoire.probes()
        return Probes(batch, np.array([*self.names, ""])[batch.inputs], names)

    @property
    def typing(self) -> str:
        first = self.heard(self.probes().batch.targets[:3, 0])
        return (
            f"{self.repertoire.begin}, then notes with octave and length, such as "
            f"“{self.styles[0].name} {' '.join(map(str, first))}”. "
            "Lengths: e eighth, q quarter, h half, w whole, a point adds a half"
        )

    def heard(self, places: np.ndarray) -> list[Note]:
        """The notes among symbols (time,)."""
        return self.repertoire.heard(places)

    def encode(self, text: str) -> tuple[np.ndarray, tuple[str, ...]]:
        words = whole(text).replace(",", " ").split()
        check_length(len(words), "symbols")
        places = np.array([self._place(word) for word in words], np.int64)
        return places[:, None], tuple(self.names[place] for place in places)

    def _place(self, word: str) -> int:
        found = notes.note(word)
        name = word.lower() if found is None else str(found)
        if name not in self.names:
            raise ExperimentError(FIELD, f"made of {self.typing}", word)
        return self.names.index(name)

    def written(self, inputs: np.ndarray) -> str:
        return " ".join(self.names[place] for place in inputs if place != PAD)

    def sound(self, symbols: np.ndarray) -> bytes:
        """The melody in the tempo of its style, as long as one of it is played."""
        style = self.repertoire.style_of(symbols) or self.styles[0]
        melody = self.heard(symbols)
        begins = np.cumsum([0, *(one.length for one in melody)])
        end = self.repertoire.played(style)
        melody = [one for one, begin in zip(melody, begins, strict=False) if begin < end]
        return sound.played(tuple(melody), style.tempo, style.swing) if melody else b""

    def solved(self, inputs: np.ndarray) -> tuple[str, ...]:
        return (*(self.names[place] for place in inputs[1:] if place != PAD), "")


@functools.lru_cache(maxsize=16)
def _best(task: Music) -> float | None:
    batch = task.held_out()
    chances = task.chances(batch)
    return None if chances is None else task.score(chances, batch.targets)
