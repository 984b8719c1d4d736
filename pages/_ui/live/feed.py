"""Who waits for news of a run, and the messages that all of them share."""

import asyncio
import contextlib
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor

from pages._ui.live.arrivals import arrivals
from pages._ui.live.messages import Message
from pages._ui.session.server import engine
from rnnviz.core import limits
from rnnviz.core.cache import Cache


class Feed:
    """Lives in the server's event loop; the engine's threads only wake it. Encoding has a thread of its own."""

    def __init__(self) -> None:
        self.sockets = 0
        self._loop = asyncio.get_running_loop()
        self._thread = ThreadPoolExecutor(1, "rnnviz-encode")
        self._waiting: dict[str, asyncio.Event] = {}  # by the key of an experiment
        self._kept: Cache[Hashable, Message] = Cache("messages", limits.MESSAGE_BYTES_KEPT)
        self._underway: dict[Hashable, asyncio.Future[Message]] = {}
        self._engine = engine()
        self._end = self._engine.listen(self._heard)

    async def news(self, key: str, seconds: float) -> None:
        """Wait until something is heard of an experiment's jobs, at most so long.

        `asyncio.wait_for` of Python 3.11 forgets that it was cancelled when the news comes at the same time: who had
        left was waited for without end, and so was the end of the server.
        """
        event = self._waiting.setdefault(key, asyncio.Event())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()

    def _heard(self, key: str) -> None:
        """From any of the engine's threads."""
        arrivals.note(self._engine.at_hand(key))
        with contextlib.suppress(RuntimeError):  # the server is going down
            self._loop.call_soon_threadsafe(self._wake, key)

    def _wake(self, key: str) -> None:
        if (event := self._waiting.pop(key, None)) is not None:
            event.set()

    async def encoded(self, key: Hashable, encode: Callable[[], Message]) -> Message:
        """The message kept under `key`, else what `encode` returns: of many who ask at once, one has it made."""
        if (kept := self._kept.find(key)) is not None:
            return kept
        if key not in self._underway:
            self._underway[key] = asyncio.ensure_future(self._make(key, encode))
        return await asyncio.shield(self._underway[key])

    async def _make(self, key: Hashable, encode: Callable[[], Message]) -> Message:
        try:
            return await self._loop.run_in_executor(self._thread, self._kept.get, key, encode)
        finally:
            del self._underway[key]

    def close(self) -> None:
        """Nobody is told any more."""
        self._end()
        self._thread.shutdown(wait=False, cancel_futures=True)


_feed: Feed | None = None


def feed() -> Feed:
    """The one feed of this server; made in its event loop when the first browser asks."""
    global _feed
    if _feed is None or _feed._loop is not asyncio.get_running_loop():
        _feed = Feed()
    return _feed


def close() -> None:
    """End the feed with the server."""
    global _feed
    if _feed is not None:
        _feed.close()
        _feed = None
