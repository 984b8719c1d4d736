"""Where text comes from, how it is cleaned, and its characters as small numbers."""

import abc
import dataclasses
import functools
import hashlib
import importlib.util
import unicodedata

import numpy as np

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError

HELLO = "hello"
OWN = "own"
PYTHON = "python:"
RARE = "□"  # stands for every character beyond the vocabulary
MODULES = (  # pure Python in every version from 3.11 on, small and readable
    "this",
    "bisect",
    "heapq",
    "textwrap",
    "calendar",
    "random",
    "fractions",
    "statistics",
    "difflib",
    "argparse",
)
CORPORA = (HELLO, *(PYTHON + module for module in MODULES), OWN)

_VISIBLE = {" ": "␣", "\n": "↵", "\t": "⇥"}


@dataclasses.dataclass(frozen=True, eq=False)
class Corpus:
    """A text as numbers.

    vocabulary: its different characters, sorted; with `RARE` last if there are too many.
    codes:      (character,) uint8, the place of every character in the vocabulary.
    """

    vocabulary: tuple[str, ...]
    codes: np.ndarray


class Running(abc.ABC):
    """What a task has besides that learns a running text: it can be read from anywhere to anywhere."""

    @property
    @abc.abstractmethod
    def running(self) -> tuple[str, int]:
        """The text that is learned, and from which of its characters on it is held out."""

    @abc.abstractmethod
    def read(self, text: str) -> np.ndarray:
        """Any text as a model reads it, (time, 1, feature) float32; unknown characters as one, where there is one.

        Raises:
            ExperimentError: a character is not known and there is none for that.
        """


def cleaned(text: str) -> str:
    """`text` as it is learned, linked and hashed: the one place where text is changed. Cleaning twice changes nothing.

    Every kind of line end becomes a newline and every kind of space a plain one. Characters that are not to be
    seen are dropped: control characters other than newline and tab, byte order marks, direction marks, joiners,
    unassigned and private ones, halves of surrogate pairs. Nothing else changes: a letter with a combining accent
    stays two characters (composing them takes time that grows with the square of a hostile text).

    Raises:
        ExperimentError: what is left has fewer than two different characters, or none to be seen.
    """
    left = plain(text)
    if len(set(left)) < 2 or not left.strip():
        raise ExperimentError("text", "at least two different characters, one of them to be seen", text)
    return left


def plain(text: str) -> str:
    """`text` as `cleaned` leaves it, however little that is."""
    text = text.replace("\r\n", "\n")
    changed = {ord(c): new for c in set(text) if (new := _clean_character(c)) != c}
    return text.translate(changed) if changed else text


def _clean_character(character: str) -> str:
    if character in "\n\t":
        return character
    if character in "\r\v\f\x85\u2028\u2029":
        return "\n"
    category = unicodedata.category(character)
    return {"C": "", "Z": " "}.get(category[0], character)


def digest(text: str) -> str:
    """A short hash that names a cleaned text in a link: 16 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@functools.lru_cache(maxsize=len(CORPORA))
def shipped(corpus: str) -> str:
    """The text of a corpus that is on every machine.

    Raises:
        ExperimentError: this Python comes without the source of its library.
    """
    if corpus == HELLO:
        return HELLO
    module = corpus.removeprefix(PYTHON)
    spec = importlib.util.find_spec(module)
    try:
        source = spec.loader.get_source(module)  # type: ignore[union-attr]
    except (AttributeError, ImportError, OSError):
        source = None
    if not source:
        raise ExperimentError("corpus", "one whose text this Python brings along", corpus)
    return cleaned(source)


@functools.lru_cache(maxsize=8)  # a long text takes a tenth of a second; equal tasks share it
def prepare(text: str) -> Corpus:
    """A cleaned text as numbers, with the rarest characters as one if they are too many."""
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    counts = np.bincount(points)
    found = np.flatnonzero(counts)
    if len(found) > limits.LARGEST_VOCABULARY:
        found = _commonest(found, counts)
    vocabulary = tuple(chr(point) for point in found)
    places = np.full(len(counts), len(found), np.uint8)
    places[found] = np.arange(len(found))
    codes = places[points]
    if codes.max() == len(found):
        vocabulary += (RARE,)
    return Corpus(vocabulary, codes)


def _commonest(found: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The code points that keep a place of their own; `RARE` itself joins the rare."""
    found = found[found != ord(RARE)]
    order = np.argsort(-counts[found], kind="stable")  # among equals the first in the alphabet
    return np.sort(found[order[: limits.LARGEST_VOCABULARY - 1]])


def visible(character: str) -> str:
    """One character as it is shown: space ␣, newline ↵, tab ⇥, a combining mark on a ring of dots."""
    if unicodedata.category(character).startswith("M"):
        return "◌" + character
    return _VISIBLE.get(character, character)
