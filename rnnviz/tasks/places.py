"""What is read at several places at once: the sensors of a road network, the places of a picture.

Inputs stay (time, sample, feature) float32; a feature is one number at one place, in the order of the places: with F
numbers at each, feature p·F + f is number f at place p. A model may read them all at once, or with the same weights at
every place (`ModelSpec.reach`): how much of each place reaches which other is what `mixing` says.
"""

import abc
import dataclasses
import functools
from typing import ClassVar

import numpy as np

from rnnviz.core.errors import ExperimentError
from rnnviz.core.names import counted
from rnnviz.tasks.shapes import Numbered


@dataclasses.dataclass(frozen=True)
class AtPlaces(Numbered, abc.ABC):
    """Numbers at places that have neighbours.

    form:      the name, in labels, of a cell whose weights all places share and which reads their neighbours.
    one:       what one place is called: "sensor".
    """

    form: ClassVar[str]
    one: ClassVar[str]

    @property
    @abc.abstractmethod
    def count(self) -> int:
        """Places, P."""

    @property
    @abc.abstractmethod
    def each(self) -> int:
        """Numbers at each place, F."""

    @property
    def grid(self) -> tuple[int, int] | None:
        """Height and width where places stand row by row and `mixing` is a convolution; None elsewhere."""
        return None

    @property
    def size(self) -> int:
        """Numbers of one time step."""
        return self.count * self.each

    @property
    def said(self) -> str:
        """What one time step is, in words: "64 places × 4"."""
        return f"{counted(self.count, self.one)} × {self.each}"

    @abc.abstractmethod
    def around(self, reach: int) -> str:
        """What a place reads, `reach` steps around it, in words: "itself and the sensors up to 2 steps away"."""

    @abc.abstractmethod
    def mixing(self, reach: int) -> np.ndarray:
        """Matrices S_k (K, P, P) float64: Σ_k S_k X W_k is what every place reads of X, `reach` steps around it.

        For a reach of 0 the identity alone: every place reads itself.
        """


@dataclasses.dataclass(frozen=True)
class Image(AtPlaces):
    """A picture of height × width places, row by row, with `channels` numbers at each.

    A place is a pixel, or a patch of pixels side by side (Shi et al. 2015, section 4).
    """

    height: int
    width: int
    channels: int = 1
    form: ClassVar[str] = "conv"
    one: ClassVar[str] = "place"

    @property
    def count(self) -> int:
        return self.height * self.width

    @property
    def each(self) -> int:
        return self.channels

    @property
    def grid(self) -> tuple[int, int]:
        return self.height, self.width

    def around(self, reach: int) -> str:
        side = 2 * reach + 1
        return f"itself and its neighbours, {side} × {side} places (a convolution)" if reach else "itself alone"

    def mixing(self, reach: int) -> np.ndarray:
        """Shifts, zeros outside: the sum is a convolution with a kernel of (2·reach + 1)², row by row."""
        return _shifts(self.height, self.width, reach)


@dataclasses.dataclass(frozen=True)
class Graph:
    """A directed graph: (from, to, weight) for each edge between places, whose names are `names`.

    Raises:
        ExperimentError: an edge names no place, or its weight is not positive and finite.
    """

    names: tuple[str, ...]
    edges: tuple[tuple[int, int, float], ...]

    def __post_init__(self) -> None:
        if not self.names:
            raise ExperimentError("graph.names", "at least one place", self.names)
        for edge in self.edges:
            start, end, weight = edge
            if not (0 <= start < len(self.names) and 0 <= end < len(self.names) and 0 < weight < np.inf):
                allowed = f"two places from 0 to {len(self.names) - 1} and a weight above 0 for each edge"
                raise ExperimentError("graph.edges", allowed, edge)

    @property
    def weights(self) -> np.ndarray:
        """W (P, P) float64, W[a, b] of the edge from a to b, 0 without one."""
        found = np.zeros((len(self.names), len(self.names)))
        for start, end, weight in self.edges:
            found[start, end] = weight
        return found


@dataclasses.dataclass(frozen=True)
class Nodes(AtPlaces):
    """The places of a directed graph, such as sensors on roads, with `features` numbers at each."""

    graph: Graph
    features: int = 1
    form: ClassVar[str] = "dc"
    one: ClassVar[str] = "sensor"

    @property
    def count(self) -> int:
        return len(self.graph.names)

    @property
    def each(self) -> int:
        return self.features

    def around(self, reach: int) -> str:
        far = counted(reach, "place")
        return f"itself and those up to {far} away, up and down the roads (diffusion)" if reach else "itself alone"

    def mixing(self, reach: int) -> np.ndarray:
        """The identity, then powers 1 … reach of both random walks: Li et al. 2018, equation 2.

        (D_O⁻¹ W)^k spreads from a place to those its edges lead to, (D_I⁻¹ Wᵀ)^k to those they come from. The row of a
        place without such edges is 0: it reads itself alone.
        """
        return _walks(self.graph, reach)


@functools.cache
def _shifts(height: int, width: int, reach: int) -> np.ndarray:
    rows, columns = np.divmod(np.arange(height * width), width)
    steps = range(-reach, reach + 1)
    found = [
        (rows[:, None] + down == rows) & (columns[:, None] + right == columns) for down in steps for right in steps
    ]
    return _fixed(np.stack(found).astype(np.float64))


@functools.lru_cache(maxsize=64)
def _walks(graph: Graph, reach: int) -> np.ndarray:
    found = [np.eye(len(graph.names))]
    for weights in (graph.weights, graph.weights.T):
        total = weights.sum(1, keepdims=True)
        walk = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
        found += [np.linalg.matrix_power(walk, steps) for steps in range(1, reach + 1)]
    return _fixed(np.stack(found).astype(np.float64))


def _fixed(matrices: np.ndarray) -> np.ndarray:
    matrices.setflags(write=False)
    return matrices
