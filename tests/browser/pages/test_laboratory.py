"""The gradient laboratory in a browser: all of its sections, and a knob that changes what Train runs."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import LONG, SHORT, chart, part, press, sideways, status

SECTIONS = {
    "How far it reaches": ["lags", "horizon"],
    "Step by step": ["jacobian-rnn", "jacobian-lstm", "jacobian-gru", "through-hidden-lstm", "paths-lstm"],
    "Where it comes from": ["influence"],
}


def choose(page: Page, key: str, name: str) -> None:
    """Choose one of the options that stand beside each other in a container."""
    part(page, key).get_by_role("radio", name=name, exact=True).click()


def test_sections_appear_and_a_knob_changes_what_train_runs(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/gradients?{SHORT}&seed=801")
    press(page, "Train")
    status(page, "finished: training step 30 of 30")
    for name, keys in SECTIONS.items():
        choose(page, "view-closer", name)
        for key in ["gradients", "gradient-history", *keys, "norm", "clipped", "singular-rnn"]:
            part(page, key).scroll_into_view_if_needed()
            expect(chart(page, key)).to_be_visible()
    choose(page, "knobs", "σ_max 2")
    expect(page).to_have_url(re.compile("sigma_max(=|%3D)2"))
    expect(part(page, "changes")).to_contain_text("RNN: first σ_max(W_hh) 2")
    status(page, "not trained yet")
    press(page, "Train")
    status(page, "finished: training step 30 of 30")
    expect(chart(page, "influence")).to_be_visible()
    press(page, "Look at training step 0")
    expect(page.locator(".rv-step")).to_have_text("training step 0")
    expect(page.get_by_role("button", name="Latest", exact=True)).to_be_visible()
    press(page, "Back to the defaults")
    expect(part(page, "changes")).to_contain_text("All settings are the task's defaults")
    expect(page).to_have_url(re.compile(r"/gradients$"))


def test_on_a_phone_the_knobs_and_every_section_fit(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/gradients?{SHORT}&seed=802", width=390, height=844)
    press(page, "Train")
    status(page, "finished")
    choose(page, "view-closer", "All three")
    expect(chart(page, "influence")).to_be_visible()
    assert sideways(page) <= 0


def test_what_was_measured_in_training_follows_what_is_looked_at(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/gradients?{LONG}&seed=803")
    press(page, "Train")
    said = page.get_by_text("All that follows was measured at training step")
    expect(said).to_be_visible()
    expect(chart(page, "lags")).to_be_visible()
    page.get_by_role("slider", name="Training step shown").focus()
    page.keyboard.press("Home")
    expect(said).to_contain_text("training step 0.")
    expect(chart(page, "lags")).to_be_visible()
    press(page, "Stop")
