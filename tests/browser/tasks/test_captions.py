"""A drawing with its captions on the first page, and the pad on the Attention page."""

import itertools
import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import drawn, part, rests, sideways, trained

MODELS = "models=gru:hidden=8:attention=additive,gru:hidden=8"
SEEDS = itertools.count(1)  # who tries again must find a run that nobody has trained


def test_a_drawing_is_captioned_looked_at_word_by_word_and_drawn_by_a_visitor(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?task=captions&steps=20&seed={next(SEEDS)}&{MODELS}", 1280, 720)
    expect(page.locator(".rv-drawing-plot canvas")).to_have_count(2)  # before any training
    assert page.locator(".rv-caption li.rv-is-wrong").count() == 0
    trained(page)
    first = page.locator(".rv-drawing").first
    expect(first.locator(".rv-caption li").first).to_have_class(re.compile("rv-is-"))
    before = first.locator("canvas").evaluate("canvas => canvas.toDataURL()")
    first.locator(".rv-caption").press("ArrowRight")
    expect(page).to_have_url(re.compile(r"time=37"))
    expect(first.locator(".rv-drawing-note")).to_contain_text("for word 1, “a”")
    assert first.locator("canvas").evaluate("canvas => canvas.toDataURL()") != before
    expect(page.locator(".rv-drawing-note").last).to_have_text("one vector of 8 numbers is all it has")
    page.set_viewport_size({"width": 390, "height": 844})
    drawn(page)
    assert sideways(page) <= 0
    page.set_viewport_size({"width": 1280, "height": 720})
    chips = page.get_by_role("group", name="Models shown").get_by_role("button")
    chips.last.click()
    task = part(page, "experiment-task").get_by_role("combobox")
    task.fill("Recall")
    page.get_by_role("option").first.click()
    expect(chips).to_have_count(3)
    for one in chips.all():  # what was hidden was another task's
        expect(one).to_have_attribute("aria-pressed", "true")
    page.go_back()
    expect(chips).to_have_count(2)  # the captions again
    page.get_by_role("link", name="Attention", exact=True).click()
    pad, typed = part(page, "pad"), page.get_by_test_id("stTextInputField")
    expect(pad.get_by_role("button", name="Clear")).to_be_enabled()
    rests(page)
    pad.get_by_role("button", name="Clear").click()
    expect(typed).to_have_value("nothing")
    expect(part(page, "asked")).to_contain_text("Right: nothing")
    pad.get_by_role("radio", name="blue").click()
    pad.get_by_role("radio", name="cross").click()
    pad.get_by_role("application").click(position={"x": 110, "y": 110})
    expect(typed).to_have_value("blue cross 12 12 large")
    expect(part(page, "asked")).to_contain_text("Right: a large blue cross")
    expect(page.locator(".rv-looked canvas").first).to_be_visible()
    for x in (20, 60, 160, 200):  # faster than the page answers
        pad.get_by_role("application").click(position={"x": x, "y": 30})
    expect(typed).to_have_value(re.compile(r"^blue cross 12 12 large(; blue cross \d+ \d+ large){4}$"))
