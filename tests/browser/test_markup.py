"""Text of a visitor stays text, wherever it is put; the address's too."""

import urllib.parse

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import drawn, press, status

MARKUP = "<img src=x onerror=hacked=1><b>&amp;\"'</b><script>hacked=1</script>"
ROWS = f"input,output\n{MARKUP},<i>ab</i>\n<u>cd</u>,{MARKUP}\n<svg/onload=hacked=1>,x\n"
GRUS = "gru:hidden=8:attention=additive:bidirectional=true,gru:hidden=8"
TEXTS = {
    "text": f"task=text&corpus=own&length=12&steps=6&models=gru:hidden=8&text={urllib.parse.quote(MARKUP * 2)}",
    "pairs": f"task=pairs&steps=6&models={GRUS}&text={urllib.parse.quote(ROWS)}",
}
LOOKED = "&".join(
    f"{name}={urllib.parse.quote(MARKUP)}" for name in ("step", "units", "shown", "model", "hidden_unit", "time")
)
FOREIGN = """() => [...document.querySelectorAll("img[src=x], [onerror], [onload], u, .stApp script")]
    .map(one => one.outerHTML)"""
PATHS = {"text": ("", "states", "anatomy"), "pairs": ("", "attention", "anatomy")}


@pytest.mark.parametrize("task", TEXTS)
def test_markup_in_own_data_and_in_the_address_makes_no_element(server: Server, tab: OpenTab, task: str) -> None:
    for path in PATHS[task]:
        page = tab(f"{server.url}/{path}?{TEXTS[task]}&{LOOKED}")
        status(page, "not trained|finished")
        if path == "":
            press(page, "Train")
            status(page, "^finished")
        drawn(page)
        for canvas in page.locator(".rv-stage .rv-field canvas:visible").all()[:2]:
            canvas.hover()
        assert page.evaluate(FOREIGN) == []
        assert page.evaluate("globalThis.hacked") is None
        expect(page.get_by_test_id("stException")).to_have_count(0)
