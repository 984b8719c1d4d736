"""Films that a visitor types: a shape and how it moves, or the pixels of every frame."""

import dataclasses
import math
import re

import numpy as np

from rnnviz.core.errors import ExperimentError, Words
from rnnviz.core.parsing import parse_real
from rnnviz.tasks.motion import films
from rnnviz.tasks.motion.films import Poses
from rnnviz.tasks.motion.paths import KINDS, LONGEST, QUICKEST, TURNS, moving
from rnnviz.tasks.typed import FIELD, check_length, whole

FORM = (
    "a shape and how it moves, such as “square left” or “disc clockwise 1.2” (pixels from frame to frame). "
    f"Or {films.SIDE**2} digits for each frame, row by row, from 0 (black) to f (white)"
)
USUAL, FASTEST = 1.0, 4.0  # pixels from one frame to the next
_PIXELS = films.SIDE**2
_SPACES = re.compile(r"[\s,]+")
_NO_DIGITS = re.compile("[^0-9a-f]+")


@dataclasses.dataclass(frozen=True)
class Told:
    """A film by its words.

    shape: a place in `films.SHAPES`.
    kind:  a place in `KINDS`.
    speed: pixels from one frame to the next.
    """

    shape: int
    kind: int
    speed: float


def read(text: str) -> Told | np.ndarray:
    """A film that is told, or its frames (time, row, column) float32.

    Raises:
        ExperimentError: it is neither.
    """
    words = _SPACES.sub(" ", whole(text)).lower().split()
    digits = "".join(words)
    other = _NO_DIGITS.search(digits)
    if digits and other is None:
        return _pixels(digits)
    if other is not None and len(digits) > _PIXELS and words[0] not in films.SHAPES:
        raise ExperimentError(FIELD, f"{_PIXELS} digits from 0 to f for each frame", other[0])
    check_length(len(words), "words or frames")
    kind = f"{words[1]}wards" if words[1:] and f"{words[1]}wards" in KINDS else "".join(words[1:2])
    if len(words) not in (2, 3) or words[0] not in films.SHAPES or kind not in KINDS:
        allowed = f"a shape ({', '.join(films.SHAPES)}) and how it moves ({', '.join(KINDS)})"
        raise ExperimentError(FIELD, allowed, " ".join(words))
    return Told(films.SHAPES.index(words[0]), KINDS.index(kind), _speed(words[2]) if words[2:] else USUAL)


def posed(film: Told, steps: int) -> Poses:
    """Where the shape of a film is that is told: it starts in the middle of the frame, or on top of its circle."""
    one = np.ones(1)
    start, period = np.full((1, 2), films.SIDE / 2), (QUICKEST + LONGEST) / 2
    if KINDS[film.kind] in TURNS:
        start = start - np.array([0.0, film.speed * period / (2.0 * math.pi)])
    way = moving(np.full(1, film.kind), start, film.speed * one, period * one, -math.pi / 2 * one, steps)
    radius = (films.SMALLEST + films.LARGEST) / 2
    return Poses(np.full(1, film.shape), way, np.zeros((steps, 1)), radius * one)


def _speed(word: str) -> float:
    try:
        value = parse_real(word)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= FASTEST:
        raise ExperimentError(FIELD, f"a speed from 0 to {FASTEST:g} pixels from frame to frame", word)
    return value


def _pixels(digits: str) -> np.ndarray:
    count, left = divmod(len(digits), _PIXELS)
    if left:
        raise ExperimentError(
            FIELD, f"{_PIXELS} digits for each frame", Words(f"{len(digits):,} digits, {left} after the last frame")
        )
    check_length(count, "frames")
    found = np.array([int(digit, 16) for digit in digits], np.float32) / np.float32(films.SHADES)
    return found.reshape(count, films.SIDE, films.SIDE)


def written(frames: np.ndarray) -> str:
    """Frames (time, row, column) as digits; shades in between are rounded."""
    shades = np.rint(films.SHADES * np.clip(frames, 0.0, 1.0)).astype(int).reshape(len(frames), -1)
    return " ".join("".join(f"{shade:x}" for shade in frame) for frame in shades.tolist())
