"""A network of motorways with sensors; at every step, foresee what they will measure in 15, 30 and 60 minutes."""

import dataclasses
import functools
from typing import ClassVar

import numpy as np

from rnnviz.core import fields
from rnnviz.tasks.base import Defaults, Probes, Task, Textbook
from rnnviz.tasks.batch import Batch
from rnnviz.tasks.places import Graph, Nodes
from rnnviz.tasks.shapes import EveryStep
from rnnviz.tasks.traffic import days, typing
from rnnviz.tasks.traffic.network import NETWORK, Network
from rnnviz.tasks.traffic.simulation import BEGINS, CAPACITY, EVERY, STEPS
from rnnviz.tasks.traffic.speeds import AHEAD, Speeds

UNASKED = 12  # steps of the first hour, after which nobody is asked yet
MIDDLE, SPREAD = 80.0, 30.0  # km/h: about mean and standard deviation of all speeds
NOW, USUAL = "now", "usual"
READ = 4  # numbers at a sensor: speed, flow, time of day, and how fast it usually is there
_SOON = 6  # steps later
_A_DAY = 3  # stretches of every day that is held out
_SLOW = 50.0  # km/h: a jam, where probes are found
_HOURS = {"morning": 8.5, "around noon": 12.5, "evening": 17.0}  # in the middle of the probes
_WIDTH = 8 * len(NETWORK.names)  # hidden units: eight for each sensor


@dataclasses.dataclass(frozen=True)
class Traffic(Task):
    """Simulated days on a network of motorways (see `simulation`), measured by a sensor on every stretch.

    What is read and asked is that of Li et al. 2018, Diffusion Convolutional Recurrent Neural Network: Data-Driven
    Traffic Forecasting (ICLR): every five minutes speeds and the time of day, and the speeds 15, 30 and 60
    minutes later; here flows and what is usual are read too. Days that are held out have a generator of their own.
    """

    name: ClassVar[str] = "traffic"
    place: ClassVar[int] = 17
    title: ClassVar[str] = "Foresee traffic jams"
    about: ClassVar[str] = (
        "Sensors on motorways measure speed and flow every five minutes. Each time the network names every sensor's "
        "speed 15, 30 and 60 minutes later. A jam grows and travels against the traffic. Who knows the roads sees it "
        "coming downstream, while a sensor by itself cannot. The days are simulated, with two rush hours and "
        "incidents at any place. Those that are scored are never trained on."
    )
    application: ClassVar[str] = "Traffic on motorways"
    picture: ClassVar[str] = "roads"
    foretells: ClassVar[bool] = True
    always_new: ClassVar[bool] = False
    score_name: ClassVar[str] = "mean absolute error"
    higher_is_better: ClassVar[bool] = False
    guessing: ClassVar[str] = "every speed stays as it is now"
    textbook: ClassVar[Textbook] = Textbook("the roads help", "reach")
    defaults: ClassVar[Defaults] = Defaults(
        steps=600,
        batch=16,
        lr=1e-2,
        hidden=_WIDTH,
        models=(
            {"cell": "gru", "hidden": _WIDTH, "reset": "before", "reach": 2},
            {"cell": "gru", "hidden": _WIDTH, "reset": "before", "reach": 0},
            {"cell": "gru", "hidden": _WIDTH, "reset": "before"},
        ),
    )

    length: int = fields.whole(
        48, 18, 180, "Length of a stretch of a day that is read, in units of 5 minutes", "time steps"
    )
    incidents: float = fields.real(
        20.0, 0.0, 40.0, "How often lanes are blocked somewhere, on average", "incidents per day"
    )
    sensor_error: float = fields.real(
        2.0, 0.0, 10.0, "How far off the measured speeds are", "km/h, as a standard deviation"
    )

    @property
    def network(self) -> Network:
        """The roads."""
        return NETWORK

    @property
    def trained(self) -> days.Measurements:
        """The days that are trained on."""
        return days.measured(self.network, days.TRAINED, self.incidents, self.sensor_error)

    @property
    def kept_apart(self) -> days.Measurements:
        """The days that are held out."""
        return days.measured(self.network, days.HELD_OUT, self.incidents, self.sensor_error)

    @property
    def steps(self) -> int:
        return self.length

    @property
    def reads(self) -> Nodes:
        return Nodes(_graph(self.network), READ)

    @property
    def answers(self) -> EveryStep:
        return EveryStep(Speeds(len(self.network.names) * len(AHEAD), MIDDLE, SPREAD, "km/h", partial=True))

    @property
    def best(self) -> None:
        """When and where lanes will be blocked nobody can know; what is known at best is not calculated."""
        return None

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        starts = rng.integers(0, STEPS - self.length - AHEAD[-1] + 1, size)
        return self._stretches(self.trained, rng.integers(0, days.TRAINED, size), starts)

    def make_held_out(self, rng: np.random.Generator) -> Batch:
        """Stretches of the days that are held out, at equal distances."""
        starts = np.linspace(0, STEPS - self.length - AHEAD[-1], _A_DAY).round().astype(np.int64)
        which = np.repeat(np.arange(days.HELD_OUT), _A_DAY)
        return self._stretches(self.kept_apart, which, np.tile(starts, days.HELD_OUT))

    def _stretches(self, found: days.Measurements, which: np.ndarray, starts: np.ndarray) -> Batch:
        """Stretches of the days `which` (sample,) from the steps `starts` (sample,) on."""
        at = starts + np.arange(self.length)[:, None]
        later = found.speed[which[:, None], at[..., None] + np.array(AHEAD)].astype(np.float32)
        targets = np.moveaxis((later - MIDDLE) / SPREAD, -2, -1)
        targets[:UNASKED] = np.nan
        inputs = self.features(at, found.speed[which, at], found.flow[which, at])
        return Batch(inputs, np.ascontiguousarray(targets.reshape(*at.shape, -1), np.float32))

    def features(self, steps: np.ndarray, speed: np.ndarray, flow: np.ndarray) -> np.ndarray:
        """What is read at `steps` (…) of a day of speeds and flows (…, sensor): (…, sensor · 4) float32.

        Beside those the time of day, from −1 to 1, and the usual speed half an hour later, the mean of the days trained
        on: it is known in advance.
        """
        time = np.broadcast_to((2.0 * steps / (STEPS - 1) - 1.0)[..., None], speed.shape)
        usual = self.trained.usual[0][np.minimum(steps + _SOON, STEPS - 1)]
        fast, soon = ((one.astype(np.float32) - MIDDLE) / SPREAD for one in (speed, usual))
        many = flow.astype(np.float32) / (CAPACITY / 2.0) - 1.0
        found: np.ndarray = np.stack([fast, many, time, soon], -1, dtype=np.float32).reshape(*steps.shape, -1)
        return found

    def measured(self, inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of inputs (…, sensor · 4): steps of the day (…), speeds and flows (…, sensor)."""
        parts = inputs.reshape(*inputs.shape[:-1], -1, READ).astype(np.float64)
        steps = np.rint((parts[..., 0, 2] + 1.0) * (STEPS - 1) / 2.0).astype(np.int64)
        return steps, MIDDLE + SPREAD * parts[..., 0], (parts[..., 1] + 1.0) * CAPACITY / 2.0

    # What needs no network

    def staying(self, inputs: np.ndarray) -> np.ndarray:
        """The naive forecast of inputs (…, sensor · 4), that every speed stays: (…, sensor · 3) float32."""
        now = inputs.reshape(*inputs.shape[:-1], -1, READ)[..., 0]
        found: np.ndarray = np.repeat(now, len(AHEAD), axis=-1).astype(np.float32)
        return found

    def as_usual(self, inputs: np.ndarray) -> np.ndarray:
        """The historical average: the mean of the days trained on, at the time of day that is asked."""
        at = self.measured(inputs)[0][..., None] + np.array(AHEAD)
        usual = (self.trained.usual[0][np.minimum(at, STEPS - 1)] - MIDDLE) / SPREAD
        found: np.ndarray = np.moveaxis(usual, -2, -1).reshape(*inputs.shape[:-1], -1).astype(np.float32)
        return found

    @functools.cached_property
    def simple(self) -> dict[str, dict[str, np.ndarray]]:
        """How far off these two are on all that is held out: name → what `Speeds.by_ahead` says."""
        batch, of = self.held_out(), self.answers.of
        both = {NOW: self.staying(batch.inputs), USUAL: self.as_usual(batch.inputs)}
        return {name: of.by_ahead(outputs, batch.targets) for name, outputs in both.items()}

    @property
    def simple_errors(self) -> dict[str, np.ndarray]:
        """Their mean absolute errors by how far ahead: name → (ahead,), km/h."""
        return {name: found["mae"] for name, found in self.simple.items()}

    def guess(self, batch: Batch) -> np.ndarray:
        return self.staying(batch.inputs)

    @property
    def loss_of_guessing(self) -> tuple[float, str]:
        batch = self.held_out()
        off = self.guess(batch).astype(np.float64) - batch.targets
        return float(np.nanmean(off**2)), self.guessing

    # What is looked at

    @functools.cached_property
    def shown(self) -> tuple[np.ndarray, np.ndarray]:
        """Of the probes the days, among those held out, and the steps at which they begin.

        At each time of the day that with the most jams, and no day twice.
        """
        slow = self.kept_apart.speed < _SLOW
        which, starts = list[int](), list[int]()
        for hour in _HOURS.values():
            middle = round((hour - BEGINS) * 60 / EVERY)
            start = min(max(0, middle - self.length // 2), STEPS - self.length - AHEAD[-1])
            jams = slow[:, start : start + self.length].sum((1, 2))
            jams[which] = -1
            which.append(int(jams.argmax()))
            starts.append(start)
        return np.array(which), np.array(starts)

    def probes(self) -> Probes:
        which, starts = self.shown
        batch = self._stretches(self.kept_apart, which, starts)
        marks = [[self._mark(step) for step in (starts + at).tolist()] for at in range(self.length)]
        names = (
            f"{name}, {typing.clock(start)} to {typing.clock(start + self.length - 1)}"
            for name, start in zip(_HOURS, starts.tolist(), strict=True)
        )
        return Probes(batch, np.array(marks), tuple(names))

    def _mark(self, step: int) -> str:
        return typing.clock(step) if step * EVERY % 60 == 0 else ""

    def seen(self, probe: int) -> np.ndarray:
        """What the sensors measure from the first step of a probe to what is asked last: (step, sensor), km/h."""
        day, start = (int(one[probe]) for one in self.shown)
        found: np.ndarray = self.kept_apart.speed[day, start : start + self.length + AHEAD[-1]].astype(np.float64)
        return found

    def spelled(self, probe: int) -> tuple[str, ...]:
        return tuple(typing.clock(int(self.shown[1][probe]) + at) for at in range(self.length))

    @property
    def typing(self) -> str:
        return typing.SAID

    def encode(self, text: str) -> tuple[np.ndarray, tuple[str, ...]]:
        steps, speed, flow = typing.read(text, self.network.names, self.trained.usual)
        return self.features(steps, speed, flow)[:, None], tuple(map(typing.clock, steps.tolist()))

    def written(self, inputs: np.ndarray) -> str:
        return typing.written(self.network.names, *self.measured(inputs))

    def example(self) -> str:
        at, sensor = UNASKED, self.network.names[4]
        seen, step = self.seen(0)[:, 4], int(self.shown[1][0])
        later = "  ".join(f"{seen[at + ahead]:.0f}" for ahead in AHEAD)
        return (
            f"{sensor}, km/h until {typing.clock(step + at)}: {'  '.join(f'{v:.0f}' for v in seen[: at + 1])} → {later}"
        )


@functools.lru_cache(maxsize=8)
def _graph(network: Network) -> Graph:
    edges = np.argwhere(network.weights > 0).tolist()
    return Graph(network.names, tuple((a, b, float(network.weights[a, b])) for a, b in edges))
