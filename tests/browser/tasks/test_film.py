"""A film on the first page: its frames, its units at their places, and what is chosen on it."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import drawn, sideways, trained

MODELS = "models=lstm:hidden=256:reach=1,lstm:hidden=3"
_INK = """canvas => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
}"""  # how many colours there are


def test_a_film_is_drawn_with_units_as_images_and_frame_and_channel_are_chosen(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?task=frames&length=8&steps=10&batch=8&{MODELS}", 1280, 720)
    plots = page.locator(".rv-film-plot canvas")
    expect(plots).to_have_count(2)
    expect(page.get_by_text("3 units", exact=True)).to_be_visible()
    assert plots.first.evaluate(_INK) > 10, "before any training the film is there"
    trained(page)
    assert plots.first.evaluate(_INK) > 100, "then what is made of it"
    expect(page.locator(".rv-applied .rv-answer").first).to_have_text(
        re.compile(r"^squared error 0\.\d{4}; if the frame stayed as it is 0\.\d{4}$")
    )
    channels = page.get_by_role("group", name="Channel that is shown").first.get_by_role("button")
    expect(channels).to_have_text(["1", "2", "3", "4"])
    channels.nth(2).click()
    expect(channels.nth(2)).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile(r"hidden_unit=3"))
    plot = page.locator(".rv-film-plot").first.bounding_box()
    assert plot
    page.mouse.click(plot["x"] + 0.5 * plot["width"], plot["y"] + 25)
    expect(page).to_have_url(re.compile(r"time=\d+"))
    page.mouse.move(plot["x"] + 20, plot["y"] + plot["height"] - 30)
    expect(page.locator(".rv-pointed")).to_contain_text(re.compile(r"channel 3, row \d, column \d"))
    page.set_viewport_size({"width": 390, "height": 844})
    drawn(page)
    assert sideways(page) <= 0
    assert page.locator(".rv-own").first.bounding_box()["height"] > 300
