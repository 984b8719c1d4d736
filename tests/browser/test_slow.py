"""A server that is slow to send: what it drew in the meantime arrives in one piece, or not at all."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT
from tests.browser.helpers import SHORT, part, press, status

SCRIPT = """
import streamlit as st
import streamlit.runtime.runtime
streamlit.runtime.runtime.MESSAGE_FLUSH_INTERVAL_SECS = 0.25
app = st.App({entry!r})
"""
PAGES = ["Anatomy", "Gradients", "Anatomy"]


@pytest.fixture
def server(new_server, tmp_path):
    script = tmp_path / "slow.py"
    script.write_text(SCRIPT.format(entry=str(ROOT / "pages" / "navigation.py")))
    return new_server(str(script))


def test_a_run_that_ends_between_two_messages_leaves_every_page_whole(server, tab):
    """A fragment inside another broke half of such visits to Anatomy."""
    for seed, name in enumerate(PAGES):
        page = tab(f"{server.url}/?{SHORT}&seed={seed}")
        wrong: list[str] = []
        page.on("pageerror", lambda error, wrong=wrong: wrong.append(str(error)))
        part(page, "menu").get_by_role("link", name=name, exact=True).click()
        status(page, "Press Train")
        press(page, "Train")
        status(page, "finished")
        expect(page.locator("[data-testid=stException], [role=dialog]")).to_have_count(0)
        assert not wrong, name
