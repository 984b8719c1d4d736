"""What melodies are made from has one interface: the grammars of styles, or a melody that somebody brought."""

import abc

import numpy as np

from rnnviz.tasks.batch import PAD, Batch
from rnnviz.tasks.music.notes import Note
from rnnviz.tasks.music.styles import Style

Phrases = tuple[tuple[int, str], ...]


class Repertoire(abc.ABC):
    """Where melodies come from.

    A symbol is a note or a style, in this order; the first symbol of a melody is its style.
    """

    @property
    @abc.abstractmethod
    def styles(self) -> tuple[Style, ...]:
        """Those of its melodies."""

    @property
    @abc.abstractmethod
    def notes(self) -> tuple[Note, ...]:
        """All notes that melodies may have, from low to high; their places are those of their symbols."""

    @property
    @abc.abstractmethod
    def steps(self) -> int:
        """Notes of the longest melody."""

    @property
    @abc.abstractmethod
    def begin(self) -> str:
        """What is typed before notes, in words."""

    @abc.abstractmethod
    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        """`size` melodies to train on: at every step the note after it is asked."""

    @abc.abstractmethod
    def held_out(self, rng: np.random.Generator, size: int) -> Batch:
        """At most `size` melodies that are scored."""

    @abc.abstractmethod
    def probes(self) -> tuple[Batch, tuple[str, ...]]:
        """Three melodies to look at, and what they are called."""

    @abc.abstractmethod
    def answers_trained(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Notes that are asked in training, by which to say which one is frequent: of `size` melodies, or of all."""

    @abc.abstractmethod
    def played(self, style: Style) -> int:
        """How long a melody of this style is played, in eighths: who goes on writing does not know when to end."""

    def phrases(self, style: Style) -> Phrases:
        """Where each phrase begins, in eighths, and its letter; none where no form is known."""
        return ()

    @property
    def known_again(self) -> float:
        """The share in percent of what is held out that comes in what is trained on, too, where both are one melody."""
        return 0.0

    def chances(self, batch: Batch) -> np.ndarray | None:
        """How likely each note is as the next one, to who knows all: (time, sample, class) float32.

        Zero where none is asked; None where nobody knows that.
        """
        return None

    def marked(self, batch: Batch) -> np.ndarray | None:
        """Notes of a phrase that was heard before, bool, of the shape of the targets; None where no form is known."""
        return None

    @property
    def names(self) -> tuple[str, ...]:
        """The symbols."""
        return (*map(str, self.notes), *(one.name for one in self.styles))

    def style_of(self, inputs: np.ndarray) -> Style | None:
        """The style of a sequence (time,) of symbols, the first of those that it names; None where it names none."""
        named = [int(place) - len(self.notes) for place in inputs if place >= len(self.notes)]
        return self.styles[named[0]] if named else None

    def heard(self, places: np.ndarray) -> list[Note]:
        """The notes among symbols (time,)."""
        return [self.notes[place] for place in places if 0 <= place < len(self.notes)]

    def batch(self, chosen: np.ndarray, targets: np.ndarray) -> Batch:
        """Melodies of notes (time, sample), `PAD` behind each; `chosen` (sample,): the places of their styles."""
        inputs = np.concatenate([len(self.notes) + chosen[None], targets[:-1]])
        inputs[targets == PAD] = PAD
        return Batch(inputs, targets)
