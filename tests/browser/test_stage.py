"""The stage: large, on the first screen, and still while everything in it changes."""

import pytest
from playwright.sync_api import Page, expect

from pages._ui.frame import registry
from pages._ui.frame.registry import Need
from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import DECODERS, LONG, SMALL, WHILE, drawn, press, status, watch, watched

PAGES = {spec.view: spec for spec in registry.pages().values() if spec.needs is not Need.NOTHING}
SIZES = [(1280, 720), (1400, 900), (1920, 1080)]
SHARE = 0.55  # of the window's height
ROW = 8  # pixels, of 32 units in a window of 1920 x 1080
FRAMES = 200
ONE_BAND = ("compare", "states")  # pages where each model has pictures of states alone
BOX = """selector => [...document.querySelectorAll(selector)].filter(one => one.checkVisibility()).map(one => {
    const { top, bottom, height } = one.getBoundingClientRect();
    return { top, bottom, height };
})"""

CUT = """selector => [...document.querySelectorAll(selector)].filter(one => one.checkVisibility())
    .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)"""


def address(view: str, seed: int, small: str = WHILE) -> str:
    """Where a page of a run is that no other page has trained."""
    spec = PAGES[view]
    query = f"{DECODERS}&steps=12" if spec.needs is Need.DECODER else small
    return f"/{spec.path.strip('/')}?{query}&seed={seed + spec.order}"


def is_large(page: Page, width: int, height: int) -> None:
    """The signature picture fills the first screen, and is wholly on it with the bar below."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("height => document.querySelector('.rv-stage').clientHeight > 0.6 * height", arg=height)
    (middle,) = page.evaluate(BOX, ".rv-stage .rv-middle")
    (bar,) = page.evaluate(BOX, ".rv-bar-row")
    assert page.evaluate("scrollY") == 0
    assert middle["height"] >= SHARE * height, (width, height)
    assert middle["top"] >= 0
    assert bar["bottom"] <= height + 1
    assert page.evaluate(BOX, ".rv-stage")[0]["bottom"] <= bar["top"] + 1, (width, height)
    assert page.evaluate(CUT, ".rv-stage .rv-picture h3 b") == []


@pytest.mark.parametrize("view", PAGES)
def test_the_picture_of_every_page_fills_the_first_screen_before_while_and_after_it_trains(
    server: Server, tab: OpenTab, view: str
) -> None:
    page = tab(server.url + address(view, 2110, LONG), *SIZES[0])
    expect(page.locator(".rv-stage .rv-middle")).to_be_visible()
    status(page, "not trained")
    for size in SIZES:
        is_large(page, *size)
    press(page, "Train")
    page.wait_for_function("rnnviz.hub.channel.moments.size > 1")
    for size in SIZES:
        is_large(page, *size)
    if page.get_by_role("button", name="Stop", exact=True).is_visible():
        press(page, "Stop")
    status(page, "stopped|finished")
    for size in SIZES:
        is_large(page, *size)


@pytest.mark.parametrize("view", ONE_BAND)
def test_rows_of_32_units_can_be_told_apart_in_a_hall(server: Server, tab: OpenTab, view: str) -> None:
    page = tab(f"{server.url}/{PAGES[view].path.strip('/')}", 1920, 1080)
    drawn(page)
    fields = page.evaluate(BOX, ".rv-stage .rv-picture:first-child .rv-field")
    least = ROW * 32 if view == "compare" else ROW * 32 / len(fields)
    assert fields and all(field["height"] >= least for field in fields), fields


@pytest.mark.parametrize("view", PAGES)
def test_nothing_moves_nor_goes_blank_nor_is_replaced_while_it_trains(server: Server, tab: OpenTab, view: str) -> None:
    page = tab(server.url + address(view, 2120), *SIZES[0])
    status(page, "not trained")
    expect(page.locator(".rv-stage .rv-middle")).to_be_visible()
    page.wait_for_function("!rnnviz.hub.due")
    watch(page)
    press(page, "Train")
    status(page, "^finished")
    drawn(page)
    seen = watched(page)
    assert seen["frames"] > 20
    assert seen["moved"] == [] and seen["blank"] == [] and seen["replaced"] == []


def test_no_frame_is_blank_whatever_is_done_to_it(server: Server, tab: OpenTab) -> None:
    page = tab(server.url + address("compare", 2130, f"steps=60&length=12&{SMALL}"), *SIZES[0])
    press(page, "Train")
    status(page, "^finished")
    press(page, "Train again")
    page.wait_for_function("rnnviz.hub.channel.ghost")  # from now on there is room for the last run
    status(page, "^finished")
    drawn(page)
    watch(page)
    page.get_by_role("combobox", name="Sequence").select_option(index=1)
    drawn(page)
    page.get_by_role("combobox", name="Sequence").select_option(index=0)
    press(page, "Train again")
    status(page, "step [0-9]+ of")
    slider = page.get_by_role("slider", name="Training step shown")
    slider.focus()
    for key in ("Home", "ArrowRight", "ArrowRight", "End"):
        slider.press(key)
        drawn(page)
    status(page, "^finished")
    page.get_by_role("combobox", name="Units").select_option("index")
    page.wait_for_function("frames => watched.seen.frames > frames", arg=FRAMES)
    seen = watched(page)
    assert seen["canvases"] >= 3
    assert seen["moved"] == [] and seen["blank"] == [] and seen["replaced"] == []


def test_a_picture_without_values_says_why(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?task=recall&lag=4&steps=4&seed=2190&models=rnn:layers=2,gru,lstm:bidirectional=true")
    press(page, "Train")
    status(page, "finished")
    drawn(page)
    expect(page.locator(".rv-without")).to_have_text(["", "", ""])
    page.locator(".rv-choose-layer select").select_option("1")
    expect(page.locator(".rv-without")).to_have_text(["", "has one layer", "has one layer"])
    page.locator(".rv-choose-layer select").select_option("-1")
    page.locator(".rv-choose-direction select").select_option("backward")
    expect(page.locator(".rv-without")).to_have_text(["reads forward only", "reads forward only", ""])
