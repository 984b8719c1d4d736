"""Films of one moving shape: how does it move?"""

import dataclasses
import math
from typing import ClassVar

import numpy as np

from rnnviz.core import fields
from rnnviz.tasks.base import Defaults, Probes
from rnnviz.tasks.batch import Batch
from rnnviz.tasks.motion import films, paths, told
from rnnviz.tasks.motion.filmed import LONGEST, SHORTEST, Filmed
from rnnviz.tasks.motion.paths import KINDS
from rnnviz.tasks.motion.told import Told
from rnnviz.tasks.shapes import Classes, Once

PROBED = ("clockwise", "anticlockwise", "upwards")  # not the one that guessing names


@dataclasses.dataclass(frozen=True)
class Motion(Filmed):
    """One shape on a frame whose edges meet; at the end, how it moved.

    Every single frame is as likely in a film of one kind as in one of any other: only their order tells.
    """

    name: ClassVar[str] = "motion"
    place: ClassVar[int] = 19
    title: ClassVar[str] = "Say how a shape moves"
    about: ClassVar[str] = (
        "In a film of 16 × 16 pixels a shape goes straight, goes round in a circle, or stands still. What leaves on "
        "one side comes in on the other. One frame says nothing about it, and two do not tell a circle from a "
        "straight way. So the network has to remember. Convolutional models read every place of a frame with the same "
        "few weights. The others have weights of their own for every place."
    )
    application: ClassVar[str] = "Actions in videos"
    picture: ClassVar[str] = "film"
    score_name: ClassVar[str] = "motions named right"
    score_unit: ClassVar[str] = "%"
    higher_is_better: ClassVar[bool] = True
    guessing: ClassVar[str] = "always naming the most frequent motion"
    defaults: ClassVar[Defaults] = Defaults(
        steps=800,
        lr=1e-2,
        hidden=16,
        models=(
            {"cell": "lstm", "hidden": 256, "reach": 1, "forget_bias": 1.0},
            {"cell": "lstm", "hidden": 1, "forget_bias": 1.0},
            {"cell": "lstm", "hidden": 16, "forget_bias": 1.0},
        ),
    )

    length: int = fields.whole(14, SHORTEST, LONGEST, "Length of a film", "frames")
    noise: float = fields.real(0.05, 0.0, 0.5, "Noise on every pixel; 1 is white", "as a standard deviation")

    @property
    def answers(self) -> Once:
        return Once(Classes(KINDS))

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        return self._filmed(rng, rng.integers(0, len(KINDS), size))

    def _filmed(self, rng: np.random.Generator, kind: np.ndarray, centred: bool = False) -> Batch:
        """A film of each of the kinds (film,), places in `KINDS`; `centred`: on its way around the middle."""
        size = len(kind)
        way = paths.moving(
            kind,
            rng.uniform(0.0, films.SIDE, (size, 2)),
            rng.uniform(films.SLOWEST, films.FASTEST, size),
            rng.uniform(paths.QUICKEST, paths.LONGEST, size),
            rng.uniform(0.0, 2.0 * math.pi, size),
            self.length,
        )
        if centred:
            way += films.SIDE / 2 - way.mean(0)
        frames = films.drawn(films.random_shapes(rng, way), around=True)
        return Batch(films.as_read(films.seen(rng, frames, self.noise)), kind.astype(np.int64))

    def probes(self) -> Probes:
        kind = np.array([KINDS.index(name) for name in PROBED])
        batch = self._filmed(np.random.default_rng(11), kind, centred=True)
        return Probes(batch, np.full((self.length, len(PROBED)), ""), PROBED)

    def filmed(self, film: Told) -> np.ndarray:
        """A film without noise (time, row, column): the shape starts in the middle, or on top of its circle."""
        return films.shaded(films.drawn(told.posed(film, self.length), around=True))[:, 0]

    def example(self) -> str:
        return f"{self.length} frames of {films.SIDE} × {films.SIDE} pixels → {self.asked(0)[0]}"
