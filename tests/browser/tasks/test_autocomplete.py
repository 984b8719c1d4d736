"""The keyboard of a phone in a browser: a sentence of the task, and one that is typed."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import SMALL, drawn, sideways, trained


def test_candidates_stand_under_a_sentence_and_change_while_one_types(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?task=autocomplete&steps=20&{SMALL}", 1280, 720)
    typed = page.locator(".rv-own .rv-typed").first
    expect(typed).to_contain_text("near the station, my sister")  # before any training
    trained(page)
    expect(page.locator(".rv-own .rv-candidate b")).to_have_text([re.compile(r"^\S+$")] * 9)
    expect(page.locator(".rv-own .rv-next").first).to_have_text(
        re.compile(r"^next: “ticket”, \d+(st|nd|rd|th) with .+ %; knowable: 100 %$")
    )
    expect(page.locator(".rv-applied .rv-answer").first).to_have_text(re.compile(r"^first \d+/\d+ · in three \d+/\d+$"))
    assert typed.locator(".rv-missed").count() > 0, "after 20 steps much is missed"
    typed.locator("[data-at='3']").click()  # “station”: the caret stands before it
    expect(page).to_have_url(re.compile(r"time=3\b"))
    expect(page.locator(".rv-own .rv-next").first).to_contain_text("next: “station”")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".rv-own .rv-next").first).to_contain_text("next: “,”")

    field = page.get_by_label("A sentence of your own")
    field.press_sequentially("the key near the door is ol")
    suggested = page.locator(".rv-typing section")
    expect(suggested.first.locator(".rv-candidate b")).to_have_text(["old"])
    suggested.first.locator(".rv-candidate").click()
    expect(field).to_have_value("the key near the door is old ")
    expect(suggested.first.locator(".rv-candidate b")).to_have_count(3)
    expect(suggested.last.locator("b").nth(1)).to_have_text(".")  # who knows the grammar
    page.set_viewport_size({"width": 390, "height": 844})
    drawn(page)
    assert sideways(page) <= 0
    assert page.locator(".rv-own").first.bounding_box()["height"] > 300
