"""Anatomy in a browser: stepped through by button, key and tape, opened by a link, side by side, without a mouse."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import SHORT, SMALL, chart, drawn, goes_on, part, press, sideways, status, trained

MANY = f"steps=20000&length=260&{SMALL}"  # minutes of training, and more time steps than are pressed
DATES = "task=reverse&steps=12&models=gru:hidden=8:attention=additive,lstm:hidden=8:decoder=gru"
_HELD_BACK = """
  const late = (listener) => (event) => setTimeout(() => listener(event), 300);
  globalThis.WebSocket = class extends WebSocket {
    set onmessage(listener) { super.onmessage = late(listener); }
    addEventListener(type, listener, ...more) {
      super.addEventListener(type, type === "message" ? late(listener) : listener, ...more);
    }
  };
"""


def opened(server: Server, tab: OpenTab, seed: int, more: str = "", **size: int) -> Page:
    return trained(tab(f"{server.url}/anatomy?{SHORT}&seed={seed}{more}", **size))


def tape(page: Page) -> Locator:
    return page.get_by_role("slider", name="Time step", exact=True)


def stands_at(page: Page, time: int) -> None:
    expect(tape(page)).to_have_attribute("aria-valuenow", str(time))


def written(page: Page, key: str = "diagram") -> list[str]:
    """What stands in a diagram."""
    return part(page, key).locator("svg text").all_text_contents()


def of_what(page: Page, text: str) -> None:
    """Wait until the numbers below are of this."""
    expect(part(page, "of-what").get_by_role("heading")).to_contain_text(text)


def chip(page: Page, name: str) -> None:
    part(page, "models").get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize(("late", "presses"), [(False, 80), (True, 60)])
def test_every_press_counts_once_while_three_models_train(
    server: Server, tab: OpenTab, late: bool, presses: int
) -> None:
    page = tab("about:blank")
    if late:
        page.add_init_script(_HELD_BACK)
    page.goto(f"{server.url}/anatomy?{MANY}&seed={700 + late}")
    status(page, "not trained")
    press(page, "Train")
    status(page, r"^training step [\d,]+ of")
    drawn(page)
    stands_at(page, 2)
    for _ in range(presses):
        page.keyboard.press("ArrowRight")
    stands_at(page, 2 + presses)
    of_what(page, f"time step {2 + presses}")
    stands_at(page, 2 + presses)
    button = page.get_by_role("button", name="Previous time step", exact=True)
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    for _ in range(presses):  # faster than the browser draws
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    stands_at(page, 2)
    goes_on(page)
    of_what(page, "time step 2 ")
    stands_at(page, 2)
    expect(part(page, "of-what")).to_contain_text("Pause or move the time line")
    press(page, "Stop")


def test_the_diagram_follows_keys_buttons_and_the_tape(server: Server, tab: OpenTab) -> None:
    page = opened(server, tab, 702, "&model=lstm&hidden_unit=2")
    before = written(page)
    page.get_by_role("button", name="Next time step", exact=True).click()
    stands_at(page, 3)
    assert written(page) != before
    page.keyboard.press("ArrowLeft")
    stands_at(page, 2)
    assert written(page) == before
    tape(page).locator("[data-time='6']").click()
    stands_at(page, 7)
    tape(page).focus()
    for key, time in (("End", 12), ("ArrowRight", 12), ("Home", 1), ("ArrowLeft", 1)):
        page.keyboard.press(key)
        stands_at(page, time)
    of_what(page, "time step 1 · unit 2 of the LSTM")


def test_shift_moves_along_the_training(server: Server, tab: OpenTab) -> None:
    page = opened(server, tab, 703, "&time=4")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator(".rv-step")).not_to_have_text("training step 30")
    of_what(page, "time step 4")
    stands_at(page, 4)
    expect(part(page, "of-what").get_by_role("heading")).not_to_contain_text("step 30 ")


def test_what_is_pointed_at_is_the_unit_that_is_shown(server: Server, tab: OpenTab) -> None:
    page = opened(server, tab, 704, "&model=gru")
    expect(page.get_by_label("Values of")).to_have_value("")
    strip = page.locator("[data-letter=z] canvas")
    box = strip.bounding_box()
    strip.click(position={"x": box["width"] * 5.5 / 8, "y": box["height"] / 2})
    expect(page.get_by_label("Values of")).to_have_value("5")
    of_what(page, "unit 6 of the GRU")
    page.wait_for_url(re.compile("hidden_unit=6"))
    expect(page.locator("[data-letter=z] .rv-strip-value")).to_have_text(
        part(page, "diagram").locator("[data-part='zₜ'] text").last.text_content() or ""
    )


def test_a_link_opens_model_unit_and_step(server: Server, tab: OpenTab) -> None:
    page = opened(server, tab, 705, "&model=gru&hidden_unit=3&time=9")
    stands_at(page, 9)
    expect(part(page, "anatomy-gru")).to_be_visible()
    expect(part(page, "anatomy-rnn")).to_have_count(0)
    of_what(page, "time step 9 · unit 3 of the GRU")


def test_up_to_three_cells_side_by_side(server: Server, tab: OpenTab) -> None:
    page = opened(server, tab, 706)
    for name in ("RNN", "LSTM", "GRU"):
        chip(page, name)
        expect(part(page, f"anatomy-{name.lower()}")).to_be_visible()
        of_what(page, f"of the {name}")
    chip(page, "side by side")
    for label in ("rnn", "lstm", "gru"):
        expect(part(page, f"anatomy-{label}")).to_be_visible()
    before = written(page, "anatomy-rnn"), written(page, "anatomy-lstm")
    page.keyboard.press("ArrowRight")
    stands_at(page, 3)
    assert (written(page, "anatomy-rnn"), written(page, "anatomy-lstm")) != before
    chip(page, "side by side")
    expect(part(page, "anatomy-gru")).to_be_visible()
    expect(part(page, "anatomy-rnn")).to_have_count(0)


def test_the_two_readings_of_the_update_gate(server: Server, tab: OpenTab) -> None:
    page = opened(server, tab, 707, "&model=gru&hidden_unit=1")
    gate = part(page, "diagram").locator("[data-part='zₜ'] text").last
    keeps = float(gate.text_content() or 0)
    page.get_by_role("radio", name="z updates (Chung 2014)").click()
    expect(gate).not_to_have_text(f"{keeps:.2f}")
    assert float(gate.text_content() or 0) == pytest.approx(1 - keeps, abs=0.011)


def test_encoder_and_decoder_are_one_tape(server: Server, tab: OpenTab) -> None:
    page = trained(tab(f"{server.url}/anatomy?{DATES}&seed=708&hidden_unit=1"))
    expect(part(page, "anatomy-gru")).to_contain_text("encoder: reads")
    border = page.locator(".rv-anat-tape-border")
    read = int(border.get_attribute("data-time"))
    border.click()
    stands_at(page, read + 1)
    expect(part(page, "anatomy-gru")).to_contain_text("decoder: writes")
    expect(part(page, "diagram").locator("[data-part='xₜ']")).to_contain_text("start")
    of_what(page, f"time step {read + 1} ")
    expect(part(page, "of-what")).to_contain_text("is fed a sign to start")
    chip(page, "LSTM without attention")
    expect(part(page, "diagram").locator("[data-part='zₜ']")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(part(page, "diagram").locator("[data-part='fₜ']")).to_be_visible()


def test_a_sequence_of_ones_own_is_taken_apart_below(server: Server, tab: OpenTab) -> None:
    page = opened(server, tab, 709)
    box = page.get_by_role("textbox", name="A sequence of your own")
    box.click()
    box.press("ArrowRight")
    stands_at(page, 2)
    box.fill("0.5*, 0.25, 0.75*")
    box.press("Enter")
    expect(chart(page, "own-diagram")).to_be_visible()
    expect(part(page, "own")).to_contain_text("Time step 2 of 3")
    box.fill("0.5*, nothing")
    box.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="got 'nothing'")).to_be_visible()
    box.fill("")
    box.press("Enter")
    expect(part(page, "own")).to_have_count(0)


def test_everything_can_be_reached_by_tab_alone(server: Server, tab: OpenTab) -> None:
    page = opened(server, tab, 710, "&model=gru")
    expect(page.get_by_text("Update gate of the GRU")).to_be_visible()
    reached = set()
    page.locator("body").press("Tab")
    for _ in range(60):
        reached.add(page.evaluate("(e => e.ariaLabel || e.innerText || e.getAttribute('aria-labelledby') || '')"
                                  "(document.activeElement)"))  # fmt: skip
        page.keyboard.press("Tab")
    said = " | ".join(str(one) for one in reached)
    for wanted in ("Previous time step", "Next time step", "Time step", "GRU", "side by side", "mean of all", "By hand",
                   "z keeps", "Every term of the sums", "A sequence of your own"):  # fmt: skip
        assert wanted in said, wanted


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("more", ["&model=lstm", "&model=lstm&shown=rnn,lstm,gru"])
def test_the_diagram_is_the_first_screen(server: Server, tab: OpenTab, width: int, height: int, more: str) -> None:
    page = opened(server, tab, 711, more, width=width, height=height)
    box = page.locator(".rv-anat-diagram").first.bounding_box()
    assert box["height"] >= 0.55 * height and box["y"] + box["height"] <= height


@pytest.mark.parametrize("more", ["&model=lstm", "&model=lstm&shown=rnn,lstm,gru"])
def test_on_a_phone_no_view_scrolls_sideways(server: Server, tab: OpenTab, more: str) -> None:
    page = opened(server, tab, 712, more, width=390, height=844)
    expect(part(page, "anatomy-lstm").locator("svg")).to_be_visible()
    expect(part(page, "equations")).to_be_visible()
    assert sideways(page) <= 0
