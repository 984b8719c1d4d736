"""What `mido` is to make of events and chunks of a MIDI file that no note depends on: nothing, whatever stands in them.

Standard MIDI Files 1.0 (MIDI Manufacturers Association, 1996): chunks of other kinds than tracks are to be skipped.
"""

import struct
from typing import Any

from mido.midifiles.meta import MetaSpec, add_meta_spec

TEMPO = "tempo_said"  # the type of events that say how long a quarter is
_TEMPO, _END_OF_TRACK = 0x51, 0x2F
_TEMPO_BYTES = 3
_COUNT = slice(10, 12)  # where the header has the number of tracks


class _Unread(MetaSpec):  # type: ignore[misc]  # mido has no types
    """An event whose bytes are not looked at, so that none of them can be wrong."""

    type = "unread"
    attributes: tuple[str, ...] = ()
    defaults: tuple[Any, ...] = ()

    def decode(self, message: Any, data: list[int]) -> None:
        """Nothing is kept of it but when it is."""


class _Tempo(_Unread):
    """A tempo in microseconds of a quarter; 0, which none is, where it has other than three bytes."""

    type = TEMPO
    type_byte = _TEMPO
    attributes = ("tempo",)
    defaults = (0,)

    def decode(self, message: Any, data: list[int]) -> None:
        """The number, the highest byte first."""
        vars(message)["tempo"] = int.from_bytes(bytes(data), "big") if len(data) == _TEMPO_BYTES else 0


def tolerate() -> None:
    """From now on mido reads no bytes of meta events but those of tempos; how it writes them stays as it is."""
    add_meta_spec(_Tempo)
    for number in range(256):
        if number not in (_TEMPO, _END_OF_TRACK):
            add_meta_spec(type("_Unread", (_Unread,), {"type_byte": number}))


def tracks_alone(data: bytes) -> bytes:
    """A file without its chunks that are no tracks, and without them in its number of tracks if that counts them.

    From where no chunk follows the last one on it stays as it is.
    """
    at = begin = _behind(data, 0)
    tracks, skipped = list[bytes](), 0
    while at + 8 <= len(data) and (name := data[at : at + 4]).isalnum() and (end := _behind(data, at)) <= len(data):
        if name == b"MTrk":
            tracks.append(data[at:end])
        skipped += name != b"MTrk"
        at = end
    said = int.from_bytes(data[_COUNT], "big")
    count = len(tracks) if len(tracks) < said <= len(tracks) + skipped else said
    return b"".join([data[: _COUNT.start], count.to_bytes(2, "big"), data[_COUNT.stop : begin], *tracks, data[at:]])


def _behind(data: bytes, at: int) -> int:
    """Where the chunk ends that begins at a place of a file."""
    size: int = struct.unpack(">L", data[at + 4 : at + 8].rjust(4, b"\0"))[0]
    return at + 8 + size
