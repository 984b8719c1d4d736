"""A sequence that somebody types: symbols, words or numbers. What is neither is refused in a sentence."""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.core.parsing import parse_real

FIELD = "input"
LARGEST = 10.0  # of a number, either sign
MARK = "*"  # behind a number
_LONGEST_COMPOSED = 300  # characters of a word; composing takes time that grows with the square of a hostile text


class Typed(NamedTuple):
    """An input of an encoder–decoder that somebody typed.

    codes:  (input_time, …), what a model reads.
    right:  the right output as it is written; "" where that is not known.
    warned: what is to be known of an input that is unlike all that are trained on, in a sentence; else "".
    """

    codes: np.ndarray
    right: str
    warned: str


def read_symbols(text: str, codes: Mapping[str, int], known: str, blank: bool = False) -> np.ndarray:
    """The places (time,) int of the symbols of `text`.

    codes: symbol, one character → its place.
    known: which symbols those are, for the message.
    blank: whether a space is a symbol; else spaces and commas only part the symbols.

    Raises:
        ExperimentError: there is no symbol, too many, or one that is not known.
    """
    symbols = whole(text) if blank else re.sub(r"[\s,]+", "", whole(text))
    check_length(len(symbols), "symbols")
    for symbol in symbols:
        if symbol not in codes:
            raise ExperimentError(FIELD, f"made of {known}", symbol)
    return np.array([codes[symbol] for symbol in symbols])


def read_signed(text: str, names: Sequence[str], known: str) -> tuple[np.ndarray, np.ndarray]:
    """The places (time,) int64 of names of one letter, and whether each carries a plus (time,) bool, as in "A+ B-".

    known: what these are, for the message.

    Raises:
        ExperimentError: there is none, there are too many, or something else than a name with a sign behind it.
    """
    found = re.findall(r".[+-]?", re.sub(r"[\s,]+", "", whole(text)).replace("−", "-"))
    check_length(len(found), "answers")
    for one in found:
        if len(one) != 2 or one[0] not in names:
            raise ExperimentError(FIELD, f"made of {known}", one)
    return np.array([names.index(one[0]) for one in found], np.int64), np.array([one[1] == "+" for one in found])


def split_words(text: str) -> list[str]:
    """Words as they are read: small letters, commas apart, no other punctuation; “wasn't” is “was not”.

    Raises:
        ExperimentError: there are far too many characters.
    """
    small = composed(text).lower().replace("’", "'")
    small = re.sub(r"\bcan't\b", "can not", small).replace("n't", " not")
    return re.sub(r"[.;:!?\"“”()\[\]]", " ", small).replace(",", " , ").split()


def composed(text: str) -> str:
    """A typed text with each letter and its accents as one character (NFC); words that nobody writes stay as they are.

    Raises:
        ExperimentError: there are far too many characters.
    """
    return re.sub(r"[^\s,]+", lambda word: _composed(word[0]), whole(text))


def _composed(word: str) -> str:
    return unicodedata.normalize("NFC", word) if len(word) <= _LONGEST_COMPOSED and not word.isascii() else word


def read_words(words: Sequence[str], places: Mapping[str, int], unknown: int) -> np.ndarray:
    """The places (time,) int64 of words, `unknown` for those that are not known.

    Raises:
        ExperimentError: there is no word, or there are too many.
    """
    check_length(len(words), "words")
    return np.array([places.get(word, unknown) for word in words], np.int64)


def read_numbers(text: str, marks: bool) -> tuple[np.ndarray, np.ndarray]:
    """Numbers (time,) float32 and whether each carries a mark (time,) bool, as in "0.3, 0.8*, 0.1".

    Raises:
        ExperimentError: there is no number, too many, one too large, something else, or a mark where none is known.
    """
    words = re.sub(rf"\s+(?=\{MARK})", "", whole(text)).replace("−", "-").replace(",", " ").split()
    check_length(len(words), "numbers")
    return (
        np.array([_number(word, marks) for word in words], np.float32),
        np.array([marks and word.endswith(MARK) for word in words]),
    )


def _number(word: str, marks: bool) -> float:
    try:
        value = parse_real(word.removesuffix(MARK) if marks else word)
    except ValueError:
        value = math.nan
    if not abs(value) <= LARGEST:
        behind = f", with {MARK} behind those that are marked" if marks else ""
        raise ExperimentError(FIELD, f"numbers from −{LARGEST:g} to {LARGEST:g}{behind}", word)
    return value


def whole(text: str, longest: int = limits.LONGEST_TYPED) -> str:
    """The text itself, which is never cut before it is read, or a refusal of one that takes too long to look at."""
    if len(text) > longest:
        raise ExperimentError(FIELD, f"at most {longest:,} characters long", Words(f"{len(text):,} characters"))
    return text


def check_length(length: int, what: str) -> None:
    """Refuse a typed sequence of none or too many of `what`."""
    if not 1 <= length <= limits.LONGEST_SEQUENCE:
        received = f"{length:,} {what}" if length else "none"
        raise ExperimentError(FIELD, f"1 to {limits.LONGEST_SEQUENCE} {what}", Words(received))
