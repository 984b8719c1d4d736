"""Architectures in a browser: arrows before and after training, backwards, one matrix for all steps, and writing."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import SHORT, drawn, part, press, rests, sideways, trained

TEXT = "task=text&corpus=hello&steps=12&length=8&models=rnn:hidden=8,lstm:hidden=8"
REVERSE = "task=reverse&steps=12&models=gru:hidden=8:attention=additive"
_COLOURED = "nodes => nodes.filter(node => node.style.stroke).length"


def arrows(page: Page, label: str) -> Locator:
    return part(page, f"unrolled-{label}").locator(".rv-net-line")


def coloured(page: Page, label: str) -> int:
    """Arrows whose size was measured."""
    return int(arrows(page, label).evaluate_all(_COLOURED))


def flow(page: Page, name: str) -> None:
    press(page, name)
    expect(page.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")
    drawn(page)


def test_arrows_are_grey_until_something_is_measured_and_follow_what_flows(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/architectures?{SHORT}&seed=71")
    expect(arrows(page, "rnn").first).to_be_attached()
    assert coloured(page, "rnn") == 0
    expect(page.get_by_text("nothing is measured yet")).to_be_visible()
    trained(page)
    assert coloured(page, "rnn") == arrows(page, "rnn").count(), "forwards all that flows is measured"
    forwards = arrows(page, "lstm").evaluate_all("nodes => nodes.map(node => node.style.stroke)")
    flow(page, "Backwards")
    assert arrows(page, "lstm").evaluate_all("nodes => nodes.map(node => node.style.stroke)") != forwards
    assert 0 < coloured(page, "rnn") < arrows(page, "rnn").count(), "nobody measured the gradient by an input"
    expect(page).to_have_url(re.compile("flow=backwards"))
    expect(page.locator(".rv-net-steps")).to_contain_text("Arrows: training batch")


def test_a_value_is_told_of_every_model_by_pointer_and_by_key(server: Server, tab: OpenTab) -> None:
    page = trained(tab(f"{server.url}/architectures?{SHORT}&seed=72"))
    part(page, "unrolled-gru").locator(".rv-net-h").nth(2).hover()
    told = page.locator(".rv-pointed")
    expect(told).to_contain_text(re.compile(r"states · time step 3 .*RNN ‖h‖ [\d.]+.*LSTM ‖h‖ [\d.]+, ‖c‖ [\d.]+.*GRU"))
    page.mouse.move(1, 1)
    page.keyboard.press("ArrowRight")
    expect(told).to_contain_text("time step 1")
    expect(page).to_have_url(re.compile("[?&]time=1"))


def test_one_matrix_has_a_bar_for_each_use_and_a_sentence(server: Server, tab: OpenTab) -> None:
    page = trained(tab(f"{server.url}/architectures?{SHORT}&seed=73"))
    flow(page, "Shared weights")
    lane = part(page, "unrolled-lstm")
    expect(lane.locator(".rv-net-formula")).to_contain_text("All 12 sum to it within")
    expect(lane.locator(".rv-net-bar")).to_have_count(lane.locator(".rv-net-x, .rv-net-gap").count())
    expect(lane.locator(".rv-net-words")).to_contain_text("W_hh 32 × 8")
    page.get_by_label("Matrix").select_option("W_xh")
    expect(lane.locator(".rv-net-formula")).to_contain_text("∂L/∂W_xh")
    expect(lane.locator(".rv-net-words")).to_contain_text("W_xh 32 × 2")
    expect(lane.locator(".rv-net-words")).not_to_contain_text("W_hh")


def test_a_long_sequence_is_folded_until_all_of_it_is_wanted(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/architectures?{SHORT.replace('length=12', 'length=60')}&seed=78")
    lane = part(page, "unrolled-rnn")
    expect(lane.locator(".rv-net-gap")).to_have_count(1)
    steps = lane.locator(".rv-net-x").count()
    expect(lane.locator(".rv-net-gap")).to_contain_text(f"{60 - steps} more")
    press(page, "all time steps")
    expect(lane.locator(".rv-net-x")).to_have_count(60)
    assert sideways(page) <= 0, "the drawing scrolls, not the page"
    expect(lane.locator(".rv-net-y")).to_be_in_viewport()
    part(page, "unrolled-lstm").locator(".rv-net-scroll").evaluate("node => (node.scrollLeft = 0)")
    expect(lane.locator(".rv-net-x").first).to_be_in_viewport()


def test_weights_of_attention_are_those_of_the_output_step_pointed_at(server: Server, tab: OpenTab) -> None:
    page = trained(tab(f"{server.url}/architectures?{REVERSE}&seed=74"))
    lane = part(page, "unrolled-gru")
    looks = lane.locator('.rv-net-line[data-kind="look"]:visible')
    expect(looks.first).to_be_visible()
    first = looks.evaluate_all("nodes => nodes.map(node => node.getAttribute('d'))")
    lane.locator(".rv-net-y").last.hover()
    expect(page.locator(".rv-pointed")).to_contain_text("decoder answer")
    assert looks.evaluate_all("nodes => nodes.map(node => node.getAttribute('d'))") != first


def test_models_write_on_and_what_they_write_is_read_next(server: Server, tab: OpenTab) -> None:
    page = trained(tab(f"{server.url}/architectures?{TEXT}&seed=75"))
    written = part(page, "written")
    expect(written.locator(".rv-net-text")).to_have_count(2)
    reads = written.locator("section").first.locator(".rv-net-x text").all_text_contents()
    writes = written.locator("section").first.locator(".rv-net-y text:first-of-type").all_text_contents()
    assert reads[0] == "h" and reads[1:] == writes[: len(reads) - 1]


def test_a_shape_opens_its_task_and_the_own_run_can_be_found_again(server: Server, tab: OpenTab) -> None:
    page = trained(tab(f"{server.url}/architectures?{SHORT}&seed=76"))
    part(page, "shapes").get_by_role("button", name="→ Tag every word").click()
    expect(page).to_have_url(re.compile("task=tagging"))
    expect(part(page, "kept")).to_contain_text("is finished")
    expect(page.locator(".rv-net-shape")).to_have_text("many-to-many, aligned:")
    expect(page.locator(".rv-net-shape")).to_be_in_viewport()


FOUR = "models=rnn:hidden=8,lstm:hidden=8,gru:hidden=8,window:hidden=8"
SKIPS = "models=rnn:hidden=8:layers=3:skip=true,gru:hidden=8:layers=2"
_CUT = """() => {
    const box = (node) => node.getBoundingClientRect();
    const controls = document.querySelector(".rv-controls");
    const rows = document.querySelector(".rv-net-lanes");
    const within = box(controls);
    const cut = (one) => box(one).right > within.right + 1 || box(one).bottom > within.bottom + 1;
    const words = document.querySelectorAll(".rv-nets text, .rv-controls button");
    return {
        controls: [...controls.querySelectorAll("button, select")].filter(cut).length,
        lanes: rows.scrollHeight - rows.clientHeight,
        small: [...words].filter((one) => parseFloat(getComputedStyle(one).fontSize) < 14).length,
    };
}"""


@pytest.mark.parametrize("query", [f"task=recall&steps=12&{FOUR}", "task=tagging&steps=12"])
def test_four_models_and_all_controls_are_in_sight_on_a_laptop(server: Server, tab: OpenTab, query: str) -> None:
    page = trained(tab(f"{server.url}/architectures?{query}&seed=80", width=1280, height=720))
    for name in ("Forwards", "Backwards", "Shared weights"):
        flow(page, name)
        assert page.evaluate(_CUT) == {"controls": 0, "lanes": 0, "small": 0}
    expect(page.locator(".rv-net-below")).to_be_hidden()


def test_models_further_below_are_named(server: Server, tab: OpenTab) -> None:
    deep = FOUR.replace("hidden=8", "hidden=8:layers=3")
    page = tab(f"{server.url}/architectures?task=recall&steps=12&{deep}", width=1280, height=720)
    below = page.locator(".rv-net-below")
    expect(below).to_contain_text("Window")
    rests(page)  # where the lanes stand is known
    for _ in FOUR.split(","):
        if below.is_visible():
            below.click()
            rests(page)
    expect(below).to_be_hidden()
    expect(part(page, "unrolled-window").locator(".rv-net-x").first).to_be_in_viewport()


def test_what_is_added_past_a_layer_has_an_arrow(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/architectures?steps=12&length=12&{SKIPS}")
    past = part(page, "unrolled-rnn").locator("[data-kind=skip]")
    expect(past).to_have_count(12 + 1)  # past layer 2 at every step; past the top one where it is read, at the answer
    expect(part(page, "unrolled-gru").locator("[data-kind=skip]")).to_have_count(0)


def test_it_fits_a_phone(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/architectures?{SHORT}&seed=77", width=390, height=844)
    expect(arrows(page, "rnn").first).to_be_attached()
    assert sideways(page) <= 0
