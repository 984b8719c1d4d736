"""Melodies drawn many at a time: a style's phrase as a table of states, through which all of them go together."""

import dataclasses
import functools

import numpy as np

from rnnviz.tasks.batch import PAD
from rnnviz.tasks.music.notes import Note
from rnnviz.tasks.music.styles import Grammar, Rhythm, following

_State = tuple[int, Rhythm, int | None]  # bar, lengths heard in it, pitch before


@dataclasses.dataclass(frozen=True, eq=False)
class Phrase:
    """A phrase note by note: in every state some notes may come, each leads to another one; state 0 is the first.

    up_to: (state, choice) the probability of this choice or one before it, 1 at the last.
    pitch, length: (state, choice) of the note; both `PAD` in the state at the end, which leads to itself.
    then:  (state, choice) the next state.
    most:  notes of the longest phrase.
    """

    up_to: np.ndarray
    pitch: np.ndarray
    length: np.ndarray
    then: np.ndarray
    most: int

    def draw(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """`size` phrases: pitch and length of their notes (2, size, most), `PAD` behind each."""
        state, found = np.zeros(size, np.int64), np.empty((2, size, self.most), np.int64)
        for at in range(self.most):
            choice = (rng.random(size)[:, None] >= self.up_to[state]).sum(1)
            found[:, :, at] = self.pitch[state, choice], self.length[state, choice]
            state = self.then[state, choice]
        return found


@functools.lru_cache(maxsize=64)
def phrase(style: Grammar, letter: str, bars: int) -> Phrase:
    """The phrase of a style with this letter."""
    first: _State = (0, (), None)
    states, rows = {first: 0}, list[list[tuple[float, Note, int]]]()
    waiting = [first]
    for bar, begun, before in waiting:
        row = []
        for one, chance in following(style, letter, begun, bar == bars - 1, before).items():
            heard = (*begun, one.length)
            after: _State = (bar, heard, one.pitch) if sum(heard) < style.bar else (bar + 1, (), one.pitch)
            if after[0] < bars and after not in states:
                states[after] = len(states)
                waiting.append(after)
            row.append((chance, one, states.get(after, PAD)))
        rows.append(row)
    return _table(rows, style.most_notes(bars) // len(style.form))


def _table(rows: list[list[tuple[float, Note, int]]], most: int) -> Phrase:
    shape = (len(rows) + 1, max(map(len, rows)))
    up_to, end = np.ones(shape), len(rows)
    pitch, length, then = (np.full(shape, value, np.int64) for value in (PAD, PAD, end))
    for state, row in enumerate(rows):
        up_to[state, : len(row) - 1] = np.cumsum([chance for chance, _, _ in row])[:-1]
        pitch[state, : len(row)] = [one.pitch for _, one, _ in row]
        length[state, : len(row)] = [one.length for _, one, _ in row]
        then[state, : len(row)] = [end if after == PAD else after for _, _, after in row]
    return Phrase(up_to, pitch, length, then, most)


def melodies(style: Grammar, bars: int, rng: np.random.Generator, size: int) -> np.ndarray:
    """Melodies of a style: pitch and length of their notes (2, size, most notes), `PAD` behind each."""
    drawn = {letter: phrase(style, letter, bars).draw(rng, size) for letter in sorted(set(style.form))}
    whole = np.concatenate([drawn[letter] for letter in style.form], axis=-1)
    order = np.argsort(whole[0] == PAD, axis=-1, kind="stable")
    found: np.ndarray = np.take_along_axis(whole, order[None], -1)
    return found
