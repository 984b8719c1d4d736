"""Throws on the first page, and a training on few sequences."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import SMALL, chart, drawn, part, sideways, trained


def test_a_throw_is_drawn_with_its_chances_and_a_frame_is_chosen_on_it(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?task=throws&steps=20&{SMALL}", 1280, 720)
    expect(page.locator(".rv-own circle").first).to_be_visible()  # before any training
    assert page.locator(".rv-own polyline.rv-said[points]:not([points=''])").count() == 0
    assert page.locator(".rv-own path[d^=M]").count() == 3 * 2, (
        "the net, and where it can be known: no model is sure yet"
    )
    trained(page)
    expect(page.locator(".rv-own polyline.rv-said[points]:not([points=''])")).to_have_count(3)
    expect(page.locator(".rv-applied .rv-answer").first).to_have_text(
        re.compile(r"^(never sure; |sure from \d\.\d\d s(;|, too soon:) )can(not)? be known")
    )
    field = page.locator(".rv-own").first.bounding_box()
    assert field
    page.mouse.click(field["x"] + field["width"] / 2, field["y"] + 0.7 * field["height"])
    expect(page).to_have_url(re.compile(r"time=\d+"))
    page.set_viewport_size({"width": 390, "height": 844})
    drawn(page)
    assert sideways(page) <= 0
    assert page.locator(".rv-own").first.bounding_box()["height"] > 300


def test_few_sequences_put_both_losses_on_the_stage(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?task=recall&lag=8&steps=120&lr=0.02&sequences=16&{SMALL}&seed=2311", 1280, 720)
    trained(page)
    expect(chart(page, "fit")).to_be_visible()
    page.wait_for_function(
        "document.querySelector('.st-key-fit svg [aria-roledescription=point], .st-key-fit svg .mark-symbol path')"
    )
    expect(part(page, "more")).to_contain_text("overfits since training step")
