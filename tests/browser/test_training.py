"""Train, watch, pause, resume, stop, train again; alone and with others."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import (
    LONG,
    SHORT,
    TRAINING,
    WHILE,
    chart,
    drawn,
    goes_on,
    part,
    press,
    status,
    step,
    trained,
)

NEWEST = "rnnviz.hub.channel.newest"
LOSSES = "rnnviz.{}.numbers.loss.map((row) => [...row])"  # (moment, model)


def test_from_train_to_finished(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?{SHORT}&seed=101")
    status(page, "not trained yet")
    press(page, "Train")
    expect(chart(page, "score")).to_be_visible()
    status(page, "finished: training step 30 of 30")
    for key in ("score", "states-rnn", "states-lstm", "states-gru", "gradients", "gradient-history", "loss"):
        part(page, key).scroll_into_view_if_needed()
        expect(chart(page, key)).to_be_visible()
    expect(page.locator(".rv-bar-row")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Train again", exact=True)).to_be_visible()
    for name in ("Pause", "Resume", "Stop"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)


def test_a_setting_can_be_typed_and_train_clicked_at_once(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?{SHORT}&seed=1103")
    status(page, "not trained yet")
    page.get_by_text("Learning: rate, updates, seed").click()
    page.get_by_role("spinbutton", name="Seed").fill("1104")
    press(page, "Train")
    status(page, "finished: training step 30 of 30")
    expect(page).to_have_url(re.compile("seed=1104"))


def test_pause_resume_and_stop(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?{LONG}&seed=102")
    press(page, "Train")
    status(page, TRAINING)
    press(page, "Pause")
    status(page, "paused at training step")
    for key in ("Home", "End"):  # reports that were under way arrive meanwhile
        page.keyboard.press(key)
        drawn(page)
    at, newest = step(page), page.evaluate(NEWEST)
    page.keyboard.press("Home")
    drawn(page)
    assert (step(page), page.evaluate(NEWEST)) == (at, newest), "it goes on while paused"
    press(page, "Resume")
    status(page, TRAINING)
    goes_on(page)
    press(page, "Stop")
    status(page, "stopped at training step")
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()
    expect(chart(page, "score")).to_be_visible()


@pytest.mark.parametrize("path, keys", [
    ("", ["score", "states-lstm", "gradients"]),
    ("states", ["states-rnn", "states-lstm"]),
    ("gates", ["gates-lstm", "gates-gru"]),
    ("gradients", ["gradients", "gradient-history"]),
])  # fmt: skip
def test_a_page_that_is_opened_while_it_trains_follows_in_the_same_charts(
    server: Server, tab: OpenTab, path: str, keys: list[str]
) -> None:
    page = tab(f"{server.url}/{path}?{LONG}&seed=103")
    status(page, "not trained|step")
    if "not trained" in part(page, "status").inner_text():
        press(page, "Train")
    for key in keys:
        expect(chart(page, key)).to_be_visible()
    find = "key => document.querySelector(`.st-key-${key} :is(canvas, svg.marks)`)"
    assert page.evaluate(f"keys => {{ window.seen = keys.map({find}); return window.seen.every(Boolean) }}", keys)
    before = page.evaluate(NEWEST)
    page.wait_for_function(f"before => {NEWEST} > before", arg=before)
    drawn(page)
    same = page.evaluate(f"keys => keys.map({find}).map((found, i) => found === window.seen[i])", keys)
    assert same == [True] * len(keys)


def test_the_time_line_follows_the_run_until_it_is_moved(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/states?{LONG}&seed=104")
    press(page, "Train")
    status(page, TRAINING)
    slider = page.get_by_role("slider", name="Training step shown")
    slider.focus()
    slider.press("Home")
    live = page.get_by_role("button", name="Live", exact=True)
    expect(live).to_be_visible()
    goes_on(page)
    expect(slider).to_have_value("0")
    live.click()
    expect(live).to_be_hidden()
    page.wait_for_function("document.querySelector('.rv-timeline input').value > 0")
    press(page, "Stop")


def test_two_who_watch_one_run_see_the_same_at_its_end(server: Server, tab: OpenTab) -> None:
    first = tab(f"{server.url}/?{WHILE}&seed=105")
    press(first, "Train")
    status(first, TRAINING)
    second = tab(f"{server.url}/states?{WHILE}&seed=105")
    seen = []
    for page in (first, second):
        status(page, "finished: training step 150 of 150")
        drawn(page)
        seen.append((page.evaluate("[rnnviz.hub.channel.id, rnnviz.hub.channel.steps]"), heads(page)))
    assert seen[0] == seen[1]


def heads(page: Page) -> list[str]:
    """Verdicts and scores of all models."""
    return page.locator(".rv-stage .rv-doing").all_inner_texts()


def test_train_again_is_live_here_and_leaves_others_what_they_see(server: Server, tab: OpenTab) -> None:
    page = trained(tab(f"{server.url}/?{WHILE}&seed=106"))
    other = trained(tab(f"{server.url}/states?{WHILE}&seed=106"))
    whose, last = "rnnviz.hub.channel.id", part(page, "score").locator(".rv-last")
    first, losses = page.evaluate(whose), page.evaluate(LOSSES.format("hub.channel"))
    expect(last).to_be_hidden()
    page.get_by_role("button", name="Train again", exact=True).press("Enter")
    expect(page).to_have_url(re.compile("seed=107"))
    status(page, TRAINING)
    assert page.evaluate("rnnviz.hub.following")
    expect(last).to_have_text("grey: the last run, seed 106")
    assert page.evaluate(LOSSES.format("hub.channel.ghost")) == losses
    expect(part(page, "states-gru").locator(".rv-before")).to_contain_text("last run, seed 106: ")
    status(other, "^finished")
    assert other.evaluate(whose) == first
    status(page, "^finished")
    drawn(page)
    assert page.evaluate(whose) != first
    losses = page.evaluate(LOSSES.format("hub.channel"))
    press(page, "Train again")
    expect(page).to_have_url(re.compile("seed=108"))
    expect(last).to_have_text("grey: the last run, seed 107")
    assert page.evaluate(LOSSES.format("hub.channel.ghost")) == losses
    page.reload()
    status(page, f"{TRAINING}|^finished")
    drawn(page)
    expect(last).to_be_hidden()
    other.reload()
    status(other, "^finished")
