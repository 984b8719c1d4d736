"""What browser tests do and look for, by stable names only."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

SMALL = "models=rnn:hidden=8,lstm:hidden=8,gru:hidden=8"
SHORT = f"steps=30&length=12&{SMALL}"
WHILE = f"steps=150&length=12&{SMALL}"  # seconds: for what must be seen before, during and after
LONG = f"steps=20000&length=12&{SMALL}"  # minutes: for what must be seen while it trains
DECODERS = "task=reverse&models=gru:hidden=16:attention=additive:bidirectional=true,gru:hidden=16"
TRAINING = r"^training step [\d,]+ of"

_WATCH = (Path(__file__).parent / "scripts" / "watch.js").read_text(encoding="utf-8")
_LATE = (Path(__file__).parent / "scripts" / "late.js").read_text(encoding="utf-8")
_DRAWN = """() => {
    const hub = globalThis.rnnviz?.hub;
    return document.querySelector(".rv-stage .rv-middle") && hub?.channel?.moments.has(hub.placeNow()) && !hub.due;
}"""

_RESTS = """() => {
    const still = (globalThis.still ??= { frames: 0 });
    if (!still.seen) {
        still.seen = new MutationObserver(() => (still.frames = 0));
        still.seen.observe(document.body, { attributes: true, characterData: true, childList: true, subtree: true });
    }
    if (!document.querySelector("[data-test-script-state=notRunning]")) still.frames = 0;
    if (still.frames++ < 2) return false;
    still.seen.disconnect();
    delete globalThis.still;
    return true;
}"""  # asked at each frame


def part(page: Page, key: str) -> Locator:
    """The container with a key."""
    return page.locator(f".st-key-{key}")


def press(page: Page, name: str) -> None:
    """Press a button by its exact name."""
    page.get_by_role("button", name=name, exact=True).click()


def status(page: Page, pattern: str) -> None:
    """Wait until the status line says this."""
    expect(part(page, "status")).to_contain_text(re.compile(pattern))


def step(page: Page) -> int:
    """How far the run is, as the status line says it."""
    found = re.search(r"step ([\d,]+) of", part(page, "status").inner_text())
    assert found
    return int(found.group(1).replace(",", ""))


def goes_on(page: Page) -> None:
    """Wait until the run is further than now."""
    before = part(page, "status").inner_text()
    expect(part(page, "status")).not_to_have_text(before)
    assert re.search(TRAINING, part(page, "status").inner_text())


def trained(page: Page) -> Page:
    """The page of a short run when that is finished, whoever trained it, and drawn."""
    status(page, "not trained|finished|step")
    if "not trained" in part(page, "status").inner_text():
        press(page, "Train")
    status(page, "^finished")
    drawn(page)
    return page


def drawn(page: Page) -> None:
    """Wait until the moment that is looked at is here and drawn."""
    page.wait_for_function(_DRAWN)


def rests(page: Page) -> None:
    """Wait until no script of the page runs and two frames of the browser bring nothing new."""
    page.wait_for_function(_RESTS)


def late(page: Page) -> None:
    """Let an empty tab hold back what the app sends: `late.hold()` and `late.release()`, see late.js."""
    page.add_init_script(_LATE)


def leave(page: Page, name: str, before: Sequence[str] = (), after: Sequence[str] = ()) -> None:
    """Turn a `late` tab to a page and press keys right before and after: the page that is left is told of none."""
    said = page.evaluate("keys => late.leave(...keys)", [name, before, after])
    assert said == 1, "more is said than that the page is turned"
    page.evaluate("late.release()")


def watch(page: Page) -> None:
    """Begin to look at the stage at every frame of the browser: see watch.js."""
    page.evaluate(_WATCH)


def watched(page: Page) -> dict[str, Any]:
    """What was seen since `watch`: frames, moved, blank, replaced."""
    return page.evaluate("() => globalThis.watched.end()")


def chart(page: Page, key: str) -> Locator:
    """The picture inside a container."""
    return part(page, key).locator("canvas, svg.marks").first


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
