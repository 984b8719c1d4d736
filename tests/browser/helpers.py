"""What browser tests do and look for, by stable names only."""

import re

from playwright.sync_api import Locator, Page, expect

SMALL = "models=rnn:hidden=8,lstm:hidden=8,gru:hidden=8"
SHORT = f"steps=30&length=12&{SMALL}"
LONG = f"steps=20000&length=12&{SMALL}"  # minutes: for what must be seen while it trains


def part(page: Page, key: str) -> Locator:
    """The container with a key."""
    return page.locator(f".st-key-{key}")


def press(page: Page, name: str) -> None:
    """Press a button by its exact name."""
    page.get_by_role("button", name=name, exact=True).click()


def status(page: Page, pattern: str) -> None:
    """Wait until the status line says this."""
    expect(part(page, "status")).to_contain_text(re.compile(pattern))


def chart(page: Page, key: str) -> Locator:
    """The picture inside a container."""
    return part(page, key).locator("canvas, svg.marks").first


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
