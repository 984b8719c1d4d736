"""What was drawn once for one watcher is handed to all others."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    """Anything that knows its bytes, such as a finished chart."""

    @property
    def nbytes(self) -> int:
        """Bytes it holds."""


T = TypeVar("T", bound=Sized)


class Drawn(Generic[T]):
    """Keeps finished drawings by key (run, step, view, options) and drops those that nobody asked for longest.

    Safe to use from many threads: of thirty that ask for the same key at once, one draws and the others wait for it.
    What it hands out is shared, so nobody may change it.
    """

    def __init__(self, most: int = 512, most_bytes: int = 32_000_000) -> None:
        self.most = most
        self.most_bytes = most_bytes
        self.nbytes = 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._underway: dict[Hashable, threading.Event] = {}

    def get(self, key: Hashable, draw: Callable[[], T]) -> T:
        """The drawing kept under `key`, else what `draw` returns; an error of `draw` goes to the caller."""
        while (done := self._take_turn(key)) is not None:
            if isinstance(done, threading.Event):
                done.wait()
            else:
                return done
        try:
            drawing = draw()
            self._keep(key, drawing)
        finally:
            with self._lock:
                self._underway.pop(key).set()
        return drawing

    def __len__(self) -> int:
        return len(self._kept)

    def _take_turn(self, key: Hashable) -> T | threading.Event | None:
        """The drawing, or the end of another's drawing to wait for, or None if the caller is to draw."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            if key in self._underway:
                return self._underway[key]
            self._underway[key] = threading.Event()
            return None

    def _keep(self, key: Hashable, drawing: T) -> None:
        size = drawing.nbytes
        with self._lock:
            self._kept[key] = drawing
            self.nbytes += size
            while self._kept and (len(self._kept) > self.most or self.nbytes > self.most_bytes):
                _, oldest = self._kept.popitem(last=False)
                self.nbytes -= oldest.nbytes
