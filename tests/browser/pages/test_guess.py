"""A guess before a run is shown for the first time: kept in the browser, laid over the truth, never asked twice."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import SHORT, drawn, press, sideways, status


def _guess(page: Page, learns: list[bool]) -> None:
    for row, one in zip(page.locator(".rv-guess-row").all(), learns, strict=True):
        row.get_by_role("radio", name="learns it" if one else "does not").click()


DRAWN = """() => {
    const charts = [...rnnviz.hub.parts].flatMap(({ parts = [] }) => parts);
    const { view } = charts.find(({ name }) => name === "gradient");
    const last = (table) => view.data(table).filter(({ series = "RNN" }) => series === "RNN").at(-1).value;
    return { ends: [last("guess"), last("lines")] };
}"""


def test_a_finished_run_is_shown_when_the_guess_is_made_and_says_whether_it_came_true(
    server: Server, tab: OpenTab
) -> None:
    page = tab(server.url, 1280, 720, guesses="first")
    expect(page.locator(".rv-guess")).to_be_visible()
    drawn(page)
    for told in (".rv-verdict", ".rv-side", ".rv-line", ".rv-timeline svg"):
        expect(page.locator(told).first).to_be_hidden()
    following = page.get_by_role("button", name="Next")
    expect(following).to_be_disabled()
    _guess(page, [False, True, False])
    following.click()
    plot = page.get_by_role("slider", name="What is left of the RNN’s gradient")
    expect(plot).to_be_focused()
    page.reload()  # who learns is kept, the drawing still asked for
    show = page.get_by_role("button", name="Show what happened")
    expect(show).to_be_disabled()
    for key in ("PageDown", "ArrowLeft", "ArrowDown", "ArrowDown"):
        plot.press(key)
    expect(plot).to_have_attribute("aria-valuetext", "14 time steps back: 1/30 is left")
    box = plot.bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.7 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] + 9)
    page.mouse.up()
    expect(plot).to_have_attribute("aria-valuetext", "49 time steps back: less than 1/1,000,000 is left")
    show.click()
    expect(page.locator(".rv-guess")).to_be_hidden()
    expect(page.locator(".rv-guessed")).to_have_text(["your guess ✓", "your guess ✓", "your guess ✗"])
    said = page.locator(".rv-said")
    expect(said).to_contain_text("2 of 3 guesses came true; not yours of GRU.")
    expect(said).to_contain_text("The RNN’s gradient 10 time steps back: you drew 1/20; measured 1/80.")
    drawn(page)
    laid = page.evaluate(DRAWN)
    expect(page.locator(".rv-guess-key")).to_have_text("your guess, drawn as a share")
    assert laid["ends"][0] == laid["ends"][1], "they begin at the same norm"
    expect(page.get_by_role("button", name="Train again", exact=True)).to_be_enabled()
    page.get_by_role("link", name="States", exact=True).click()
    expect(page).to_have_url(re.compile("states"))
    page.reload()
    expect(page.locator(".rv-guessed").first).to_have_text("your guess ✓")
    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page.locator(".rv-guess")).to_have_count(1)
    expect(page.locator(".rv-guess")).to_be_hidden()


def test_what_is_not_trained_yet_is_trained_after_the_guess_and_a_skip_is_for_good(
    server: Server, tab: OpenTab
) -> None:
    page = tab(f"{server.url}/?{SHORT}&seed=5150", 390, 844, guesses="first")
    expect(page.locator(".rv-guess")).to_be_visible()
    assert sideways(page) <= 0
    _guess(page, [True, True, True])
    press(page, "Next")
    assert sideways(page) <= 0
    press(page, "Skip the drawing")
    status(page, "^finished")
    expect(page.locator(".rv-said")).to_contain_text(re.compile(r"^\d of 3 guesses came true"))
    page.goto(f"{server.url}/?{SHORT}&seed=5151")
    press(page, "Skip")
    expect(page.locator(".rv-guess")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()
    expect(page.locator(".rv-guess")).to_be_hidden()


def test_who_follows_a_link_to_a_moment_or_wants_no_questions_is_not_asked(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?step=600", guesses="first")
    drawn(page)
    expect(page.locator(".rv-guess")).to_be_hidden()
    page = tab(server.url, guesses="first")
    press(page, "Never ask")
    page.goto(f"{server.url}/?task=recall")
    status(page, "not trained yet")
    expect(page.locator(".rv-guess")).to_be_hidden()
