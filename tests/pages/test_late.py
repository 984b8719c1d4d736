"""What browsers ask of a page that they have left, message by message."""

import asyncio
import concurrent.futures

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from pages._ui.late import Punctual


def asks(page, fragment=""):
    """What a browser sends that shows `page`, or is on its way there; for a part of it or the whole."""
    message = BackMsg()
    message.rerun_script.page_script_hash = page
    message.rerun_script.fragment_id = fragment
    return {"type": "websocket.receive", "bytes": message.SerializeToString()}


def passed_on(messages, kind="websocket"):
    """Those of the messages that reach the app."""
    coming, reached = iter([*messages, {"type": "websocket.disconnect"}]), []

    async def receive():
        return next(coming)

    async def app(scope, receive, send):
        while (message := await receive())["type"] != "websocket.disconnect":
            reached.append(message)

    with concurrent.futures.ThreadPoolExecutor(
        1
    ) as apart:  # the browser of other tests has an event loop in this thread
        apart.submit(asyncio.run, Punctual(app)({"type": kind}, receive, None)).result()
    return reached


@pytest.mark.parametrize(
    ("sent", "late"),
    [
        ([asks(""), asks("a", "f"), asks("b"), asks("a", "f")], [3]),  # begun by an address, which names no page
        ([asks("a"), asks("a", "f"), asks("a"), asks("a", "f")], []),
        ([asks("a"), asks("b"), asks("b", "f"), asks("a", "g"), asks("b", "f")], [3]),
        ([asks("a"), asks("b"), asks("a", "f"), asks("a", "f"), asks("a"), asks("a", "f"), asks("b", "f")], [2, 3, 6]),
        ([asks("a"), asks("b"), asks("c"), asks("c", "f"), asks("b", "f")], [4]),
        ([asks(""), asks("a", "f"), asks("a", "f")], []),
    ],
)
def test_only_parts_of_the_page_that_was_left_are_left_out(sent, late):
    assert passed_on(sent) == [message for place, message in enumerate(sent) if place not in late]


def test_whatever_else_browsers_send_passes():
    other = BackMsg()
    other.app_heartbeat = True
    frames = [{"type": "websocket.connect"}, {"type": "websocket.receive", "bytes": other.SerializeToString()}]
    frames += [{"type": "websocket.receive", "bytes": b"\xff no message"}, {"type": "websocket.receive", "text": "x"}]
    assert passed_on(frames) == frames


def test_pages_and_files_are_none_of_its_business():
    sent = [asks("a"), asks("b"), asks("a", "f")]
    assert passed_on(sent, "http") == sent
