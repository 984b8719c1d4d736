"""Students on the first page: curves over answers, a value under the pointer, a time step kept by the link."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import SMALL, drawn, sideways, trained

QUERY = f"task=learners&length=12&steps=30&{SMALL}"


def test_curves_stand_over_the_answers_and_values_are_told(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?{QUERY}", 1280, 720)
    expect(page.locator(".rv-mastery-plot .rv-is-right").first).to_be_visible()  # before any training
    trained(page)
    plots = page.locator(".rv-mastery-plot > svg")
    expect(plots).to_have_count(3)
    for plot in plots.all():
        lines = [one.get_attribute("d") for one in plot.locator("path.rv-said").all()]
        assert len(lines) == 5 and all(lines)
        assert plot.locator(".rv-is-right, .rv-is-wrong").count() == 13
    box = plots.nth(1).bounding_box()
    assert box
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.1)
    page.mouse.move(*middle)
    expect(page.locator(".rv-pointed")).to_have_text(
        re.compile(r"skill A: ideal \d+ % \(mastered \d+ %\) · .* · RNN \d+ % · LSTM \d+ % · GRU \d+ %")
    )
    page.mouse.down()
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"time=\d+"))
    page.set_viewport_size({"width": 390, "height": 844})
    drawn(page)
    assert sideways(page) <= 0
