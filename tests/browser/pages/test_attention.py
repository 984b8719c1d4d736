"""The Attention page in a browser: its stage is live and still, is clicked, stepped through and read on a phone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import chart, part, press, sideways, status

MODELS = "models=gru:hidden=16:attention=additive:bidirectional=true,gru:hidden=16"
SHORT = f"task=reverse&steps=12&sequence=1&{MODELS}"
LONG = f"task=reverse&steps=20000&{MODELS}"  # minutes: for what must be seen while it trains
VIEWS = ("By itself", "Step by step", "Force it", "Search", "Over training", "By length")
SIZES = ((1280, 720), (1400, 900), (1920, 1080))
PIXELS = """key => {
  const canvas = document.querySelector(`.st-key-${key} .rv-field canvas`);
  return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.join();
}"""
BOXES = """() => [...document.querySelectorAll(".rv-attention :is(.rv-field, .rv-symbols span > b, .rv-tape)")].map(
  (one) => { const { x, y, height } = one.getBoundingClientRect(); return [x, y, height]; },
)"""


def opened(server: Server, tab: OpenTab, query: str, **size: int) -> Page:
    page = tab(f"{server.url}/attention?{query}", **size)
    status(page, "not trained|step")
    if "not trained" in part(page, "status").inner_text():
        press(page, "Train")
    return page


def finished(server: Server, tab: OpenTab, seed: int, **size: int) -> Page:
    page = opened(server, tab, f"{SHORT}&seed={seed}", **size)
    status(page, "finished")
    expect(part(page, "attention-gru").locator(".rv-tape span").first).to_be_visible()
    return page


def view(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).click()
    expect(page.get_by_role("radio", name=name, exact=True)).to_be_checked()


def shown_step(page: Page) -> int:
    return int(page.evaluate("rnnviz.hub.stepNow()"))


def comes_after(page: Page, step: int) -> int:
    """Wait until a later moment is drawn; returns its step."""
    page.wait_for_function("before => rnnviz.hub.momentNow()?.step > before", arg=step)
    return shown_step(page)


def field(page: Page, label: str = "gru") -> Locator:
    return part(page, f"attention-{label}").locator(".rv-field")


def test_the_stage_follows_the_training_and_stays_where_it_is(server: Server, tab: OpenTab) -> None:
    page = opened(server, tab, f"{LONG}&seed=901")
    step = comes_after(page, -1)
    boxes, pictures, steps = page.evaluate(BOXES), set(), []
    assert boxes
    for _ in range(6):
        step = comes_after(page, step)
        steps.append(step)
        pictures.add(page.evaluate(PIXELS, "attention-gru"))
        assert page.evaluate(BOXES) == boxes, "nothing moves"
    assert steps == sorted(set(steps)) and len(pictures) >= 4, "another picture at another step"
    press(page, "Stop")


@pytest.mark.parametrize("size", SIZES)
def test_the_picture_has_more_than_half_of_the_window(server: Server, tab: OpenTab, size: tuple[int, int]) -> None:
    width, height = size
    page = tab(f"{server.url}/attention?task=dates", width=width, height=height)
    expect(part(page, "attention-gru").locator(".rv-tape span").first).to_be_visible()
    for label in ("gru", "gru-without"):
        box = part(page, f"attention-{label}").locator(".rv-looks").bounding_box()
        assert box["height"] >= 0.55 * height and box["y"] + box["height"] <= height


def test_letters_are_large_in_front_of_a_hall(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/attention?task=dates&projector=1", width=1920, height=1080)
    expect(part(page, "attention-gru").locator(".rv-tape span").first).to_be_visible()
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('.rv-attention *')].filter(one => one.children.length === 0)
              .filter(one => one.textContent.trim() && one.getBoundingClientRect().width)
              .map(one => parseFloat(getComputedStyle(one).fontSize))"""
    )
    assert min(sizes) >= 24


def test_a_model_without_attention_says_why_its_place_is_empty(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/attention?task=dates")
    without = part(page, "attention-gru-without")
    expect(without.get_by_text("No attention: it cannot look back.")).to_be_visible()
    expect(without.get_by_text("64 numbers", exact=True)).to_be_visible()
    expect(without.locator(".rv-tape .rv-wrong").first).to_contain_text("×")
    expect(part(page, "attention-gru").get_by_text("weights while fed the right symbols")).to_be_visible()


def test_what_is_pointed_at_is_read_in_all_models_and_a_click_chooses_the_row(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/attention?task=dates")
    expect(part(page, "attention-gru").locator(".rv-tape span").first).to_be_visible()
    box = field(page).bounding_box()
    row, column = {"x": box["width"] * 9.5 / 13, "y": box["height"] * 0.5 / 11}, {"x": 5, "y": 5}
    field(page).hover(position=row)  # type: ignore[arg-type]
    expect(part(page, "attention-gru").get_by_text(re.compile(r"^1: writing 2 it looks at 2 0\.\d\d$"))).to_be_visible()
    expect(part(page, "attention-gru-without").get_by_text("1: right 2, by itself 2")).to_be_visible()
    field(page).click(position=row)  # type: ignore[arg-type]
    expect(page).to_have_url(re.compile(r"time=14\b"))  # the first of the decoder, after the 13 of the input
    page.mouse.move(*column.values())
    expect(part(page, "attention-gru").get_by_text(re.compile(r"^1: writing 2 it looks at .*, "))).to_be_visible()
    field(page).click(position=row)  # type: ignore[arg-type]
    expect(page).not_to_have_url(re.compile("time="))


def test_moving_along_the_training_changes_the_picture(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/attention?task=dates")
    expect(part(page, "attention-gru").locator(".rv-tape span").first).to_be_visible()
    last = page.evaluate(PIXELS, "attention-gru")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("rnnviz.hub.momentNow().place === rnnviz.hub.channel.newest - 1 && !rnnviz.hub.due")
    assert page.evaluate(PIXELS, "attention-gru") != last
    step = shown_step(page)
    expect(part(page, "own-gru").get_by_text(f"After {step} training steps it writes").first).to_be_visible()


def test_a_click_into_the_heatmap_forces_the_decoder_to_look_there_and_moves_nothing(
    server: Server, tab: OpenTab
) -> None:
    page = finished(server, tab, 902)
    view(page, "Force it")
    expect(page.get_by_text("Nothing is forced yet")).to_be_visible()
    expect(page.locator("[data-test-script-state='notRunning']")).to_have_count(1)  # the view before it is gone
    at = _place(page)
    for undo in ("Undo all", re.compile("^position 1")):  # the same cell can be clicked again
        _click_a_cell(page)
        assert abs(_place(page) - at) <= 2
        page.get_by_role("button", name=undo).click()
        expect(page.get_by_text("Nothing is forced yet")).to_be_visible()
        assert abs(_place(page) - at) <= 2
    _click_a_cell(page)
    typed = page.get_by_role("textbox", name="Your own input")
    typed.fill("abcj")
    typed.press("Enter")
    expect(page.get_by_text("Nothing is forced yet")).to_be_visible()
    _click_a_cell(page)


def _place(page: Page) -> float:
    """How far below the views' buttons the clicked picture stands."""
    top = page.get_by_role("radio", name="Force it", exact=True).bounding_box()["y"]
    expect(chart(page, "force-gru")).to_be_visible()
    return float(chart(page, "force-gru").bounding_box()["y"] - top)


def _click_a_cell(page: Page) -> None:
    """Click into the first column of the heatmap, near its top, and see that something is forced."""
    expect(page.locator("[data-test-script-state='notRunning']")).to_have_count(1)  # else the old heatmap is clicked
    picture = chart(page, "force-gru")
    picture.click(position={"x": picture.bounding_box()["width"] * 0.15, "y": 60})
    expect(page.get_by_text(re.compile("^Forced to look at"))).to_be_visible()


def test_the_same_by_keyboard_and_lists_while_training_goes_on(server: Server, tab: OpenTab) -> None:
    page = opened(server, tab, f"{LONG}&seed=903")
    comes_after(page, -1)
    view(page, "Force it")
    expect(page.get_by_text("All below is of training step")).to_be_visible()
    page.get_by_role("button", name="Force it", exact=True).click()
    expect(page.get_by_text(re.compile("^Forced to look at"))).to_be_visible()
    comes_after(page, comes_after(page, shown_step(page)))
    expect(page.get_by_text(re.compile("^Forced to look at"))).to_be_visible()
    press(page, "Stop")


def test_arrow_keys_step_through_the_output_each_once(server: Server, tab: OpenTab) -> None:
    page = finished(server, tab, 904)
    view(page, "Step by step")
    expect(page.get_by_text("at output position 1,")).to_be_visible()
    page.locator("h3").first.click()
    for keys, step in ((("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"), 3), (("ArrowLeft",) * 9, 1)):
        for key in keys:
            page.keyboard.press(key)
        expect(part(page, "steps").get_by_text(f"output position {step}", exact=True)).to_be_visible()
        expect(page.get_by_text(f"at output position {step},")).to_be_visible()
    before = shown_step(page)
    page.get_by_role("button", name="Next symbol").click()
    expect(page.get_by_text("at output position 2,")).to_be_visible()
    assert shown_step(page) == before, "the training step stays"
    view(page, "By itself")
    expect(part(page, "steps")).to_have_count(0)
    page.wait_for_function("!rnnviz.hub.stepper")


def test_an_own_input_is_read_and_nonsense_refused(server: Server, tab: OpenTab) -> None:
    page = finished(server, tab, 905)
    box = page.get_by_role("textbox", name="Your own input")
    box.fill("abcj")
    box.press("Enter")
    expect(page.get_by_text("Right: jcba")).to_be_visible()
    box.fill("a1")
    box.press("Enter")
    expect(page.get_by_role("alert").get_by_text("input must be")).to_be_visible()
    expect(page.get_by_text("Right: jcba")).to_be_visible()
    for whole in ("Over training", "By length"):
        view(page, "By itself")
        expect(page.get_by_role("alert").get_by_text("input must be")).to_be_visible()
        view(page, whole)
        expect(page.get_by_role("alert").get_by_text("input must be")).to_have_count(0)
        expect(page.get_by_text("Right: jcba")).to_have_count(0)


def test_no_view_leaves_anything_in_another(server: Server, tab: OpenTab) -> None:
    page = finished(server, tab, 907)
    view(page, "Search")
    expect(part(page, "view-3").get_by_text("Way to an output")).to_be_visible()
    view(page, "Over training")
    for name in ("score", "exposure", "positions", "entropy", "peak"):
        expect(part(page, "view-4").locator(f".st-key-{name}")).to_have_count(1)
    expect(page.get_by_text("Way to an output")).to_have_count(0)


def test_a_visitor_of_another_task_is_led_here(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/attention")
    expect(page.get_by_text("answered without a decoder")).to_be_visible()
    expect(page.get_by_role("button", name="Train again", exact=True)).to_be_visible()
    page.get_by_role("button", name="Write letters backwards").click()
    expect(page).to_have_url(re.compile("task=reverse"))
    expect(page.get_by_text("answered without a decoder")).to_have_count(0)
    expect(field(page)).to_be_visible()


@pytest.mark.parametrize("name", VIEWS)
def test_no_view_scrolls_sideways_on_a_phone(server: Server, tab: OpenTab, name: str) -> None:
    page = finished(server, tab, 906, width=390, height=844)
    view(page, name)
    expect(page.locator("[data-test-script-state='notRunning']")).to_have_count(1)
    assert sideways(page) <= 0
