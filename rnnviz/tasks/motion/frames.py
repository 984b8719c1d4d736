"""Films of shapes in a room: what will the next frame look like?"""

import dataclasses
import math
from typing import Any, ClassVar

import numpy as np

from rnnviz.core import fields, limits
from rnnviz.core.cache import Cache, kept_in
from rnnviz.tasks.base import Defaults, Probes
from rnnviz.tasks.batch import HELD_OUT_SEED, Batch
from rnnviz.tasks.motion import films, paths, told
from rnnviz.tasks.motion.filmed import LONGEST, READS, SHORTEST, Filmed
from rnnviz.tasks.motion.films import Poses
from rnnviz.tasks.motion.told import Told
from rnnviz.tasks.motion.values import Pixels
from rnnviz.tasks.shapes import EveryStep

STRIP = 4  # pixels across
_FROM, _TO = 4, 9  # columns where it may begin
_PROBED = 300  # films among which those to look at are found
_kept: Cache[object, Any] = Cache("films that are looked at, how well foreseen", limits.FORESEEN_BYTES_KEPT)


@dataclasses.dataclass(frozen=True)
class Room:
    """What films show, without noise.

    ways:  (shape, time, film, 2) pixels.
    poses: one for each shape.
    strip: (film,) the first column of what hides others.
    """

    poses: tuple[Poses, ...]
    strip: np.ndarray

    @property
    def ways(self) -> np.ndarray:
        return np.stack([one.at for one in self.poses])


@dataclasses.dataclass(frozen=True)
class Frames(Filmed):
    """Shapes that bounce off the walls of a room and pass behind a strip; after every frame, the next one."""

    name: ClassVar[str] = "frames"
    place: ClassVar[int] = 18
    title: ClassVar[str] = "Foresee the next frame of a film"
    about: ClassVar[str] = (
        "Shapes move over 16 × 16 pixels, bounce off the walls and pass behind a grey strip. After every frame the "
        "next one is asked, pixel by pixel. One frame shows neither where a shape is heading nor what is behind the "
        "strip. Both have to be remembered. Convolutional models read every place of a frame with the same few "
        "weights. The others have weights of their own for every place."
    )
    predicts_next: ClassVar[bool] = True
    application: ClassVar[str] = "Videos, rain radar"
    picture: ClassVar[str] = "film"
    score_name: ClassVar[str] = "mean squared error"
    higher_is_better: ClassVar[bool] = False
    guessing: ClassVar[str] = "the frame stays as it is"
    defaults: ClassVar[Defaults] = Defaults(
        steps=600,
        lr=1e-2,
        hidden=64,
        models=(
            {"cell": "lstm", "hidden": 256, "reach": 1, "forget_bias": 1.0},
            {"cell": "lstm", "hidden": 1, "forget_bias": 1.0},
            {"cell": "lstm", "hidden": 64, "forget_bias": 1.0},
        ),
    )

    length: int = fields.whole(14, SHORTEST, LONGEST, "Length of a film", "frames")
    shapes: int = fields.whole(2, 1, 3, "Shapes that move at once", "shapes")
    strip: bool = fields.flag(True, "A grey strip hides what passes behind it")
    noise: float = fields.real(0.05, 0.0, 0.5, "Noise on every pixel; 1 is white", "as a standard deviation")

    @property
    def answers(self) -> EveryStep:
        return EveryStep(Pixels(READS.size))

    @property
    def held_out_wanted(self) -> int:
        """Half as many as usual: what is asked is as large as what is read."""
        return super().held_out_wanted // 2

    @property
    def best(self) -> float:
        """The mean squared error of who knows every next frame but for its noise."""
        return float(_best(self))

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        return self._batch(films.seen(rng, self._clean(self._room(rng, size)), self.noise))

    def guess(self, batch: Batch) -> np.ndarray:
        return batch.inputs

    def probes(self) -> Probes:
        """Three films in which different things happen, found among many."""
        return _probed(self)

    def _room(self, rng: np.random.Generator, size: int) -> Room:
        room = films.SIDE - 2 * paths.WALL
        poses = []
        for _ in range(self.shapes):
            speed, angle = rng.uniform(films.SLOWEST, films.FASTEST, size), rng.uniform(0.0, 2.0 * math.pi, size)
            velocity = speed[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
            start = paths.WALL + room * rng.random((size, 2))
            way = paths.kept_inside(paths.straight(start, velocity, self.length + 1))
            poses.append(films.random_shapes(rng, way))
        return Room(tuple(poses), rng.integers(_FROM, _TO, size))

    def _clean(self, room: Room) -> np.ndarray:
        """Frames without noise, (time + 1, film, row, column)."""
        frames: np.ndarray = np.maximum.reduce([films.drawn(one) for one in room.poses])
        if not self.strip:
            return frames
        columns = np.arange(films.SIDE)
        hides = (columns >= room.strip[:, None]) & (columns < room.strip[:, None] + STRIP)
        return np.where(hides[:, None, :], np.float32(films.GREY), frames)

    def _batch(self, frames: np.ndarray) -> Batch:
        numbers = films.as_read(frames)
        return Batch(numbers[:-1], numbers[1:])

    def filmed(self, film: Told) -> np.ndarray:
        """A film without noise (time, row, column): the shape starts in the middle, or on top of its circle."""
        poses = told.posed(film, self.length)
        inside = dataclasses.replace(poses, at=paths.kept_inside(poses.at))
        return films.shaded(self._clean(Room((inside,), np.full(1, (_FROM + _TO) // 2))))[:, 0]

    def solved(self, inputs: np.ndarray) -> tuple[str, ...]:
        return (*self.answers.of.words(inputs[1:, None], 0), "")

    def example(self) -> str:
        return f"{self.length} frames of {films.SIDE} × {films.SIDE} pixels → after each of them the next one"


@kept_in(_kept)
def _best(task: Frames) -> np.ndarray:
    room = task._room(np.random.default_rng(HELD_OUT_SEED), task.held_out_wanted)
    return np.array(films.noise_left(task._clean(room)[1:], task.noise))


@kept_in(_kept)
def _probed(task: Frames) -> Probes:
    rng = np.random.default_rng(3)
    room = task._room(rng, _PROBED)
    ways = room.ways
    inside = (ways[..., 0] > room.strip) & (ways[..., 0] < room.strip + STRIP)
    before, after = ways[:, 0, :, 0] < room.strip - 2, ways[:, -1, :, 0] > room.strip + STRIP + 2
    turns = np.diff(np.sign(np.diff(ways[..., 1], axis=1)), axis=1) != 0
    speeds = np.abs(np.diff(ways[:, :3], axis=1)).sum((0, 1, 3))
    found = {
        "behind the strip" if task.strip else "from left to right": (inside.sum(1) * (before & after)).sum(0),
        "off floor and ceiling": turns.sum((0, 1)),
        "fast": speeds,
    }
    chosen: list[int] = []
    for how_much in found.values():
        chosen.append(next(int(film) for film in np.argsort(-how_much, kind="stable") if film not in chosen))
    frames = films.seen(rng, task._clean(room)[:, chosen], task.noise)
    return Probes(task._batch(frames), np.full((task.length, len(chosen)), ""), tuple(found))
