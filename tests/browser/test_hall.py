"""Projector mode: large type, no sidebar, at most two models; by key and by link."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import drawn
from tests.browser.test_stage import BOX, PAGES

LEAST = 24  # pixels, of letters
PAIR = 2  # models
LETTERS = """least => {
    const found = new Set();
    const sees = { visibilityProperty: true, opacityProperty: true };
    for (const place of document.querySelectorAll(".rv-stage, .rv-bar-row")) {
        const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            const { textContent, parentElement } = texts.currentNode;
            const shown = parentElement.closest("select") ?? parentElement;
            if (!textContent.trim() || !shown.checkVisibility(sees)) continue;
            const scale = shown.ownerSVGElement ? shown.getScreenCTM().a : 1;
            const size = parseFloat(getComputedStyle(shown).fontSize) * scale;
            if (size < least - 0.1) found.add(`${textContent}: ${size} px in ${shown.parentElement.tagName}`);
        }
    }
    return [...found];
}"""


@pytest.mark.parametrize("view", PAGES)
def test_all_letters_are_large_enough_for_a_hall(server: Server, tab: OpenTab, view: str) -> None:
    page = tab(f"{server.url}/{PAGES[view].path.strip('/')}?task=reverse&projector=1", 1920, 1080)
    drawn(page)
    expect(page.locator(".rv-stage")).to_be_visible()
    assert page.evaluate(LETTERS, LEAST) == []
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    assert page.locator(".rv-stage .rv-picture:visible").count() <= PAIR
    (stage,), (bar,) = page.evaluate(BOX, ".rv-stage"), page.evaluate(BOX, ".rv-bar-row")
    assert stage["bottom"] <= bar["top"] + 1
    assert bar["bottom"] <= 1080


def test_a_key_turns_it_on_and_off_and_the_link_keeps_it(server: Server, tab: OpenTab) -> None:
    page = tab(server.url, 1400, 900)
    drawn(page)
    expect(page.locator(".rv-picture:visible")).to_have_count(3)
    page.keyboard.press("p")
    expect(page.locator(".rv-picture:visible")).to_have_count(PAIR)
    expect(page).to_have_url(f"{server.url}/?projector=1")
    drawn(page)
    assert page.evaluate(LETTERS, LEAST) == []
    page.get_by_role("button", name="Projector mode").click()
    expect(page.locator(".rv-picture:visible")).to_have_count(3)
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    expect(page).to_have_url(f"{server.url}/")


def test_a_third_model_takes_the_place_of_the_one_shown_longest(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?projector=1", 1920, 1080)
    drawn(page)
    page.get_by_role("button", name="GRU", exact=True).click()
    expect(page.get_by_role("button", name="RNN", exact=True)).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".rv-picture:visible")).to_have_count(PAIR)
    expect(page.locator(".st-key-states-gru canvas").first).to_be_visible()
