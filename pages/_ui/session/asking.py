"""Questions to the worker whose answers many visitors share: each is asked once, and nobody need wait for it."""

import collections
import concurrent.futures
import math
import threading
import time
from collections.abc import Callable, Hashable

import numpy as np

from rnnviz.engine import EngineError

Answer = dict[str, np.ndarray]
Waiting = concurrent.futures.Future[Answer]


class Asked:
    """Keeps answers by key and drops those that nobody asked for longest. Safe to use from many threads.

    A question that failed because of trouble at the engine is asked again after `rest` seconds; one that was refused
    (`ValueError`) stays refused.
    """

    def __init__(self, most: int = 1_000, most_bytes: int = 32_000_000, at_once: int = 2, rest: float = 5.0) -> None:
        self.most = most
        self.rest = rest
        self.most_bytes = most_bytes
        self.nbytes = 0
        self._lock = threading.RLock()
        self._kept: collections.OrderedDict[Hashable, Waiting] = collections.OrderedDict()
        self._failed: dict[Hashable, float] = {}  # when
        self._askers = concurrent.futures.ThreadPoolExecutor(at_once, "rnnviz-ask")
        self._patient = concurrent.futures.ThreadPoolExecutor(1, "rnnviz-ask-later")

    def ask(self, key: Hashable, question: Callable[[], Answer], later: bool = False) -> Waiting:
        """The answer kept under `key`, or on its way; else the question is asked, in the background.

        later: whether it can wait. Such questions are asked one after another: no other waits for more than one.
        """
        with self._lock:
            waiting = self._kept.get(key)
            if waiting is None or time.monotonic() - self._failed.get(key, math.inf) >= self.rest:
                self._failed.pop(key, None)
                waiting = self._kept[key] = (self._patient if later else self._askers).submit(question)
                waiting.add_done_callback(lambda done: self._done(key, done))
            self._kept.move_to_end(key)
            return waiting

    def find(self, key: Hashable) -> Waiting | None:
        """The answer kept under `key`, or on its way."""
        with self._lock:
            return self._kept.get(key)

    def __len__(self) -> int:
        return len(self._kept)

    def _done(self, key: Hashable, done: Waiting) -> None:
        with self._lock:
            if isinstance(done.exception(), EngineError):
                self._failed[key] = time.monotonic()
            self.nbytes += _size(done)
            while len(self._kept) > self.most or self.nbytes > self.most_bytes:
                old, dropped = self._kept.popitem(last=False)
                self._failed.pop(old, None)
                self.nbytes -= _size(dropped)


def _size(waiting: Waiting) -> int:
    if not waiting.done() or waiting.exception() is not None:
        return 0
    return sum(array.nbytes for array in waiting.result().values())
