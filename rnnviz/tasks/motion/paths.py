"""Ways that a shape takes over a frame: (time, film, 2) float, pixels from the left and from the top."""

import math

import numpy as np

from rnnviz.tasks.motion.films import SIDE

KINDS = ("rightwards", "leftwards", "upwards", "downwards", "clockwise", "anticlockwise", "still")
SIGNS = dict(zip(KINDS, "→←↑↓↻↺•", strict=True))
HEADINGS = {"rightwards": (1.0, 0.0), "leftwards": (-1.0, 0.0), "upwards": (0.0, -1.0), "downwards": (0.0, 1.0)}
TURNS = {"clockwise": 1.0, "anticlockwise": -1.0}
QUICKEST, LONGEST = 10.0, 16.0  # frames in which a shape goes round once
WALL = 2.5  # pixels from the edge of a frame, at which the middle of a shape turns back


def straight(start: np.ndarray, velocity: np.ndarray, steps: int) -> np.ndarray:
    """From `start` (film, 2), by `velocity` (film, 2) from one frame to the next."""
    found: np.ndarray = start + np.arange(steps)[:, None, None] * velocity
    return found


def round_(start: np.ndarray, speed: np.ndarray, period: np.ndarray, phase: np.ndarray, steps: int) -> np.ndarray:
    """On a circle through `start` (film, 2), at a `speed` (film,) in pixels from one frame to the next.

    period: (film,) frames in which it goes round once, positive for clockwise.
    phase:  (film,) where on the circle it starts, radians.
    """
    radius = speed * np.abs(period) / (2.0 * math.pi)
    angle = phase + np.arange(steps)[:, None] * (2.0 * math.pi / period)
    off = np.stack([np.cos(angle) - np.cos(phase), np.sin(angle) - np.sin(phase)], axis=-1)
    found: np.ndarray = start + radius[:, None] * off
    return found


def moving(
    kind: np.ndarray, start: np.ndarray, speed: np.ndarray, period: np.ndarray, phase: np.ndarray, steps: int
) -> np.ndarray:
    """The way of every film, whose kind (film,) is a place in `KINDS`; for the others see `straight` and `round_`."""
    headings = np.array([HEADINGS.get(name, (0.0, 0.0)) for name in KINDS])
    turns = np.array([TURNS.get(name, 0.0) for name in KINDS])[kind]
    along = straight(start, speed[:, None] * headings[kind], steps)
    around = round_(start, speed, np.where(turns == 0.0, 1.0, turns) * period, phase, steps)
    return np.where((turns != 0.0)[:, None], around, along)


def kept_inside(path: np.ndarray) -> np.ndarray:
    """The same way with walls around, from which a shape bounces off."""
    room = SIDE - 2 * WALL
    found: np.ndarray = WALL + room - np.abs(np.mod(path - WALL, 2 * room) - room)
    return found
