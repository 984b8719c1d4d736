"""First visits: deep links, links that hold nonsense, hosts that do not know `st.App`."""

import re

import pytest
from playwright.sync_api import expect

from pages._ui.frame import registry
from tests.browser.conftest import NewServer, OpenTab, Server
from tests.browser.helpers import drawn, part, press, status

MENU = [spec.title for spec in registry.pages().values()]


@pytest.mark.parametrize("script", ["app.py", "pages/navigation.py"])
def test_a_new_server_answers_a_deep_link_with_that_page_under_the_menu(
    new_server: NewServer, tab: OpenTab, script: str
) -> None:
    server = new_server(script)
    page = tab(f"{server.url}/gates?steps=7")
    expect(part(page, "gates-lstm")).to_be_visible()
    expect(part(page, "menu").get_by_role("link")).to_have_text(MENU)
    status(page, "not trained yet")
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page.locator("[data-testid=stSidebarNav]")).to_have_count(0)
    expect(page.locator("[data-testid=stException], [role=dialog]")).to_have_count(0)
    assert re.search(r"/gates\?steps=7$", page.url)
    press(page, "Train")
    status(page, "finished: training step 7 of 7")
    drawn(page)


BAD = {
    "steps=abc": "steps",
    "lr=nan": "lr",
    "models=rnn,transformer": "cell",
    "task=%3Cscript%3Ealert(1)%3C/script%3E": "task",
    "task=text&corpus=own&text=x": "text",
    "seed=%00%ff": "seed",
}


@pytest.mark.parametrize("query", BAD)
def test_a_bad_link_ends_in_one_sentence_and_the_default_experiment(server: Server, tab: OpenTab, query: str) -> None:
    page = tab(f"{server.url}/?{query}")
    said = part(page, "notice").get_by_role("alert")
    expect(said).to_have_count(1)
    expect(said).to_contain_text(BAD[query])
    shown = "the same task with its usual settings" if query.startswith("task=text") else "the default experiment"
    expect(said).to_contain_text(f"Shown is {shown}.")
    expect(page.get_by_role("button", name=re.compile("^Train( again)?$"))).to_be_enabled()  # a run comes with the app
    expect(page.locator("[data-testid=stException]")).to_have_count(0)


def test_a_link_to_a_long_text_asks_for_the_text(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?task=text&corpus=own&text_hash=0123456789abcdef")
    expect(part(page, "wanted")).to_contain_text("too long to travel in it")
    part(page, "wanted").get_by_role("textbox").fill("another text altogether")
    part(page, "wanted").get_by_role("textbox").blur()
    expect(part(page, "notice")).to_contain_text("not the text that the link names")
