"""Streamlit's own files from memory, compressed, to every browser that takes them so.

A first visit asks for 116 of them, 4.1 MB. Streamlit reads each from disk and sends it as it is; for sixty browsers in
a hall that would be 250 MB. So it is 1.6 MB for each.
"""

import functools
import gzip
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response

from pages._ui.session.streamlit_internals import STATIC, base_path

TYPES = {".js": "application/javascript", ".css": "text/css", ".woff2": "font/woff2"}
PACKED = {".js", ".css"}  # fonts are compressed already
FOREVER = "public, immutable, max-age=31536000"  # as Streamlit says it: their names change with what is in them


class Files:
    """ASGI middleware: answers for the files it knows, and lets all else pass."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.known = {f"{base_path()}/{name}": path for name, path in listed().items()}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = self.known.get(scope.get("path", "")) if scope.get("method") == "GET" else None
        if path and _takes_gzip(scope):
            await _answer(path)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def listed() -> dict[str, Path]:
    """Address below the app's root → file, of all that are sent from memory."""
    paths = sorted((STATIC / "static").rglob("*"))
    return {path.relative_to(STATIC).as_posix(): path for path in paths if path.suffix in TYPES}


def warm() -> None:
    """Compress what every page begins with."""
    first = (STATIC / "index.html").read_text(encoding="utf-8")
    for name, path in listed().items():
        if name in first:
            _answer(path)


@functools.cache
def _answer(path: Path) -> Response:
    kept = path.suffix in PACKED
    body = gzip.compress(path.read_bytes(), 6) if kept else path.read_bytes()
    headers = {"cache-control": FOREVER, "vary": "Accept-Encoding"}
    if kept:
        headers["content-encoding"] = "gzip"
    return Response(body, headers=headers, media_type=TYPES[path.suffix])


def _takes_gzip(scope: Any) -> bool:
    return "gzip" in Headers(scope=scope).get("accept-encoding", "")
