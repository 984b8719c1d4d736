"""Projector mode on a low window: the pictures of a task's own field stay readable, and keys turn to all pages."""

import math
import re

import pytest
from playwright.sync_api import Page, expect

from pages._ui.frame.registry import pages
from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import drawn, trained

SIZE = (1280, 720)
LEAST = 14  # pixels of letters
HALF = SIZE[1] / 2  # of the window: so high is a picture with its head and the line below, at least
RUNS = {
    "film": "task=frames&length=8&steps=6&batch=8&models=lstm:hidden=256:reach=1,lstm:hidden=3&seed=921",
    "roads": "task=traffic&length=24&steps=6&models=gru:hidden=40:reset=before:reach=1,gru:hidden=8&seed=921",
    "flight": "task=throws&steps=6&models=rnn:hidden=8,lstm:hidden=8&seed=921",
    "keyboard": "task=autocomplete&steps=6&models=rnn:hidden=8,lstm:hidden=8&seed=921",
    "forecast": "task=forecast&steps=6&models=rnn:hidden=8,lstm:hidden=8&seed=921",
}
# Texts in the pictures whose letters are small, that lie on each other, or beyond the edges of their picture.
_FAULTS = """least => [...document.querySelectorAll(".rv-applied:not([hidden])")].flatMap(picture => {
    const edge = picture.getBoundingClientRect(), found = [];
    const sees = { visibilityProperty: true, opacityProperty: true };
    const texts = [...picture.querySelectorAll("svg text")];
    const seen = texts.filter(one => one.textContent.trim() && one.checkVisibility(sees));
    const sizeOf = one => parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a;
    const boxes = seen.map(one => [one.textContent, one.getBoundingClientRect(), sizeOf(one)]);
    boxes.forEach(([text, box, size], at) => {
        if (size < least) found.push(`${text}: ${size} px`);
        const { left, right, top, bottom } = box;
        if (left < edge.left - 2 || right > edge.right + 2 || bottom > edge.bottom + 2) found.push(`${text}: outside`);
        for (const [other, over] of boxes.slice(at + 1)) {
            const across = Math.min(right, over.right) - Math.max(left, over.left);
            const down = Math.min(bottom, over.bottom) - Math.max(top, over.top);
            if (across > 2 && down > 0.4 * Math.min(box.height, over.height)) found.push(`${text} on ${other}`);
        }
    });
    return found;
})"""
_MEASURED = """() => {
    const all = [...document.querySelectorAll(".rv-applied svg[viewBox][role=img]")];
    const off = ({ viewBox: { baseVal: { width, height } }, clientWidth, clientHeight }) =>
        Math.abs(width - clientWidth) > 1 || Math.abs(height - clientHeight) > 1;
    return all.filter(one => one.checkVisibility() && off(one)).map(one => one.getAttribute("aria-label"));
}"""  # pictures that were drawn for another size than they have


def _readable(page: Page) -> None:
    assert page.evaluate(_FAULTS, LEAST) == []
    for box in page.locator(".rv-applied:visible").evaluate_all("all => all.map(one => one.clientHeight)"):
        assert box >= HALF


@pytest.mark.parametrize("kind", RUNS)
def test_pictures_are_readable_on_a_low_window(server: Server, tab: OpenTab, kind: str) -> None:
    page = trained(tab(f"{server.url}/?{RUNS[kind]}&projector=1", *SIZE))
    _readable(page)
    page.keyboard.press("p")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    drawn(page)
    page.wait_for_function(f"() => !({_MEASURED})().length")  # what was drawn for a hall is drawn anew


def test_sensors_of_a_map_do_not_lie_on_each_other(server: Server, tab: OpenTab) -> None:
    page = trained(tab(f"{server.url}/?{RUNS['roads']}&projector=1", *SIZE))
    rings = page.locator(".rv-roads-map:visible").first.locator(".rv-roads-ring")
    places = rings.evaluate_all("all => all.map(one => ['cx', 'cy', 'r'].map(name => one[name].baseVal.value))")
    assert places and places[0][2] >= 5
    for at, (x, y, radius) in enumerate(places):
        assert all(math.hypot(x - other[0], y - other[1]) >= 1.9 * radius for other in places[at + 1 :])


def test_projector_mode_stays_and_every_page_has_a_key(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?projector=1", *SIZE)
    drawn(page)
    paths = [one.path.strip("/") for one in pages().values()]
    assert len(paths) == 10
    for key in ("8", "9", "0", "1"):
        path = paths["1234567890".index(key)]
        page.keyboard.press(key)
        expect(page).to_have_url(re.compile(rf"/{path}\?(.*&)?projector=1"))
        expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    page.keyboard.press("p")
    expect(page).not_to_have_url(re.compile("projector"))
    expect(page.locator(".rv-picture:visible")).to_have_count(3)
    expect(page.locator(".rv-keys")).to_have_text("pages: keys 1–9 and 0")


_ASTRAY = """grid => {
    const columns = getComputedStyle(grid).gridTemplateColumns.split(" ").length;
    const boxes = [...grid.children].map(cell => cell.getBoundingClientRect());
    const middle = ({ left, right }) => (left + right) / 2;
    return boxes.filter((box, at) => {
        const first = boxes[at - (at % columns)], head = boxes[at % columns];
        return Math.abs(box.top - first.top) > 4 || (at % columns && Math.abs(middle(box) - middle(head)) > 2);
    }).length;
}"""  # cells that stand in another row or column than their own


def test_words_below_the_states_stand_in_rows_and_columns(server: Server, tab: OpenTab) -> None:
    page = trained(tab(f"{server.url}/states?{RUNS['keyboard']}", *SIZE))
    grid = page.locator(".rv-seq-grid.rv-words")
    expect(grid.locator(".rv-seq-head")).to_have_text(["read", "right", "RNN", "LSTM"])
    assert grid.evaluate(_ASTRAY) == 0
    box = page.locator(".rv-seq")
    assert box.evaluate("box => box.scrollHeight - box.clientHeight") <= 1, "no row is cut"
    field = page.locator(".rv-field canvas").first.bounding_box()
    assert field
    page.mouse.move(field["x"] + field["width"] - 3, field["y"] + 20)
    expect(grid.locator(".rv-pointed-at")).to_have_count(4)
    last = grid.locator(".rv-pointed-at").first.bounding_box()
    assert last and last["x"] + last["width"] <= SIZE[0]
