"""Streamlit's own files from memory, and messages that do not wait for each other."""

import asyncio
import gzip
import socket
import threading
from collections.abc import MutableMapping
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send
from streamlit import config

from pages._ui.frame.files import Files, listed
from pages._ui.session.streamlit_internals import send_at_once, vega_chunk

CHUNK = vega_chunk()
FONT = next(name for name in listed() if name.endswith(".woff2"))


def answer(
    path: str, method: str = "GET", accepts: str = "gzip, deflate, br", kind: str = "http"
) -> tuple[int, dict[str, str], bytes] | None:
    """What comes: (status, headers, body), or None if the question was passed on."""
    sent, passed = [], []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        passed.append(scope)

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    headers = [(b"accept-encoding", accepts.encode())]
    scope = {"type": kind, "method": method, "path": path, "headers": headers}
    if kind == "websocket":
        del scope["method"]
    asked = threading.Thread(target=lambda: asyncio.run(Files(inner)(scope, None, send)))
    asked.start()  # the test's own thread may have a loop already: that of a browser
    asked.join(30)
    if passed:
        return None
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], found, b"".join(message.get("body", b"") for message in sent[1:])


def test_code_comes_compressed_and_is_the_same_code() -> None:
    status, headers, body = answer(f"/{CHUNK}")
    assert status == 200 and headers["content-encoding"] == "gzip" and headers["vary"] == "Accept-Encoding"
    assert headers["content-type"].startswith("application/javascript") and "immutable" in headers["cache-control"]
    assert int(headers["content-length"]) == len(body)
    raw = listed()[CHUNK].read_bytes()
    assert gzip.decompress(body) == raw and len(body) < len(raw) / 2


def test_a_font_comes_as_it_is() -> None:
    status, headers, body = answer(f"/{FONT}")
    assert status == 200 and "content-encoding" not in headers and body == listed()[FONT].read_bytes()


@pytest.mark.parametrize(
    "question",
    [
        {"path": "/"},
        {"path": "/anatomy"},
        {"path": "/static/js/"},
        {"path": "/static/js/none.js"},
        {"path": f"/static/js/../js/{CHUNK.rpartition('/')[2]}"},
        {"path": f"//{CHUNK}"},
        {"path": f"/{CHUNK}", "accepts": "identity"},
        {"path": f"/{CHUNK}", "method": "POST"},
        {"path": f"/{CHUNK}", "kind": "websocket"},
    ],
)
def test_all_else_is_left_to_streamlit(question: dict[str, str]) -> None:
    assert answer(**question) is None


def test_behind_a_base_path_its_addresses_begin_with_that() -> None:
    before = config.get_option("server.baseUrlPath")
    config.set_option("server.baseUrlPath", "lab/rnn")
    try:
        assert answer(f"/{CHUNK}") is None and answer(f"/lab/rnn/{CHUNK}")[0] == 200
    finally:
        config.set_option("server.baseUrlPath", before)


def test_no_message_of_a_connection_waits_for_the_one_before() -> None:
    with socket.socket() as listening:  # as Streamlit makes it
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        send_at_once()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
