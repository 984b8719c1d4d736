"""A model of one's own in a real browser: uploaded, looked at, taken away; what is hostile is refused, and no more."""

import pytest
import torch
import xarray as xr
from playwright.sync_api import expect
from torch import nn

from tests.browser.helpers import chart, part, press, sideways
from tests.checkpoints import HOSTILE, tagger, torch_file

VIEWS = ("inspect-states", "inspect-gates", "inspect-lags", "inspect-jacobians", "inspect-cells")
WORST = ("code.pt", "cut.pt", "billion.pt", "nan.pt", "rows.pt", "picture.pt", "billion.safetensors", "empty.pt")


def upload(page, name, data):
    box = page.locator("[data-testid=stMain] [data-testid=stFileUploader] input[type=file]").first
    box.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": data})


def opened(server, tab, **window):
    page = tab(f"{server.url}/inspect", **window)
    expect(page.get_by_role("button", name="Try it with a sample model")).to_be_visible()
    return page


def test_a_stock_checkpoint_is_looked_at_and_its_trace_taken_away(server, tab, tmp_path):
    page = opened(server, tab)
    upload(page, "model.pt", torch_file({"state_dict": tagger().state_dict(), "vocab": list("abcdefghijk")}))
    expect(page.get_by_text("LSTM, 2 layers in both directions, 6 inputs, 8 units")).to_be_visible()
    for view in VIEWS:
        expect(chart(page, view)).to_be_visible()
    text = page.get_by_label("Text", exact=True)
    text.fill("abba")
    text.press("Enter")
    expect(page.get_by_text("all its layers and directions at 4 time steps")).to_be_visible()
    with page.expect_download() as download:
        press(page, "Trace (netCDF)")
    download.value.save_as(tmp_path / "trace.nc")
    with xr.open_dataset(tmp_path / "trace.nc") as found:
        assert dict(found.sizes) == {"layer": 2, "direction": 2, "time": 4, "sample": 1, "unit": 8}
        assert "".join(found.token.values[:, 0]) == "abba"


def test_hostile_files_are_refused_and_the_page_goes_on(server, tab):
    page = opened(server, tab)
    for name, data, why in HOSTILE:
        if name in WORST:
            upload(page, name, data)
            expect(page.get_by_role("alert").filter(has_text=f"'{name}' cannot be opened")).to_contain_text(why)
    upload(page, "gru.pt", torch_file(nn.GRU(2, 4).state_dict()))
    expect(page.get_by_text("GRU, 1 layer, 2 inputs, 4 units")).to_be_visible()
    expect(page.get_by_text("cannot be opened")).to_have_count(0)
    expect(chart(page, "inspect-gates")).to_be_visible()


def test_a_file_of_many_megabytes_gets_through_and_one_too_large_does_not(server, tab, tmp_path):
    page = opened(server, tab)
    box = page.locator("[data-testid=stMain] [data-testid=stFileUploader] input[type=file]")
    for name, numbers in (("large.pt", 3_500_000), ("huge.pt", 4_500_000)):
        torch.save({"head.weight": torch.zeros(numbers), **nn.GRU(2, 4).state_dict()}, tmp_path / name)
    box.first.set_input_files(tmp_path / "large.pt")
    expect(page.get_by_text("GRU, 1 layer, 2 inputs, 4 units")).to_be_visible()
    press(page, "Put away")
    expect(page.get_by_role("button", name="Try it with a sample model")).to_be_visible()
    box.first.set_input_files(tmp_path / "huge.pt")
    expect(page.get_by_role("alert").filter(has_text="16.0MB or smaller")).to_have_count(1)


@pytest.mark.parametrize("width", [1400, 390])
def test_the_sample_fits_any_window_and_outlives_a_turn_of_the_page(server, tab, width):
    page = opened(server, tab, width=width)
    press(page, "Try it with a sample model")
    for view in VIEWS:
        expect(chart(page, view)).to_be_visible()
    assert sideways(page) <= 0
    part(page, "menu").get_by_text("States").click()
    expect(page.get_by_role("heading", name="States", exact=True)).to_be_visible()
    part(page, "menu").get_by_text("Inspect").click()
    expect(page.get_by_text("brackets.safetensors")).to_be_visible()
    expect(chart(page, "inspect-gates")).to_be_visible()
    other = opened(server, tab, width=width)
    expect(other.get_by_text("brackets.safetensors")).to_have_count(0)
