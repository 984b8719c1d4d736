"""What somebody lets a model of their own read: indices, text by a vocabulary, or vectors. Anyone may have typed it."""

import dataclasses
import io
import math
import re
from collections.abc import Sequence

import numpy as np

from rnnviz.checkpoints.token_lines import NoVocabulary
from rnnviz.checkpoints.vocabulary import tokens_of_text
from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, Words, plain, shown
from rnnviz.tables import encoding as encodings
from rnnviz.tables.matrix import matrix
from rnnviz.tables.report import Report

UNKNOWN = ("<unk>", "<UNK>", "[UNK]", "unk", "UNK")  # what vocabularies call a token that they do not have


@dataclasses.dataclass(frozen=True)
class OwnInput:
    """One sequence for a model.

    x:      (time, feature) float32.
    tokens: what stands for each time step; "" for nothing.
    note:   what is to be said about it, in a sentence; "" for nothing.
    """

    x: np.ndarray
    tokens: tuple[str, ...]
    note: str = ""


def indices(text: str, most: int) -> np.ndarray:
    """Numbers from 0 to `most` − 1, between commas, semicolons or blanks.

    Raises:
        ExperimentError: there are none, too many, or one is no such number.
    """
    parts = [part for part in re.split(r"[\s,;]+", text[: limits.LONGEST_QUERY].strip()) if part]
    _check_length(len(parts))
    allowed = f"whole numbers from 0 to {most - 1:,}"
    for part in parts:
        if not (part.isascii() and part.isdigit() and len(part) < 10 and int(part) < most):
            raise ExperimentError("input", allowed, part)
    return np.array([int(part) for part in parts], np.int64)


def one_hot(ids: np.ndarray, width: int) -> np.ndarray:
    """Each index as a vector with a 1 in its place: (time, width)."""
    return np.eye(width, dtype=np.float32)[ids] if width <= 1_024 else _sparse_rows(ids, width)


def _sparse_rows(ids: np.ndarray, width: int) -> np.ndarray:
    rows = np.zeros((len(ids), width), np.float32)
    rows[np.arange(len(ids)), ids] = 1.0
    return rows


def noise(steps: int, width: int, seed: int = 0) -> np.ndarray:
    """Standard normal numbers: (time, width), the same for the same seed."""
    return np.random.default_rng(seed).standard_normal((steps, width)).astype(np.float32)


# Vectors


@dataclasses.dataclass(frozen=True)
class Vectors:
    """Numbers (time, feature) float32, what was read of a table (None of a .npy file), and what is to be said."""

    x: np.ndarray
    report: Report | None = None
    note: str = ""


def vectors(data: bytes) -> np.ndarray:
    """Rows of numbers, one row for each time step, of a .npy file or of a table as text: (time, feature) float32.

    Raises:
        ExperimentError: it is neither, or its rows do not fit together.
    """
    return read_vectors(data).x


def read_vectors(data: bytes, wanted: int = 0, columns: Sequence[str] = (), encoding: str | None = None) -> Vectors:
    """The same with what was read of it; of what is too long the beginning.

    wanted:   how many numbers a row has to have, where that is known.
    columns:  names of the columns, where they are chosen.
    encoding: one of `rnnviz.tables.encoding.ENCODINGS`, where it is chosen.

    Raises:
        ExperimentError: it is neither, or its rows do not fit together.
    """
    found = _of_array(data) if data.startswith(b"\x93NUMPY") else _of_text(data, wanted, columns, encoding)
    _check_length(len(found.x))
    if not np.isfinite(found.x).all():
        raise ExperimentError("input", "finite numbers", Words("NaN, infinity, or a number beyond 10³⁸"))
    return found


def _of_array(data: bytes) -> Vectors:
    _check_bytes(data, "input", limits.LARGEST_UPLOAD)
    x, most = _array(data), limits.LONGEST_SEQUENCE
    return Vectors(x[:most], None, f"Too long: its first {most} rows are used." if len(x) > most else "")


def _of_text(data: bytes, wanted: int, columns: Sequence[str], encoding: str | None) -> Vectors:
    try:
        found = encodings.decoded(data[: limits.LARGEST_UPLOAD], encoding)
    except encodings.BinaryFile as error:
        raise ExperimentError("input", "plain text, or a .npy file of numbers", Words(error)) from None
    values, report = matrix(found.text, wanted, columns)
    report = dataclasses.replace(report, encoding=found.encoding, unread=found.unread)
    with np.errstate(over="ignore"):
        return Vectors(values.astype(np.float32), report, report.said)


def _array(data: bytes) -> np.ndarray:
    """A .npy file, whose header is compared with its size before memory is taken for it."""
    allowed = "an array of numbers of shape (time, feature) in a .npy file"
    file = io.BytesIO(data)
    try:
        read = np.lib.format.read_array_header_1_0 if np.lib.format.read_magic(file) == (1, 0) else None
        shape, _, kind = (read or np.lib.format.read_array_header_2_0)(file)
        sizes = [min(int(size), 2**63) for size in shape]  # Python writes no number of more than 4,300 digits
        whole = kind.kind in "fiub" and math.prod(sizes) * kind.itemsize <= len(data)
    except Exception:  # numpy reads the header as Python's own literals, and raises whatever that makes of it
        raise ExperimentError("input", allowed, Words("a damaged file")) from None
    if not whole:
        raise ExperimentError("input", allowed, Words(f"{_sized(sizes)} of type {kind.str}, in {len(data):,} bytes"))
    if math.prod(sizes) > limits.MOST_NUMBERS:
        raise ExperimentError("input", f"at most {limits.MOST_NUMBERS:,} numbers", Words(_sized(sizes)))
    try:
        array = np.load(io.BytesIO(data), allow_pickle=False)
    except (ValueError, EOFError, OSError):
        raise ExperimentError("input", allowed, Words("a damaged file")) from None
    array = array[:, None] if array.ndim == 1 else array
    if array.ndim != 2 or 0 in array.shape:
        raise ExperimentError("input", allowed, Words(f"shape {_sized(sizes)}"))
    with np.errstate(over="ignore"):
        single: np.ndarray = array.astype(np.float32)
        return single


def _sized(sizes: Sequence[int]) -> str:
    return " × ".join(f"{n:,}" if n < 10**15 else "more than 10¹⁵" for n in sizes[:4]) + " …" * (len(sizes) > 4)


# Text


def vocabulary(data: bytes | str) -> tuple[str, ...]:
    """Tokens by index, "" where an index has none: of lines or of JSON, as `tokens_of_text` reads them.

    Raises:
        ExperimentError: it is none of these, or too long.
    """
    text = data if isinstance(data, str) else _text(data, "vocabulary", limits.LARGEST_TOKEN_FILE)
    try:
        return tokens_of_text(text)
    except NoVocabulary as error:
        raise ExperimentError("vocabulary", error.allowed, Words(error.came)) from None


def tokenised(text: str, words: Sequence[str], by_word: bool) -> tuple[np.ndarray, tuple[str, ...], str]:
    """Indices of the tokens of a text, the tokens, and which of them the vocabulary does not have.

    by_word: tokens are what blanks separate; else they are single characters.

    Raises:
        ExperimentError: it is empty or too long, or has a token that is not in the vocabulary, which knows no unknown.
    """
    tokens = text.split() if by_word else list(text)
    _check_length(len(tokens))
    place = {token: index for index, token in reversed([*enumerate(words)])}
    stand_in = next((place[name] for name in UNKNOWN if name in place), None)
    unknown = [token for token in dict.fromkeys(tokens) if token not in place]
    if unknown and stand_in is None:
        raise ExperimentError("input", "made of tokens of the vocabulary", unknown[0])
    ids = np.array([place.get(token, stand_in) for token in tokens], np.int64)
    named = ", ".join(shown(token) for token in unknown[:3]) + (" …" if len(unknown) > 3 else "")
    note = f"Not in the vocabulary and read as {words[stand_in or 0]}: {named}." if unknown else ""
    return ids, tuple(token if len(token) == 1 else plain(token, 12) for token in tokens), note


def _text(data: bytes, field: str, largest: int = limits.LARGEST_UPLOAD) -> str:
    _check_bytes(data, field, largest)
    try:
        if b"\0" in data:
            raise ExperimentError(field, "plain text", Words("a binary file"))
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        came = Words(f"a file that is not UTF-8 at byte {error.start + 1:,}")
        raise ExperimentError(field, "plain text in UTF-8", came) from None


def _check_bytes(data: bytes, field: str, largest: int) -> None:
    if len(data) > largest:
        allowed = f"a file of at most {largest // 1_000_000} MB"
        raise ExperimentError(field, allowed, Words(f"{len(data) / 1e6:.1f} MB"))


def _check_length(steps: int) -> None:
    if not 0 < steps <= limits.LONGEST_SEQUENCE:
        allowed = f"1 to {limits.LONGEST_SEQUENCE} time steps long"
        raise ExperimentError("input", allowed, Words(f"{steps:,}"))
