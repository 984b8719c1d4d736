"""Anatomy in a browser: stepped through by button and by key, fed with an own sequence, used without a mouse."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpers import LONG, SHORT, chart, part, press, sideways, status

MODELS = ("RNN", "LSTM", "GRU", "side by side")


def opened(server, tab, query: str, **size) -> Page:
    page = tab(f"{server.url}/anatomy?{query}", **size)
    status(page, "Press Train|step")
    if "Press Train" in part(page, "status").inner_text():
        press(page, "Train")
    return page


def finished(server, tab, seed: int, more: str = "", **size) -> Page:
    page = opened(server, tab, f"{SHORT}&seed={seed}{more}", **size)
    status(page, "finished")
    expect(token(page)).to_have_count(1)
    return page


def token(page: Page):
    return page.locator("ol.tokens li[aria-current=step]")


def comes_to(page: Page, step: int) -> None:
    expect(page.locator(f"ol.tokens li:nth-child({step})[aria-current=step]")).to_have_count(1)
    page.wait_for_timeout(300)  # the rest of the step is drawn below the tokens


def written(page: Page) -> list[str]:
    """What stands in the diagram."""
    expect(chart(page, "diagram")).to_be_visible()
    return part(page, "diagram").locator("svg.marks text").all_text_contents()


def model(page: Page, name: str) -> None:
    part(page, "models").get_by_role("radio", name=name, exact=True).click()


def test_arrow_keys_and_buttons_step_and_the_diagram_follows(server, tab):
    page = finished(server, tab, 701)
    model(page, "LSTM")
    expect(part(page, "equations")).to_contain_text("Forget gate")
    comes_to(page, 2)
    before = written(page)
    page.get_by_role("button", name="Next step").click()
    comes_to(page, 3)
    page.get_by_role("heading", name="Anatomy", exact=True).click()
    for step in (4, 5):
        page.keyboard.press("ArrowRight")
        comes_to(page, step)
    page.keyboard.press("ArrowLeft")
    comes_to(page, 4)
    assert written(page) != before
    page.get_by_role("button", name="Previous step").click()
    comes_to(page, 3)


def test_arrow_keys_belong_to_whoever_has_the_focus(server, tab):
    page = finished(server, tab, 702)
    comes_to(page, 2)
    box = page.get_by_role("textbox", name="sequence of your own")
    box.click()
    box.press("ArrowRight")
    slider = part(page, "moment").locator("input[type=range]")
    slider.focus()
    slider.press("ArrowLeft")
    page.wait_for_timeout(700)
    comes_to(page, 2)
    steps = part(page, "steps").locator("input[type=range]")
    steps.focus()
    steps.press("ArrowRight")
    comes_to(page, 3)
    page.wait_for_timeout(500)
    comes_to(page, 3)


def test_a_sequence_of_ones_own_is_read_at_once(server, tab):
    page = finished(server, tab, 703)
    box = page.get_by_role("textbox", name="sequence of your own")
    box.fill("0.5*, 0.25, 0.75*")
    box.press("Enter")
    expect(page.locator("ol.tokens li")).to_have_text(["0.5*", "0.25", "0.75*"])
    expect(part(page, "equations")).to_contain_text("would answer")
    page.get_by_role("button", name="Next step").click()
    expect(part(page, "equations")).to_contain_text("It answers")
    box.fill("0.5*, nothing")
    box.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="got 'nothing'")).to_be_visible()
    expect(page.locator("ol.tokens li")).to_have_count(3)
    box.fill("")
    box.press("Enter")
    expect(page.locator("ol.tokens li")).to_have_count(12)


def test_every_model_is_shown_and_side_by_side_all_of_them(server, tab):
    page = finished(server, tab, 704)
    for name in MODELS[:3]:
        model(page, name)
        expect(page.get_by_text(re.compile(f"the {name} reads"))).to_be_visible()
        expect(chart(page, "diagram")).to_be_visible()
    model(page, MODELS[3])
    for label in ("rnn", "lstm", "gru"):
        expect(chart(page, f"anatomy-{label}")).to_be_visible()


def test_stepping_while_the_model_trains(server, tab):
    page = opened(server, tab, f"{LONG}&seed=705")
    status(page, r"step [\d,]+ of 20,000")
    expect(token(page)).to_have_count(1)
    page.get_by_role("heading", name="Anatomy", exact=True).click()
    for step in (3, 4, 5):
        page.keyboard.press("ArrowRight")
        comes_to(page, step)
    said = part(page, "status").inner_text()
    page.wait_for_timeout(2500)
    assert part(page, "status").inner_text() != said, "nothing moved"
    comes_to(page, 5)
    press(page, "Stop")


def test_everything_can_be_reached_by_tab_alone(server, tab):
    page = finished(server, tab, 706)
    model(page, "GRU")
    expect(page.get_by_text("Update gate of the GRU")).to_be_visible()
    reached = set()
    page.locator("body").press("Tab")
    for _ in range(80):
        reached.add(page.evaluate("(e => e.ariaLabel || e.innerText || e.getAttribute('aria-labelledby') || '')"
                                  "(document.activeElement)"))  # fmt: skip
        page.keyboard.press("Tab")
    said = " | ".join(str(one) for one in reached)
    for wanted in (
        "Previous step",
        "Next step",
        "Trained model",
        "GRU",
        "one unit",
        "z keeps",
        "Every term of the sums",
    ):
        assert wanted in said, wanted
    for wanted in ("Time step", "Unit", "sequence of your own"):
        assert wanted in said, wanted


@pytest.mark.parametrize("name", MODELS)
def test_on_a_phone_no_view_scrolls_sideways(server, tab, name):
    page = finished(server, tab, 707, width=390, height=844)
    model(page, name)
    expect(part(page, "models").get_by_role("radio", name=name, exact=True)).to_be_checked()
    page.wait_for_timeout(800)
    assert sideways(page) <= 0
