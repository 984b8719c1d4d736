"""What a browser still asks of a page that it has left is not answered.

A menu link and, before the new page is there, a key or a click on the old one: Streamlit would answer the second with a
part of the old page, whereupon the browser clears the new one, finds no place for what is drawn next, and goes blank.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


class Punctual:
    """ASGI middleware: passes on what browsers send, except what comes too late."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        await self._app(scope, _Tab(receive).next_in_time if scope["type"] == "websocket" else receive, send)


class _Tab:
    """One connection: the page that its browser asked for last, and the one before that."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._page = self._left = ""

    async def next_in_time(self) -> Message:
        """The next message that is to be answered."""
        while self._is_late(message := await self._receive()):
            pass
        return message

    def _is_late(self, message: Message) -> bool:
        """Whether a message asks for a part of the page that was left."""
        try:
            asked = BackMsg.FromString(message.get("bytes") or b"")
        except DecodeError:
            return False  # Streamlit says so
        if asked.WhichOneof("type") != "rerun_script":
            return False
        page = asked.rerun_script.page_script_hash
        if asked.rerun_script.fragment_id:
            self._page = self._page or page
            return page == self._left != self._page
        if page != self._page:
            self._page, self._left = page, self._page
        return False
