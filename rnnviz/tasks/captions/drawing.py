"""Shapes as pixels: discs, squares, triangles and crosses, with soft edges."""

import dataclasses

import numpy as np

from rnnviz.tasks.batch import PAD

COLOURS = ("red", "green", "blue", "yellow")
KINDS = ("disc", "square", "triangle", "cross")
SIDE = 24  # pixels of a drawing
MOST = 6  # shapes in one drawing
RGB = np.array([[0.85, 0.12, 0.12], [0.10, 0.60, 0.20], [0.12, 0.30, 0.85], [0.96, 0.78, 0.05]], np.float32)
_SQUARE, _TRIANGLE, _ARM = 0.84, 0.6, 0.33  # of the radius: half a side, the distance of a side, half an arm's width
_STEEP = np.sqrt(3.0) / 2


@dataclasses.dataclass(frozen=True, eq=False)
class Shapes:
    """Shapes of several drawings, each array (sample, shape).

    colour, kind: places in `COLOURS` and `KINDS`; `PAD` where there is no shape.
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
    middle = np.arange(SIDE, dtype=np.float32) + 0.5
    for one in range(shapes.x.shape[1]):
        x, y, radius = (part[:, one, None, None].astype(np.float32) for part in (shapes.x, shapes.y, shapes.radius))
        across, down = middle[None, None, :] - x, middle[None, :, None] - y
        covered = np.clip(0.5 - _outside(shapes.kind[:, one], across, down, radius), 0.0, 1.0)
        covered = np.where(shapes.kind[:, one, None, None] == PAD, 0.0, covered).astype(np.float32)[..., None]
        ink = 1.0 - RGB[np.maximum(shapes.colour[:, one], 0)][:, None, None]
        found += covered * (ink - found)
    return found


def _outside(kind: np.ndarray, across: np.ndarray, down: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """How far pixels (sample, down, across) lie outside of a shape, about; below 0 inside."""
    flat, tall = np.abs(across), np.abs(down)
    arm = _ARM * radius
    every = (
        np.hypot(across, down) - radius,
        np.maximum(flat, tall) - _SQUARE * radius,
        np.maximum(down, _STEEP * flat - 0.5 * down) - _TRIANGLE * radius,
        np.minimum(np.maximum(flat - radius, tall - arm), np.maximum(tall - radius, flat - arm)),
    )
    found: np.ndarray = np.choose(np.maximum(kind, 0)[:, None, None], every)
    return found


def coloured(ink: np.ndarray) -> np.ndarray:
    """Ink as red, green and blue from 0 to 255, uint8."""
    found: np.ndarray = np.rint(255.0 * (1.0 - np.clip(ink, 0.0, 1.0))).astype(np.uint8)
    return found
