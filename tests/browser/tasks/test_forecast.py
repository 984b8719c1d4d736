"""The picture of a forecast: its moment is dragged along the series and moved with keys, for all models alike."""

import re

import numpy as np
from playwright.sync_api import Page, expect

from rnnviz.tasks.forecast import Forecast
from rnnviz.tasks.forecast.windows import Windows
from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import SMALL, press, rests, sideways, status, trained
from tests.support.series_files import short_months, stored

RUN = f"task=forecast&length=30&steps=20&{SMALL}"
_SEEN = """() => {
    const all = (of, one) => [...of.querySelectorAll(one)];
    const boxes = (of, one) => all(of, one).map((node) => node.getBoundingClientRect());
    const near = all(document, ".rv-near");
    const touches = (box, at, row) => at > 0 && box.left - row[at - 1].right < 3;
    const dots = all(document, ".rv-ahead").flatMap((svg) => all(svg, "circle").map((one) => one.cy.baseVal.value));
    return {
        names: all(document, ".rv-near .rv-day").length,
        touching: near.flatMap((svg) => boxes(svg, ".rv-day").filter(touches).map((box) => box.left)),
        errors: dots.length,
        outside: dots.filter((y) => y < 0).length,
        sided: near.map((svg) => svg.querySelector(".rv-sided")?.firstChild.textContent ?? ""),
    };
}"""


def days(page: Page) -> list[str]:
    """The moment of forecast in the picture of each model."""
    return page.locator(".rv-when").all_text_contents()


def brought(page: Page, text: str, said: str) -> None:
    """Bring a series, and wait until it is the one that is learned."""
    status(page, "not trained yet")
    box = page.locator("[data-testid=stSidebar] input[type=file]")
    box.set_input_files({"name": "mine.csv", "mimeType": "text/csv", "buffer": text.encode()})
    expect(page.get_by_text(f"Learning “value” {said}")).to_be_visible()
    page.wait_for_function("() => location.search.includes('table=')")


def test_the_moment_of_forecast_is_dragged_and_moved_with_keys(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?{RUN}&seed=821&time=5")
    expect(page.locator(".rv-when")).to_have_text(["5 Jan"] * 3)
    expect(page.locator(".rv-band80")).to_have_count(0)
    press(page, "Train")
    status(page, "finished: training step 20 of 20")
    expect(page.locator(".rv-band80")).to_have_count(3)
    expect(page.locator(".rv-forecast ~ .rv-bottom .rv-answer").first).to_contain_text(
        re.compile("Off by .* °C; unchanged")
    )
    box = page.locator(".rv-stretch").nth(1).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 60, box["y"] + 10, steps=3)
    page.mouse.up()
    expect(page.locator(".rv-when")).not_to_have_text(["5 Jan"] * 3)
    before = days(page)
    assert len(set(before)) == 1
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".rv-when")).not_to_have_text(before)
    expect(page).to_have_url(re.compile("time=2"))


def test_on_a_phone_the_forecast_fits(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?{RUN}&seed=822", width=390, height=844)
    press(page, "Train")
    status(page, "finished")
    expect(page.locator(".rv-near").first).to_be_visible()
    assert sideways(page) <= 0


def test_a_monthly_series_that_grows_is_drawn_whole_and_its_months_do_not_touch(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?task=forecast&steps=20&{SMALL}&seed=823", width=1200)
    months = (f"{1949 + at // 12}-{at % 12 + 1:02},{100 + 3 * at + 10 * (at % 12)}" for at in range(144))
    brought(page, "\n".join(["month,value", *months]), "of 144 months")
    rests(trained(page))
    found = page.evaluate(_SEEN)
    assert found["names"] >= 3 and found["touching"] == []
    assert found["errors"] == 3 * 7 and found["outside"] == 0
    assert set(found["sided"]) == {"mostly too low"}, "what is held out is larger than all that was trained on"
    band = page.locator(".rv-legends span").filter(has_text="forecast, 80 % band").first
    expect(band).to_have_attribute("title", re.compile("outside, the model errs mostly to one side"))


def test_the_sentence_of_a_series_with_gaps_says_what_the_yardstick_knows(server: Server, tab: OpenTab) -> None:
    at, ahead, text = 30, 7, short_months(600)
    task = Forecast(table=stored(text), length=40, ahead=ahead)
    batch, of = task.probes().batch, task.answers.of
    assert isinstance(batch, Windows)
    simple = (task.reader.staying(batch), task.reader.season_ago(batch))
    missing = np.isnan(task.series.standard[batch.starts[0] + at + 1 + np.arange(ahead) - 7, 0])
    assert missing.any(), "some days of the week before have no row"
    unchanged, week = (of.off(one[at, 0], batch.targets[at, 0]) for one in simple)
    page = tab(f"{server.url}/?task=forecast&length=40&steps=20&{SMALL}&seed=824")
    brought(page, text, "of 650 days")
    trained(page).locator(".rv-near").first.press("PageUp")  # from 23, six tenths of the stretch
    said = page.locator(".rv-forecast ~ .rv-bottom .rv-answer").first
    expect(said).to_contain_text(f"unchanged {unchanged:.{of.digits}f}, a week ago {week:.{of.digits}f}")
