"""Basketball throws, seen by a camera: will the ball go in?"""

import dataclasses
from typing import Any, ClassVar

import numpy as np

from rnnviz.core import fields, limits
from rnnviz.core.cache import Cache, kept_in
from rnnviz.core.errors import ExperimentError
from rnnviz.tasks.base import Defaults, Probes, Task
from rnnviz.tasks.batch import PAD, Batch
from rnnviz.tasks.declared import Amount
from rnnviz.tasks.shapes import Classes, EveryStep, Features
from rnnviz.tasks.throws import flight, ideal
from rnnviz.tasks.typed import check_length, read_numbers, whole

ANSWERS = ("out", "in")
SCALE = 0.1  # metres off the usual throw that are read as 1
SURE = 0.9  # chance of the right outcome from which on it counts as known
DRAWN = 64  # throws simulated for what can be known of one after a frame,
DRAWN_FOR_BEST = 33  # and for the best possible score, for which
EVERY = 3  # every third frame is taken
_PROBED = 400  # throws among which those to look at are found
_CENTIMETRES = 100.0
_kept: Cache[object, Any] = Cache("throws that are looked at, and what can be known of them", limits.KNOWN_BYTES_KEPT)


@dataclasses.dataclass(frozen=True)
class Throws(Task):
    """Throws of a simulated player at a basket; after every frame of the camera, whether the ball will go in."""

    name: ClassVar[str] = "throws"
    place: ClassVar[int] = 14
    title: ClassVar[str] = "Foresee whether a throw goes in"
    application: ClassVar[str] = "Basketball shots"
    about: ClassVar[str] = (
        "A player throws at a basket. A camera sees 30 times a second where the ball is beside the player's usual "
        "throw. It is a few centimetres off. After every frame the network says whether the ball will go in, until it "
        "reaches the rim. One frame tells almost nothing: the camera's errors have to be averaged over the flight."
    )
    picture: ClassVar[str] = "flight"
    foretells: ClassVar[bool] = True
    score_name: ClassVar[str] = "foreseen right"
    score_unit: ClassVar[str] = "%"
    higher_is_better: ClassVar[bool] = True
    guessing: ClassVar[str] = "always saying what happens more often"
    defaults: ClassVar[Defaults] = Defaults(steps=600, lr=1e-2)

    distance: float = fields.real(flight.USUAL, 3.0, 8.0, "Distance from the player to the basket", "m")
    camera_error: float = fields.real(
        3.0, 0.0, 10.0, "How far off the camera is, on every coordinate", "cm, as a standard deviation"
    )

    @property
    def steps(self) -> int:
        return flight.frames_of(self.distance)

    @property
    def reads(self) -> Features:
        return Features(3)

    @property
    def answers(self) -> EveryStep:
        return EveryStep(Classes(ANSWERS))

    @property
    def amount(self) -> Amount:
        return Amount("height above the usual throw", feature=1, spread=SCALE, unit="m")

    @property
    def best(self) -> float:
        """What one scores who knows the laws of flight and how the player throws (see `ideal`)."""
        return float(_best(self))

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        return self._seen(rng, self._thrown(rng, size)[1])

    def probes(self) -> Probes:
        """Three throws with different ends: the first of each kind among many."""
        return _probed(self)

    def known(self, probe: int) -> np.ndarray:
        """The chance that a probe goes in, after each frame, for who knows the laws of flight; NaN once it is there."""
        return _known(self)[:, probe]

    def metres(self, inputs: np.ndarray) -> np.ndarray:
        """Inputs (frame, …, 3) as metres: forward from the hand, above the floor, to the right."""
        return np.moveaxis(np.moveaxis(inputs * SCALE, 0, -2) + self._usual(len(inputs)), -2, 0)

    @property
    def typing(self) -> str:
        return "for each frame metres forward, above the floor and to the right, such as 0 2.1 0, 0.15 2.3 0"

    def encode(self, text: str) -> tuple[np.ndarray, tuple[str, ...]]:
        frames = [frame for frame in whole(text).split(",") if frame.strip()]
        check_length(len(frames), "frames")
        places = np.stack([self._place(frame) for frame in frames])
        return self._read(places)[:, None], tuple(" ".join(f"{value:.2f}" for value in place) for place in places)

    def _place(self, frame: str) -> np.ndarray:
        values, _ = read_numbers(frame, marks=False)
        if len(values) != 3:
            raise ExperimentError("input", self.typing, frame.strip())
        return values

    def written(self, inputs: np.ndarray) -> str:
        return ", ".join(" ".join(f"{value:.4f}" for value in place) for place in self.metres(inputs))

    def example(self) -> str:
        """The first half a second, in metres forward and up."""
        places, asked = self.metres(self.probes().batch.inputs[:, 0]), self.asked(0)
        shown = [f"({abs(places[frame, 0]):.1f}, {places[frame, 1]:.1f})" for frame in range(0, 18, 3)]
        return f"read    {'  '.join(shown)}\nanswer  {'  '.join(answer.ljust(10) for answer in asked[:18:3])}".rstrip()

    def _thrown(self, rng: np.random.Generator, size: int) -> tuple[np.ndarray, flight.Flights]:
        known = flight.prior(self.distance)
        params = known[:, :1] + known[:, 1:] * rng.standard_normal((4, size))
        return params, flight.thrown(self.distance, params, self.steps)

    def _seen(self, rng: np.random.Generator, flights: flight.Flights) -> Batch:
        errors = self.camera_error / _CENTIMETRES * rng.standard_normal(flights.places.shape)
        asked = np.arange(self.steps)[:, None] < flights.arrives
        return Batch(self._read(flights.places + errors), np.where(asked, flights.goes_in.astype(np.int64), PAD))

    def _read(self, places: np.ndarray) -> np.ndarray:
        """Places (frame, …, 3) in metres as inputs: how far off the usual throw they are at that frame."""
        off: np.ndarray = np.moveaxis(places, 0, -2) - self._usual(len(places))
        return np.moveaxis(off / SCALE, -2, 0).astype(np.float32)

    def _usual(self, frames: int) -> np.ndarray:
        """Where the ball of the usual throw is, if nothing stops it: (frame, 3), metres."""
        return flight.flown(self.distance, flight.prior(self.distance)[:, :1], frames)[:, 0]

    def _chances(self, batch: Batch, draws: int, every: int = 1) -> np.ndarray:
        """What can be known of throws after each `every`-th frame that asks: (frame, throw), else NaN."""
        asked = batch.targets != PAD
        seen = np.where(asked[..., None], self.metres(batch.inputs.astype(np.float64)), np.nan)
        found = ideal.chances(self.distance, seen, self.camera_error / _CENTIMETRES, draws, every)
        return np.where(asked, found, np.nan)


@kept_in(_kept)
def _known(task: Throws) -> np.ndarray:
    return task._chances(task.probes().batch, DRAWN)


@kept_in(_kept)
def _best(task: Throws) -> np.ndarray:
    batch = task.held_out()
    chances = task._chances(batch, DRAWN_FOR_BEST, EVERY)
    asked = ~np.isnan(chances)
    return np.array(100.0 * np.mean((chances[asked] > 0.5) == batch.targets[asked]))


@kept_in(_kept)
def _probed(task: Throws) -> Probes:
    rng = np.random.default_rng(6)
    params, flights = task._thrown(rng, _PROBED)
    kinds = {
        "off the rim and out": ~flights.goes_in & (flights.touches > 0),
        "off the rim and in": flights.goes_in & (flights.touches > 0),
        "past the rim": ~flights.goes_in & (flights.touches == 0),
    }
    chosen = params[:, [int(kind.argmax()) for kind in kinds.values()]]
    batch = task._seen(rng, flight.thrown(task.distance, chosen, task.steps))
    return Probes(batch, np.full((task.steps, len(kinds)), ""), tuple(kinds))
