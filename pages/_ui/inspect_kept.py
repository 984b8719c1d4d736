"""The models that visitors have brought: each visitor's own, gone with the session, all together within a budget."""

import collections
import dataclasses
import itertools
import threading
import weakref
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from rnnviz import limits
from rnnviz.brought import Brought

T = TypeVar("T")

MOST_ANSWERS = 32  # what a visitor may come back to without a new question
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
    answers:  what was asked about it, and the charts of that.
    """

    brought: Brought | None
    file: str
    sample: bool = False
    number: int = dataclasses.field(default_factory=lambda: next(_numbers))
    settings: dict[str, Any] = dataclasses.field(default_factory=dict)
    answers: "collections.OrderedDict[Hashable, Any]" = dataclasses.field(default_factory=collections.OrderedDict)

    def answer(self, key: Hashable, ask: Callable[[], T]) -> T:
        """What `ask` gave under this key, asked once."""
        if key not in self.answers:
            self.answers[key] = ask()
        self.answers.move_to_end(key)
        while len(self.answers) > MOST_ANSWERS:
            self.answers.popitem(last=False)
        found: T = self.answers[key]
        return found

    def key(self, name: str) -> str:
        """The key of one of its widgets."""
        return f"inspect.{self.number}.{name}"


def keep(brought: Brought, sample: bool = False) -> Kept:
    """Keep a model for the visitor who brought it; those that were brought longest ago make room."""
    kept = Kept(brought, brought.file, sample)
    with _lock:
        _all[:] = [ref for ref in _all if (one := ref()) is not None and one.brought is not None]
        _all.append(weakref.ref(kept))
        models = [one for ref in _all if (one := ref()) is not None and one.brought is not None]
        excess = sum(_size(one) for one in models) - limits.CHECKPOINT_BYTES_KEPT
        for one in models[:-1]:
            if excess <= 0:
                break
            excess -= _size(one)
            one.brought = None
            one.answers.clear()
    return kept


def _size(kept: Kept) -> int:
    return kept.brought.nbytes if kept.brought else 0
