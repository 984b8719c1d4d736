"""What the stage takes from Streamlit's own code: one function that embeds a chart."""

from playwright.sync_api import expect

from pages._ui.session.streamlit_internals import vega_chunk
from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import chart, drawn

EMBEDS = """async path => {
    const chunk = await import(new URL(path, location.origin + "/").href);
    return Object.values(chunk).filter(one => one?.constructor?.name === "AsyncFunction").length;
}"""


def test_streamlits_chunk_exports_one_async_function_and_that_draws(server: Server, tab: OpenTab) -> None:
    page = tab(server.url)
    drawn(page)
    assert page.evaluate(EMBEDS, vega_chunk()) == 1
    expect(chart(page, "gradients")).to_be_visible()
    lines = page.locator(
        ".st-key-gradients svg.marks path[aria-roledescription], .st-key-gradients svg .mark-line path"
    )
    assert lines.count() >= 3


def test_a_table_without_rows_is_no_warning(server: Server, tab: OpenTab) -> None:
    page = tab(server.url)
    said = list[str]()
    page.on("console", lambda one: said.append(one.text))
    page.reload()
    drawn(page)
    expect(page.locator(".rv-plot svg").first).to_be_visible()
    assert not [one for one in said if "Infinite extent" in one]
