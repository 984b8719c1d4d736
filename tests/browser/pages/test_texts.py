"""A text of one's own: pasted, uploaded, refused; found again by the same browser only."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenTab, Server
from tests.browser.helpers import part, press, rests, status

OWN = "task=text&corpus=own&text=ab&length=8&steps=20&models=gru:hidden=8"


def test_uploads_are_refused_with_one_sentence_or_learned(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?{OWN}&seed=301")
    status(page, "not trained yet")
    sidebar = page.locator("[data-testid=stSidebar]")
    refusals = {
        b"\x89PNG\x00\x00\x01": "plain text file",
        b"\xff\xfea": "letters cannot be read",
        b"": "a file that holds text",
        b"aaaaaaaa": "got 'aaaaaaaa'",
    }
    for data, said in refusals.items():
        _upload(page, data)
        expect(sidebar.get_by_role("alert")).to_contain_text(said)
    _upload(page, b"caf\xe9 au lait")
    expect(sidebar).to_contain_text("The encoding is a guess: Latin-1.")
    _upload(page, b"to be or not to be " * 60)
    expect(sidebar.get_by_role("alert")).to_have_count(0)
    expect(page).to_have_url(re.compile("text_hash="))
    expect(sidebar).to_contain_text("1,140 characters")


def test_a_long_text_outlives_a_reload_but_is_not_given_to_others(server: Server, tab: OpenTab) -> None:
    page = tab(f"{server.url}/?{OWN}&seed=302")
    status(page, "not trained yet")
    _upload(page, b"neither a borrower nor a lender be " * 40)
    expect(page).to_have_url(re.compile("text_hash="))
    page.reload()
    status(page, "not trained yet")
    expect(part(page, "wanted")).to_have_count(0)
    other = tab(page.url)
    expect(part(other, "wanted")).to_contain_text("too long to travel")
    other.locator("[class*=st-key-wanted] input[type=file]").set_input_files(
        {"name": "b.txt", "mimeType": "text/plain", "buffer": b"neither a borrower nor a lender be " * 40}
    )
    expect(part(other, "wanted")).to_have_count(0)
    press(other, "Train")
    status(other, "finished")


def _upload(page: Page, data: bytes) -> None:
    rests(page)  # a box that is about to be drawn anew takes no file
    box = page.locator("[data-testid=stSidebar] input[type=file]")
    box.set_input_files({"name": "mine.txt", "mimeType": "text/plain", "buffer": data})
