"""How much one visit may have uploaded at a time: told by the length of a request, before its body is read.

Streamlit takes every file that a browser puts to a session's address, whether or not a box asked for it, and keeps it
until the session ends. The app's boxes let go of a file as soon as it is read (`streamlit_internals.forget_upload`), so
that a visit needs room for little more than the largest one.
"""

import collections
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

from pages._ui.session import streamlit_internals
from rnnviz.core import limits

MOST = limits.LARGEST_TABLE + limits.LARGEST_UPLOAD
REFUSED = "This visit has too much uploaded already: reload the page and try again.\n"


class Uploads:
    """ASGI middleware: refuses an upload that a visit has no room for, and lets all else pass."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.coming: dict[str, list[int]] = collections.defaultdict(list)  # session → bytes of what is on its way

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        session = streamlit_internals.upload_session(scope)
        if session is None:
            await self.app(scope, receive, send)
            return
        size = _size(scope)
        if not self._fits(session, size):
            await PlainTextResponse(REFUSED, 413)(scope, receive, send)
            return
        self.coming[session].append(size)
        try:
            await self.app(scope, receive, send)
        finally:
            self.coming[session].remove(size)
            if not self.coming[session]:
                del self.coming[session]

    def _fits(self, session: str, size: int) -> bool:
        there = [*streamlit_internals.upload_sizes(session), *self.coming.get(session, ())]
        return len(there) < limits.MOST_UPLOADS_OPEN and sum(there) + size <= MOST


def _size(scope: Any) -> int:
    """Bytes of the body, as its head says; as many as any may have if it does not."""
    said = Headers(scope=scope).get("content-length", "")
    return int(said) if said.isdecimal() else limits.LARGEST_TABLE
