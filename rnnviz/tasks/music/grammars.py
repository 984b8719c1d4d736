"""Melodies of one or several styles whose grammars are known: endless, and never the same twice."""

import dataclasses
import functools

import numpy as np

from rnnviz.tasks.batch import PAD, Batch
from rnnviz.tasks.music import drawing, styles
from rnnviz.tasks.music.notes import Note
from rnnviz.tasks.music.repertoire import Phrases, Repertoire
from rnnviz.tasks.music.styles import Chances, Grammar, Style

_PROBE_SEED = 5


@functools.lru_cache(maxsize=16)
def grammars(of: tuple[Grammar, ...], bars: int) -> "Grammars":
    """The melodies of these styles, with phrases of so many bars."""
    return Grammars(of, bars)


@dataclasses.dataclass(frozen=True, eq=False)
class Grammars(Repertoire):
    """Melodies drawn note by note from what may follow; who knows the grammars knows how likely each note is."""

    of: tuple[Grammar, ...]
    bars: int

    @property
    def styles(self) -> tuple[Grammar, ...]:
        return self.of

    @functools.cached_property
    def notes(self) -> tuple[Note, ...]:
        return tuple(sorted(frozenset[Note]().union(*(one.notes for one in self.of))))

    @property
    def steps(self) -> int:
        return max(one.most_notes(self.bars) for one in self.of)

    @property
    def begin(self) -> str:
        return f"a style ({', '.join(one.name for one in self.of)})"

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        return self._drawn(rng, rng.integers(0, len(self.of), size))

    def held_out(self, rng: np.random.Generator, size: int) -> Batch:
        return self.sample(rng, size)

    def answers_trained(self, rng: np.random.Generator, size: int) -> np.ndarray:
        return self.sample(rng, size).targets

    def probes(self) -> tuple[Batch, tuple[str, ...]]:
        """A melody each of three styles; of the one that there is, three."""
        shown = [0, 1, len(self.of) - 1] if len(self.of) > 1 else [0] * 3
        said = [self.of[one].said for one in shown]
        names = tuple(said) if len(self.of) > 1 else (said[0], "another one", "a third one")
        return self._drawn(np.random.default_rng(_PROBE_SEED), np.array(shown)), names

    def played(self, style: Style) -> int:
        """Up to the end of its form."""
        assert isinstance(style, Grammar)
        return style.eighths(self.bars)

    def phrases(self, style: Style) -> Phrases:
        assert isinstance(style, Grammar)
        return tuple((at * style.bar * self.bars, letter) for at, letter in enumerate(style.form))

    def chances(self, batch: Batch) -> np.ndarray:
        found = np.zeros((*batch.targets.shape, len(self.names)), np.float32)
        for sample in range(batch.size):
            for time, (_, chances, _) in enumerate(self._heard_again(batch, sample)):
                for one, chance in chances.items():
                    found[time, sample, self._places[one]] = chance
        return found

    def marked(self, batch: Batch) -> np.ndarray:
        found = np.zeros(batch.targets.shape, bool)
        for sample in range(batch.size):
            again = [again for _, _, again in self._heard_again(batch, sample)]
            found[: len(again), sample] = again
        return found

    def _heard_again(self, batch: Batch, sample: int) -> list[tuple[Note, Chances, bool]]:
        melody = iter(self.heard(batch.targets[:, sample]))
        style = self.style_of(batch.inputs[:1, sample])
        assert isinstance(style, Grammar)
        return list(styles.walk(style, self.bars, lambda _: next(melody)))

    def _drawn(self, rng: np.random.Generator, chosen: np.ndarray) -> Batch:
        """A melody each of the styles at these places."""
        targets = np.full((self.steps, len(chosen)), PAD, np.int64)
        for place, style in enumerate(self.of):
            rows = np.flatnonzero(chosen == place)
            pitch, length = drawing.melodies(style, self.bars, rng, len(rows))
            found = np.where(pitch == PAD, PAD, self._table[pitch, length])
            targets[: found.shape[1], rows] = found.T
        return self.batch(chosen, targets)

    @functools.cached_property
    def _places(self) -> dict[Note, int]:
        return {one: place for place, one in enumerate(self.notes)}

    @functools.cached_property
    def _table(self) -> np.ndarray:
        """The places of notes by pitch and length."""
        shape = (1 + max(one.pitch for one in self.notes), 1 + max(one.length for one in self.notes))
        found = np.full(shape, PAD, np.int64)
        for one, place in self._places.items():
            found[one] = place
        return found
