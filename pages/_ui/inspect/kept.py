"""The models that visitors have brought: each visitor's own, gone with the session, all together within a budget."""

import collections
import dataclasses
import gc
import itertools
import threading
import weakref
from collections.abc import Callable, Hashable
from typing import Any, Protocol, TypeVar

import numpy as np

from rnnviz.checkpoints.brought import Brought
from rnnviz.core import limits
from rnnviz.engine import memory

MOST_ANSWERS = 32  # what a visitor may come back to without a new question,
MOST_ANSWERED = 24_000_000  # and the bytes of that: one trace of the widest layer takes ten


class Sized(Protocol):
    """A finished chart, say."""

    @property
    def nbytes(self) -> int:
        """Bytes it holds."""


Answer = dict[str, np.ndarray] | Sized
T = TypeVar("T", bound=Answer)
_numbers = itertools.count(1)
_lock = threading.Lock()
_all: "list[weakref.ref[Kept]]" = []


@dataclasses.dataclass(eq=False)
class Kept:
    """One visitor's model. It lives as long as their session holds it.

    brought:  what was in the file; None once it had to make room for others.
    file:     its name.
    number:   a name for its widgets: another model begins with other values.
    settings: what the visitor chose, which outlives a turn to another page.
    came:     what was pasted last, or the number of the file that was uploaded last; and
    read:     what it was read as, or why it was refused.
    answers:  what was asked about it, and the charts of that.
    """

    brought: Brought | None
    file: str
    sample: bool = False
    number: int = dataclasses.field(default_factory=lambda: next(_numbers))
    settings: dict[str, Any] = dataclasses.field(default_factory=dict)
    came: str = ""
    read: Any = None
    answers: "collections.OrderedDict[Hashable, Answer]" = dataclasses.field(default_factory=collections.OrderedDict)

    def answer(self, key: Hashable, ask: Callable[[], T]) -> T:
        """What `ask` gave under this key, asked once."""
        with _lock:
            found = self.answers.pop(key, None)
        fresh = found is None
        if found is None:
            found = ask()
        with _lock:
            self.answers[key] = found
            while len(self.answers) > MOST_ANSWERS or (len(self.answers) > 1 and self._answered > MOST_ANSWERED):
                self.answers.popitem(last=False)
        if fresh:
            _make_room(self)
        return found  # type: ignore[return-value]

    @property
    def _answered(self) -> int:
        return sum(map(_bytes, self.answers.values()))

    @property
    def nbytes(self) -> int:
        """Bytes that keeping it takes."""
        rows = self.settings.get("rows")
        return (self.brought.nbytes if self.brought else 0) + self._answered + (0 if rows is None else rows.nbytes)

    def key(self, name: str) -> str:
        """The key of one of its widgets."""
        return f"inspect.{self.number}.{name}"


@dataclasses.dataclass
class Shelf:
    """Where a visitor's model lies, if they brought one."""

    kept: Kept | None = None


def keep(brought: Brought, sample: bool = False) -> Kept:
    """Keep a model for the visitor who brought it; those that were brought longest ago make room."""
    kept = Kept(brought, brought.file, sample)
    with _lock:
        _all.append(weakref.ref(kept))
    _make_room(kept)
    return kept


def give_back() -> None:
    """After a model was opened or put away: what that took goes back to the system at once."""
    gc.collect()
    memory.give_back()


def _make_room(used: Kept) -> None:
    """Give up the models that were brought longest ago, but not the one in use, until the rest fits."""
    with _lock:
        alive = [one for ref in _all if (one := ref()) is not None and one.brought is not None]
        _all[:] = [weakref.ref(one) for one in alive]
        excess = sum(one.nbytes for one in alive) - limits.CHECKPOINT_BYTES_KEPT
        for one in alive:
            if excess <= 0:
                break
            if one is not used:
                excess -= one.nbytes
                one.brought = None
                one.answers.clear()


def _bytes(answer: Answer) -> int:
    return sum(array.nbytes for array in answer.values()) if isinstance(answer, dict) else answer.nbytes
