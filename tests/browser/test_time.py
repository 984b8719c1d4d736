"""Moving through the training: only to what was measured, one moment for each key, and a link that opens there."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewServer, OpenTab, Server
from tests.browser.helpers import SHORT, drawn, part, press, trained

PLACE = "rnnviz.hub.placeNow()"
STEPS = "rnnviz.hub.channel.steps"
PULL = """(slider, value) => {
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
}"""


def timeline(page: Page) -> Locator:
    return page.get_by_role("slider", name="Training step shown")


def test_the_time_line_goes_only_where_something_was_measured(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/states")
    drawn(page)
    steps = page.evaluate(STEPS)
    assert len(steps) > 20 and steps[-1] == 1500
    for wanted in (1, 500, 501, 777, 1199):
        timeline(page).evaluate(PULL, wanted)
        drawn(page)
        shown = page.evaluate("rnnviz.hub.stepNow()")
        assert shown in steps and abs(shown - wanted) == min(abs(one - wanted) for one in steps)
        expect(page.locator(".rv-step")).to_have_text(f"training step {shown:,}")
        assert page.evaluate("rnnviz.hub.momentNow().step") == shown


def test_each_arrow_key_is_one_moment(server: Server, tab: OpenTab) -> None:
    page = trained(tab(f"{server.url}/?{SHORT}&seed=1201"))
    page.locator(".rv-line").click()
    for key, place in (("Home", 0), ("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 30)):
        page.keyboard.press(key)
        drawn(page)
        assert page.evaluate(PLACE) == place, key
    timeline(page).focus()
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    assert page.evaluate(PLACE) == 10
    drawn(page)
    part(page, "experiment-task").get_by_role("combobox").click()
    page.keyboard.press("ArrowLeft")  # belongs to what has the focus
    assert page.evaluate(PLACE) == 10


def test_play_goes_to_the_end_and_with_loop_on_from_the_beginning(server: Server, tab: OpenTab) -> None:
    page = trained(tab(f"{server.url}/?{SHORT}&seed=1201"))
    page.get_by_label("Speed of playing").select_option("4")
    page.evaluate("rnnviz.hub.drawings.length = 0")
    press(page, "Play")
    page.wait_for_function(f"{PLACE} > 2 && {PLACE} < 30")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    drawn(page)
    assert page.evaluate(PLACE) == 30
    places = page.evaluate("rnnviz.hub.drawings.map(([place]) => place)")
    played = places[places.index(min(places)) :]
    assert played == sorted(played) and len(set(played)) > 5
    page.get_by_role("button", name="Loop").click()
    press(page, "Play")
    page.wait_for_function("""() => {
        const places = rnnviz.hub.drawings.map(([place]) => place).slice(-30);
        const end = places.indexOf(30);
        return end >= 0 && places.slice(end).some(place => place > 0 && place < 30);
    }""")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_the_sequence_can_be_played_too(server: Server, tab: OpenTab) -> None:
    page = trained(tab(f"{server.url}/?{SHORT}&seed=1201"))
    page.get_by_label("Play along").select_option("sequence")
    press(page, "Play")
    page.wait_for_function("rnnviz.look.time > 2")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert page.evaluate("[rnnviz.look.time, rnnviz.look.step]") == [11, None]


def test_a_link_opens_exactly_there_on_a_server_that_nobody_has_visited(
    new_server: NewServer, server: Server, tab: OpenTab
) -> None:
    page = tab(f"{server.url}/states")
    drawn(page)
    timeline(page).evaluate(PULL, 700)
    page.get_by_role("combobox", name="Sequence").select_option(index=1)
    page.get_by_role("combobox", name="Units").select_option("index")
    page.evaluate("rnnviz.change({ unit: 4, time: 9, model: 'lstm' })")
    drawn(page)
    step = page.evaluate("rnnviz.hub.stepNow()")
    for said in (f"step={step}", "sequence=2", "units=index", "hidden_unit=5", "time=10", "model=lstm"):
        expect(page).to_have_url(re.compile(rf"[?&]{said}(&|$)"))
    looked = "({ ...rnnviz.look, drawn: rnnviz.hub.momentNow().step })"
    there = tab(page.url.replace(server.url, new_server().url))
    drawn(there)
    assert there.evaluate(looked) == page.evaluate(looked)
    expect(there.locator(".rv-step")).to_have_text(f"training step {step:,}")


def test_a_link_with_nonsense_falls_back_to_what_there_is(server: Server, tab: OpenTab) -> None:
    run = "step=99999&sequence=77&layer=9&direction=up"
    cell = "units=%3Cimg%20src=x%3E&shown=x&model=none&hidden_unit=4000&time=4000"
    page = tab(f"{server.url}/states?{run}&{cell}&projector=yes")
    drawn(page)
    look = page.evaluate("rnnviz.look")
    assert (look["probe"], look["layer"], look["direction"], look["sort"]) == (0, -1, "forward", "keep")
    assert (look["shown"], look["model"], look["unit"], look["time"], look["big"]) == ("", "", None, None, False)
    assert page.evaluate("rnnviz.hub.momentNow().step") == 1500
    expect(part(page, "notice").get_by_role("alert")).to_have_count(0)


def test_back_returns_to_the_page_and_the_moment(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/states")
    drawn(page)
    timeline(page).evaluate(PULL, 500)
    step = page.evaluate("rnnviz.hub.stepNow()")
    expect(page).to_have_url(re.compile(f"step={step}"))
    part(page, "menu").get_by_role("link", name="Gates").click()
    expect(part(page, "gates-lstm")).to_be_visible()
    drawn(page)
    assert page.evaluate("rnnviz.hub.momentNow().step") == step
    expect(page).to_have_url(re.compile(f"/gates.*step={step}"))
    timeline(page).evaluate(PULL, 900)
    page.go_back()
    expect(part(page, "states-rnn")).to_be_visible()
    drawn(page)
    assert page.evaluate("rnnviz.hub.momentNow().step") == step
