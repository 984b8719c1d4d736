"""A small network of motorways: stretches of road with a sensor each, and where traffic goes on from each of them."""

import dataclasses
import functools
import itertools
from collections.abc import Sequence

import numpy as np

from rnnviz.core.errors import ExperimentError, Words

CELL = 0.5  # km; the simulation cuts every stretch into cells of this length
_WIDTH = 2.0  # km; weights of roads fall with distance like a Gaussian of this width


@dataclasses.dataclass(frozen=True)
class Stretch:
    """A stretch of motorway with a sensor in its middle.

    road:  the letter of its motorway.
    lanes: side by side.
    cells: its length, in cells of `CELL` km.
    x, y:  where its sensor lies on the map, in km.
    """

    road: str
    lanes: int
    cells: int
    x: float
    y: float


@dataclasses.dataclass(frozen=True, eq=False)
class Network:
    """Stretches by name, in the order of their sensors, and from which to which traffic goes on.

    A stretch is entered from at most two others and left to at most two; one that is entered from none has an origin of
    traffic, and from one that is left to none it leaves. A stretch that is joined to nothing is both: it works.

    Raises:
        ExperimentError: a link names a stretch that is not there, joins one to itself, twice or too often, or leads
            back.
    """

    stretches: dict[str, Stretch]
    links: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        if len(set(self.links)) < len(self.links):
            raise ExperimentError("links", "each pair of stretches once", Words(_twice(self.links)))
        for link in self.links:
            if not set(link) <= set(self.stretches) or link[0] == link[1]:
                raise ExperimentError("links", "pairs of two different stretches that are there", Words("–".join(link)))
        for end, said in ((0, "left to"), (1, "entered from")):
            for name in self.stretches:
                count = sum(link[end] == name for link in self.links)
                if count > 2:
                    raise ExperimentError("links", f"a stretch {said} at most two others", Words(f"{count} for {name}"))
        for first, second in self.links:
            if len(self.after(first)) > 1 and len(self.before(second)) > 1:
                allowed = "no stretch that is one of several ways out and in"
                raise ExperimentError("links", allowed, Words(f"{first}–{second}"))
        for name in self.stretches:
            self._check_way((name,))

    def _check_way(self, way: tuple[str, ...]) -> None:
        """Refuse a way that comes back to where it began."""
        for name in self.after(way[-1]):
            if name in way:
                circle = "–".join((*way[way.index(name) :], name))
                raise ExperimentError("links", "no way in a circle", Words(circle))
            self._check_way((*way, name))

    @property
    def names(self) -> tuple[str, ...]:
        """Sensors by name."""
        return tuple(self.stretches)

    def before(self, name: str) -> list[str]:
        """Stretches from which one is entered."""
        return [first for first, second in self.links if second == name]

    def after(self, name: str) -> list[str]:
        """Stretches to which one is left."""
        return [second for first, second in self.links if first == name]

    @property
    def origins(self) -> list[str]:
        """Stretches that are entered from none."""
        return [name for name in self.stretches if not self.before(name)]

    def route(self, road: str) -> list[str]:
        """The stretches from where a motorway begins to where its traffic leaves, or from an origin of that traffic."""
        first = next(name for name, one in self.stretches.items() if one.road == road)
        found = [first]
        while before := self.before(found[0]):
            found.insert(0, before[0])
        while after := self.after(found[-1]):
            own = [name for name in after if self.stretches[name].road == road]
            found.append((own or after)[0])
        return found

    @functools.cached_property
    def weights(self) -> np.ndarray:
        """(sensor, sensor) float32: above 0 from one sensor to the next along the traffic, and smaller with distance.

        As in Li et al. 2018: a Gaussian of the distance along the road. The row and the column of a sensor that is
        joined to nothing are 0.
        """
        found = np.zeros((len(self.names),) * 2, np.float32)
        for first, second in self.links:
            apart = CELL * (self.stretches[first].cells + self.stretches[second].cells) / 2.0
            found[self.names.index(first), self.names.index(second)] = np.exp(-((apart / _WIDTH) ** 2))
        return found


def _twice(links: Sequence[tuple[str, str]]) -> str:
    return "–".join(next(one for one in links if links.count(one) > 1)) + " twice"


def _road(
    letter: str, lanes: Sequence[int], cells: Sequence[int], x: Sequence[float], y: Sequence[float]
) -> dict[str, Stretch]:
    parts = zip(lanes, cells, x, y, strict=True)
    return {f"{letter}{at}": Stretch(letter, *part) for at, part in enumerate(parts, 1)}


def _in_line(*names: str) -> list[tuple[str, str]]:
    return list(itertools.pairwise(names))


ROADS = {
    "M": "main road, to the east",
    "N": "joins from the north",
    "S": "joins from the south",
    "X": "leaves to the south-east",
}
NETWORK = Network(
    {
        **_road("M", (3, 3, 3, 3, 4, 4, 3, 3, 3), (4,) * 9, range(1, 18, 2), (5.0,) * 9),
        **_road("N", (2, 2, 2, 2), (4, 4, 4, 3), (2.9, 4.3, 5.8, 7.4), (10.4, 9.2, 8.0, 6.8)),
        **_road("S", (2, 2, 2), (4, 4, 3), (-0.2, 1.6, 3.5), (0.6, 1.9, 3.2)),
        **_road("X", (2, 2, 2, 2), (3, 4, 4, 4), (12.6, 14.3, 15.9, 17.4), (3.3, 2.2, 1.1, 0.0)),
    },
    (
        *_in_line(*(f"M{at}" for at in range(1, 10))),
        *_in_line("N1", "N2", "N3", "N4", "M5"),
        *_in_line("S1", "S2", "S3", "M3"),
        *_in_line("M6", "X1", "X2", "X3", "X4"),
    ),
)
