"""How much one visit, and all of them, may have uploaded at a time: by the length of a request, before it is read.

Streamlit takes every file that a browser puts to a session's address, whether or not a box asked for it, and keeps it
until the session ends. The app's boxes let go of a file as soon as it is read (`streamlit_internals.forget_upload`), so
that a visit needs room for little more than the largest one. What no box has read for a while is forgotten.
"""

import asyncio
import collections
import itertools
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

from pages._ui.session import streamlit_internals
from rnnviz.core import limits

MOST = limits.LARGEST_TABLE + limits.LARGEST_UPLOAD
REFUSED = "This visit has too much uploaded already: try again in a minute.\n"
BUSY = "The server takes in too many files of other visitors: try again in a minute.\n"


class Uploads:
    """ASGI middleware: refuses an upload that there is no room for, and lets all else pass."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.coming: dict[str, list[int]] = collections.defaultdict(list)  # session → bytes of what is on its way

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        target = streamlit_internals.upload_target(scope)
        if target is None:
            await self.app(scope, receive, send)
            return
        session, size = target[0], _size(scope)
        if why := self._full(session, size):
            await PlainTextResponse(why, 413)(scope, receive, send)
            return
        self.coming[session].append(size)
        try:
            await self.app(scope, receive, send)
        finally:
            asyncio.get_running_loop().call_later(limits.SECONDS_UNREAD, streamlit_internals.forget_stored, *target)
            self.coming[session].remove(size)
            if not self.coming[session]:
                del self.coming[session]

    def _full(self, session: str, size: int) -> str:
        """Why there is no room for so many bytes more, in a sentence; "" if there is."""
        stored = streamlit_internals.upload_sizes()
        own = [*stored.get(session, ()), *self.coming.get(session, ())]
        if len(own) >= limits.MOST_UPLOADS_OPEN or sum(own) + size > MOST:
            return REFUSED
        all_in_all = sum(itertools.chain(*stored.values(), *self.coming.values()))
        return BUSY if all_in_all + size > limits.UPLOAD_BYTES_OPEN else ""


def _size(scope: Any) -> int:
    """Bytes of the body, as its head says; as many as any may have if it does not."""
    said = Headers(scope=scope).get("content-length", "")
    return int(said) if said.isdecimal() else limits.LARGEST_TABLE
