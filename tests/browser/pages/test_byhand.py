"""By hand: the worked example to six digits, an edit that changes all after it, the keyboard alone, a phone."""

import functools
import json
import random
import re

import pytest
from playwright.sync_api import Page, expect

from pages._ui.anatomy.by_hand import diagram
from pages._ui.live import bundle
from rnnviz.byhand import gated, unrolled
from rnnviz.byhand.unrolled import Unrolled
from rnnviz.cells import CELLS
from rnnviz.core import limits
from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import chart, part, press, rests, sideways


@pytest.fixture
def by_hand(server: Server, tab: OpenTab) -> OpenTab:
    def open_page(**size: int) -> Page:
        page = tab(f"{server.url}/anatomy", **size)
        page.get_by_text("By hand", exact=True).click()
        expect(chart(page, "hand-unrolled")).to_be_visible()
        return page

    return open_page


def row(page: Page, name: str) -> list[str]:
    """The cells of a row of the table of all time steps."""
    found = part(page, "hand-all").locator("tr").filter(has=page.get_by_role("rowheader", name=name, exact=True))
    return [cell.strip() for cell in found.locator("td").all_inner_texts()]


def test_hello_to_six_digits(by_hand: OpenTab) -> None:
    page = by_hand()
    first, second = zip(*[row(page, f"h, unit {unit}")[:2] for unit in (1, 2, 3)], strict=True)
    assert first == ("0.693168", "0.899554", "0.802119")
    assert second == ("0.936534", "0.949104", "0.762341")
    assert [row(page, f"y, {letter}")[1] for letter in "helo"] == ["1.906077", "1.137791", "0.956660", "1.274226"]
    chances = [float(row(page, f"p, {letter}")[1]) for letter in "helo"]
    assert chances == pytest.approx([0.419747, 0.194682, 0.162429, 0.223141], abs=1.1e-6)
    assert row(page, "predicts")[1] == "h ✗" and row(page, "right is")[1] == "l"


def test_an_edit_changes_every_number_after_it_at_once(by_hand: OpenTab) -> None:
    page = by_hand()
    names = ["a, unit 1", "h, unit 1", *(f"{what}, {letter}" for what in "yp" for letter in "helo"), "loss"]
    before = {name: row(page, name) for name in names}
    others = row(page, "h, unit 2")
    weight = page.get_by_role("spinbutton", name="W_xh 1 h", exact=True)
    weight.fill("-0.8")
    weight.press("Enter")
    expect(part(page, "hand-all")).not_to_contain_text("0.693168")
    for name in names:
        assert all(a != b for a, b in zip(before[name], row(page, name), strict=True)), name
    assert row(page, "h, unit 2") == others, "W_hh is diagonal: the other units do not see it"
    expect(part(page, "hand-result")).not_to_contain_text("6.811284")
    press(page, "Undo")
    expect(part(page, "hand-all")).to_contain_text("0.693168")
    expect(weight).to_have_value("0.287027")


def test_with_the_keyboard_alone(by_hand: OpenTab) -> None:
    page = by_hand()
    page.get_by_role("spinbutton", name="W_xh 1 h", exact=True).focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("0.5")
    page.keyboard.press("Tab")
    expect(part(page, "hand-all")).not_to_contain_text("0.693168")
    expect(page.get_by_role("spinbutton", name="W_xh 1 e", exact=True)).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("-0.25")
    page.keyboard.press("Enter")
    expect(part(page, "hand-states")).to_contain_text("a = 0.5·1")
    page.keyboard.press("ArrowRight")  # in a field it moves the caret
    expect(page.get_by_role("heading", name="Time step 1 in full")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Next")).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="Time step 2 in full")).to_be_visible()
    expect(part(page, "hand-states")).to_contain_text("a = −0.25·1")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", name="Time step 1 in full")).to_be_visible()
    apply = page.get_by_role("button", name="Apply this training step")
    apply.focus()
    page.keyboard.press("Enter")
    expect(chart(page, "hand-losses")).to_be_visible()


def test_back_through_time_to_one_weight_and_a_step_downhill(by_hand: OpenTab) -> None:
    page = by_hand()
    page.get_by_text("Backward pass", exact=True).click()
    expect(chart(page, "hand-back")).to_be_visible()
    expect(part(page, "hand-proof")).to_contain_text("= −0.092351")
    expect(part(page, "hand-gradient")).to_contain_text("= −0.092351")
    expect(page.get_by_text("Both agree")).to_be_visible()
    press(page, "Apply this training step")
    expect(part(page, "hand-result")).to_contain_text("4.383706")
    expect(part(page, "hand-back")).to_be_visible()
    press(page, "Undo")
    expect(part(page, "hand-result")).to_contain_text("6.811284")


def test_nothing_scrolls_sideways_on_a_phone(by_hand: OpenTab) -> None:
    page = by_hand(width=390, height=844)
    assert sideways(page) <= 0
    word = page.get_by_role("textbox", name="Word")
    word.fill("abcdefa")
    word.press("Enter")
    expect(part(page, "hand-result")).to_contain_text("bcdefa")
    rests(page)
    assert sideways(page) <= 0
    page.get_by_text("Backward pass", exact=True).click()
    expect(chart(page, "hand-back")).to_be_visible()
    assert sideways(page) <= 0
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("main => main.scrollWidth - main.clientWidth") <= 0


def test_changes_in_a_hurry_all_count(by_hand: OpenTab) -> None:
    """A field that the page sets must not send back what it showed before.

    By the keyboard: the button moves while a change is drawn, and a mouse that goes down on it may come up beside it.
    A button is pressed again once its last press is seen: Streamlit makes one of two presses of the same button that
    both wait for the script (`_coalesce_widget_states` in its script_requests.py).
    """
    page = by_hand()
    apply = page.get_by_role("button", name="Apply this training step")
    word = page.get_by_role("textbox", name="Word")
    word.fill("hole")
    word.press("Enter")
    apply.press("Enter")
    expect(page.get_by_role("spinbutton", name="W_hh 2 2", exact=True)).not_to_have_value("0.427043")
    units = page.get_by_role("spinbutton", name="Hidden units")
    units.fill("2")
    units.press("Enter")
    apply.press("Enter")
    for step in (2, 3):
        page.get_by_role("button", name=re.compile("^Next")).press("Enter")
        expect(page.get_by_role("heading", name=f"Time step {step} in full")).to_be_visible()
    expect(word).to_have_value("hole")
    expect(units).to_have_value("2")
    expect(page.get_by_role("spinbutton", name="W_hh 2 2", exact=True)).not_to_have_value("0.427043")
    undo = page.get_by_role("button", name="Undo", exact=True)
    for _ in range(4):
        before = part(page, "hand-result").inner_text()
        undo.press("Enter")
        expect(part(page, "hand-result")).not_to_have_text(before)
    expect(undo).to_be_disabled()
    expect(word).to_have_value("hello")
    expect(part(page, "hand-result")).to_contain_text("6.811284")


_KEY = """key => {
    const all = ".rv-anat-part-value, .bh-state .bh-value, .bh-back .bh-value";
    const read = () => [...document.querySelectorAll(all)].map(one => one.textContent);
    const before = read();
    const pressed = { key, shiftKey: true, bubbles: true, cancelable: true };
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", pressed));
    const after = read();
    return before.map((one, at) => one !== after[at]);
}"""


def test_numbers_on_the_diagram_are_moved_by_keys_and_dragged_on_a_phone_too(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/anatomy", width=390, height=844)
    page.get_by_text("By hand", exact=True).click()
    part(page, "hand-cell").get_by_text("LSTM", exact=True).click()
    slider = page.get_by_role("slider", name="forget gate, bias")
    slider.focus()
    changed = page.evaluate(_KEY, "ArrowLeft")
    assert sum(changed) >= 20, "gate, states and gradients, before the key's own handler has returned"
    expect(slider).to_have_attribute("aria-valuenow", "0")
    expect(part(page, "hand-gates")).to_contain_text("f = σ(0.3·1 − 0.2·0.5) = 0.549834")  # the page hears of it
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuenow", "-10")
    page.keyboard.type("-2.123456")
    page.keyboard.press("Enter")
    expect(slider).to_be_focused()
    expect(slider).to_have_attribute("aria-valuetext", "−2.123456")
    page.get_by_role("radio", name="Time step 1", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="Time step 2 with its numbers")).to_be_visible()
    press(page, "Undo")
    expect(slider).to_have_attribute("aria-valuetext", "−10")
    page.get_by_role("combobox", name="Weights that do one thing").select_option(label="Keep: f = 1, i = 0")
    expect(part(page, "hand-gates")).to_contain_text("f = σ(10) = 0.999955")
    for name, across, up in (("Input x at time step 2", 50, 0), ("Input x at time step 3, bar", 0, 40)):
        slider = page.get_by_role("slider", name=name, exact=True)
        slider.scroll_into_view_if_needed()
        assert slider.evaluate("one => getComputedStyle(one).touchAction") in ("none", "pan-y")
        box, before = slider.bounding_box(), float(slider.get_attribute("aria-valuenow") or "nan")
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + across, y - up)
        page.mouse.up()
        assert float(slider.get_attribute("aria-valuenow") or "nan") == pytest.approx(before + (across + up) / 100)
    page.get_by_role("slider", name="Time steps").press("End")
    expect(part(page, "hand-diagram").get_by_role("radio")).to_have_count(12)
    assert sideways(page) <= 0


def test_a_drag_that_ends_over_a_neighbour_tells_of_the_number_dragged(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/anatomy")
    page.get_by_text("By hand", exact=True).click()
    part(page, "hand-cell").get_by_text("GRU", exact=True).click()
    told = page.locator(".bh-told")
    dragged, neighbour = (page.get_by_role("slider", name=f"{gate}, input") for gate in ("reset gate", "update gate"))
    ends = []
    for one in (dragged, neighbour):
        one.scroll_into_view_if_needed()
        box = one.bounding_box()
        assert box
        ends.append((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    page.mouse.move(*ends[0])
    page.mouse.down()
    page.mouse.move(*ends[1], steps=4)
    page.mouse.up()
    page.mouse.move(ends[1][0] + 2, ends[1][1])
    expect(told).to_contain_text("Reset gate, input")
    page.mouse.move(*ends[0], steps=4)
    page.mouse.move(*ends[1], steps=4)
    expect(told).to_contain_text("Update gate, input")


def test_the_other_part_begins_at_its_top(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/anatomy", width=1280, height=720)
    way, main = page.get_by_text("By hand", exact=True), page.locator("[data-testid=stMain]")
    expect(page.locator(".rv-anat").first).to_be_visible()
    way.scroll_into_view_if_needed()
    page.wait_for_function("""() => {
        const main = document.querySelector("[data-testid=stMain]");
        main.scrollTo(0, 300);
        return main.scrollTop > 200;
    }""")
    way.click()
    expect(chart(page, "hand-unrolled")).to_be_visible()
    assert main.evaluate("main => main.scrollTop") == 0


def test_the_browsers_numbers_are_those_of_python(tab: OpenTab) -> None:
    draw = random.Random(0)
    page = tab("about:blank")
    code = bundle.join(bundle.FOLDER, "byhand/rules.js", {})
    for cell in gated.offered():
        told = json.loads(json.dumps(diagram.told(unrolled.begin(cell))))
        runs = [_random(cell, draw) for _ in range(40)]
        found = page.evaluate(_UNROLLED, [code, told, [run.said() for run in runs]])
        for run, one in zip(runs, found, strict=True):
            for step, values in zip(run.steps, one["steps"], strict=True):
                assert values == pytest.approx(gated.values(step), rel=1e-9, abs=1e-9)
            assert one["gradients"] == pytest.approx(unrolled.gradients(run), rel=1e-9, abs=1e-9)
            for letter, values in unrolled.sensitivities(run).items():
                assert one["sensitivities"][letter] == pytest.approx(values, rel=1e-9, abs=1e-9)


_UNROLLED = """async ([code, told, runs]) => {
    const { unroll } = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
    return runs.map(numbers => unroll(told, numbers));
}"""


def _random(cell: str, draw: random.Random) -> Unrolled:
    one = functools.partial(draw.uniform, -3.0, 3.0)
    weights = tuple((one(), one(), one()) for _ in CELLS[cell].blocks)
    xs = tuple(one() for _ in range(limits.MOST_HAND_STEPS))
    return Unrolled(cell, weights, one(), one(), xs, draw.randint(1, limits.MOST_HAND_STEPS))
