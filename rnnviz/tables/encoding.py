"""In which encoding a text is written: a mark at its beginning, UTF-8 where that fits, else the likeliest of three."""

import codecs
import collections
import dataclasses
import io
import re
from typing import BinaryIO

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError
from rnnviz.tables import files

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a byte order mark",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Latin-1",
    "gb18030": "GBK",
    "cp932": "Shift-JIS",
}
GUESSED = {"cp1252": "Latin-1 (Western European)", "gb18030": "GBK (Chinese)", "cp932": "Shift-JIS (Japanese)"}
_MARKS = {  # UTF-32 first: its mark begins with that of UTF-16
    "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
    "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
}
_AT_ONCE = 1_000_000  # bytes
_FIRST = 4_096  # bytes in which a binary file shows
_LIKELY = 0.6  # of all characters beyond ASCII are frequent ones, in the right encoding
_ZEROS = 0.25  # of the bytes of UTF-16 without a mark, at least: half of its characters are ASCII
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# Frequent characters of each, in bytes: signs and the commoner half of Chinese; kana, signs and the commoner Kanji.
_OF_GBK = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]")
_OF_SHIFT_JIS = re.compile(
    rb"\x81[\x40-\x9a]|\x82[\x4f-\xf1]|\x83[\x40-\x96]|\x88[\x9f-\xfc]|[\x89-\x97][\x40-\x7e\x80-\xfc]"
)


_NONE_OF_IT = re.compile(rb"(?<![\x80-\xff])[\x85\x91-\x97][A-Za-z](?![\x80-\xff])")  # marks of Latin-1 before ASCII


class BinaryFile(ValueError):
    """Bytes that are no text; the message says what they are."""


@dataclasses.dataclass(frozen=True)
class Decoded:
    """A text, which of `ENCODINGS` its bytes have, and how many of its characters could not be read."""

    text: str
    encoding: str
    unread: int


def decoded(data: bytes, chosen: str | None = None) -> Decoded:
    """Bytes as text; `chosen` is one of `ENCODINGS`, where the one that is found is wrong.

    Raises:
        BinaryFile: they are no text.
    """
    encoding, unread = encoding_of(io.BytesIO(data), chosen)
    return Decoded(data.decode(encoding, "replace"), encoding, unread)


def encoding_of(file: BinaryIO, chosen: str | None = None) -> tuple[str, int]:
    """Which of `ENCODINGS` a file has, read from its beginning, and how many of its characters are none in it.

    Letters of Latin-1 hardly ever make one of UTF-8 by chance: where most are one, the others are damaged.

    Raises:
        BinaryFile: it is no text.
        ExperimentError: there is no such encoding.
    """
    begin = file.read(_FIRST)
    if (archive := files.archive(begin)) is not None:
        raise BinaryFile(archive)
    if chosen is not None:
        if chosen not in ENCODINGS:
            raise ExperimentError("encoding", f"one of {', '.join(ENCODINGS)}", chosen)
        return chosen, _letters(file, chosen)[1]
    for marked, marks in _MARKS.items():
        if begin.startswith(marks):
            return marked, _letters(file, marked)[1]
    if b"\0" in begin:
        wide = _without_mark(begin)
        return wide, _letters(file, wide)[1]
    encoding = "utf-8-sig" if begin.startswith(codecs.BOM_UTF8) else "utf-8"
    letters, damaged = _letters(file, encoding)
    if damaged > letters and encoding == "utf-8":
        file.seek(0)
        encoding = _likeliest(file.read(_AT_ONCE))
        damaged = _letters(file, encoding)[1]
    return encoding, damaged


def _without_mark(begin: bytes) -> str:
    """UTF-16 without a mark: the zeros of its ASCII characters are all first bytes, or all second ones."""
    places = {place % 2 for place, byte in enumerate(begin) if not byte}
    encoding = "utf-16-be" if places == {0} else "utf-16-le"
    text = begin[: len(begin) // 2 * 2].decode(encoding, "replace")
    if len(places) == 2 or begin.count(0) < _ZEROS * len(begin) or _CONTROL.search(text) or "\ufffd" in text[:-1]:
        raise BinaryFile("a binary file")
    return encoding


def _likeliest(data: bytes) -> str:
    """The one of `GUESSED` in which most characters beyond ASCII are frequent; Latin-1 where none stands out."""
    if len(_CONTROL.findall(data[:_FIRST].decode("latin-1"))) > len(data[:_FIRST]) / 20:
        raise BinaryFile("a binary file")
    shares = {"gb18030": _share(data, "gb18030", _OF_GBK), "cp932": _share(data, "cp932", _OF_SHIFT_JIS)}
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] >= _LIKELY else "cp1252"


def _share(data: bytes, encoding: str, frequent: re.Pattern[bytes]) -> float:
    """Which share of the characters beyond ASCII is frequent; 0 where bytes are no characters in this encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        text = decoder.decode(data)  # the last character may be cut off
    except UnicodeDecodeError:
        return 0.0
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    known = sum(
        count
        for one, count in collections.Counter(text).items()
        if not one.isascii() and frequent.fullmatch(one.encode(encoding, "replace"))
    )
    alone = len(_NONE_OF_IT.findall(data)) if frequent is _OF_SHIFT_JIS else 0
    return (known - alone) / beyond if beyond else 0.0


def _letters(file: BinaryIO, encoding: str) -> tuple[int, int]:
    """How many characters beyond ASCII a file has in an encoding, and how many are damaged."""
    file.seek(0)
    mending, passing = (codecs.getincrementaldecoder(encoding)(how) for how in ("replace", "ignore"))
    letters = damaged = read = 0
    while True:
        data = file.read(min(_AT_ONCE, limits.LARGEST_TABLE - read))
        read += len(data)
        mended, kept = mending.decode(data, not data), passing.decode(data, not data)
        letters += len(kept) - len(kept.encode("ascii", "ignore"))
        damaged += len(mended) - len(kept)
        if not data:
            return letters, damaged
