"""What a browser asks for before it has heard of what the app did last is not answered.

A menu link and, before the new page is there, a key or a click on the old one: Streamlit would answer the second with a
part of the old page, whereupon the browser clears the new one, finds no place for what is drawn next, and goes blank.

A timer that draws a part of the page again, before the answer to a control is there: with it the browser would tell
what all controls stood at before, and Streamlit would take that for new. So it is, too, with whatever a browser asks of
a part before it has heard of a new address.
"""

import time
import urllib.parse
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

PATIENCE = 5.0  # seconds; an answer, or a browser, that takes longer is no longer waited for
_SMALL = 10_000  # bytes; what ends a run or tells an address is smaller, what is drawn need not be read
_ENDS = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_WITH_COMPILE_ERROR)  # of a run of the whole page


class Punctual:
    """ASGI middleware: passes on what browsers send, except what comes too late."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        tab = _Tab(receive, send)
        await self._app(scope, tab.next_in_time, tab.tell)


class _Tab:
    """One connection: what its browser asked for last, and what it was told since."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._page = self._left = ""  # the page asked for last, and the one before that
        self._address = ""  # the last one that the app has set
        self._answered_by = self._known_by = 0.0  # until when an answer, or word of that address, may be under way

    async def next_in_time(self) -> Message:
        """The next message that is to be answered."""
        while self._is_late(message := await self._receive()):
            pass
        return message

    async def tell(self, message: Message) -> None:
        """Send a message, and note what the browser will know when it has come."""
        data = message.get("bytes") or b""
        if 0 < len(data) < _SMALL:
            self._note(data)
        await self._send(message)

    def _note(self, data: bytes) -> None:
        try:
            told = ForwardMsg.FromString(data)
        except DecodeError:
            return
        kind = told.WhichOneof("type")
        if kind == "page_info_changed":
            self._address, self._known_by = told.page_info_changed.query_string, time.monotonic() + PATIENCE
        elif kind == "script_finished" and told.script_finished in _ENDS:
            self._answered_by = 0.0

    def _is_late(self, message: Message) -> bool:
        """Whether a message asks for a part of what is no longer there."""
        try:
            asked = BackMsg.FromString(message.get("bytes") or b"")
        except DecodeError:
            return False  # Streamlit says so
        if asked.WhichOneof("type") != "rerun_script":
            return False
        return self._is_late_for(asked.rerun_script)

    def _is_late_for(self, asked: ClientState) -> bool:
        page, now = asked.page_script_hash, time.monotonic()
        if asked.fragment_id:
            self._page = self._page or page
            of_the_page_left = page == self._left != self._page
            unanswered = asked.is_auto_rerun and now < self._answered_by
            unheard = now < self._known_by and not _same(asked.query_string, self._address)
            return of_the_page_left or unanswered or unheard
        if page != self._page:
            self._page, self._left = page, self._page
        self._answered_by, self._known_by = now + PATIENCE, 0.0
        return False


def _same(one: str, other: str) -> bool:
    """Whether two addresses say the same: browsers write some characters in their own way."""
    return _fields(one) == _fields(other)


def _fields(query: str) -> dict[str, list[str]]:
    return urllib.parse.parse_qs(query.removeprefix("?"), keep_blank_values=True)
