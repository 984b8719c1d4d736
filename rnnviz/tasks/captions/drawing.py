"""Shapes as pixels: discs, squares, triangles and crosses, with soft edges."""

import dataclasses

import numpy as np

COLOURS = ("red", "green", "blue", "yellow")
KINDS = ("ring", "square", "triangle", "cross")
SIDE = 24  # pixels of a drawing
MOST = 6  # shapes in one drawing
RGB = np.array([[0.85, 0.12, 0.12], [0.10, 0.60, 0.20], [0.12, 0.30, 0.85], [0.96, 0.78, 0.05]], np.float32)
_INK = 1.0 - RGB
_MIDDLES = np.arange(SIDE, dtype=np.float32) + 0.5
_WITHIN, _HALF, _INNER, _ARM = (
    0.75,
    0.84,
    0.62,
    0.25,
)  # of the radius: the middle of a ring, half a side of a square, how
# far a triangle's sides are from its middle, half the width of a cross
_STEEP = np.float32(np.sqrt(3.0) / 2)


@dataclasses.dataclass(frozen=True, eq=False)
class Shapes:
    """Shapes of several drawings, each array (sample, shape).

    colour, kind: places in `COLOURS` and `KINDS`; −1 (`PAD`) where there is no shape.
    x, y:         pixels from the left and from the top, of the middle.
    radius:       pixels.
    """

    colour: np.ndarray
    kind: np.ndarray
    x: np.ndarray
    y: np.ndarray
    radius: np.ndarray

    def __getitem__(self, samples: slice | np.ndarray) -> "Shapes":
        """Those of some drawings."""
        return Shapes(*(getattr(self, field.name)[samples] for field in dataclasses.fields(self)))


def pixels(shapes: Shapes) -> np.ndarray:
    """Drawings (sample, down, across, 3) float32: how much of each colour of light the ink takes from white paper.

    0 is paper, so an empty drawing is all zeros. A later shape lies on top of an earlier one.
    """
    found = np.zeros((len(shapes.x), SIDE, SIDE, 3), np.float32)
    for one in range(shapes.x.shape[1]):
        for kind, outside in enumerate(_OUTSIDE):
            rows = np.flatnonzero(shapes.kind[:, one] == kind)
            if rows.size:
                x, y, radius = (part[rows, one, None, None] for part in (shapes.x, shapes.y, shapes.radius))
                covered = np.clip(0.5 - outside(_MIDDLES - x, _MIDDLES[:, None] - y, radius), 0.0, 1.0)
                found[rows] += covered.astype(np.float32)[..., None] * (
                    _INK[shapes.colour[rows, one], None, None] - found[rows]
                )
    return found


def _ring(across: np.ndarray, down: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """How far pixels lie outside of a shape, about; below 0 inside: of this one and of those that follow."""
    found: np.ndarray = np.abs(np.hypot(across, down) - _WITHIN * radius) - (1.0 - _WITHIN) * radius
    return found


def _square(across: np.ndarray, down: np.ndarray, radius: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.maximum(np.abs(across), np.abs(down)) - _HALF * radius
    return found


def _triangle(across: np.ndarray, down: np.ndarray, radius: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.maximum(down, _STEEP * np.abs(across) - 0.5 * down) - _INNER * radius
    return found


def _cross(across: np.ndarray, down: np.ndarray, radius: np.ndarray) -> np.ndarray:
    flat, tall, arm = np.abs(across), np.abs(down), _ARM * radius
    found: np.ndarray = np.minimum(np.maximum(flat - radius, tall - arm), np.maximum(tall - radius, flat - arm))
    return found


_OUTSIDE = (_ring, _square, _triangle, _cross)  # in the order of KINDS


def coloured(ink: np.ndarray) -> np.ndarray:
    """Ink as red, green and blue from 0 to 255, uint8."""
    found: np.ndarray = np.rint(255.0 * (1.0 - np.clip(ink, 0.0, 1.0))).astype(np.uint8)
    return found
