"""Days of traffic on a network of motorways: the cell transmission model of Daganzo.

C. F. Daganzo: The cell transmission model, Transportation Research B 28 (1994), and part II: network traffic, B 29
(1995). A road is cut into cells; in a step of time so many vehicles go from a cell to the next as there are ready to
leave it (its demand) and as fit in (its supply):

    demand = min(n · v Δt/Δx, Q Δt)        supply = min((N − n) · w Δt/Δx, Q Δt)

n vehicles are in a cell and N fit in, v is the speed of free traffic, Q the most vehicles that pass in a time, and w
the speed at which jams travel upstream. Where more vehicles arrive than pass, a queue grows upstream; once the place is
free again it dissolves from its front, which travels upstream too.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np

from rnnviz.tasks.traffic.network import CELL, Network

FREE, UPSTREAM = 108.0, 18.0  # km/h: of free traffic, and at which jams travel upstream
CAPACITY = 2_000.0  # vehicles per hour and lane
JAM = CAPACITY / FREE + CAPACITY / UPSTREAM  # vehicles per km and lane where all stand
EVERY = 5  # minutes between two measurements of a sensor
BEGINS, ENDS = 5, 22  # o'clock, of a day that is simulated
STEPS = (ENDS - BEGINS) * 60 // EVERY  # measurements of a day
_SUBSTEPS = round(EVERY / 60 * FREE / CELL)  # in which free traffic goes from a cell to the next: Δt v = Δx
_HOUR = FREE / CELL  # substeps of one
_SLOWER = 0.12  # share of its speed that free traffic loses until it is as dense as can be
_OVER_ALL, _BY_ORIGIN = 0.05, 0.04  # standard deviations of a day's traffic, of its logarithm,
_WANDERS, _HOLDS = 0.05, 0.97  # and of what changes within a day, with how much of it is there a step later
_PEAKS = {"M": (0.72, 0.55), "N": (0.42, 0.7), "S": (0.62, 0.5)}  # of capacity, in the morning and the evening


@dataclasses.dataclass(frozen=True, eq=False)
class Incidents:
    """What blocks lanes: of each the day, the cell, from and until when (substeps), and the share that still passes."""

    day: np.ndarray
    cell: np.ndarray
    begins: np.ndarray
    ends: np.ndarray
    passes: np.ndarray


@dataclasses.dataclass(frozen=True, eq=False)
class Days:
    """What sensors would measure without error.

    speed: (day, step, sensor) float32, km/h.
    flow:  (day, step, sensor) float32, vehicles per hour and lane.
    """

    speed: np.ndarray
    flow: np.ndarray


class Cells:
    """The cells of a network, and by which rules vehicles go from one to the next."""

    def __init__(self, network: Network) -> None:
        counts = [one.cells for one in network.stretches.values()]
        ends = np.cumsum(counts)
        first = dict(zip(network.names, ends - counts, strict=True))
        last = dict(zip(network.names, ends - 1, strict=True))
        self.count = int(ends[-1])
        self.lanes = np.repeat([one.lanes for one in network.stretches.values()], counts).astype(float)
        self.sensors = ends - counts + np.array(counts) // 2
        inside = np.setdiff1d(np.arange(self.count), ends - 1)
        chained = [
            (last[a], first[b]) for a, b in network.links if len(network.after(a)) == len(network.before(b)) == 1
        ]
        self.origins = np.array([first[name] for name in network.origins], np.int64)
        self.exits = np.array([last[name] for name in network.names if not network.after(name)], np.int64)
        self.leaves = np.concatenate([inside, _ints(chained, 2)[:, 0]])
        self.enters = np.concatenate([inside + 1, _ints(chained, 2)[:, 1]])
        merges = [
            (*(last[a] for a in network.before(name)), first[name])
            for name in network.names
            if len(network.before(name)) == 2
        ]
        splits = [
            (last[name], *(first[b] for b in network.after(name)))
            for name in network.names
            if len(network.after(name)) == 2
        ]
        self.merges, self.splits = _ints(merges, 3).T, _ints(splits, 3).T

    def step(
        self, held: np.ndarray, passes: np.ndarray, waiting: np.ndarray, share: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """One step of time.

        held:    (day, cell) vehicles, changed in place.
        passes:  (day, cell) the share of its capacity that a cell has.
        waiting: (day, origin) vehicles that want to enter, changed in place.
        share:   of the vehicles at a split, those that take its first way.

        Returns:
            The vehicles that left each cell, and those that left the network by each exit.
        """
        most = CAPACITY / _HOUR * self.lanes * passes
        ready = np.minimum(held, most)
        room = np.minimum((JAM * CELL * self.lanes - held) * (UPSTREAM / FREE), most)
        left, came = np.zeros_like(held), np.zeros_like(held)
        gone = np.minimum(ready[:, self.leaves], room[:, self.enters])
        left[:, self.leaves] += gone
        came[:, self.enters] += gone
        self._merge(ready, room, left, came)
        self._split(ready, room, left, came, share)
        enter = np.minimum(waiting, room[:, self.origins])
        waiting -= enter
        came[:, self.origins] += enter
        left[:, self.exits] += ready[:, self.exits]
        held += came - left
        return left, ready[:, self.exits]

    def _merge(self, ready: np.ndarray, room: np.ndarray, left: np.ndarray, came: np.ndarray) -> None:
        """Two roads that become one: where not all fit in, each has a share by its lanes, and what the other leaves."""
        one, other, into = self.merges
        share = self.lanes[one] / (self.lanes[one] + self.lanes[other])
        a, b, fits = ready[:, one], ready[:, other], room[:, into]
        from_one = np.where(a + b <= fits, a, np.minimum(a, np.maximum(share * fits, fits - b)))
        from_other = np.minimum(b, fits - from_one)
        left[:, one] += from_one
        left[:, other] += from_other
        came[:, into] += from_one + from_other

    def _split(self, ready: np.ndarray, room: np.ndarray, left: np.ndarray, came: np.ndarray, share: float) -> None:
        """A road that parts: who cannot go his way holds up all behind him."""
        out, one, other = self.splits
        gone = np.minimum(ready[:, out], np.minimum(room[:, one] / share, room[:, other] / (1.0 - share)))
        left[:, out] += gone
        came[:, one] += share * gone
        came[:, other] += (1.0 - share) * gone


def _ints(rows: Sequence[tuple[int, ...]], width: int) -> np.ndarray:
    return np.array(rows, np.int64).reshape(-1, width)


def simulate(network: Network, rng: np.random.Generator, days: int, incidents: float) -> Days:
    """Days of traffic with so many incidents a day, on average, of which each lasts some minutes."""
    cells = Cells(network)
    wanted = demand(network, rng, days)
    return run(cells, wanted, happen(cells, rng, days, incidents))


def run(cells: Cells, wanted: np.ndarray, blocked: Incidents, share: float = 0.62) -> Days:
    """The days that come of a demand (day, step, origin), vehicles per hour, and incidents."""
    days, steps, _ = wanted.shape
    held, passes = np.zeros((days, cells.count)), np.ones((days, cells.count))
    waiting = np.zeros(wanted[:, 0].shape)
    speed, flow = (np.empty((days, steps, len(cells.sensors)), np.float32) for _ in range(2))
    begins, ends = (np.argsort(one, kind="stable") for one in (blocked.begins, blocked.ends))
    now = [0, 0]
    lanes = cells.lanes[cells.sensors]
    for step in range(steps):
        gone, there = np.zeros((days, len(lanes))), np.zeros((days, len(lanes)))
        for substep in range(step * _SUBSTEPS, (step + 1) * _SUBSTEPS):
            _change(passes, blocked, begins, ends, now, substep)
            waiting += wanted[:, step] / _HOUR
            there += held[:, cells.sensors]
            left, _ = cells.step(held, passes, waiting, share)
            gone += left[:, cells.sensors]
        flow[:, step] = gone / lanes * (_HOUR / _SUBSTEPS)
        density = there / _SUBSTEPS / CELL / lanes
        found = np.where(density > 1e-6, flow[:, step] / np.maximum(density, 1e-6), FREE)
        speed[:, step] = found * (1.0 - _SLOWER * np.minimum(1.0, flow[:, step] / CAPACITY))
    return Days(speed, flow)


def _change(
    passes: np.ndarray, blocked: Incidents, begins: np.ndarray, ends: np.ndarray, now: list[int], substep: int
) -> None:
    """Let incidents end, and others begin."""
    while now[1] < len(ends) and blocked.ends[ends[now[1]]] <= substep:
        one = ends[now[1]]
        passes[blocked.day[one], blocked.cell[one]] = 1.0
        now[1] += 1
    while now[0] < len(begins) and blocked.begins[begins[now[0]]] <= substep:
        one = begins[now[0]]
        passes[blocked.day[one], blocked.cell[one]] = blocked.passes[one]
        now[0] += 1


def demand(network: Network, rng: np.random.Generator, days: int) -> np.ndarray:
    """Vehicles per hour that want to enter at each origin: (day, step, origin).

    Two peaks a day; every day has more or less of all, of each origin too, and within a day traffic wanders.
    """
    hours = BEGINS + np.arange(STEPS) * EVERY / 60.0
    origins = [network.stretches[name] for name in network.origins]
    usual = np.stack([_rhythm(hours, *_PEAKS.get(one.road, (0.5, 0.5))) * one.lanes for one in origins], axis=1)
    much = _OVER_ALL * rng.standard_normal((days, 1, 1)) + _BY_ORIGIN * rng.standard_normal((days, 1, len(origins)))
    wanders = np.zeros((days, STEPS, len(origins)))
    news = rng.standard_normal(wanders.shape) * _WANDERS * np.sqrt(1.0 - _HOLDS**2)
    for step in range(1, STEPS):
        wanders[:, step] = _HOLDS * wanders[:, step - 1] + news[:, step]
    found: np.ndarray = CAPACITY * usual * np.exp(much + wanders)
    return found


def _rhythm(hours: np.ndarray, morning: float, evening: float) -> np.ndarray:
    """Share of capacity that is wanted: a base by day, with a peak before work and one after it."""
    by_day = 0.1 + 0.26 / (1.0 + np.exp(-2.5 * (hours - 6.3))) - 0.24 / (1.0 + np.exp(-1.2 * (hours - 20.0)))
    bells = [np.exp(-0.5 * ((hours - at) / wide) ** 2) for at, wide in ((8.0, 0.9), (17.2, 1.2))]
    found: np.ndarray = by_day + (morning - 0.36) * bells[0] + (evening - 0.36) * bells[1]
    return found


def happen(cells: Cells, rng: np.random.Generator, days: int, often: float) -> Incidents:
    """Incidents: anywhere, at any time; most are over soon, some last."""
    count = rng.poisson(often * days)
    begins = rng.integers(0, STEPS * _SUBSTEPS, count)
    minutes = np.clip(np.exp(rng.normal(np.log(25.0), 0.5, count)), 5.0, 90.0)
    return Incidents(
        day=rng.integers(0, days, count),
        cell=rng.integers(0, cells.count, count),
        begins=begins,
        ends=begins + np.rint(minutes / 60.0 * _HOUR).astype(np.int64),
        passes=rng.uniform(0.15, 0.5, count),
    )
