"""Small films: shapes that move over 16 × 16 grey pixels, 0 black to 1 white, in 16 shades.

A film is made in three steps: where each shape is in every frame (`Poses`), the frames without noise (`drawn`), and
what a camera makes of them (`seen`). A network reads a frame as 8 × 8 places with 2 × 2 pixels at each, as Shi et al.
(2015) read patches: place after place, of each the four pixels (`as_read`).
"""

import dataclasses
import math

import numpy as np

SIDE = 16  # pixels of a frame, down and across
PATCH = 2  # pixels of a place, down and across
PLACES = SIDE // PATCH  # down and across
SHADES = 15  # steps from black to white
SHAPES = ("disc", "square", "bar", "cross", "triangle")
SMALLEST, LARGEST = 2.2, 3.4  # radius of a shape, pixels
SLOWEST, FASTEST = 0.6, 1.3  # pixels that it moves from one frame to the next
GREY = 0.5  # of a strip that hides what is behind it


@dataclasses.dataclass(frozen=True)
class Poses:
    """Where shapes are.

    kind:   (film,) int64, places in `SHAPES`.
    at:     (time, film, 2) float, pixels from the left and from the top of a frame to the middle of the shape.
    angle:  (time, film) float, by how much it is turned, radians.
    radius: (film,) float, pixels.
    """

    kind: np.ndarray
    at: np.ndarray
    angle: np.ndarray
    radius: np.ndarray


def random_shapes(rng: np.random.Generator, at: np.ndarray, turning: np.ndarray | float = 0.0) -> Poses:
    """Shapes of any kind, size and angle on paths (time, film, 2); `turning`: radians from one frame to the next."""
    steps, size = at.shape[:2]
    angle = rng.uniform(0.0, 2.0 * math.pi, size) + np.arange(steps)[:, None] * turning
    kind, radius = rng.integers(0, len(SHAPES), (size,)), rng.uniform(SMALLEST, LARGEST, (size,))
    return Poses(kind, at, angle, radius)


def drawn(poses: Poses, around: bool = False) -> np.ndarray:
    """Shapes as frames (time, film, row, column) float32 from 0 to 1, with soft edges.

    around: whether what leaves a frame on one side comes in on the other.
    """
    pixels = np.arange(SIDE, dtype=np.float32) + np.float32(0.5)
    x, y = poses.at[..., 0, None].astype(np.float32), poses.at[..., 1, None].astype(np.float32)
    across, down = pixels - x, pixels - y
    if around:
        across, down = (np.mod(off + SIDE / 2, SIDE) - SIDE / 2 for off in (across, down))
    cos, sin = (turn(poses.angle)[..., None, None].astype(np.float32) for turn in (np.cos, np.sin))
    across, down = across[..., None, :], down[..., :, None]
    frames = np.empty((*poses.at.shape[:2], SIDE, SIDE), np.float32)
    for place, name in enumerate(SHAPES):
        of = np.flatnonzero(poses.kind == place)
        u = cos[:, of] * across[:, of] + sin[:, of] * down[:, of]
        v = cos[:, of] * down[:, of] - sin[:, of] * across[:, of]
        outside = _OUTSIDE[name](u, v, poses.radius[of].astype(np.float32)[:, None, None])
        frames[:, of] = np.clip(np.float32(0.5) - outside, 0.0, 1.0)
    return frames


def _disc(u: np.ndarray, v: np.ndarray, radius: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.hypot(u, v) - radius
    return found


def _square(u: np.ndarray, v: np.ndarray, radius: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.maximum(np.abs(u), np.abs(v)) - np.float32(0.85) * radius
    return found


def _bar(u: np.ndarray, v: np.ndarray, radius: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.maximum(np.abs(u) - np.float32(1.25) * radius, np.abs(v) - np.float32(0.45) * radius)
    return found


def _cross(u: np.ndarray, v: np.ndarray, radius: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.minimum(_bar(u, v, radius), _bar(v, u, radius))
    return found


def _triangle(u: np.ndarray, v: np.ndarray, radius: np.ndarray) -> np.ndarray:
    slope = np.float32(math.sqrt(0.75)) * np.abs(u) - np.float32(0.5) * v
    found: np.ndarray = np.maximum(v, slope) - np.float32(0.62) * radius
    return found


_OUTSIDE = {"disc": _disc, "square": _square, "bar": _bar, "cross": _cross, "triangle": _triangle}


def seen(rng: np.random.Generator, frames: np.ndarray, noise: float) -> np.ndarray:
    """Frames as a camera sees them: with noise of this standard deviation on every pixel, in whole shades."""
    noisy = frames + np.float32(noise) * rng.standard_normal(frames.shape, dtype=np.float32)
    return shaded(noisy)


def shaded(frames: np.ndarray) -> np.ndarray:
    """The nearest of the shades that there are, float32."""
    found: np.ndarray = np.rint(SHADES * np.clip(frames, 0.0, 1.0)).astype(np.float32) / np.float32(SHADES)
    return found


def as_read(frames: np.ndarray) -> np.ndarray:
    """Frames (…, row, column) as they are read: (…, number), place after place, four pixels at each."""
    parts = frames.reshape(*frames.shape[:-2], PLACES, PATCH, PLACES, PATCH)
    return np.moveaxis(parts, -3, -2).reshape(*frames.shape[:-2], SIDE * SIDE)


def as_frames(numbers: np.ndarray) -> np.ndarray:
    """What `as_read` gave, as frames (…, row, column) again."""
    parts = numbers.reshape(*numbers.shape[:-1], PLACES, PLACES, PATCH, PATCH)
    return np.moveaxis(parts, -3, -2).reshape(*numbers.shape[:-1], SIDE, SIDE)


def noise_left(frames: np.ndarray, noise: float) -> float:
    """Mean squared error of who knows frames (…) without their noise, and what `seen` makes of such a shade on average.

    That is the variance of what is seen, which nobody can foresee, averaged over pixels.
    """
    if not noise:
        return 0.0
    shades = np.arange(SHADES + 1) / SHADES
    clean = np.linspace(0.0, 1.0, 4 * SHADES + 1)
    edges = (shades[:-1] + 0.5 / SHADES - clean[:, None]) / (noise * math.sqrt(2.0))
    below = 0.5 * (1.0 + np.vectorize(math.erf)(edges))
    chances = np.diff(below, axis=1, prepend=0.0, append=1.0)
    variance = chances @ shades**2 - (chances @ shades) ** 2
    return float(np.interp(frames, clean, variance).mean())
