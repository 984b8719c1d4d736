"""A gate held by hand in a browser: the answer, the states and the gradient follow; a phone has room for all."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import SHORT, chart, part, rests, sideways, trained


def test_a_gate_is_held_a_state_reset_and_units_silenced(server: Server, tab: OpenTab) -> None:
    page = trained(tab(f"{server.url}/gates?{SHORT}&seed=811"))
    expect(page.locator(".rv-strands").first).to_contain_text(
        re.compile(r"gate.*unit \d+: [\d.]+.*mean of all \d+: [\d.]+")
    )
    told = part(page, "gates-told")
    expect(told).to_contain_text("Held at time step 6 in every unit: forget gate 0.")
    expect(told).to_contain_text(re.compile(r"The answer (changes|stays)"))
    for key in ("gates-states", "gates-gradient"):
        part(page, key).scroll_into_view_if_needed()
        expect(chart(page, key)).to_be_visible()
    page.get_by_role("button", name="input gate", exact=True).click()
    expect(told).to_contain_text("input gate 0, forget gate 0.")
    page.get_by_text("Reset the state", exact=True).click()
    expect(told).to_contain_text("Every state is set to 0 before time step 6.")
    expect(told).to_contain_text("No gradient by the cell state reaches time steps 1 to 5 any more.")
    page.get_by_text("Silence each unit of the top layer in turn").click()
    expect(part(page, "gates-silenced")).to_contain_text("measured on 128 held-out sequences")
    expect(chart(page, "gates-silenced")).to_be_visible()


def test_on_a_phone_everything_fits(server: Server, tab: OpenTab) -> None:
    page = trained(tab(f"{server.url}/gates?{SHORT}&seed=811", width=390, height=844))
    expect(chart(page, "gates-states")).to_be_visible()
    rests(page)
    assert sideways(page) <= 0


def test_below_a_diagram_the_numbers_of_its_time_step_follow(server: Server, tab: OpenTab) -> None:
    page = trained(tab(f"{server.url}/anatomy?{SHORT}&seed=811"))
    page.get_by_role("button", name="LSTM", exact=True).first.click()
    table = part(page, "gates-step").locator("table")
    expect(table.get_by_role("row", name=re.compile("^changed"))).to_contain_text("0.000")
    expect(part(page, "gates-told")).to_contain_text("On the stage: time step 2")
    page.get_by_role("button", name="input gate", exact=True).click()
    expect(table.locator("b", has_text="0.000")).to_have_count(
        4
    )  # both gates, so the cell state and the hidden state, too
