"""Train, watch, pause, resume, stop; what is live is updated in place."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.helpers import LONG, SHORT, chart, part, press, status


def test_from_train_to_finished(server, tab):
    page = tab(f"{server.url}/?{SHORT}&seed=101")
    status(page, "Press Train")
    press(page, "Train")
    expect(chart(page, "loss")).to_be_visible()
    status(page, "finished: step 30 of 30")
    for key in ("loss", "score", "states-rnn", "states-lstm", "states-gru", "gradients", "gradient-history"):
        expect(chart(page, key)).to_be_visible()
    press(page, "Train")
    expect(page.get_by_test_id("stToast")).to_contain_text("run to its end")
    expect(part(page, "progress")).to_contain_text("change a setting or the seed to train again")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_have_count(0)


def test_a_setting_can_be_typed_and_train_clicked_at_once(server, tab):
    page = tab(f"{server.url}/?{SHORT}&seed=1103")
    status(page, "Press Train")
    page.get_by_text("Learning: steps, rate, seed").click()
    page.get_by_role("spinbutton", name="Seed").fill("1104")
    press(page, "Train")
    status(page, "finished: step 30 of 30")
    expect(page).to_have_url(re.compile("seed=1104"))


def test_pause_resume_and_stop(server, tab):
    page = tab(f"{server.url}/?{LONG}&seed=102")
    press(page, "Train")
    status(page, r"step [\d,]+ of 20,000")
    press(page, "Pause")
    status(page, "paused at step")
    at = ""
    for _ in range(5):  # reports that were under way may still arrive
        before, at = at, part(page, "status").inner_text()
        if at == before:
            break
        page.wait_for_timeout(1500)
    assert at == before, "it goes on while paused"
    press(page, "Resume")
    status(page, r"^step [\d,]+ of 20,000")
    press(page, "Stop")
    status(page, "stopped at step")
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()
    expect(chart(page, "loss")).to_be_visible()


@pytest.mark.parametrize("path, keys", [
    ("", ["loss", "states-lstm", "gradients"]),
    ("states", ["states-rnn", "states-lstm"]),
    ("gates", ["gates-lstm", "gates-gru"]),
    ("gradients", ["gradients", "grad-norm", "singular-rnn"]),
])  # fmt: skip
def test_live_charts_are_updated_in_place(server, tab, path, keys):
    page = tab(f"{server.url}/{path}?{LONG}&seed=103")
    if (
        page.get_by_role("button", name="Train", exact=True)
        .or_(page.get_by_role("button", name="Pause", exact=True))
        .inner_text()
        == "Train"
    ):
        press(page, "Train")
    for key in keys:
        expect(chart(page, key)).to_be_visible()
    page.wait_for_timeout(1000)
    find = "key => document.querySelector(`.st-key-${key} :is(canvas, svg.marks)`)"
    assert page.evaluate(f"keys => {{ window.seen = keys.map({find}); return window.seen.every(Boolean) }}", keys)
    before = _step(page)
    page.wait_for_timeout(3000)
    assert _step(page) > before, "nothing moved"
    same = page.evaluate(f"keys => keys.map({find}).map((found, i) => found === window.seen[i])", keys)
    assert same == [True] * len(keys)


def test_the_slider_follows_the_run_until_it_is_moved(server, tab):
    page = tab(f"{server.url}/states?{LONG}&seed=104")
    press(page, "Train")
    slider = page.get_by_role("slider", name="Training step shown")
    expect(slider).to_be_visible()
    slider.focus()
    slider.press("Home")
    back = page.get_by_role("button", name="Back to live")
    expect(back).to_be_visible()
    page.wait_for_timeout(1500)
    expect(slider).to_have_value("0")
    back.click()
    expect(back).to_have_count(0)
    press(page, "Stop")


def _step(page) -> int:
    found = re.search(r"step ([\d,]+) of", part(page, "status").inner_text())
    assert found
    return int(found.group(1).replace(",", ""))
