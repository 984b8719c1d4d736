"""What the sensors measured: days that are trained on, and others that are held out."""

import dataclasses
import functools

import numpy as np

from rnnviz.tasks.traffic import simulation
from rnnviz.tasks.traffic.network import Network

TRAINED, HELD_OUT = 40, 24  # days
_SEEDS = {TRAINED: 20_180_430, HELD_OUT: 7_919}


@dataclasses.dataclass(frozen=True, eq=False)
class Measurements:
    """Of days, every five minutes.

    speed: (day, step, sensor) float16, km/h, with the errors of the sensors.
    flow:  (day, step, sensor) float16, vehicles per hour and lane.
    usual: of both, their means over the days by the time of day: each (step, sensor) float32.
    """

    speed: np.ndarray
    flow: np.ndarray
    usual: tuple[np.ndarray, np.ndarray]


@functools.lru_cache(maxsize=4)  # a megabyte each
def measured(network: Network, days: int, incidents: float, error: float) -> Measurements:
    """So many days, always the same: `TRAINED` or `HELD_OUT`, which have generators of their own.

    error: of a sensor, km/h, as a standard deviation; no sensor measures less than 0.
    """
    rng = np.random.default_rng(_SEEDS[days])
    found = simulation.simulate(network, rng, days, incidents)
    speed = np.maximum(0.0, found.speed + error * rng.standard_normal(found.speed.shape))
    usual = speed.mean(0, dtype=np.float32), found.flow.mean(0, dtype=np.float32)
    return Measurements(speed.astype(np.float16), found.flow.astype(np.float16), usual)
