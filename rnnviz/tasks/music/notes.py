"""Notes as symbols: a pitch and a length, written as in "F#4q"."""

import re
from typing import NamedTuple

LENGTHS = {1: "e", 2: "q", 3: "q.", 4: "h", 6: "h.", 8: "w"}  # eighths → eighth, quarter, half, whole; dotted
LENGTH_NAMES = {
    1: "eighth",
    2: "quarter",
    3: "dotted quarter",
    4: "half",
    6: "dotted half",
    8: "whole",
}
_PITCHES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_SPELLED = {
    "c#": 1, "db": 1, "d#": 3, "eb": 3, "f#": 6, "gb": 6, "g#": 8, "ab": 8, "a#": 10, "bb": 10,
    "c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11,
}  # fmt: skip
_WRITTEN = re.compile(r"([a-g][#b]?)(-?\d)([eqhw]\.?)")


class Note(NamedTuple):
    """A note: pitch in semitones as in MIDI, middle C (C4) being 60, and length in eighths."""

    pitch: int
    length: int

    def __str__(self) -> str:
        return f"{pitch_name(self.pitch)}{LENGTHS[self.length]}"


def pitch_name(pitch: int) -> str:
    """A pitch with its octave: "F#4"."""
    return f"{_PITCHES[pitch % 12]}{pitch // 12 - 1}"


def note(written: str) -> Note | None:
    """The note that is written so, sharps and flats alike; None if it is none."""
    found = _WRITTEN.fullmatch(written.lower().replace("♯", "#").replace("♭", "b"))
    if found is None or found[3] not in LENGTHS.values():
        return None
    length = next(eighths for eighths, name in LENGTHS.items() if name == found[3])
    return Note(_SPELLED[found[1]] + 12 * (int(found[2]) + 1), length)
