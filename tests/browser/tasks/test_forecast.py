"""The picture of a forecast: its moment is dragged along the series and moved with keys, for all models alike."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import SMALL, press, sideways, status

RUN = f"task=forecast&length=30&steps=20&{SMALL}"


def days(page: Page) -> list[str]:
    """The moment of forecast in the picture of each model."""
    return page.locator(".rv-when").all_text_contents()


def test_the_moment_of_forecast_is_dragged_and_moved_with_keys(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?{RUN}&seed=821&time=5")
    expect(page.locator(".rv-when")).to_have_text(["5 Jan"] * 3)
    expect(page.locator(".rv-band80")).to_have_count(0)
    press(page, "Train")
    status(page, "finished: training step 20 of 20")
    expect(page.locator(".rv-band80")).to_have_count(3)
    expect(page.locator(".rv-forecast ~ .rv-bottom .rv-answer").first).to_contain_text(
        re.compile("Off by .* °C; unchanged")
    )
    box = page.locator(".rv-stretch").nth(1).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 60, box["y"] + 10, steps=3)
    page.mouse.up()
    expect(page.locator(".rv-when")).not_to_have_text(["5 Jan"] * 3)
    before = days(page)
    assert len(set(before)) == 1
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".rv-when")).not_to_have_text(before)
    expect(page).to_have_url(re.compile("time=2"))


def test_on_a_phone_the_forecast_fits(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?{RUN}&seed=822", width=390, height=844)
    press(page, "Train")
    status(page, "finished")
    expect(page.locator(".rv-near").first).to_be_visible()
    assert sideways(page) <= 0
