"""Dark and light: zero has the colour of the page, and a change of the theme paints everything anew."""

from playwright.sync_api import Page

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import drawn

MIDDLE = """() => {
    const bar = document.querySelector(".st-key-states-rnn canvas.rv-bar");
    const [red, green, blue] = bar.getContext("2d").getImageData(bar.width / 2, 0, 1, 1).data;
    return (red + green + blue) / 3;
}"""
FIELD = """() => {
    const field = document.querySelector(".st-key-states-rnn .rv-field canvas");
    return [...field.getContext("2d").getImageData(0, 0, field.width, field.height).data].join();
}"""
DARK, BRIGHT = 90, 200  # of 255


def opened(server: Server, tab: OpenTab, scheme: str) -> Page:
    page = tab(f"{server.url}/states", color_scheme=scheme)
    drawn(page)
    return page


def test_zero_is_dark_on_a_dark_page_and_bright_on_a_bright_one(server: Server, tab: OpenTab) -> None:
    assert opened(server, tab, "dark").evaluate(MIDDLE) < DARK
    assert opened(server, tab, "light").evaluate(MIDDLE) > BRIGHT


def test_a_change_of_the_theme_paints_everything_anew(server: Server, tab: OpenTab) -> None:
    page = opened(server, tab, "light")
    before = page.evaluate(FIELD)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"({MIDDLE})() < {DARK}")
    assert page.evaluate(FIELD) != before
    assert page.evaluate("document.documentElement.classList.contains('rv-dark')")
