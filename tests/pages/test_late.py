"""What browsers ask of a page that they have left, message by message."""

import asyncio
import concurrent.futures

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages._ui.session import late
from pages._ui.session.late import Punctual


def asks(page, fragment="", query="", timer=False):
    """What a browser sends that shows `page`, or is on its way there; for a part of it or the whole."""
    message = BackMsg()
    message.rerun_script.page_script_hash = page
    message.rerun_script.fragment_id = fragment
    message.rerun_script.query_string = query
    message.rerun_script.is_auto_rerun = timer
    return {"type": "websocket.receive", "bytes": message.SerializeToString()}


def tells(query=None, end=ForwardMsg.FINISHED_SUCCESSFULLY):
    """What the app sends: a new address, or the end of a run."""
    message = ForwardMsg()
    if query is None:
        message.script_finished = end
    else:
        message.page_info_changed.query_string = query
    return {"type": "websocket.send", "bytes": message.SerializeToString()}


def passed_on(messages, kind="websocket"):
    """Those of the messages that reach the app; what is to be sent in between is sent in between."""
    left, reached, told = [*messages, {"type": "websocket.disconnect"}], [], []

    async def receive():
        return left.pop(0)

    async def send(message):
        told.append(message)

    async def app(scope, receive, send):
        while (message := await receive())["type"] != "websocket.disconnect":
            reached.append(message)
            while left[0]["type"] == "websocket.send":
                await send(left.pop(0))

    with concurrent.futures.ThreadPoolExecutor(
        1
    ) as apart:  # the browser of other tests has an event loop in this thread
        apart.submit(asyncio.run, Punctual(app)({"type": kind}, receive, send)).result()
    assert told == [message for message in messages if message["type"] == "websocket.send"]
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


TICK = asks("a", "f", "task=reverse", timer=True)
FRAGMENT_END = tells(end=ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@pytest.mark.parametrize(
    ("before", "asked", "reaches"),
    [
        ([], TICK, False),  # the whole page is on its way
        ([FRAGMENT_END], TICK, False),
        ([tells(end=ForwardMsg.FINISHED_EARLY_FOR_RERUN)], TICK, False),
        ([tells()], TICK, True),
        ([tells("task=sort")], asks("a", "f", "task=reverse"), False),  # what it says of the controls is old
        ([tells("task=sort"), tells()], TICK, False),
        ([tells("task=sort"), tells()], asks("a", "f", "?task=sort", timer=True), True),
        ([tells("text=%C3%A4+b&x="), tells()], asks("a", "f", "?x=&text=ä%20b"), True),
        ([tells("task=sort"), tells()], asks("a", "", "task=reverse"), True),  # Back
        ([tells("x" * 20_000)], asks("a", "f", "task=reverse"), True),
    ],
)
def test_a_timer_that_has_not_heard_of_the_last_change_waits_for_the_next_time(before, asked, reaches):
    first = asks("a", "", "task=reverse")
    assert passed_on([first, *before, asked]) == [first] + [asked] * reaches


def test_after_back_the_new_address_counts():
    back = asks("a", "", "task=reverse")
    assert passed_on([asks("a"), tells("task=sort"), tells(), back, tells(), TICK])[-1] == TICK


def test_an_answer_that_never_comes_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(late, "PATIENCE", 0.0)
    assert passed_on([asks("a"), tells("task=sort"), TICK])[-1] == TICK
