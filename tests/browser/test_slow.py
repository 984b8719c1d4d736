"""A server that is slow to send: what it drew in the meantime arrives in one piece, or not at all."""

import random
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT
from tests.browser.helpers import LONG, SHORT, part, press, status

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


@pytest.fixture
def server(new_server, tmp_path):
    script = tmp_path / "slow.py"
    script.write_text(SCRIPT.format(root=str(ROOT)))
    return new_server(str(script))


def test_a_run_that_ends_between_two_messages_leaves_every_page_whole(server, tab):
    """Parts of a page that ran again by the clock once broke half of such visits to Anatomy."""
    for seed, name in enumerate(PAGES):
        page = tab(f"{server.url}/?{SHORT}&seed={seed}")
        wrong: list[str] = []
        page.on("pageerror", lambda error, wrong=wrong: wrong.append(str(error)))
        part(page, "menu").get_by_role("link", name=name, exact=True).click()
        status(page, "not trained yet")
        press(page, "Train")
        status(page, "finished")
        expect(page.locator("[data-testid=stException], [role=dialog]")).to_have_count(0)
        assert not wrong, name


def test_views_that_are_left_before_they_arrive_leave_the_page_whole(server, tab):
    """Streamlit dropped the containers of such a view, but not what it had sent once before and only named in them."""
    page = tab(f"{server.url}/attention?{TRANSLATES}&seed=1")
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    press(page, "Train")
    status(page, "finished")
    chance = random.Random(0)
    for _ in range(15):
        for name in chance.sample(("By itself", "Step by step", "Force it", "Search"), 2):
            page.get_by_role("radio", name=name, exact=True).click()
            page.wait_for_timeout(chance.choice((20, 60, 120, 200)))
        page.wait_for_timeout(chance.choice((0, 100, 300)))
        assert not wrong


def test_a_key_pressed_while_leaving_the_page_leaves_the_next_one_whole(server, tab):
    """Streamlit answered it with a part of the old page, and the new one went blank."""
    page = tab(f"{server.url}/anatomy?{LONG}&seed=9")
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    press(page, "Train")
    for name in ("States", "Gradients", "States"):
        expect(page.get_by_role("button", name="Next step")).to_be_visible()
        part(page, "menu").get_by_role("link", name=name, exact=True).click()
        for _ in range(4):
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(50)
        expect(page).to_have_url(re.compile(f"/{name.lower()}"))
        expect(part(page, "stage")).to_be_visible()
        assert not wrong, name
        part(page, "menu").get_by_role("link", name="Anatomy", exact=True).click()
    press(page, "Stop")
    status(page, "stopped")
