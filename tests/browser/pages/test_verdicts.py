"""A finding leads to the page that shows it: the same session, the same run, and one press of Back is one step back."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import LONG, TRAINING, drawn, goes_on, part, press, status, step


def test_a_finding_leads_to_its_page_and_the_run_goes_on(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?{LONG}&seed=131")
    press(page, "Train")
    status(page, TRAINING)
    expect(part(page, "task").get_by_text("Task: add")).to_be_visible()  # above the findings: they move when it folds
    link = part(page, "findings").get_by_role("link", name="Gradients").first
    expect(link).to_be_visible()
    page.evaluate("window.stillHere = true")
    before = step(page)
    link.hover()
    page.mouse.down()
    for _ in range(4):  # while it is held down, moments come and its sentence changes
        goes_on(page)
        drawn(page)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"/gradients\?.*seed=131"))
    expect(page.locator(".rv-stage").locator(".st-key-gradient-history")).to_be_visible()
    status(page, TRAINING)
    assert step(page) >= before
    assert page.evaluate("window.stillHere")  # the same document, so the same session
    assert len(page.context.pages) == 1
    page.go_back()
    expect(page.locator(".rv-stage").locator(".st-key-states-rnn")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/\?.*seed=131"))
    goes_on(page)
    press(page, "Stop")
