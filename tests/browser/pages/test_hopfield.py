"""The Hopfield page in a real browser: drawn in by mouse and keys, recalled to the end, shared by its address."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import part, press, sideways

SIZES = ((1280, 720), (1920, 1080))
STATE = """() => [...document.querySelectorAll(".hf-during .hf-grid rect")].slice(0, 100)
    .map(cell => cell.style.getPropertyValue("--on") === "100%" ? 1 : 0).join("")"""


def opened(server: Server, tab: OpenTab, query: str = "", **window: int) -> Page:
    page = tab(f"{server.url}/hopfield{query}", **window)
    expect(part(page, "memory").locator(".rv-said")).not_to_be_empty()
    return page


def said(page: Page, words: str) -> None:
    expect(part(page, "memory").locator(".rv-said")).to_contain_text(words)


def test_a_pattern_is_drawn_stored_damaged_and_recalled_step_by_step(server: Server, tab: OpenTab) -> None:
    page = opened(server, tab, width=1280, height=720)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    said(page, "pattern 1, exactly")
    press(page, "Clear")
    expect(page).to_have_url(f"{server.url}/hopfield?net_start={'0' * 25}")
    grid = page.locator(".hf-start .hf-grid")
    box = grid.locator("rect").first.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 5 + box["width"], box["y"] + 5)
    page.mouse.up()
    expect(page).to_have_url(f"{server.url}/hopfield?net_start=c{'0' * 24}")
    grid.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page).to_have_url(f"{server.url}/hopfield?net_start=e{'0' * 24}")
    press(page, "Store")
    expect(page.locator(".hf-pattern")).to_have_count(5)
    press(page, "Pattern 3")
    said(page, "Start: pattern 3, turned over: 30 of 100 pixels wrong")
    before = page.evaluate(STATE)
    page.get_by_label("Move by").select_option("sweep")
    press(page, "On (→)")
    expect(page.locator(".hf-during h4")).to_have_text("state after 100 updates, sweep 1")
    assert page.evaluate(STATE) != before
    press(page, "Play")
    said(page, "pattern 3, exactly")
    other = opened(server, tab, page.url.partition("/hopfield")[2])
    expect(other.locator(".hf-pattern")).to_have_count(5)
    said(other, "pattern 3, exactly")
    assert not errors


@pytest.mark.parametrize("size", [*SIZES, (390, 844)])
def test_the_picture_fills_the_first_screen_and_nothing_scrolls_sideways(
    server: Server, tab: OpenTab, size: tuple[int, int]
) -> None:
    width, height = size
    page = opened(server, tab, width=width, height=height)
    box = page.locator(".hf-work").bounding_box()
    assert box["height"] >= 0.55 * height and box["y"] + box["height"] <= height
    assert sideways(page) <= 0
