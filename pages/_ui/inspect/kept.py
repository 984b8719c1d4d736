"""The models that visitors have brought: each visitor's own, gone with the session, all together within a budget."""

import dataclasses
import gc
import itertools
import weakref
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import numpy as np

from rnnviz.charts import Drawing
from rnnviz.checkpoints.brought import Brought
from rnnviz.core import limits
from rnnviz.core.cache import Cache, size_of
from rnnviz.engine import memory

Answer = dict[str, np.ndarray] | Drawing
T = TypeVar("T", bound=Answer)
_numbers = itertools.count(1)


@dataclasses.dataclass(eq=False)
class _Model:
    """What is given up when others need the room.

    brought: what was in the file.
    answers: what was asked about it, and the charts of that.
    rows:    bytes of the input that its visitor uploaded.
    """

    brought: Brought
    answers: Cache[Hashable, Any] = dataclasses.field(
        default_factory=lambda: Cache(
            "answers about a checkpoint", limits.BROUGHT_ANSWER_BYTES, most=limits.MOST_BROUGHT_ANSWERS, counted=False
        )
    )
    rows: int = 0

    def __post_init__(self) -> None:
        self._fixed = self.brought.nbytes + size_of(self.brought.vocabulary)

    @property
    def nbytes(self) -> int:
        """Bytes that keeping it takes."""
        return self._fixed + self.answers.nbytes + self.rows


_models: Cache[int, _Model] = Cache("checkpoints", limits.CHECKPOINT_BYTES_KEPT)


class OwnModel:
    """One visitor's model. It lives as long as their session holds it.

    file:     its name.
    number:   a name for its widgets: another model begins with other values.
    settings: what the visitor chose, pasted or uploaded, which outlives a turn to another page.
    """

    def __init__(self, brought: Brought, sample: bool = False) -> None:
        self.file = brought.file
        self.sample = sample
        self.number = next(_numbers)
        self.settings: dict[str, Any] = {}
        _models.put(self.number, _Model(brought))
        weakref.finalize(self, _models.drop, self.number).atexit = False

    @property
    def brought(self) -> Brought | None:
        """What was in the file; None once it had to make room for others, which were used since."""
        model = _models.find(self.number)
        return None if model is None else model.brought

    def answer(self, key: Hashable, ask: Callable[[], T]) -> T:
        """What `ask` gave under this key, asked once."""
        model = _models.find(self.number)
        if model is None:
            return ask()
        found: T = model.answers.get(key, ask)
        rows = self.settings.get("rows")
        model.rows = rows.nbytes if isinstance(rows, np.ndarray) else 0
        if _models.find(self.number) is model:
            _models.put(self.number, model)  # it has grown
        return found

    def give_up(self) -> None:
        """Forget what was in the file."""
        _models.drop(self.number)

    def key(self, name: str) -> str:
        """The key of one of its widgets."""
        return f"inspect.{self.number}.{name}"


@dataclasses.dataclass
class OwnModelSlot:
    """Where a visitor's model lies, if they brought one."""

    kept: OwnModel | None = None


def give_back() -> None:
    """After a model was opened or put away: what that took goes back to the system at once."""
    gc.collect()
    memory.give_back()
