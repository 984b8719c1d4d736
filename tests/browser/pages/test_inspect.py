"""A model of one's own in a real browser: uploaded, looked at, taken away; what is hostile is refused, and no more."""

import re
from pathlib import Path

import pytest
import torch
import xarray as xr
from playwright.sync_api import Page, expect
from torch import nn

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import chart, part, press, sideways
from tests.support.checkpoints import HOSTILE, tagger, torch_file
from tests.support.refusals import SCRIPT

VIEWS = ("inspect-lags", "inspect-jacobians", "inspect-means")
LSTM, GRU = 6, 4  # variables
SIZES = ((1280, 720), (1400, 900), (1920, 1080))
WORST = ("code.pt", "cut.pt", "billion.pt", "nan.pt", "rows.pt", "picture.pt", "billion.safetensors", "empty.pt")


def upload(page: Page, name: str, data: bytes) -> None:
    box = page.locator("[data-testid=stMain] [data-testid=stFileUploader] input[type=file]").first
    box.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": data})


def sample(page: Page) -> None:
    press(page, "Try it with a sample model")
    pictured(page, LSTM)


def pictured(page: Page, variables: int) -> None:
    """Wait until the pictures are there, each with colours."""
    expect(part(page, "stage").locator(".rv-band")).to_have_count(variables)
    page.wait_for_function("""[...document.querySelectorAll(".rv-stage .rv-field canvas")].every((one) => {
        const { data } = one.getContext("2d").getImageData(0, 0, one.width, one.height);
        return one.width > 1 && data.every((value, i) => i % 4 < 3 || value === 255);
    })""")


def opened(server: Server, tab: OpenTab, **window: int) -> Page:
    page = tab(f"{server.url}/inspect", **window)
    expect(page.get_by_role("button", name="Try it with a sample model")).to_be_visible()
    return page


def test_a_stock_checkpoint_is_looked_at_and_its_trace_taken_away(server: Server, tab: OpenTab, tmp_path: Path) -> None:
    page = opened(server, tab)
    upload(page, "model.pt", torch_file({"state_dict": tagger().state_dict(), "vocab": list("abcdefghijk")}))
    expect(page.locator(".rv-question")).to_contain_text("LSTM, 2 layers in both directions, 6 inputs, 8 units")
    pictured(page, LSTM)
    for view in VIEWS:
        expect(chart(page, view)).to_be_visible()
    text = page.get_by_label("Text", exact=True)
    text.fill("abba")
    text.press("Enter")
    expect(page.get_by_text("all its layers and directions at 4 time steps")).to_be_visible()
    expect(part(page, "stage").locator(".rv-row").first).to_have_text("abba")
    expect(part(page, "stage").locator(".rv-said")).to_have_text("Your own input: 4 time steps.")
    expect(part(page, "findings").locator("li").first).to_contain_text("LSTM: the derivative of the last state")
    with page.expect_download() as download:
        press(page, "Trace (netCDF)")
    download.value.save_as(tmp_path / "trace.nc")
    with xr.open_dataset(tmp_path / "trace.nc") as found:
        assert dict(found.sizes) == {"layer": 2, "direction": 2, "time": 4, "sample": 1, "unit": 8}
        assert "".join(found.token.values[:, 0]) == "abba"


def test_hostile_files_are_refused_and_the_page_goes_on(server: Server, tab: OpenTab) -> None:
    page = opened(server, tab)
    for name, data, why in HOSTILE:
        if name in WORST:
            upload(page, name, data)
            expect(page.get_by_role("alert").filter(has_text=f"'{name}' cannot be opened")).to_contain_text(why)
    upload(page, "gru.pt", torch_file(nn.GRU(2, 4).state_dict()))
    expect(page.locator(".rv-question")).to_contain_text("GRU, 1 layer, 2 inputs, 4 units")
    expect(page.get_by_text("cannot be opened")).to_have_count(0)
    pictured(page, GRU)


def test_a_file_of_many_megabytes_gets_through_and_one_too_large_does_not(
    server: Server, tab: OpenTab, tmp_path: Path
) -> None:
    page = opened(server, tab)
    box = page.locator("[data-testid=stMain] [data-testid=stFileUploader] input[type=file]")
    for name, numbers in (("large.pt", 3_500_000), ("huge.pt", 4_500_000)):
        torch.save({"head.weight": torch.zeros(numbers), **nn.GRU(2, 4).state_dict()}, tmp_path / name)
    box.first.set_input_files(tmp_path / "large.pt")
    expect(page.locator(".rv-question")).to_contain_text("GRU, 1 layer, 2 inputs, 4 units")
    page.get_by_role("button", name="large.pt").click()
    press(page, "Put away")
    expect(page.get_by_role("button", name="Try it with a sample model")).to_be_visible()
    upload(page, "text.pt", b"nothing")
    before = page.get_by_role("alert").filter(has_text="'text.pt' cannot be opened")
    expect(before).to_be_visible()
    box.first.set_input_files(tmp_path / "huge.pt")
    expect(page.get_by_role("alert").filter(has_text="16.0MB or smaller")).to_be_visible()
    expect(before).to_be_hidden()


@pytest.mark.parametrize("width", [1400, 390])
def test_the_sample_fits_any_window_and_outlives_a_turn_of_the_page(server: Server, tab: OpenTab, width: int) -> None:
    page = opened(server, tab, width=width)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    sample(page)
    for view in VIEWS:
        expect(chart(page, view)).to_be_visible()
    assert sideways(page) <= 0
    for other in ("States", "Compare"):
        part(page, "menu").get_by_text(other, exact=True).click()
        expect(part(page, "transport")).to_be_visible()
        page.wait_for_function("rnnviz.hub.channel.newest >= 0")
        part(page, "menu").get_by_text("Inspect").click()
        expect(page.get_by_role("button", name="brackets.safetensors")).to_be_visible()
        pictured(page, LSTM)
        expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    assert not errors
    other = opened(server, tab, width=width)  # type: ignore[assignment]
    expect(other.locator(".rv-picture")).to_have_count(0)  # type: ignore[attr-defined]


def test_the_pictures_fill_the_first_screen_and_their_letters_can_be_read_in_a_hall(
    server: Server, tab: OpenTab
) -> None:
    page = opened(server, tab)
    sample(page)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(
            "least => document.querySelector('.rv-stage .rv-middle').clientHeight >= least", arg=0.55 * height
        )
        box = part(page, "inspect-pictures").bounding_box()
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= height
    page.keyboard.press("p")
    expect(part(page, "inspect-choices")).to_be_hidden()
    letters = page.locator(".rv-stage .rv-title, .rv-stage .rv-row, .rv-stage .rv-said, .rv-stage select")
    sizes = letters.evaluate_all("all => all.map((one) => parseFloat(getComputedStyle(one).fontSize))")
    assert min(sizes) >= 24
    page.keyboard.press("p")
    expect(part(page, "inspect-choices")).to_be_visible()


def test_what_is_pointed_at_is_told_of_all_variables_and_leads_nowhere(server: Server, tab: OpenTab) -> None:
    page = opened(server, tab)
    sample(page)
    canvas = part(page, "stage").locator("canvas[role=img]").first
    box = canvas.bounding_box()
    canvas.hover(position={"x": box["width"] * 0.99, "y": box["height"] * 0.5})
    said = part(page, "stage").locator(".rv-pointed")
    expect(said).to_contain_text("time step 16 ())")
    for name in ("hidden state", "cell state", "forget gate", "input gate", "output gate", "cell candidate"):
        expect(said).to_contain_text(f"{name} ")
    page.keyboard.press("ArrowLeft")
    expect(said).to_contain_text("time step 15 (b)")
    canvas.click()
    expect(page).to_have_url(re.compile("/inspect"))


def test_texts_of_a_file_stay_texts(server: Server, tab: OpenTab) -> None:
    page = opened(server, tab)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    weights = {f"{SCRIPT}.{name}": weight for name, weight in nn.GRU(2, 4).state_dict().items()}
    upload(page, f"{SCRIPT[:20]}.pt", torch_file({"state_dict": weights, "vocab": [SCRIPT, "b"]}))
    pictured(page, GRU)
    expect(page.locator(".rv-question")).to_contain_text(SCRIPT[:8])
    assert page.locator(".rv-stage script").count() == 0
    assert page.locator(".rv-row").first.inner_text().startswith(SCRIPT[:8])


def test_the_words_of_a_model_are_cut_by_none_and_a_wide_layer_shares_its_rows(server: Server, tab: OpenTab) -> None:
    page = opened(server, tab)
    words = [f"a-long-word-{i}" for i in range(40)]
    embedding = {"embedding.weight": torch.zeros(40, 6)}
    weights = {f"lstm.{name}": weight for name, weight in nn.LSTM(6, 300).state_dict().items()}
    upload(page, "words.pt", torch_file({"state_dict": embedding | weights, "vocab": words}))
    pictured(page, LSTM)
    expect(page.locator(".rv-question")).to_contain_text("a row is the mean of 2 to 3 units alike")
    shown = page.locator(".rv-row").first.locator("span:not([hidden])")
    assert 0 < shown.count() < 24
    page.locator(".rv-stage canvas[role=img]").first.hover()
    expect(part(page, "stage").locator(".rv-pointed")).to_contain_text(re.compile(r"^mean of [23] units \("))
