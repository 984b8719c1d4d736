"""What can be true of a place in a text, and which units of a model follow it (Karpathy, Johnson & Fei-Fei 2015)."""

import dataclasses
import itertools
from collections.abc import Callable

import numpy as np

from rnnviz.core.errors import ExperimentError

_OPENING, _CLOSING = "([{", ")]}"
_QUOTES = "\"'“”‘’«»"
LONGEST_PASSAGE = 200  # characters


@dataclasses.dataclass(frozen=True)
class Pattern:
    """Something that each character of a text has more or less of.

    title:  on screen.
    find:   text → (character,) float32.
    either: whether it is there or not, 1 or 0; else a number.
    """

    title: str
    find: Callable[[str], np.ndarray]
    either: bool


@dataclasses.dataclass(frozen=True)
class Follower:
    """How well one unit follows a pattern.

    unit:  its place among the states.
    r:     Pearson's correlation of its values with the pattern, from −1 to 1.
    right: for a pattern that is there or not, how often one threshold on the unit tells, on average over where it is
           and where it is not (balanced accuracy); 0.5 is chance. NaN of a pattern of numbers.
    """

    unit: int
    r: float
    right: float


def _quotes(text: str) -> np.ndarray:
    """From an opening quotation mark to the one that closes it, on one line: both marks and what is between them."""
    inside, found = "", np.zeros(len(text), np.float32)
    for at, character in enumerate(text):
        if character == "\n":
            inside = ""
        elif inside:
            found[at] = 1
            inside = "" if character == inside else inside
        elif character in _QUOTES and not (character in "'’" and at and text[at - 1].isalpha()):
            closed = {"“": "”", "‘": "’", "«": "»"}.get(character, character)
            if closed in text[at + 1 :].split("\n", 1)[0]:
                inside, found[at] = closed, 1
    return found


def _depth(text: str) -> np.ndarray:
    """Brackets that are open after each character."""
    steps = [(one in _OPENING) - (one in _CLOSING) for one in text]
    found, open_ = np.zeros(len(text), np.float32), 0
    for at, step in enumerate(steps):
        open_ = max(0, open_ + step)
        found[at] = open_
    return found


def _in_line(text: str) -> np.ndarray:
    """Characters since the line began, the first being 0; the end of a line belongs to it."""
    ends = [at for at, one in enumerate(text) if one == "\n"]
    begins = np.zeros(len(text), np.int64)
    for end in ends:
        begins[end + 1 :] = end + 1
    return (np.arange(len(text)) - begins).astype(np.float32)


def _lines(text: str, number: Callable[[str], int]) -> np.ndarray:
    """A number of the whole line that each character is in."""
    parts = text.split("\n")
    counts = [len(part) + 1 for part in parts]
    return np.repeat([float(number(part)) for part in parts], counts)[: len(text)].astype(np.float32)


def _indented(text: str) -> np.ndarray:
    return _lines(text, lambda line: len(line) - len(line.lstrip(" \t")))


def _long(text: str) -> np.ndarray:
    return _lines(text, len)


def _comment(text: str) -> np.ndarray:
    """Behind a # up to the end of its line, outside of quotation marks."""
    quoted, found, inside = _quotes(text), np.zeros(len(text), np.float32), False
    for at, character in enumerate(text):
        inside = character != "\n" and (inside or (character == "#" and not quoted[at]))
        found[at] = inside
    return found


def _of(test: Callable[[str], bool]) -> Callable[[str], np.ndarray]:
    return lambda text: np.array([test(one) for one in text], np.float32)


PATTERNS: dict[str, Pattern] = {
    "quotes": Pattern("inside quotation marks", _quotes, True),
    "brackets": Pattern("inside brackets", lambda text: np.minimum(_depth(text), 1), True),
    "depth": Pattern("how many brackets are open", _depth, False),
    "indent": Pattern("indentation of the line", _indented, False),
    "position": Pattern("position in the line", _in_line, False),
    "length": Pattern("length of the whole line", _long, False),
    "comment": Pattern("inside a comment (#)", _comment, True),
    "space": Pattern("spaces and line ends", _of(str.isspace), True),
    "capitals": Pattern("capital letters", _of(str.isupper), True),
    "digits": Pattern("digits", _of(str.isdigit), True),
}


def passages(text: str, passage: str) -> np.ndarray:
    """Where a passage stands in a text, each time it comes: (character,) float32, 1 on it and 0 elsewhere.

    Raises:
        ExperimentError: it is empty, too long, or nowhere in the text.
    """
    if not 0 < len(passage) <= LONGEST_PASSAGE or passage not in text:
        allowed = f"1 to {LONGEST_PASSAGE} characters that stand in the text"
        raise ExperimentError("passage", allowed, passage)
    found, at = np.zeros(len(text), np.float32), text.find(passage)
    while at >= 0:
        found[at : at + len(passage)] = 1
        at = text.find(passage, at + 1)
    return found


def followers(states: np.ndarray, wanted: np.ndarray, either: bool, most: int = 8) -> list[Follower]:
    """The units whose values go best with a pattern, best first.

    states: (character, unit), after each character was read.
    wanted: (character,), the pattern. Where it is the same everywhere, nothing follows it: then there are none.
    either: as in `Pattern`; units are then ordered by how often they are right, else by |r|.
    """
    if not len(wanted) or wanted.min() == wanted.max():
        return []
    values = states.astype(np.float64)
    r = _correlations(values, wanted.astype(np.float64))
    right = _balanced(values, wanted > 0) if either else np.full(len(r), np.nan)
    order = np.argsort(-(right if either else np.abs(r)), kind="stable")[:most]
    return [Follower(int(unit), float(r[unit]), float(right[unit])) for unit in order]


def _correlations(values: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Of each unit (unit,); 0 of one that never changes."""
    apart, asked = values - values.mean(0), wanted - wanted.mean()
    size = np.linalg.norm(apart, axis=0) * np.linalg.norm(asked)
    found: np.ndarray = np.divide(apart.T @ asked, size, out=np.zeros(values.shape[1]), where=size > 0)
    return found


def _balanced(values: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Balanced accuracy of the best threshold on each unit, above or below: (unit,)."""
    order = np.argsort(values, axis=0, kind="stable")
    ordered = np.take_along_axis(values, order, 0)
    on, off = there[order].cumsum(0) / there.sum(), (~there)[order].cumsum(0) / (~there).sum()
    apart = np.abs(on - off)
    apart[:-1][ordered[1:] == ordered[:-1]] = 0  # no threshold lies between equal values
    best: np.ndarray = 0.5 + apart.max(0) / 2
    return best


@dataclasses.dataclass(frozen=True)
class Alike:
    """A place in the text where the states are much as at another: `at`, and the cosine of both state vectors."""

    at: int
    cosine: float


def most_alike(states: np.ndarray, at: int, most: int = 5, apart: int = 10) -> list[Alike]:
    """The places where the state vector (character, unit) is most like that at `at`, best first.

    apart: characters that two of them, and each of them and `at`, are at least away from each other.
    """
    values = states.astype(np.float64) - states.astype(np.float64).mean(0)
    size = np.linalg.norm(values, axis=1)
    cosine = values @ values[at] / np.maximum(size * size[at], 1e-12)
    found: list[Alike] = []
    for place in np.argsort(-cosine, kind="stable"):
        taken = itertools.chain([at], (one.at for one in found))
        if all(abs(int(place) - other) >= apart for other in taken):
            found.append(Alike(int(place), float(cosine[place])))
        if len(found) == most:
            break
    return found
