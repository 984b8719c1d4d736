"""A text that writes itself while the models train: from the first moment on, and what stands behind a character."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import SMALL, drawn, sideways, trained

CUT = """() => [...document.querySelectorAll(".rv-applied p:not(.rv-written)")]
    .filter((p) => p.scrollWidth > p.clientWidth + 1).map((p) => p.innerText)"""


def test_models_write_and_a_character_opens_its_probabilities(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?task=text&steps=20&{SMALL}", 1280, 720)
    trained(page)
    texts = page.locator(".rv-written")
    expect(texts.first.locator("[data-at]")).to_have_count(120)
    expect(page.locator(".rv-applied .rv-answer").first).to_have_text("after 20 training steps")
    last = texts.all_inner_texts()
    page.keyboard.press("Home")  # the first moment
    expect(page.locator(".rv-applied .rv-answer").first).to_have_text("after 0 training steps")
    assert not {*texts.all_inner_texts()} & {*last}
    texts.first.locator("[data-at='5']").click()
    bars, said = page.locator(".rv-writer").first.locator(".rv-writer-bar"), page.locator(".rv-writer-asked").first
    expect(bars.locator("> span")).to_have_text([re.compile(r"^(< 1|\d+) %$")] * 5)
    expect(said).to_have_text(re.compile(r"^after “#.{5}” → “.”$"))
    chances = page.locator(".rv-writer-chances").first
    expect(chances).to_have_text(re.compile(r"^probability (< 1|\d+) %"))
    before = said.text_content()
    texts.first.press("ArrowRight")
    expect(said).not_to_have_text(before or "")
    page.get_by_label("Top-k").select_option("1")
    expect(page).to_have_url(re.compile(r"top_k=1\b"))
    expect(chances).to_have_text(re.compile(r"^model (< 1|\d+) %drawn 100 %$"))
    expect(page.get_by_title("With top-k 1 the likeliest character is always taken")).to_be_disabled()
    assert not page.evaluate(CUT)
    page.set_viewport_size({"width": 390, "height": 844})
    drawn(page)
    assert sideways(page) <= 0
    assert page.locator(".rv-own").first.bounding_box()["height"] > 300
