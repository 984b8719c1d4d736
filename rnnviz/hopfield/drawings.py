"""Small pictures as patterns: drawn in letters, written as hexadecimal digits."""

import numpy as np

from rnnviz.core.errors import ExperimentError

SIDE = 10  # pixels
UNITS = SIDE * SIDE
_DIGITS = UNITS // 4  # hexadecimal

_T = (
    "########## ########## ....##.... ....##.... ....##....",
    "....##.... ....##.... ....##.... ....##.... ....##....",
)
_O = (
    "...####... ..######.. .##....##. ##......## ##......##",
    "##......## ##......## .##....##. ..######.. ...####...",
)
_ARROW = (
    "....##.... ...####... ..######.. .########. ##########",
    "...####... ...####... ...####... ...####... ...####...",
)
_FACE = (
    "..######.. .#......#. #..#..#..# #..#..#..# #........#",
    "#.#....#.# #..####..# #........# .#......#. ..######..",
)


def start_set() -> tuple[np.ndarray, ...]:
    """Patterns to begin with; their overlaps are small, so that each is a fixed point beside the others."""
    pixels = ("".join(halves).replace(" ", "") for halves in (_T, _O, _ARROW, _FACE))
    return tuple(np.where(np.array(list(one)) == "#", 1.0, -1.0) for one in pixels)


def bits_of(pattern: np.ndarray) -> str:
    """A pattern (100,) as 25 hexadecimal digits, the first pixel first; a pixel of +1 is a bit of 1."""
    return np.packbits(np.append(pattern, [-1.0] * 4) > 0).tobytes().hex()[:_DIGITS]


def drawing(bits: str) -> np.ndarray:
    """The pattern (100,) that such digits stand for.

    Raises:
        ExperimentError: they are none.
    """
    if len(bits) != _DIGITS or not set(bits.lower()) <= set("0123456789abcdef"):
        raise ExperimentError("pattern", f"{_DIGITS} hexadecimal digits for {SIDE} × {SIDE} pixels", bits)
    raw = np.unpackbits(np.frombuffer(bytes.fromhex(f"{bits}0"), np.uint8))[:UNITS]
    return np.where(raw == 1, 1.0, -1.0)
