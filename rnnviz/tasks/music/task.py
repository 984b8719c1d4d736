"""Melodies, note by note, from a style and nothing else: what is the next note?"""

import dataclasses
import functools
from typing import ClassVar

import numpy as np

from rnnviz.core import fields, limits
from rnnviz.core.errors import ExperimentError
from rnnviz.tasks.base import Defaults, Probes, Task
from rnnviz.tasks.batch import PAD, Batch
from rnnviz.tasks.heard import Heard
from rnnviz.tasks.music import drawing, notes, sound, styles
from rnnviz.tasks.music.notes import Note
from rnnviz.tasks.music.styles import Chances, Style
from rnnviz.tasks.shapes import Classes, EveryStep, Symbols
from rnnviz.tasks.typed import FIELD, check_length

ALL = "all"
_PROBE_SEED = 5
_LONGEST_TEXT = 8 * limits.LONGEST_SEQUENCE  # characters


@dataclasses.dataclass(frozen=True)
class Music(Task, Heard):
    """Melodies of several styles (see `styles`). The first symbol names the style; after it every note is asked.

    A symbol is a note with its pitch and length, or a style. All symbols are classes, in the same order, so that what a
    model answers can be read as its next input; a style never comes as an answer.
    """

    name: ClassVar[str] = "music"
    place: ClassVar[int] = 15
    title: ClassVar[str] = "Name the next note"
    application: ClassVar[str] = "Music from a style"
    about: ClassVar[str] = (
        "The network is told a style, such as a march or a lament, and then names every next note of a melody, pitch "
        "and length, from those that it has heard. Scale and metre are soon learned, but phrases come again, as in "
        "A A B A: who remembers the first phrase knows the second note by note, while a new phrase leaves much to "
        "chance. Trained, it writes melodies that can be listened to."
    )
    predicts_next: ClassVar[bool] = True
    equally_long: ClassVar[bool] = False
    marked_name: ClassVar[str] = "notes of phrases that come again"
    score_name: ClassVar[str] = "notes named right"
    score_unit: ClassVar[str] = "%"
    higher_is_better: ClassVar[bool] = True
    guessing: ClassVar[str] = "always naming the most frequent note"
    picture: ClassVar[str] = "roll"
    defaults: ClassVar[Defaults] = Defaults(steps=1500, lr=1e-2, hidden=64)

    style: str = fields.choice(ALL, (ALL, *styles.STYLES), "The style of the melodies")
    bars: int = fields.whole(2, 2, 4, "Length of a phrase", "bars")

    @property
    def styles(self) -> tuple[Style, ...]:
        """Those of its melodies."""
        return tuple(styles.STYLES.values()) if self.style == ALL else (styles.STYLES[self.style],)

    @property
    def notes(self) -> tuple[Note, ...]:
        """All notes that melodies may have, from low to high; their places are those of their symbols."""
        return _notes(self.styles)

    @property
    def names(self) -> tuple[str, ...]:
        """The symbols: notes, then styles."""
        return (*map(str, self.notes), *(one.name for one in self.styles))

    @property
    def steps(self) -> int:
        return max(one.most_notes(self.bars) for one in self.styles)

    @property
    def reads(self) -> Symbols:
        return Symbols(self.names)

    @property
    def answers(self) -> EveryStep:
        return EveryStep(Classes(self.names))

    @property
    def best(self) -> float:
        """The score of who knows the grammars and has heard all notes before, on the held-out melodies."""
        return _best(self)

    def style_of(self, inputs: np.ndarray) -> Style | None:
        """The style of a sequence (time,) of symbols, the first of those that it names; None where it names none."""
        named = [int(place) - len(self.notes) for place in inputs if place >= len(self.notes)]
        return self.styles[named[0]] if named else None

    def heard(self, places: np.ndarray) -> list[Note]:
        """The notes among symbols (time,)."""
        return [self.notes[place] for place in places if 0 <= place < len(self.notes)]

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        return self._drawn(rng, rng.integers(0, len(self.styles), size))

    def _drawn(self, rng: np.random.Generator, chosen: np.ndarray) -> Batch:
        """A melody each of the styles at these places: at every step the note after it is asked."""
        targets = np.full((self.steps, len(chosen)), PAD, np.int64)
        for place, style in enumerate(self.styles):
            rows = np.flatnonzero(chosen == place)
            pitch, length = drawing.melodies(style, self.bars, rng, len(rows))
            found = np.where(pitch == PAD, PAD, _table(self.styles)[pitch, length])
            targets[: found.shape[1], rows] = found.T
        inputs = np.concatenate([len(self.notes) + chosen[None], targets[:-1]])
        inputs[targets == PAD] = PAD
        return Batch(inputs, targets)

    def chances(self, batch: Batch) -> np.ndarray:
        """How likely each note is as the next one, to who knows the grammars: (time, sample, class) float32.

        Zero where nothing is asked. All melodies are those of the task.
        """
        found = np.zeros((*batch.targets.shape, self.output_size), np.float32)
        places = _places(self.styles)
        for sample in range(batch.size):
            for time, (_, chances, _) in enumerate(self._heard_again(batch, sample)):
                for one, chance in chances.items():
                    found[time, sample, places[one]] = chance
        return found

    def marked(self, batch: Batch) -> np.ndarray:
        """Notes of a phrase that was heard before."""
        found = np.zeros(batch.targets.shape, bool)
        for sample in range(batch.size):
            again = [again for _, _, again in self._heard_again(batch, sample)]
            found[: len(again), sample] = again
        return found

    def _heard_again(self, batch: Batch, sample: int) -> list[tuple[Note, Chances, bool]]:
        melody = iter(self.heard(batch.targets[:, sample]))
        style = self.style_of(batch.inputs[:1, sample])
        assert style is not None
        return list(styles.walk(style, self.bars, lambda _: next(melody)))

    def probes(self) -> Probes:
        """A melody each of three styles; of the one that there is, three."""
        shown = [0, 1, len(self.styles) - 1] if len(self.styles) > 1 else [0] * 3
        rng = np.random.default_rng(_PROBE_SEED)
        batch = self._drawn(rng, np.array(shown))
        said = [self.styles[one].said for one in shown]
        names = tuple(said) if len(self.styles) > 1 else (said[0], "another one", "a third one")
        return Probes(batch, np.array([*self.names, ""])[batch.inputs], names)

    @property
    def typing(self) -> str:
        style = self.styles[0]
        return (
            f"a style ({', '.join(one.name for one in self.styles)}), then notes with octave and length "
            f"(e eighth, q quarter, h half, w whole, a point adds a half), such as “{style.name} "
            f"{' '.join(map(str, self.heard(self.probes().batch.targets[:3, 0])))}”"
        )

    def encode(self, text: str) -> tuple[np.ndarray, tuple[str, ...]]:
        words = text[:_LONGEST_TEXT].replace(",", " ").split()
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
        """The melody, in the tempo of its style, up to the end of its form."""
        style = self.style_of(symbols) or self.styles[0]
        melody = self._within(style, self.heard(symbols))
        return sound.played(tuple(melody), style.tempo, style.swing) if melody else b""

    def _within(self, style: Style, melody: list[Note]) -> list[Note]:
        """The notes that begin before the style's form is over: who goes on writing does not know when to end."""
        begins = np.cumsum([0, *(one.length for one in melody)])
        return [one for one, begin in zip(melody, begins, strict=False) if begin < style.eighths(self.bars)]

    def solved(self, inputs: np.ndarray) -> tuple[str, ...]:
        return (*(self.names[place] for place in inputs[1:] if place != PAD), "")


@functools.lru_cache(maxsize=16)
def _notes(chosen: tuple[Style, ...]) -> tuple[Note, ...]:
    return tuple(sorted(frozenset[Note]().union(*(one.notes for one in chosen))))


@functools.lru_cache(maxsize=16)
def _places(chosen: tuple[Style, ...]) -> dict[Note, int]:
    return {one: place for place, one in enumerate(_notes(chosen))}


@functools.lru_cache(maxsize=16)
def _table(chosen: tuple[Style, ...]) -> np.ndarray:
    """The places of notes by pitch and length."""
    places = _places(chosen)
    found = np.full((1 + max(one.pitch for one in places), 1 + max(one.length for one in places)), PAD, np.int64)
    for one, place in places.items():
        found[one] = place
    return found


@functools.lru_cache(maxsize=16)
def _best(task: Music) -> float:
    batch = task.held_out()
    return task.score(task.chances(batch), batch.targets)
