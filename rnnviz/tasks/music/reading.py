"""A melody out of anyone's MIDI file, stored: `python -m … FILE [CHANNEL]`.

As a program it runs beside the server, which neither waits nor grows. It prints one JSON object a line: how much has
been read, then what came of it.
"""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rnnviz.core import limits
from rnnviz.core.contents import Content, keep
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.core.names import counted, listed
from rnnviz.tasks.music import midi
from rnnviz.tasks.music.brought import FASTEST, FEWEST, SLOWEST, trained_of
from rnnviz.tasks.music.midi import DRUMS, FIELD, Progress, Song
from rnnviz.tasks.music.notes import Note
from rnnviz.tasks.music.voice import SIXTEENTH, Voice, voice_of

_CHANNEL = re.compile(r"(?:channel )?(\d{1,2})(?: .*)?")


def read_melody(path: str | Path, channel: int | None = None, progress: Progress | None = None) -> Content:
    """The melody of a MIDI file (format 0 or 1), stored; for `Music(melody=…)`.

    It is the highest note at every moment of the channel with the most notes that is not drums; where that has no
    melody that can be learned, of the next one that has.

    channel:  1 to 16, where another one is meant.
    progress: called now and then with the share of the file that has been read.

    Raises:
        ExperimentError: it is no such file, too large, damaged, or has no melody that can be learned.
    """
    path = Path(path)
    midi.check_size(path.stat().st_size)
    data = path.read_bytes()
    midi.check_size(len(data))
    return keep(_canonical(midi.opened(data, progress), channel))


def _canonical(song: Song, channel: int | None) -> bytes:
    """What is stored: the same bytes for the same melody.

    Raises:
        ExperimentError: there is none that can be learned.
    """
    counts = {number: len(notes) for number, notes in sorted(song.channels.items()) if number != DRUMS}
    drums = len(song.channels.get(DRUMS, ()))
    if not counts:
        allowed = f"a MIDI file with notes, not drums alone (channel {DRUMS})"
        raise ExperimentError(FIELD, allowed, Words(f"{counted(drums, 'note')} of drums" if drums else "no note"))
    if channel is not None and channel not in counts:
        allowed = f"read from a channel that has notes ({listed([str(one) for one in counts], 'or')})"
        raise ExperimentError(FIELD, allowed, channel)
    read, voice = _first(song, sorted(counts, key=lambda one: -counts[one]) if channel is None else [channel])
    said = (2 if voice.unit == SIXTEENTH else 1) * 60e6 / max(1, song.tempo)
    tempo = float(round(min(max(said, SLOWEST), FASTEST), 1))
    told = {
        "channel": read,
        "channels": {str(number): count for number, count in counts.items()},
        "drums": drums,
        "tempo": tempo,
        "tempo_kept": abs(tempo - said) < 0.1,
        "tempos": song.tempos,
        "unit": voice.unit,
        "below": voice.below,
        "rests": voice.rests,
        "cut": voice.cut,
        "rounded": voice.rounded,
        "beyond": max(0, len(voice.notes) - limits.MOST_MELODY_NOTES),
    }
    return json.dumps({"melody": [[*one] for one in _read(voice)], "told": told}, sort_keys=True).encode()


def _first(song: Song, channels: Sequence[int]) -> tuple[int, Voice]:
    """The first of channels whose melody can be learned.

    Raises:
        ExperimentError: why that of the first one cannot, where none can.
    """
    refused = list[ExperimentError]()
    for channel in channels:
        voice = voice_of(song.channels[channel], song.quarter)
        try:
            _check(_read(voice), channel)
        except ExperimentError as error:
            refused.append(error)
        else:
            return channel, voice
    raise refused[0]


def _read(voice: Voice) -> tuple[Note, ...]:
    return voice.notes[: limits.MOST_MELODY_NOTES]


def _check(notes: Sequence[Note], channel: int) -> None:
    if len(notes) < FEWEST:
        allowed = f"one of at least {FEWEST} notes"
        raise ExperimentError(FIELD, allowed, Words(f"{len(notes)} in channel {channel}"))
    if (different := len(set(notes))) > limits.MOST_DIFFERENT_NOTES:
        allowed = f"one of at most {limits.MOST_DIFFERENT_NOTES} different notes (pitch and length)"
        raise ExperimentError(FIELD, allowed, Words(f"{different} in channel {channel}"))
    trained = trained_of(len(notes))
    for part, which in ((notes[:trained], "that is trained on"), (notes[trained:], "that is held out")):
        if len(set(part)) == 1:
            raise ExperimentError(FIELD, f"one that changes in its part {which}", Words("one note again and again"))


def main(path: str, channel: str = "", _: str = "") -> None:
    """Read a file and print how it goes: {"share": …} now and then, last {"digest": …} or why not.

    channel: as its name is told: "channel 3 (120 notes)".
    """
    named = _CHANNEL.fullmatch(channel)
    try:
        content = read_melody(path, None if named is None else int(named[1]), lambda share: _say(share=share))
        _say(digest=content.digest)
    except ExperimentError as error:
        _say(field=error.field, allowed=error.allowed, received=str(error.received))


def _say(**said: Any) -> None:
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
