"""A model that somebody brings along, as a page keeps it: numpy alone, sizes known, and where its limits are."""

import dataclasses
from collections.abc import Mapping

import numpy as np

from rnnviz.cells import CELLS, Cell
from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, Words


@dataclasses.dataclass(frozen=True)
class Layer:
    """One recurrent module of a checkpoint: a stack of layers in one or two directions.

    name:       what it is called in the file.
    inputs:     features that it reads at each time step.
    activation: of a simple RNN, which no file tells: "tanh", "relu" or "sigmoid".
    reset:      of a GRU: "after" the matrix product, as torch has it, or "before".
    skip:       whether each layer's input is added to what it hands on.
    assumed:    whether the activation is a guess that may be changed.
    weights:    under torch's names.
    """

    name: str
    cell: str
    inputs: int
    hidden: int
    layers: int
    directions: int
    bias: bool
    weights: Mapping[str, np.ndarray]
    activation: str = "tanh"
    reset: str = "after"
    skip: bool = False
    assumed: bool = False

    @property
    def kind(self) -> Cell:
        """The description of its cell."""
        return CELLS[self.cell]

    @property
    def parameters(self) -> int:
        """How many numbers were learned."""
        return sum(weight.size for weight in self.weights.values())

    @property
    def nbytes(self) -> int:
        """Bytes of its weights."""
        return sum(weight.nbytes for weight in self.weights.values())

    @property
    def title(self) -> str:
        """What it is, in words."""
        return titled(self.cell, self.layers, self.directions, self.inputs, self.hidden)

    @property
    def formula(self) -> str:
        """The number of parameters with its numbers filled in: "2 × 4 × (16×8 + 16×16 + 2×16) = 3,328"."""
        h, terms = self.hidden, []
        widths = [self.inputs] + [h * self.directions] * (self.layers - 1)
        for width, alike in {width: widths.count(width) for width in widths}.items():
            factors = [str(n) for n in (alike, self.directions, len(self.kind.blocks)) if n > 1]
            terms.append(" × ".join([*factors, f"({h}×{width} + {h}×{h}{f' + 2×{h}' if self.bias else ''})"]))
        return " + ".join(terms) + f" = {self.parameters:,}"

    @property
    def longest(self) -> int:
        """Time steps that it may be traced over."""
        values = limits.MOST_TRACED // (self.layers * self.directions * self.hidden)
        work = limits.MOST_WORK // max(1, self.parameters)
        return max(1, min(limits.LONGEST_SEQUENCE, values, work))

    @property
    def longest_analysed(self) -> int:
        """Time steps over which the Jacobians of one of its layers may be chained; 1 is too few to chain any."""
        one = len(self.kind.blocks) * self.hidden**3
        return max(1, min(self.longest, limits.MOST_CHAINED // one))


@dataclasses.dataclass(frozen=True)
class Brought:
    """What a file holds that can be looked at.

    file:       its name, as its owner gave it.
    embeddings: name → (token, width).
    vocabulary: tokens by index, if the file names them.
    aside:      names of the models in it that hand no state on, and so are not looked at.
    notes:      what of the file was left out or assumed, and why, each in a sentence.
    """

    file: str
    layers: tuple[Layer, ...]
    embeddings: Mapping[str, np.ndarray]
    vocabulary: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def nbytes(self) -> int:
        """Bytes of all its arrays."""
        return sum(layer.nbytes for layer in self.layers) + sum(table.nbytes for table in self.embeddings.values())


def check_input(layer: Layer, x: np.ndarray) -> None:
    """Refuse an input that does not fit a layer, or is longer than it may be traced over.

    x: (time, feature).

    Raises:
        ExperimentError: says what would fit.
    """
    if x.ndim != 2 or x.shape[1] != layer.inputs or not len(x):
        wide = f"{_many(layer.inputs, 'number')} at each time step"
        raise ExperimentError("input", wide, Words(f"{' × '.join(map(str, x.shape))} numbers"))
    if len(x) > layer.longest:
        allowed = f"at most {layer.longest:,} time steps long for {layer.title}"
        raise ExperimentError("input", allowed, Words(f"{len(x):,} time steps"))
    if not np.isfinite(x).all():
        raise ExperimentError("input", "of finite numbers", Words("NaN or infinity"))


def titled(cell: str, layers: int, directions: int, inputs: int, hidden: int) -> str:
    """A layer in words, such as "LSTM, 2 layers in both directions, 8 inputs, 16 units"."""
    ways = " in both directions" if directions == 2 else ""
    return f"{CELLS[cell].title}, {_many(layers, 'layer')}{ways}, {_many(inputs, 'input')}, {_many(hidden, 'unit')}"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
