"""A finding leads to the page that shows it: the same session, the same run, and one press of Back is one step back."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tests.browser.helpers import LONG, part, press, status


def _step(page) -> int:
    found = re.search(r"step ([\d,]+) of", part(page, "status").inner_text())
    assert found
    return int(found.group(1).replace(",", ""))


def test_a_finding_leads_to_its_page_and_the_run_goes_on(server, tab):
    page = tab(f"{server.url}/?{LONG}&seed=131")
    press(page, "Train")
    status(page, r"step [\d,]+ of")
    link = part(page, "findings").get_by_role("link", name="Gradients").first
    expect(link).to_be_visible()
    page.evaluate("window.stillHere = true")
    before, address = _step(page), page.url
    link.click()
    expect(page.get_by_role("heading", name="Gradients", exact=True)).to_be_visible()
    status(page, r"step [\d,]+ of")
    assert "/gradients?" in page.url and _query_of(page.url) == _query_of(address)
    assert _step(page) >= before
    assert page.evaluate("window.stillHere")  # the same document, so the same session
    assert len(page.context.pages) == 1
    page.go_back()
    expect(part(page, "loss")).to_be_visible()
    assert page.url == address
    press(page, "Stop")


def _query_of(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)
