"""Styles of melodies: scale, metre, rhythms, moves and form; every melody is drawn note by note from what may follow.

A melody is a row of phrases, as its form says: A A B A. A phrase that comes again is the same, note by note. In a new
phrase the first note is one of `starts`, the last one is given by the phrase's letter, and every other one moves from
the note before by some steps of the scale. Every bar has one of the style's rhythms, the last bar of a phrase one of
its cadences; which one, is told only by its notes.
"""

import dataclasses
import functools
from collections.abc import Callable, Iterator, Mapping

from rnnviz.tasks.music.notes import Note

Chances = Mapping[Note, float]
Rhythm = tuple[int, ...]


@dataclasses.dataclass(frozen=True, eq=False, kw_only=True)
class Style:
    """What all melodies of a style have in common, whatever they come from.

    name:  its symbol, the first one of its melodies.
    said:  what one of them is called.
    bar:   eighths of a bar; 0 where melodies are stretches that begin anywhere in one.
    tempo: quarters in a minute, when it is played.
    swing: share of a quarter that the first of two eighths takes when it is played.
    """

    name: str
    said: str
    bar: int
    tempo: float
    swing: float = 0.5


@dataclasses.dataclass(frozen=True, eq=False, kw_only=True)
class Grammar(Style):
    """A style that says which notes may come, and how likely each is.

    scale:    the pitches, from low to high.
    form:     a letter for each phrase; the same letter is the same phrase.
    rhythms, cadences: lengths of the notes of a bar, each equally likely; of the last bar of a phrase.
    starts:   places in `scale` of the first note of a phrase, each equally likely.
    ends:     letter → the place of its last note.
    moves:    steps of the scale → how likely they are, among those that stay in it.
    """

    scale: tuple[int, ...]
    form: str
    rhythms: tuple[Rhythm, ...]
    cadences: tuple[Rhythm, ...]
    starts: tuple[int, ...]
    ends: Mapping[str, int]
    moves: Mapping[int, float]

    @functools.cached_property
    def notes(self) -> frozenset[Note]:
        """All notes that its melodies may have."""
        lengths = {length for rhythm in (*self.rhythms, *self.cadences) for length in rhythm}
        return frozenset(Note(pitch, length) for pitch in self.scale for length in lengths)

    def most_notes(self, bars: int) -> int:
        """Of a melody whose phrases have `bars` bars."""
        longest = (bars - 1) * max(map(len, self.rhythms)) + max(map(len, self.cadences))
        return longest * len(self.form)

    def eighths(self, bars: int) -> int:
        """How long a melody is."""
        return self.bar * bars * len(self.form)


@functools.lru_cache(maxsize=4096)
def following(style: Grammar, letter: str, begun: Rhythm, last: bool, before: int | None) -> Chances:
    """What may come next in a new phrase, and how likely it is.

    begun:  lengths of the notes of this bar that were heard.
    last:   whether it is the last bar of the phrase.
    before: the pitch before; None at the beginning of a phrase.
    """
    rhythms = style.cadences if last else style.rhythms
    fits = [rhythm for rhythm in rhythms if rhythm[: len(begun)] == begun]
    found = dict[Note, float]()
    for rhythm in fits:
        ends = last and len(begun) == len(rhythm) - 1
        pitches = {style.scale[style.ends[letter]]: 1.0} if ends else _pitches(style, before)
        for pitch, chance in pitches.items():
            one = Note(pitch, rhythm[len(begun)])
            found[one] = found.get(one, 0.0) + chance / len(fits)
    return found


def _pitches(style: Grammar, before: int | None) -> dict[int, float]:
    if before is None:
        return {style.scale[place]: 1.0 / len(style.starts) for place in style.starts}
    at = style.scale.index(before)
    moves = {at + move: chance for move, chance in style.moves.items() if 0 <= at + move < len(style.scale)}
    whole = sum(moves.values())
    return {style.scale[place]: chance / whole for place, chance in moves.items()}


def walk(style: Grammar, bars: int, hear: Callable[[Chances], Note]) -> Iterator[tuple[Note, Chances, bool]]:
    """A melody: each note, what might have come in its place, and whether its phrase comes again.

    hear: says which note comes, of those that may.
    """
    heard = dict[str, list[Note]]()
    for letter in style.form:
        if letter in heard:
            for one in heard[letter]:
                known = {one: 1.0}
                yield hear(known), known, True
            continue
        phrase, before = list[Note](), None
        for bar in range(bars):
            begun: Rhythm = ()
            while sum(begun) < style.bar:
                chances = following(style, letter, begun, bar == bars - 1, before)
                one = hear(chances)
                yield one, chances, False
                begun, before = (*begun, one.length), one.pitch
                phrase.append(one)
        heard[letter] = phrase


MARCH = Grammar(
    name="march",
    said="a march",
    scale=(60, 62, 64, 65, 67, 69, 71, 72),  # C major
    bar=8,
    form="AABA",
    rhythms=((2, 2, 2, 2), (3, 1, 4)),
    cadences=((2, 2, 4), (4, 4)),
    starts=(0, 2, 4),
    ends={"A": 0, "B": 4},
    moves={1: 0.45, -1: 0.3, 2: 0.15, -2: 0.1},
    tempo=120,
)
LAMENT = Grammar(
    name="lament",
    said="a lament",
    scale=(57, 59, 60, 62, 64, 65, 67, 69),  # A minor
    bar=6,
    form="AABA",
    rhythms=((4, 2), (2, 2, 2), (3, 1, 2)),
    cadences=((6,), (4, 2)),
    starts=(4, 7),
    ends={"A": 0, "B": 4},
    moves={-1: 0.55, 1: 0.25, -2: 0.1, 2: 0.1},
    tempo=84,
)
TUNE = Grammar(
    name="tune",
    said="a pentatonic tune",
    scale=(60, 62, 64, 67, 69, 72, 74),  # C major pentatonic
    bar=8,
    form="AABB",
    rhythms=((3, 1, 2, 2), (2, 2, 4)),
    cadences=((3, 1, 4), (2, 2, 4)),
    starts=(2, 3),
    ends={"A": 3, "B": 0},
    moves={1: 0.4, -1: 0.4, 0: 0.1, 2: 0.1},
    tempo=104,
)
BLUES = Grammar(
    name="blues",
    said="a blues line",
    scale=(60, 63, 65, 66, 67, 70, 72),  # C blues
    bar=8,
    form="AAB",
    rhythms=((1, 1, 1, 1, 4), (2, 1, 1, 4)),
    cadences=((1, 1, 2, 4), (2, 2, 4)),
    starts=(0, 4, 6),
    ends={"A": 4, "B": 0},
    moves={-1: 0.5, 1: 0.35, 2: 0.1, 0: 0.05},
    tempo=96,
    swing=2 / 3,
)
STYLES: dict[str, Grammar] = {one.name: one for one in (MARCH, LAMENT, TUNE, BLUES)}
