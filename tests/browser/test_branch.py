"""Branch on the stage: from the moment shown, with one thing changed, the original as dotted lines beside it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import LONG, SHORT, WHILE, drawn, part, press, sideways, status, trained, watch, watched

GHOST = ".st-key-score svg.marks path[stroke-dasharray='3,3']"
ROWS = """() => {
    const { models } = rnnviz.hub.scene;
    const charts = [...rnnviz.hub.parts].flatMap(({ parts = [] }) => parts);
    const { view } = charts.find(({ name }) => name === "both_gradients");
    const rows = (table) => view.data(table).filter(({ series }) => models.some(({ name }) => name === series));
    const told = (table) => rows(table).map(({ time, series, value }) => `${series} ${time} ${value}`);
    return { ghost: told("ghost"), own: told("lines") };
}"""
UNMEASURED = """() => {
    const { channel } = rnnviz.hub;
    channel.ghost = { ...channel.ghost, steps: channel.ghost.steps.map(() => -1) };
    rnnviz.hub.ask();
}"""
BEGINS = "rnnviz.hub.channel.steps[0]"
AGAIN = r"^training again up to training step [\d,]+: \d+ %"


def look_at(page: Page, step: int) -> int:
    """Look at the moment nearest to a training step; returns its own."""
    page.evaluate("step => rnnviz.change({ step: rnnviz.hub.channel.steps[rnnviz.hub.channel.nearest(step)] })", step)
    drawn(page)
    return page.evaluate("rnnviz.hub.stepNow()")


def branch(page: Page, step: int) -> None:
    """Open the panel by its key and train on with what it suggests: a tenth of the learning rate."""
    page.keyboard.press("b")
    panel = page.get_by_role("dialog")
    expect(panel).to_contain_text(f"Branch from training step {step:,}")
    press(page, f"Train on from training step {step:,}")
    expect(panel).to_have_count(0)


def test_branch_in_the_middle_back_and_by_its_link(server: Server, tab: OpenTab) -> None:
    page = trained(tab(f"{server.url}/?{SHORT}&seed=1501"))
    expect(page.locator(GHOST)).to_have_count(0)
    step = look_at(page, 12)
    branch(page, step)
    status(page, "^finished: training step 30 of 30")
    drawn(page)
    head = part(page, "branched")
    expect(head).to_contain_text(
        re.compile(f"Branch from training step {step}: learning rate 0.005 → 0.0005.*original")
    )
    expect(page.locator(GHOST)).to_have_count(3)
    assert page.evaluate(BEGINS) == step
    for model in ("rnn", "lstm", "gru"):
        expect(part(page, f"states-{model}").locator(".rv-before")).to_contain_text(re.compile(r"^original: [\d.]+"))
    expect(page).to_have_url(re.compile("branch="))
    address = page.url
    seen = look_at(page, 20)
    assert step < seen < 30
    press(page, "Back to the original")
    expect(head).to_have_count(0)
    status(page, "^finished: training step 30 of 30")
    page.wait_for_function("seen => rnnviz.look.step === seen && rnnviz.hub.stepNow() === seen", arg=seen)
    expect(page).not_to_have_url(re.compile("branch="))
    expect(page.locator(GHOST)).to_have_count(0)
    page.go_back()
    expect(head).to_be_visible()
    press(page, "Train from step 0")
    expect(head).to_have_count(0)
    status(page, "^finished: training step 30 of 30")
    assert page.evaluate(BEGINS) == 0
    other = tab(address)
    status(other, "^finished: training step 30 of 30")
    expect(part(other, "branched")).to_contain_text("learning rate 0.005 → 0.0005")
    expect(other.locator(GHOST)).to_have_count(3)


def test_the_gradient_at_each_time_step_shows_the_original_at_the_same_step(server: Server, tab: OpenTab) -> None:
    page = trained(tab(f"{server.url}/gradients?{SHORT}&seed=1505"))
    dotted = part(page, "gradients").first.locator("svg.marks path[stroke-dasharray='3,3']")
    lacking = part(page, "gradients").first.locator(".rv-lacks")
    expect(dotted).to_have_count(0)
    step = look_at(page, 12)
    branch(page, step)
    status(page, "^finished: training step 30 of 30")
    drawn(page)
    expect(dotted).to_have_count(3)
    expect(lacking).to_be_hidden()
    ends = page.evaluate(ROWS)
    assert look_at(page, step) == step
    began = page.evaluate(ROWS)
    assert began["ghost"] == began["own"], "at its step both are the same"
    assert ends["ghost"] != ends["own"] and ends["ghost"] != began["ghost"]
    page.evaluate(UNMEASURED)
    expect(lacking).to_have_text(f"no original at training step {step}")
    expect(dotted).to_have_count(0)


def test_on_a_phone_the_panel_fits_and_can_be_left(server: Server, tab: OpenTab) -> None:
    page = trained(tab(f"{server.url}/?{SHORT}&seed=1502", 390, 844))
    step = look_at(page, 12)
    press(page, f"Branch from training step {step}")
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("button", name=f"Train on from training step {step}")).to_be_in_viewport()
    panel.get_by_text("Length: now").click()
    expect(panel.get_by_text("New length")).to_be_in_viewport()
    assert sideways(page) <= 0
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    branch(page, step)
    status(page, "^finished: training step 30 of 30")
    expect(part(page, "branched").get_by_role("button")).to_be_in_viewport()
    assert sideways(page) <= 0


def test_nothing_moves_from_the_way_to_its_step_to_the_end(server: Server, tab: OpenTab) -> None:
    page = trained(tab(f"{server.url}/?{WHILE}&seed=1504"))
    branch(page, look_at(page, 75))
    part(page, "branched").wait_for()
    page.wait_for_function("rnnviz.hub.scene.branch && rnnviz.hub.channel.ghost && !rnnviz.hub.due")
    watch(page)
    status(page, "^finished: training step 150 of 150")
    drawn(page)
    seen = watched(page)
    assert seen["moved"] == [] and seen["replaced"] == []
    page.reload()
    drawn(page)
    expect(page.locator(GHOST)).to_have_count(3)


def test_a_reload_in_the_middle_finds_the_branch_again(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?{LONG}&seed=1503&lr=0.001&branch=step=4000%26lr=0.003")
    status(page, "not trained yet")
    expect(part(page, "branched")).to_contain_text("Branch from training step 4,000: learning rate 0.003 → 0.001")
    press(page, "Train")
    status(page, AGAIN)
    page.reload()
    status(page, f"{AGAIN}|^step [\\d,]+ of 20,000")
    expect(part(page, "branched")).to_contain_text("Its original is not on this server.")
    press(page, "Stop")
    status(page, "^stopped")
