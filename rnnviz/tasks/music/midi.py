"""A MIDI file as notes of its channels: `mido` reads it, and nothing that stands in one may stop us.

Standard MIDI Files 1.0 (MIDI Manufacturers Association, 1996): times are in ticks, so many to a quarter.
"""

import dataclasses
import io
import itertools
import struct
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import mido

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.tasks.music import events

FIELD = "melody"
DRUMS = 10  # the channel, from 1
NEEDED = "a MIDI file (.mid)"
USUAL_TEMPO = 500_000  # microseconds of a quarter, where a file says none
_LONGEST_TIME = 0x0FFF_FFFF  # ticks between two events, as the standard allows
_MOST_HIGH_BYTES = 4_096  # one after another: as digits of one number they would take minutes to read
_AT_ONCE = 50_000  # bytes between two reports of progress
# What mido raises for a file that is damaged.
_DAMAGED = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    ArithmeticError,
    AttributeError,
    struct.error,
)

_OTHERS = {
    b"RIFF": "a RIFF file",
    b"ID3": "an MP3 file",
    b"\xff\xfb": "an MP3 file",
    b"OggS": "an Ogg file",
    b"fLaC": "a FLAC file",
    b"PK": "a ZIP file",
    b"%PDF": "a PDF file",
    b"\x89PNG": "a picture",
    b"\xff\xd8": "a picture",
}

events.tolerate()
Progress = Callable[[float], None]


class Sounding(NamedTuple):
    """A note that sounds from one tick to another."""

    start: int
    end: int
    pitch: int


@dataclasses.dataclass(frozen=True)
class Song:
    """What a file has.

    quarter:  ticks of a quarter.
    channels: of each channel, from 1, that has notes: those, by their starts, the highest of a chord first.
    tempo:    microseconds of a quarter: what holds for the longest time.
    tempos:   how many different ones there are.
    """

    quarter: int
    channels: dict[int, list[Sounding]]
    tempo: int
    tempos: int


def opened(data: bytes, progress: Progress | None = None) -> Song:
    """What a MIDI file has.

    progress: called now and then with the share that has been read.

    Raises:
        ExperimentError: it is none, is damaged, or keeps no time in quarters.
    """
    if data[:4] != b"MThd":
        raise ExperimentError(FIELD, NEEDED, Words(_other(data)))
    try:
        file = mido.MidiFile(file=_Bytes(events.tracks_alone(data), progress))
    except EOFError:
        raise ExperimentError(FIELD, f"{NEEDED} that is whole", Words("one that ends too early")) from None
    except _DAMAGED:
        raise ExperimentError(FIELD, f"{NEEDED} that is whole", Words("a damaged one")) from None
    if file.type not in (0, 1):
        allowed = "a MIDI file of one song (format 0 or 1)"
        raise ExperimentError(FIELD, allowed, Words(f"format {file.type}"))
    if file.ticks_per_beat <= 0:
        allowed = "a MIDI file whose times are parts of a quarter"
        raise ExperimentError(
            FIELD, allowed, Words("none" if not file.ticks_per_beat else "times of a film, in frames")
        )
    return _song(file.tracks, file.ticks_per_beat)


def _other(data: bytes) -> str:
    """What a file is that is no MIDI file, as far as its first bytes tell."""
    if not data:
        return "an empty file"
    film = data[4:8] == b"ftyp"
    return (
        "a film or sound"
        if film
        else next((said for at, said in _OTHERS.items() if data.startswith(at)), "something else")
    )


class _Bytes(io.BytesIO):
    """A file in memory that says how far it has been read, and refuses numbers of endless digits."""

    def __init__(self, data: bytes, progress: Progress | None) -> None:
        super().__init__(data)
        self._size, self._progress = len(data), progress
        self._high = self._single = 0

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        if size == 1:
            self._high = self._high + 1 if found > b"\x7f" else 0
            if self._high > _MOST_HIGH_BYTES:
                raise ValueError("a number of too many digits")
            self._single += 1
            if self._progress is not None and self._single % _AT_ONCE == 0:
                self._progress(self.tell() / self._size)
        return found


def _song(tracks: Iterable[Iterable[Any]], quarter: int) -> Song:
    channels, tempos, last = dict[int, list[Sounding]](), list[tuple[int, int]](), 0
    for track in tracks:
        line = _Line(quarter, channels)
        for event in track:
            if event.time > _LONGEST_TIME:
                raise ExperimentError(FIELD, f"{NEEDED} that is whole", Words("a damaged one"))
            line.now += event.time
            if event.type == events.TEMPO and event.tempo:
                tempos.append((line.now, event.tempo))
            elif event.type in ("note_on", "note_off"):
                line.hear(event.channel + 1, event.note, event.velocity if event.type == "note_on" else 0)
        line.close()
        last = max(last, line.now)
    for notes in channels.values():
        notes.sort(key=lambda one: (one.start, -one.pitch))
    return Song(quarter, channels, *_tempo(sorted(tempos), last))


class _Line:
    """The notes of one track, put into their channels when they end."""

    def __init__(self, quarter: int, channels: dict[int, list[Sounding]]) -> None:
        self.now = 0
        self._quarter, self._channels = quarter, channels
        self._begun = dict[tuple[int, int], int]()

    def hear(self, channel: int, pitch: int, loud: int) -> None:
        """A key is pressed, or released where it is not `loud`."""
        if (start := self._begun.pop((channel, pitch), None)) is not None:
            self._ended(channel, Sounding(start, self.now, pitch))
        if loud:
            self._begun[channel, pitch] = self.now

    def close(self) -> None:
        """What was never released is a whole note, at most to the end of the track."""
        for (channel, pitch), start in self._begun.items():
            self._ended(channel, Sounding(start, min(self.now, start + 4 * self._quarter), pitch))

    def _ended(self, channel: int, note: Sounding) -> None:
        if note.start < note.end:
            self._channels.setdefault(channel, []).append(note)


def _tempo(changes: list[tuple[int, int]], last: int) -> tuple[int, int]:
    """Which tempo holds for the longest time, and how many there are."""
    lasting = dict[int, int]()
    changes = [(0, USUAL_TEMPO), *changes, (last, 0)]
    for (begin, tempo), (end, _) in itertools.pairwise(changes):
        if end > begin:
            lasting[tempo] = lasting.get(tempo, 0) + end - begin
    return max(lasting, key=lambda one: lasting[one], default=USUAL_TEMPO), len(lasting)


def check_size(size: int) -> None:
    """Refuse a file of too many bytes."""
    if size > limits.LARGEST_MIDI:
        allowed = f"a MIDI file of at most {limits.LARGEST_MIDI // 1_000_000} MB"
        raise ExperimentError(FIELD, allowed, Words(f"{size / 1e6:.1f} MB"))
