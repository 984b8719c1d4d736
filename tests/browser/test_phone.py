"""On a phone nothing scrolls sideways and everything can be reached."""

import pytest
from playwright.sync_api import expect

from pages._ui.frame import registry
from pages._ui.frame.registry import Need
from tests.browser.helpers import SHORT, part, press, sideways, status

PATHS = {spec.path.strip("/"): spec for spec in registry.pages().values() if spec.needs is not Need.DECODER}


@pytest.mark.parametrize("path", PATHS)
def test_no_page_scrolls_sideways_on_a_phone(server, tab, path):
    page = tab(f"{server.url}/{path}?{SHORT}&seed=401", width=390, height=844)
    expect(part(page, "menu")).to_be_visible()
    if PATHS[path].needs is Need.RUN:
        if page.get_by_text("Press Train").count():
            press(page, "Train")
        status(page, "finished")
    page.wait_for_timeout(500)
    assert sideways(page) <= 0
