"""One melody out of a channel: at every moment its highest note, written with the lengths that symbols have."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from rnnviz.tasks.music.midi import Sounding
from rnnviz.tasks.music.notes import LENGTHS, Note

EIGHTH, SIXTEENTH = "eighth", "sixteenth"
_PARTS = {EIGHTH: 2, SIXTEENTH: 4}  # of a quarter
_TOGETHER = 8  # parts of a quarter: notes that begin or overlap within one of them are not told apart
_OFF = 0.25  # of a unit, by which a length must be off to be counted as rounded
_KNOWN = np.array(sorted(LENGTHS))


@dataclasses.dataclass(frozen=True)
class Voice:
    """A melody, and what was done to have it.

    unit:    what an eighth of the melody is in the file: an eighth, or a sixteenth where most notes are so short.
    below:   notes that are not the highest while they sound.
    rests:   rests of an eighth or more; the note before each lasts until the next one.
    cut:     notes that would then last longer than the longest length that there is.
    rounded: other notes whose length is none of those that there are.
    """

    notes: tuple[Note, ...]
    unit: str
    below: int
    rests: int
    cut: int
    rounded: int


def voice_of(notes: Sequence[Sounding], quarter: int) -> Voice:
    """The melody of notes in the order of their starts, the highest of a chord first; at least one.

    quarter: ticks of one.
    """
    tops = _highest(notes, quarter / _TOGETHER)
    starts = np.array([one.start for one in tops])
    ends = np.array([one.end for one in tops])
    spans = np.append(starts[1:], ends[-1]) - starts
    rests = int((spans[:-1] - (ends - starts)[:-1] >= quarter / 2 - quarter / _TOGETHER).sum())
    ways = {unit: _rounded(spans * parts / quarter) for unit, parts in _PARTS.items()}
    off = {unit: float(np.abs(ways[unit] / parts - spans / quarter).mean()) for unit, parts in _PARTS.items()}
    unit = SIXTEENTH if off[SIXTEENTH] < off[EIGHTH] else EIGHTH
    exact, lengths = spans * _PARTS[unit] / quarter, ways[unit]
    cut = exact > _KNOWN[-1] + _OFF
    rounded = (np.abs(exact - lengths) > _OFF) & ~cut
    melody = tuple(Note(one.pitch, int(length)) for one, length in zip(tops, lengths, strict=True))
    return Voice(melody, unit, len(notes) - len(tops), rests, int(cut.sum()), int(rounded.sum()))


def _highest(notes: Sequence[Sounding], together: float) -> list[Sounding]:
    """Notes above which none sounds when they begin."""
    found = list[Sounding]()
    for one in notes:
        if found and one.start - found[-1].start <= together:  # of one chord, perhaps played one by one
            if one.pitch > found[-1].pitch:
                found[-1] = one._replace(start=found[-1].start)
        elif not found or one.pitch > found[-1].pitch or found[-1].end <= one.start + together:
            found.append(one)
    return found


def _rounded(spans: np.ndarray) -> np.ndarray:
    """The nearest length that there is to each; of two as near the shorter one."""
    nearest: np.ndarray = _KNOWN[np.abs(spans[:, None] - _KNOWN).argmin(1)]
    return nearest
