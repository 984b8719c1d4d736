"""What is pointed at is read in all models at once; a press takes it apart."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import drawn, part


@pytest.mark.parametrize("path, keys", [
    ("", ("states-rnn", "states-lstm", "states-gru")),
    ("states", ("states-rnn", "states-lstm", "states-gru")),
    ("gates", ("gates-lstm", "gates-gru")),
])  # fmt: skip
def test_pointing_reads_all_models_and_a_press_opens_anatomy_there(
    server: Server, tab: OpenTab, path: str, keys: tuple[str, ...]
) -> None:
    page = tab(f"{server.url}/{path}")
    drawn(page)
    canvas = part(page, keys[1]).locator(".rv-field canvas").first
    box = canvas.bounding_box()
    at = {"x": box["width"] * 10.5 / 50, "y": box["height"] * 3.5 / 32}
    canvas.hover(position=at)  # type: ignore[arg-type]
    said = page.locator(".rv-pointed")
    expect(said).to_contain_text("time step 11")
    for key in keys:
        expect(said).to_contain_text(re.compile(rf"{key.split('-')[1].upper()} \S*.*[−\d]"))
        expect(part(page, key).locator(".rv-across").first).to_be_visible()
    expect(part(page, keys[1]).locator(".rv-along").first).to_be_visible()
    expect(part(page, keys[0]).locator(".rv-along").first).to_be_hidden()
    unit = int(re.search(r"unit (\d+)", said.inner_text()).group(1))
    canvas.click(position=at)  # type: ignore[arg-type]
    label = keys[1].split("-")[1]
    expect(page).to_have_url(re.compile(rf"/anatomy\?(?=.*model={label})(?=.*unit={unit})(?=.*time=11)"))
    expect(part(page, "menu").get_by_role("link", name="Anatomy")).to_be_visible()


def test_where_nothing_is_pointed_at_the_finding_stands(server: Server, tab: OpenTab) -> None:
    page = tab(server.url)
    drawn(page)
    said = page.locator(".rv-line .rv-said").inner_text()
    assert said
    canvas = part(page, "states-gru").locator(".rv-field canvas")
    canvas.hover()
    expect(page.locator(".rv-line .rv-said")).to_be_hidden()
    page.mouse.move(2, 2)
    expect(page.locator(".rv-line .rv-said")).to_have_text(said)
    expect(page.locator(".rv-across:visible")).to_have_count(0)
