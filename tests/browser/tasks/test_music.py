"""Melodies in a browser: the piano roll of every model, and players that sound."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import SMALL, drawn, sideways, trained

QUERY = f"task=music&steps=30&{SMALL}"
_SOUND = """async (node) => {
    const bytes = await (await fetch(node.src)).arrayBuffer();
    const sound = await new AudioContext().decodeAudioData(bytes);
    return [sound.duration, Math.max(...sound.getChannelData(0).subarray(0, 22050))];
}"""


def test_notes_have_colours_and_a_press_tells_what_comes_next(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?{QUERY}", 1280, 720)
    expect(page.locator(".rv-roll-note").first).to_be_visible()  # before any training
    trained(page)
    plots = page.locator(".rv-roll-plot > svg")
    expect(plots).to_have_count(3)
    for plot in plots.all():
        colours = {one.get_attribute("fill") for one in plot.locator(".rv-roll-note").all()}
        assert len(colours) > 3 and "none" not in colours
        assert plot.locator(".rv-roll-would:visible").count() > 0, "after 30 steps much is wrong"
    box = plots.nth(1).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".rv-pointed")).to_have_text(
        re.compile(r"how likely \S+ comes next; it is \S+ [a-z ]+ · .* · RNN \d+ % · LSTM \d+ % · GRU \d+ %")
    )
    page.mouse.down()
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"time=\d+"))
    expect(page.locator(".rv-answer").nth(1)).to_have_text(re.compile(r"\S+ \d+ % · (right|plays .+)"))
    page.set_viewport_size({"width": 390, "height": 844})
    drawn(page)
    assert sideways(page) <= 0


def test_what_models_write_is_heard(server: Server, tab: OpenTab) -> None:
    page = trained(tab(f"{server.url}/architectures?{QUERY}&seed=3", 1280, 720))
    players = page.locator("audio")
    expect(players).to_have_count(3, timeout=30_000)
    for player in players.all():
        duration, loudest = player.evaluate(_SOUND)
        assert duration > 1 and loudest > 0.1
