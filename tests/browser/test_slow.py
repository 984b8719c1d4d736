"""A server that is slow to send: what it drew in the meantime arrives in one piece, or not at all."""

import contextlib
import itertools
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.conftest import ROOT, NewServer, OpenTab, Server
from tests.browser.helpers import LONG, SHORT, late, leave, part, press, rests, status

SCRIPT = """
import sys
import streamlit as st
import streamlit.runtime.runtime
sys.path.insert(0, {root!r})
from pages._ui.live.routes import routes
streamlit.runtime.runtime.MESSAGE_FLUSH_INTERVAL_SECS = 0.25
app = st.App({root!r} + "/pages/navigation.py", routes=routes())
"""
TRANSLATES = "task=reverse&steps=12&models=gru:hidden=16:attention=additive:bidirectional=true,gru:hidden=16"
PAGES = ["Anatomy", "Gradients", "Anatomy"]
VIEWS = ("By itself", "Step by step", "Force it", "Search")


@pytest.fixture
def server(new_server: NewServer, tmp_path: Path) -> Server:
    script = tmp_path / "slow.py"
    script.write_text(SCRIPT.format(root=str(ROOT)))
    return new_server(str(script))


@contextlib.contextmanager
def whole(page: Page) -> Iterator[None]:
    """Nothing goes wrong in the page meanwhile."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    try:
        yield
    finally:
        assert not wrong


def choose(page: Page, view: str) -> None:
    page.get_by_role("radio", name=view, exact=True).click()


def arrived(page: Page, view: str) -> None:
    """Wait until all of a view is there."""
    expect(part(page, f"view-{VIEWS.index(view)}")).to_be_visible()
    rests(page)


def test_a_run_that_ends_between_two_messages_leaves_every_page_whole(server: Server, tab: OpenTab) -> None:
    """Parts of a page that ran again by the clock once broke half of such visits to Anatomy."""
    for seed, name in enumerate(PAGES):
        page = tab(f"{server.url}/?{SHORT}&seed={seed}")
        with whole(page):
            part(page, "menu").get_by_role("link", name=name, exact=True).click()
            status(page, "not trained yet")
            press(page, "Train")
            status(page, "finished")
            expect(page.locator("[data-testid=stException], [role=dialog]")).to_have_count(0)


def test_views_that_are_left_before_they_arrive_leave_the_page_whole(server: Server, tab: OpenTab) -> None:
    """Streamlit dropped the containers of such a view, but not what it had sent once before and only named in them."""
    page = tab(f"{server.url}/attention?{TRANSLATES}&seed=1")
    press(page, "Train")
    status(page, "finished")
    chance = random.Random(0)
    with whole(page):
        for _ in range(10):
            for view in chance.sample(VIEWS, 3):
                choose(page, view)
            arrived(page, view)


def is_end(message: bytes) -> bool:
    """Whether this message ends a run of the page's script."""
    return ForwardMsg.FromString(message).WhichOneof("type") == "script_finished"


def test_what_the_browser_forgets_meanwhile_is_sent_again(server: Server, tab: OpenTab) -> None:
    """It says what it has when a view is chosen, and forgets some of that when the end of the run before arrives."""
    streams: list[WebSocket] = []

    def before(page: Page) -> None:
        late(page)
        page.on("websocket", lambda socket: streams.append(socket) if "_stcore/stream" in socket.url else None)

    page = tab(f"{server.url}/attention?{TRANSLATES}&seed=1", before=before)
    press(page, "Train")
    status(page, "finished")
    with whole(page):
        for between, view in itertools.product((1, 2), ("Step by step", "By itself")):
            choose(page, view)
            arrived(page, view)
            *seen, last = [other for other in VIEWS if other != view][: between + 1]
            for other in seen:
                choose(page, other)
                arrived(page, other)
            page.evaluate("late.hold()")
            with streams[-1].expect_event("framereceived", is_end):
                choose(page, last)
            choose(page, view)
            page.evaluate("late.release()")
            arrived(page, view)


def test_a_key_pressed_while_leaving_the_page_leaves_the_next_one_whole(server: Server, tab: OpenTab) -> None:
    """Streamlit answered it with a part of the old page, and the new one went blank."""
    page = tab(f"{server.url}/anatomy?{LONG}&seed=9", before=late)
    press(page, "Train")
    with whole(page):
        for name in ("states", "gradients", "states"):
            expect(page.get_by_role("button", name="Next time step")).to_be_visible()
            leave(page, name, after=["ArrowRight"] * 4)
            expect(page).to_have_url(re.compile(f"/{name}"))
            expect(part(page, "stage")).to_be_visible()
            part(page, "menu").get_by_role("link", name="Anatomy", exact=True).click()
    press(page, "Stop")
    status(page, "stopped")
