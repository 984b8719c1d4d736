"""Questions to the worker whose answers many visitors share: each is asked once, and nobody need wait for it."""

import dataclasses
import math
import threading
import time
import weakref
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from typing import TypeVar

import numpy as np
import streamlit as st

from pages._ui.session.server import engine
from rnnviz.core.cache import Cache, size_of
from rnnviz.engine import Engine, EngineError

PATIENCE = 20.0  # seconds for one answer; others may have asked before
OVERHEAD = 4_000  # bytes of a future, its locks, a key and a dozen arrays without their numbers; measured: 3,800

Answer = dict[str, np.ndarray]
Waiting = Future[Answer]
Made = TypeVar("Made")


@dataclasses.dataclass(eq=False)
class _Question:
    """A question that was asked; `failed` is when the engine had trouble with it."""

    waiting: Waiting
    failed: float = math.inf

    @property
    def nbytes(self) -> int:
        """Bytes of the answer, once it is there, and of what asking took."""
        answered = self.waiting.done() and self.waiting.exception() is None
        return OVERHEAD + (size_of(self.waiting.result()) if answered else 0)


class Asked:
    """Asks in the background and keeps the answers by key in a `Cache`. Safe to use from many threads.

    A question that failed because of trouble at the engine is asked again after `rest` seconds; one that was refused
    (`ValueError`) stays refused.
    """

    def __init__(self, name: str, budget: int, most: int = 1_000, at_once: int = 2, rest: float = 5.0) -> None:
        self.rest = rest
        self._lock = threading.RLock()
        self._kept: Cache[Hashable, _Question] = Cache(name, budget, most=most)
        self._askers = ThreadPoolExecutor(at_once, "rnnviz-ask")
        self._patient = ThreadPoolExecutor(1, "rnnviz-ask-later")

    def ask(self, key: Hashable, question: Callable[[], Answer], later: bool = False) -> Waiting:
        """The answer kept under `key`, or on its way; else the question is asked, in the background.

        later: whether it can wait. Such questions are asked one after another: no other waits for more than one.
        """
        with self._lock:
            known = self._kept.find(key)
            if known is None or time.monotonic() - known.failed >= self.rest:
                asked = known = _Question((self._patient if later else self._askers).submit(question))
                self._kept.put(key, asked)
                asked.waiting.add_done_callback(lambda _: self._done(key, asked))
            return known.waiting

    def find(self, key: Hashable) -> Waiting | None:
        """The answer kept under `key`, or on its way."""
        known = self._kept.find(key)
        return None if known is None else known.waiting

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def nbytes(self) -> int:
        """Bytes of all answers."""
        return self._kept.nbytes

    def _done(self, key: Hashable, asked: _Question) -> None:
        with self._lock:
            if isinstance(asked.waiting.exception(), EngineError):
                asked.failed = time.monotonic()
            if self._kept.find(key) is asked:
                self._kept.put(key, asked)  # now it is known how large the answer is


_lock = threading.Lock()
_all: "weakref.WeakKeyDictionary[Engine, dict[str, Asked]]" = weakref.WeakKeyDictionary()


def asked(name: str, budget: int) -> Asked:
    """The questions under a name to the engine that runs: the same ones for all who look.

    budget: bytes of the answers that are kept.
    """
    with _lock:
        of_engine = _all.setdefault(engine(), {})
        if name not in of_engine:
            of_engine[name] = Asked(name, budget)
        return of_engine[name]


def answer(waiting: Waiting) -> Answer:
    """What was asked for; waits for it.

    Raises:
        ValueError: the question was refused.
        EngineError: no answer came.
    """
    try:
        return waiting.result(PATIENCE)
    except Late:
        raise EngineError(f"The answer took longer than {PATIENCE:g} seconds. Try again in a moment.") from None


def answered(waiting: Iterable[Waiting], words: str, make: Callable[[], Made]) -> Made:
    """What `make` makes of the answers; as long as one of them is waited for, `words` stand on the page."""
    if all(one.done() for one in waiting):
        return make()
    with st.spinner(words):
        return make()
