"""The roads on the first page: what colours them, how far ahead, when, and the table of errors."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import drawn, sideways, trained

RUN = "task=traffic&length=24&steps=12&models=gru:hidden=40:reset=before:reach=1,gru:hidden=8&seed=917"


def colours(page: Page, kind: str) -> list[str]:
    """Of all sensors of the first model."""
    found: list[str] = (
        page.locator(".rv-roads-map")
        .first.locator(kind)
        .evaluate_all("all => all.map((one) => one.getAttribute('fill'))")
    )
    return found


def test_a_jam_is_followed_on_the_map_and_errors_are_read_in_the_table(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?{RUN}", 1280, 720)
    table = page.locator(".rv-roads-table").first
    expect(page.locator(".rv-roads-map").first.locator(".rv-roads-ring")).to_have_count(20)
    expect(table.locator("tr").nth(1)).to_have_text("this model–––")  # before any training
    expect(table.locator("tr").nth(2)).to_have_text(re.compile(r"as now\d+\.\d\d+\.\d\d+ %"))
    trained(page)
    expect(table.locator("tr").nth(1)).to_have_text(re.compile(r"this model\d+\.\d\d+\.\d\d+ %"))
    expect(page.locator(".rv-applied .rv-answer").first).to_have_text(re.compile(r"^At .* off by .*, as now"))
    came, foretold = colours(page, ".rv-roads-ring"), colours(page, ".rv-roads-disc")
    page.locator(".rv-roads-chosen select").first.select_option("error")
    expect(page.locator(".rv-roads-key").nth(1)).to_have_text("by which it is off")  # in all pictures
    assert came != colours(page, ".rv-roads-ring") and came != foretold
    page.locator(".rv-roads-chosen select").nth(1).select_option("60 min ahead")
    expect(table.locator("tr").first).to_have_text(re.compile("^60 min"))
    page.locator(".rv-roads-chosen select").first.select_option("state")
    expect(page.locator(".rv-applied .rv-answer").nth(1)).to_have_text("Its units belong to no single sensor")
    page.locator(".rv-roads-map").first.locator(".rv-roads-ring").nth(10).hover(force=True)
    expect(page.locator(".rv-pointed")).to_contain_text(re.compile(r"N2: \d+ km/h at"))
    page.locator(".rv-roads-map").first.locator(".rv-roads-ring").nth(10).click(force=True)
    expect(page.locator(".rv-roads-strips text").first).to_have_text("what came, N1 to M9")
    page.locator(".rv-roads-strips svg").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"time=\d+"))
    page.set_viewport_size({"width": 390, "height": 844})
    drawn(page)
    assert sideways(page) <= 0
    assert page.locator(".rv-own").first.bounding_box()["height"] > 300
