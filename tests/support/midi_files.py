"""MIDI files as they come from the field, seeded: a melody over chords and drums, with changes of tempo."""

import functools
import io
from collections.abc import Iterable, Sequence

import mido
import numpy as np

from rnnviz.core.contents import Content, incoming
from rnnviz.tasks.music.reading import read_melody

QUARTER = 480  # ticks
Line = Iterable[tuple[int, int, int]]  # when a note begins and ends, in ticks, and its pitch


def tune(count: int, seed: int = 0, unit: int = QUARTER // 2) -> list[tuple[int, int, int]]:
    """A walk over a scale in notes of one, two or three units."""
    rng, scale, at, place, found = np.random.default_rng(seed), (67, 69, 71, 72, 74, 76, 78, 79), 0, 3, []
    for move, length in zip(rng.integers(-2, 3, count).tolist(), rng.choice([1, 1, 2, 3], count).tolist(), strict=True):
        place = min(7, max(0, place + move))
        found.append((at, at + length * unit, scale[place]))
        at += length * unit
    return found


def track(line: Line, channel: int = 0, more: Sequence[tuple[int, mido.MetaMessage]] = ()) -> mido.MidiTrack:
    """Notes and other events as a track; `channel` from 0, as it stands in a file."""
    events = [(at, 0, event) for at, event in more]
    for begin, end, pitch in line:
        events.append((begin, 2, mido.Message("note_on", channel=channel, note=pitch, velocity=80)))
        events.append((end, 1, mido.Message("note_off", channel=channel, note=pitch)))
    found, now = mido.MidiTrack(), 0
    for at, _, event in sorted(events, key=lambda one: one[:2]):
        found.append(event.copy(time=at - now))
        now = at
    return found


def written(*tracks: mido.MidiTrack, **more: int) -> bytes:
    """A MIDI file of these tracks."""
    out = io.BytesIO()
    mido.MidiFile(tracks=[*tracks], ticks_per_beat=QUARTER, **more).save(file=out)
    return out.getvalue()


def song(count: int = 120) -> bytes:
    """A melody on channel 1 over chords of the same channel, a bass on channel 2, and drums, in two tempos."""
    line = tune(count)
    end = line[-1][1]
    chords = [(at, at + QUARTER, pitch) for at in range(0, end, 4 * QUARTER) for pitch in (48, 52, 55)]
    bass = [(at, at + QUARTER, 36) for at in range(0, end, 2 * QUARTER)]
    drums = [(at, at + 60, 38) for at in range(0, end, QUARTER // 2)]
    tempos = [(at, mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm))) for at, bpm in ((0, 90), (960, 100))]
    return written(track([*line, *chords], more=tempos), track(bass, 1), track(drums, 9))


def stored(data: bytes, channel: int | None = None) -> Content:
    """The melody of a file, read."""
    with incoming() as path:
        path.write_bytes(data)
        return read_melody(path, channel)


@functools.cache
def melody(count: int) -> Content:
    """A melody of so many notes."""
    return stored(written(track(tune(count))))
