"""The experiment lives in the address, the run at the server: nothing is lost by turning a page."""

import re

from playwright.sync_api import expect

from tests.browser.helpers import LONG, SHORT, chart, part, press, status


def test_reload_back_and_forward_keep_experiment_and_run(server, tab):
    page = tab(f"{server.url}/?{SHORT}&seed=201")
    press(page, "Train")
    status(page, "finished")
    page.reload()
    status(page, "finished")
    part(page, "menu").get_by_role("link", name="States").click()
    expect(page.get_by_role("heading", name="States", exact=True)).to_be_visible()
    status(page, "finished")
    expect(page).to_have_url(re.compile(r"/states\?.*seed=201"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"/\?.*seed=201"))
    expect(part(page, "loss")).to_be_visible()
    status(page, "finished")
    page.go_forward()
    expect(page).to_have_url(re.compile(r"/states\?.*seed=201"))
    expect(page.get_by_role("heading", name="States", exact=True)).to_be_visible()
    status(page, "finished")


def test_what_the_controls_change_stands_in_the_address_and_back_undoes_it(server, tab):
    page = tab(f"{server.url}/?seed=202")
    status(page, "Press Train")
    slider = page.get_by_role("slider", name=re.compile("^Length"))
    slider.focus()
    slider.press("ArrowRight")
    expect(page).to_have_url(re.compile("length=51"))
    assert "seed=202" in page.url
    page.go_back()
    expect(page).not_to_have_url(re.compile("length"))
    expect(slider).to_have_value("50")


def test_back_to_a_run_that_trains_shows_it_again(server, tab):
    """A timer told what the controls had been before the change, so that Back was taken for another change."""
    page = tab(f"{server.url}/?{LONG}&seed=206")
    status(page, "Press Train")
    press(page, "Train")
    status(page, r"step [\d,]+ of 20,000")
    expect(chart(page, "loss")).to_be_visible()
    task = part(page, "experiment-task").get_by_role("combobox")
    task.fill("Count open")
    page.get_by_role("option").first.click()
    expect(page).to_have_url(re.compile("task=brackets"))
    status(page, "Press Train")
    page.wait_for_timeout(1500)  # so that timers that were under way have come
    page.go_back()
    status(page, r"step [\d,]+ of 20,000")
    expect(task).to_have_value("Add two marked numbers")
    press(page, "Stop")


def test_many_changes_in_a_hurry_all_count(server, tab):
    page = tab(f"{server.url}/?seed=205")
    status(page, "Press Train")
    slider = page.get_by_role("slider", name=re.compile("^Length"))
    slider.focus()
    for _ in range(12):
        slider.press("ArrowRight", delay=20)
        page.wait_for_timeout(60)
    page.get_by_text("LSTM", exact=True).first.click()
    expect(page).to_have_url(re.compile("length=62"))
    expect(page).to_have_url(re.compile("models=rnn"))
    expect(slider).to_have_value("62")


def test_another_browser_sees_the_same_run_live_without_pressing_train(server, tab):
    first = tab(f"{server.url}/?{LONG}&seed=203")
    press(first, "Train")
    status(first, "step")
    second = tab(first.url.replace("/?", "/gradients?"))
    status(second, r"step [\d,]+ of 20,000.*2 watching")
    status(first, "2 watching")
    press(first, "Stop")
    status(first, "You have left this run")
    status(second, r"step [\d,]+ of 20,000")
    press(second, "Stop")
    status(second, "stopped")


def test_one_pauses_for_oneself_while_others_go_on(server, tab):
    first = tab(f"{server.url}/?{LONG}&seed=204")
    press(first, "Train")
    second = tab(first.url)
    status(second, "2 watching")
    press(second, "Pause")
    status(second, "your picture is paused while others go on")
    status(first, r"^step [\d,]+ of 20,000")
    press(second, "Resume")
    status(second, r"^step [\d,]+ of 20,000")
    press(first, "Stop")
    press(second, "Stop")
    status(second, "stopped")


def test_a_run_that_begins_and_ends_between_two_looks_is_seen_by_all(server, tab):
    query = "steps=5&length=6&models=rnn:hidden=2&seed=304"
    idle = tab(f"{server.url}/gates?{query}")
    status(idle, "Press Train")
    page = tab(f"{server.url}/?{query}")
    press(page, "Train")
    status(page, "finished")
    status(idle, "finished: step 5 of 5")
