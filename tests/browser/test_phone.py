"""On a phone nothing scrolls sideways, the models are one swipe apart, and the bar is in reach."""

import pytest
from playwright.sync_api import expect

from pages._ui.frame import registry
from pages._ui.frame.registry import Need
from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import SHORT, drawn, part, rests, sideways, trained

PATHS = {spec.path.strip("/"): spec for spec in registry.pages().values() if spec.needs is not Need.DECODER}
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("path", PATHS)
def test_no_page_scrolls_sideways_on_a_phone(server: Server, tab: OpenTab, path: str) -> None:
    page = tab(f"{server.url}/{path}?{SHORT}&seed=401", **PHONE)
    expect(part(page, "menu")).to_be_visible()
    if PATHS[path].needs is Need.RUN:
        trained(page)
        box = page.locator(".rv-bar-row").bounding_box()
        assert box["y"] + box["height"] <= PHONE["height"] + 1
    rests(page)
    assert sideways(page) <= 0


IN_PLACE = """key => {
    const left = selector => document.querySelector(selector).getBoundingClientRect().x;
    return Math.abs(left(key) - left(".rv-stage")) < 2;
}"""


def test_models_are_one_swipe_apart_at_the_same_place_and_scale(server: Server, tab: OpenTab) -> None:
    page = tab(server.url, **PHONE)
    drawn(page)
    boxes = []
    for label in ("rnn", "lstm", "gru"):
        card = part(page, f"states-{label}")
        card.evaluate("card => card.closest('.rv-middle').scrollTo({ left: card.offsetLeft + 40 })")
        page.wait_for_function(IN_PLACE, arg=f".st-key-states-{label}")  # it snaps
        boxes.append(card.locator(".rv-field").first.bounding_box())
    for side in ("x", "y", "width", "height"):
        assert max(box[side] for box in boxes) - min(box[side] for box in boxes) < 2, side


FOUR = "task=sentiment&steps=4&seed=402&models=rnn:hidden=4,lstm:hidden=4,gru:hidden=4,gru:hidden=4:bidirectional=true"
CUT = """() => [...document.querySelectorAll(".rv-stage :is(h4, .rv-answer)")]
    .filter(one => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
    .map(one => one.innerText)"""


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 720}], ids=["phone", "small"])
def test_beside_four_models_no_title_and_no_answer_is_cut(server: Server, tab: OpenTab, size: dict[str, int]) -> None:
    page = trained(tab(f"{server.url}/?{FOUR}", **size))
    rests(page)
    assert page.evaluate(CUT) == []
