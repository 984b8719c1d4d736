"""The Attention page in a browser: it follows a training, is clicked, stepped through and read on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpers import chart, part, press, sideways, status

MODELS = "models=gru:hidden=16:attention=additive:bidirectional=true,gru:hidden=16"
SHORT = f"task=reverse&steps=12&{MODELS}"
LONG = f"task=reverse&steps=20000&{MODELS}"  # minutes: for what must be seen while it trains
VIEWS = ("Watch", "Step by step", "Force it", "Search", "Over training", "By length")


def opened(server, tab, query: str, **size) -> Page:
    page = tab(f"{server.url}/attention?{query}", **size)
    status(page, "Press Train|step")
    if "Press Train" in part(page, "status").inner_text():
        press(page, "Train")
    return page


def finished(server, tab, seed: int, **size) -> Page:
    page = opened(server, tab, f"{SHORT}&seed={seed}", **size)
    status(page, "finished")
    expect(part(page, "attention-gru").locator("ol.written")).to_be_visible()
    return page


def view(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).click()
    expect(page.get_by_role("radio", name=name, exact=True)).to_be_checked()


def shown_step(page: Page) -> int:
    """After how many updates the output of the GRU was written."""
    said = part(page, "attention-gru").get_by_text(re.compile(r"^After [\d,]+ steps?\b")).inner_text()
    return int(re.search(r"[\d,]+", said)[0].replace(",", ""))


def comes_after(page: Page, step: int) -> int:
    """Wait until a later step is shown; returns it."""
    page.wait_for_function(
        """before => { const said = document.querySelector('.st-key-attention-gru')?.innerText.match(/After ([\\d,]+)/);
                       return said && Number(said[1].replace(',', '')) > before; }""",
        arg=step,
    )
    return shown_step(page)


def picture(page: Page) -> str:
    return (
        part(page, "attention-gru")
        .locator("svg.marks")
        .first.evaluate(
            "svg => [...svg.querySelectorAll('image')].map(one => one.getAttribute('href') ?? "
            "one.getAttribute('xlink:href')).join()"
        )
    )


def test_the_heatmap_follows_the_training_and_stays_where_it_is(server, tab):
    page = opened(server, tab, f"{LONG}&seed=901")
    expect(chart(page, "attention-gru")).to_be_visible()
    step, steps, pictures = comes_after(page, 0), [], set()
    expect(part(page, "moment")).to_be_visible()  # the slider comes with the second frame, above the pictures
    page.wait_for_timeout(500)
    box = chart(page, "attention-gru").bounding_box()
    for _ in range(8):
        step = comes_after(page, step)
        steps.append(step)
        pictures.add(picture(page))
    assert steps == sorted(set(steps))
    assert len(pictures) >= 4, "another picture at another step"
    assert chart(page, "attention-gru").bounding_box() == box, "nothing jumps"
    press(page, "Stop")


def test_a_click_into_the_heatmap_forces_the_decoder_to_look_there(server, tab):
    page = finished(server, tab, 902)
    view(page, "Force it")
    expect(page.get_by_text("Nothing is forced yet")).to_be_visible()
    box = chart(page, "attention-gru").bounding_box()
    for undo in ("Undo all", re.compile("^step 1")):  # the same cell can be clicked again
        _click_a_cell(page, box)
        page.get_by_role("button", name=undo).click()
        expect(page.get_by_text("Nothing is forced yet")).to_be_visible()
    _click_a_cell(page, box)
    typed = page.get_by_role("textbox", name="or your own")
    typed.fill("abcj")
    typed.press("Enter")
    expect(page.get_by_text("Nothing is forced yet")).to_be_visible()
    _click_a_cell(page, box)


def _click_a_cell(page: Page, box) -> None:
    """Click into the first column of the heatmap, near its top, and see that something is forced."""
    expect(page.locator("[data-test-script-state='notRunning']")).to_have_count(1)  # else the old heatmap is clicked
    chart(page, "attention-gru").click(position={"x": box["width"] * 0.15, "y": 60})
    expect(page.get_by_text(re.compile("^Forced to look at"))).to_be_visible()


def test_the_same_by_keyboard_and_lists_while_training_goes_on(server, tab):
    page = opened(server, tab, f"{LONG}&seed=903")
    comes_after(page, -1)
    view(page, "Force it")
    expect(page.get_by_text("stands still while training goes on")).to_be_visible()
    page.get_by_role("button", name="Force it", exact=True).click()
    expect(page.get_by_text(re.compile("^Forced to look at"))).to_be_visible()
    page.wait_for_timeout(1500)
    expect(page.get_by_text(re.compile("^Forced to look at"))).to_be_visible()
    view(page, "Watch")
    comes_after(page, shown_step(page))
    press(page, "Stop")


def test_arrow_keys_step_through_the_output(server, tab):
    page = finished(server, tab, 904)
    view(page, "Step by step")
    expect(page.get_by_text("at output step 1,")).to_be_visible()
    page.get_by_role("heading", name="Attention", exact=True).click()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("at output step 2,")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("at output step 1,")).to_be_visible()


def test_an_own_input_is_read_and_nonsense_refused(server, tab):
    page = finished(server, tab, 905)
    box = page.get_by_role("textbox", name="or your own")
    box.fill("abcj")
    box.press("Enter")
    expect(page.get_by_text("Right: jcba")).to_be_visible()
    box.fill("a1")
    box.press("Enter")
    expect(page.get_by_role("alert").get_by_text("input must be")).to_be_visible()
    expect(page.get_by_text("Right: jcba")).to_be_visible()
    for whole in ("Over training", "By length"):
        view(page, "Watch")
        expect(page.get_by_role("alert").get_by_text("input must be")).to_be_visible()
        view(page, whole)
        expect(page.get_by_role("alert").get_by_text("input must be")).to_have_count(0)
        expect(page.get_by_text("Right: jcba")).to_have_count(0)


def test_a_visitor_of_another_task_is_led_here(server, tab):
    page = tab(f"{server.url}/attention")
    expect(page.get_by_text("answered without a decoder")).to_be_visible()
    page.get_by_role("button", name="Write letters backwards").click()
    expect(page).to_have_url(re.compile("task=reverse"))
    expect(page.get_by_text("answered without a decoder")).to_have_count(0)


@pytest.mark.parametrize("name", VIEWS)
def test_no_view_scrolls_sideways_on_a_phone(server, tab, name):
    page = finished(server, tab, 906, width=390, height=844)
    view(page, name)
    page.wait_for_timeout(800)
    assert sideways(page) <= 0
