"""Who wants to be told that something about a job changed, so that nobody has to look again and again."""

import contextlib
import threading
from collections.abc import Callable, Iterator

from rnnviz.engine.errors import log

Callback = Callable[[str], object]


class Listeners:
    """Callbacks, and the experiments of whose jobs they have not been told yet.

    lock: the engine's, which may be taken again by who has it. `note` is called under it.
    """

    def __init__(self, lock: threading.RLock) -> None:
        self._lock = lock
        self._callbacks: list[Callback] = []
        self._changed: dict[str, None] = {}  # keys, each once and in their order
        self._depth = 0  # events that are being dealt with, one inside the other

    def add(self, callback: Callback) -> Callable[[], None]:
        """Tell this one too; returns what ends that."""
        with self._lock:
            self._callbacks.append(callback)

        def end() -> None:
            with self._lock, contextlib.suppress(ValueError):
                self._callbacks.remove(callback)

        return end

    def note(self, key: str) -> None:
        """Something about a job of this experiment changed."""
        self._changed[key] = None

    @contextlib.contextmanager
    def event(self) -> Iterator[None]:
        """What happens in here happens under the lock, and is told of once all of it is done."""
        with self._lock:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if not self._depth:
                    self._tell()

    def _tell(self) -> None:
        changed, self._changed = self._changed, {}
        for key in changed:
            for callback in list(self._callbacks):
                try:
                    callback(key)
                except Exception:
                    log.exception("A listener failed.")
