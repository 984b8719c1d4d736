"""The routes beside Streamlit's own: a socket for each watcher of a run, and single moments of it.

    live/{run}?view=…&id=…&after=…&last=…
                                     WebSocket: messages as `rnnviz.live.wire` packs them, always the newest moment, one
                                     for each text that the browser sends (its credit); `last` is the name of the run
                                     that is drawn beside it
    frames/{run}/{place}?view=…&id=… one moment
    written/{run}/{place}?id=…&…     what models write at it: see `written`

A name that no page has told, and a view that the experiment lacks, are answered by close code 4404, or 404.
"""

import asyncio
import functools
import time

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from pages._ui.live import messages, names
from pages._ui.live.feed import Feed, feed
from pages._ui.live.standing import standing
from pages._ui.live.written import IMMUTABLE, written
from pages._ui.session.streamlit_internals import base_path, is_origin_allowed
from rnnviz.core import limits
from rnnviz.live.pages import PAGES
from rnnviz.live.view import View, ViewError
from rnnviz.specs.branch import Training

FOREIGN, UNKNOWN, FULL, OVER = 4403, 4404, 4429, 1000  # close codes
STATUS_EVERY = 0.5  # seconds at least before a message that only says how the run is doing
WORDS_PER_SECOND = 100  # of those, to all watchers, where the state is the same and only its words differ
IDLE = 60.0  # seconds after which who waits for news looks again
QUICKEST = 0.04  # seconds between two messages to one watcher
PER_SECOND = 800  # messages to all of them; with more watchers each gets fewer


def routes() -> list[BaseRoute]:
    """Streamlit puts no base path before an app's own routes."""
    base = base_path()
    return [
        WebSocketRoute(f"{base}/live/{{run}}", live),
        Route(f"{base}/frames/{{run}}/{{place}}", frame),
        Route(f"{base}/written/{{run}}/{{place}}", written),
    ]


async def live(socket: WebSocket) -> None:
    """Everything about one watcher, until they go or the run is finished."""
    if not is_origin_allowed(socket.headers.get("origin"), socket.headers.get("host")):
        await socket.close(FOREIGN)
        return
    name, shared = socket.path_params["run"], feed()
    training = names.training_of(name)
    view = _view(socket.query_params.get("view", ""), training)
    await socket.accept()
    if training is None or view is None:
        await socket.close(UNKNOWN, "no page of this server has told of such a run, or it has no such view")
        return
    if shared.sockets >= limits.MOST_SOCKETS:
        await socket.close(FULL, "too many watch already")
        return
    shared.sockets += 1
    try:
        await Watcher(socket, shared, name, training, view).serve()
    except* (WebSocketDisconnect, RuntimeError):  # gone, perhaps in the middle of a message
        pass
    finally:
        shared.sockets -= 1


class Watcher:
    """One browser that watches one view of a run, and what it has been sent."""

    def __init__(self, socket: WebSocket, shared: Feed, name: str, training: Training, view: View) -> None:
        self.socket, self.feed, self.name, self.view = socket, shared, name, view
        self.key = training.key
        self.id = socket.query_params.get("id", "")
        self.last = socket.query_params.get("last", "")
        self.seen = _whole(socket.query_params.get("after", "-1"))
        self.said: messages.Said | None = None  # the status sent last, which is as old as the message that many share
        self.told_before: tuple[str, str, int] | None = None  # name and id of what is beside it, and how many moments
        self.sent_at = 0.0
        self.credit = asyncio.Event()
        self.credit.set()

    async def serve(self) -> None:
        """Send and listen side by side; the end of one ends the other."""
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(self.listen())
            await group.create_task(self.pump())
            listening.cancel()

    async def listen(self) -> None:
        """Each text of the browser is the credit for one more message, never for more than one."""
        while True:
            said = await self.socket.receive()
            if said["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(said.get("code", OVER))
            if said.get("text") is not None:
                self.credit.set()

    async def pump(self) -> None:
        """Whenever there is credit and news, the newest."""
        while True:
            await self.credit.wait()
            if (source := await self.next_source()) is None:
                await self.socket.close(UNKNOWN, "the server has forgotten this run")
                return
            message = await self.message(source)
            self.credit.clear()
            await self.socket.send_bytes(message.packed)
            self.said = message.said
            self.sent_at = time.monotonic()
            if self.has_all(source):
                await self.socket.close(OVER, "over")
                return

    def has_all(self, source: names.Source) -> bool:
        """Whether the browser has been told of the end, which may have come while its message was encoded."""
        whole = source.job is not None and source.run is source.job.run and self.seen == len(source.run.frames) - 1
        return whole and self.said is not None and self.said.over and self.said.standing["state"] == "finished"

    async def next_source(self) -> names.Source | None:
        """Wait until there is something to send; None where nobody knows the name any more."""
        await asyncio.sleep(self.sent_at + max(QUICKEST, self.feed.sockets / PER_SECOND) - time.monotonic())
        while True:
            source = names.source(self.name, self.id)
            if source is None:
                return None
            if source.id != self.id or self.seen >= len(source.run.frames):
                self.id, self.seen = source.id, -1  # what the browser has is of another run
                return source
            wait = self.until_status(source)
            if len(source.run.frames) - 1 > self.seen or wait <= 0:
                return source
            await self.feed.news(self.key, wait)

    def until_status(self, source: names.Source) -> float:
        """Seconds until it is worth a message how the run is doing: another state is told before other words."""
        now, said = messages.Said(source.over, standing(source)), self.said
        if now == said:
            return IDLE
        same = said is not None and (now.over, now.standing["state"]) == (said.over, said.standing["state"])
        every = max(STATUS_EVERY, self.feed.sockets / WORDS_PER_SECOND) if same else STATUS_EVERY
        return self.sent_at + every - time.monotonic()

    async def message(self, source: names.Source) -> messages.Message:
        """The newest moment with what comes before it, or how the run is doing alone."""
        newest, name, view, before = len(source.run.frames) - 1, self.name, self.view, self.news_before(source)
        if newest <= self.seen:
            return messages.brief(name, source, view, before)
        after = messages.since(self.seen, newest)
        self.seen = newest
        key = (name, source.id, view, after, newest, source.over, self.told_before if before else None)
        return await self.feed.encoded(
            key, functools.partial(messages.whole, name, source, view, after, newest, before)
        )

    def news_before(self, source: names.Source) -> names.Source | None:
        """What is drawn beside the run, where it has moments that the browser has not been told; else None."""
        before = names.before(source, self.last)
        known = None if before is None else (before.run.key, before.id, len(before.run.frames))
        if before is None or known == self.told_before:
            return None
        self.told_before = known
        return before


async def frame(request: Request) -> Response:
    """One moment, for good: no moment of a run ever changes."""
    name, place = request.path_params["run"], _whole(request.path_params["place"])
    id = request.query_params.get("id", "")
    view = _view(request.query_params.get("view", ""), names.training_of(name))
    source = None if view is None else names.source(name, id)
    if view is None or source is None or (id and id != source.id) or not 0 <= place < len(source.run.frames):
        return Response("there is no such moment", 404, {"Cache-Control": "no-store"}, "text/plain")
    key = (name, source.id, view, place)
    message = await feed().encoded(key, functools.partial(messages.one, name, source, view, place))
    # Encoded once as it is: a compressing middleware would do its work anew for everyone.
    headers = {"Cache-Control": IMMUTABLE if id else "no-store", "Content-Encoding": "identity"}
    return Response(message.packed, media_type="application/octet-stream", headers=headers)


def _view(text: str, training: Training | None) -> View | None:
    if training is None:
        return None
    try:
        return View.parse(text, training.experiment, frozenset(PAGES))
    except ViewError:
        return None


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else -1
