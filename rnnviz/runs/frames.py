"""What is measured at one moment of training. Plain numpy, so that it can cross a pipe and be kept."""

import dataclasses
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

import numpy as np

T = TypeVar("T")


class _Known(Generic[T]):
    """A value that every frame has, as an attribute of its own name."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, frame: "ModelFrame", owner: type) -> T:
        found: T = frame[self._name]
        return found


class ModelFrame(Mapping[str, Any]):
    """One model at one moment. Loss, gradients and weights belong together: none is a step older.

    A mapping from the names in `rnnviz.specs.schema`, which says what each value is, to numbers and arrays:
    `frame["update_ratio"]`. What a model does not have, or a version before did not measure, is not in it. What is
    common has an attribute too.

    An encoder–decoder has one time axis through both halves: the `input_steps` of its encoder, then the
    `output_steps` of its decoder, which is fed the right answer on the probes. What a half does not have, such as a
    backward direction in the decoder, is NaN, and so are the states where a probe is over.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        """values: name → number, array, or of a group its members by name; None for what there is not."""
        self._values = dict(_one_by_one(values))

    loss = _Known[float]()
    score = _Known[float]()
    grad_norm = _Known[float]()
    clipped = _Known[bool]()
    losses = _Known[np.ndarray]()
    grad_norms = _Known[np.ndarray]()
    hidden_grad_norm = _Known[np.ndarray]()
    singular_values = _Known[np.ndarray]()
    outputs = _Known[np.ndarray]()

    @property
    def cell_grad_norm(self) -> np.ndarray | None:
        """As `hidden_grad_norm`; None without an LSTM."""
        return self.get("cell_grad_norm")

    @property
    def trace(self) -> dict[str, np.ndarray]:
        """States and gates by name."""
        return self._group("trace/")

    @property
    def weights(self) -> dict[str, np.ndarray]:
        """Weights by their names in the model's `state_dict`."""
        return self._group("weights/")

    @property
    def translated(self) -> dict[str, np.ndarray]:
        """What is measured on encoder–decoders alone, by name; empty for all others."""
        return self._group("translated/")

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return sum(value.nbytes for value in self._values.values() if isinstance(value, np.ndarray))

    def replace(self, **values: Any) -> "ModelFrame":
        """The same with other values; a group is replaced as a whole."""
        kept = {name: value for name, value in self._values.items() if name.partition("/")[0] not in values}
        return ModelFrame(kept | values)

    def _group(self, begin: str) -> dict[str, np.ndarray]:
        return {name.removeprefix(begin): array for name, array in self._values.items() if name.startswith(begin)}

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __reduce__(self) -> tuple[type["ModelFrame"], tuple[dict[str, Any]]]:
        return ModelFrame, (self._values,)


def _one_by_one(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What there is, members of groups one by one. A name is the same object in all the many frames of a run."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from ((sys.intern(f"{name}/{member}"), array) for member, array in value.items())
        elif value is not None:
            yield sys.intern(name), value


@dataclasses.dataclass(frozen=True, slots=True)
class Glimpse:
    """The weights of all models between two frames: shown while they are the newest, never kept.

    weights: label → name → float32, after `step` updates.
    """

    step: int
    weights: dict[str, dict[str, np.ndarray]]


@dataclasses.dataclass(frozen=True, slots=True)
class GlimpsePoint:
    """A point of training at which a glimpse could be taken, if somebody wants one: costs nothing until then."""

    step: int
    take: Callable[[], dict[str, dict[str, np.ndarray]]]

    def glimpse(self) -> Glimpse:
        """The weights as they are now; only until training goes on."""
        return Glimpse(self.step, self.take())


@dataclasses.dataclass(frozen=True, slots=True)
class Replayed:
    """A point on the way to where a branch starts: its parent is trained again, and nothing is measured.

    step: updates done.
    to:   how many lead to the step from which that way goes on.
    """

    step: int
    to: int


@dataclasses.dataclass(frozen=True, slots=True)
class Frame:
    """All models after `step` updates.

    models: label → what was measured; a model that has ended is missing.
    ended:  label → when and why its training ended, in a sentence.
    """

    step: int
    models: dict[str, ModelFrame]
    ended: dict[str, str]

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return sum(model.nbytes for model in self.models.values())
