"""The experiment lives in the address, the run at the server: nothing is lost by turning a page."""

import itertools
import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import LONG, SHORT, TRAINING, chart, drawn, goes_on, late, leave, part, press, status


def test_reload_back_and_forward_keep_experiment_and_run(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?{SHORT}&seed=201")
    press(page, "Train")
    status(page, "finished")
    page.reload()
    status(page, "finished")
    part(page, "menu").get_by_role("link", name="States").click()
    expect(page.locator(".rv-stage .rv-band").nth(3)).to_be_visible()
    status(page, "finished")
    expect(page).to_have_url(re.compile(r"/states\?.*seed=201"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"/\?.*seed=201"))
    expect(part(page, "score")).to_be_visible()
    status(page, "finished")
    page.go_forward()
    expect(page).to_have_url(re.compile(r"/states\?.*seed=201"))
    expect(page.locator(".rv-stage .rv-band").nth(3)).to_be_visible()
    status(page, "finished")


def test_what_the_controls_change_stands_in_the_address_and_back_undoes_it(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?seed=202")
    status(page, "not trained yet")
    slider = page.get_by_role("slider", name=re.compile("^Length"))
    slider.focus()
    slider.press("ArrowRight")
    expect(page).to_have_url(re.compile("length=51"))
    assert "seed=202" in page.url
    page.go_back()
    expect(page).not_to_have_url(re.compile("length"))
    expect(slider).to_have_value("50")


def test_back_to_a_run_that_trains_shows_it_again(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?{LONG}&seed=206")
    status(page, "not trained yet")
    press(page, "Train")
    status(page, TRAINING)
    expect(chart(page, "score")).to_be_visible()
    task = part(page, "experiment-task").get_by_role("combobox")
    task.fill("Count open")
    page.get_by_role("option").first.click()
    expect(page).to_have_url(re.compile("task=brackets"))
    status(page, "not trained yet")
    expect(part(page, "kept")).to_contain_text("is still training")
    page.go_back()
    status(page, TRAINING)
    expect(task).to_have_value("Add two marked numbers")
    goes_on(page)
    press(page, "Stop")


def test_many_changes_in_a_hurry_all_count(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?seed=205")
    status(page, "not trained yet")
    slider = page.get_by_role("slider", name=re.compile("^Length"))
    slider.focus()
    for _ in range(12):
        slider.press("ArrowRight")
    page.get_by_text("LSTM", exact=True).first.click()
    expect(page).to_have_url(re.compile("length=62"))
    expect(page).to_have_url(re.compile("models=rnn"))
    expect(slider).to_have_value("62")


def test_another_browser_sees_the_same_run_live_without_pressing_train(server: Server, tab: OpenTab) -> None:
    first = tab(f"{server.url}/?{LONG}&seed=203")
    press(first, "Train")
    status(first, TRAINING)
    second = tab(f"{server.url}/gradients?{LONG}&seed=203")
    status(second, r"step [\d,]+ of 20,000.*2 watching")
    status(first, "2 watching")
    press(first, "Stop")
    expect(first.get_by_test_id("stToast")).to_contain_text("Others go on with this run")
    goes_on(second)
    press(second, "Stop")
    status(second, "stopped")


def test_one_pauses_for_oneself_while_others_go_on(server: Server, tab: OpenTab) -> None:
    first = tab(f"{server.url}/?{LONG}&seed=204")
    press(first, "Train")
    status(first, TRAINING)
    second = tab(f"{server.url}/?{LONG}&seed=204")
    status(second, "2 watching")
    press(second, "Pause")
    expect(second.get_by_role("button", name="Resume", exact=True)).to_be_visible()
    at = second.evaluate("rnnviz.hub.stepNow()")
    goes_on(first)
    drawn(second)
    assert second.evaluate("rnnviz.hub.stepNow()") == at
    press(second, "Resume")
    second.wait_for_function("at => rnnviz.hub.stepNow() > at && rnnviz.hub.following", arg=at)
    press(first, "Stop")
    press(second, "Stop")
    status(second, "stopped")


def test_a_run_that_begins_and_ends_between_two_looks_is_seen_by_all(server: Server, tab: OpenTab) -> None:
    query = "steps=5&length=6&models=rnn:hidden=2&seed=304"
    idle = tab(f"{server.url}/gates?{query}")
    status(idle, "not trained yet")
    page = tab(f"{server.url}/?{query}")
    press(page, "Train")
    status(page, "finished")
    status(idle, "finished: training step 5 of 5")


def test_a_page_that_is_left_right_after_a_move_does_not_come_back(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/gradients", before=late)
    drawn(page)
    visited = ["/gradients"]
    page.on("framenavigated", lambda frame: visited.append(urlsplit(frame.url).path))
    leave(page, "states", before=["Home"])
    expect(part(page, "states-rnn")).to_be_visible()
    drawn(page)
    leave(page, "anatomy", before=["ArrowRight"])
    heading = part(page, "of-what").get_by_role("heading")
    expect(heading).to_contain_text(f"Training step {page.evaluate('rnnviz.look.step')} ")  # it has been told
    assert [path for path, _ in itertools.groupby(visited)] == ["/gradients", "/states", "/anatomy"]
    expect(page).to_have_url(re.compile(r"/anatomy\?step="))
