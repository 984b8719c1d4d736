"""How often twelve live heatmaps refresh: `python -m tests.benchmarks.heatmaps [SECONDS]`.

The app's own server and page: the gates of three LSTMs, 50 × 32 each, while they train. Once some moments are there,
the page turns to another one at every animation frame; a refresh counts when all that is in sight was drawn for another
moment. The pictures must stay the same nodes. Prints the rate, and returns 1 if it is too low or nodes were replaced.
"""

import dataclasses
import sys
import time

from playwright.sync_api import Page, sync_playwright

from tests.__main__ import find_browser
from tests.benchmarks.watchers import server

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ASKED = 9.0  # refreshes per second
HEATMAPS, MOMENTS = 12, 12  # in sight; among which it turns
QUERY = "models=lstm,lstm,lstm&steps=20000"
BEGUN = f"window.rnnviz && rnnviz.hub.channel && rnnviz.hub.channel.steps.length >= {MOMENTS}"
WATCH = """() => {
  const {hub, change} = rnnviz;
  const steps = hub.channel.steps.slice();
  const nodes = [...document.querySelectorAll('canvas')];
  hub.drawings.length = 0;
  let turns = 0;
  const turn = () => {
    change({step: steps[turns++ % steps.length]});
    watch.frame = requestAnimationFrame(turn);
  };
  window.watch = {nodes, frame: requestAnimationFrame(turn)};
}"""
REPORT = """() => {
  cancelAnimationFrame(watch.frame);
  const {drawings} = rnnviz.hub;
  const refreshes = drawings.filter(([place], i) => i && place !== drawings[i - 1][0]);
  const now = [...document.querySelectorAll('canvas')];
  const same = now.length === watch.nodes.length && now.every((node, i) => node === watch.nodes[i]);
  const spent = refreshes.map(([, begin, end]) => end - begin).sort((a, b) => a - b);
  return {same, refreshes: refreshes.length, median: spent[spent.length >> 1] ?? 0};
}"""
STEP = "rnnviz.hub.channel.steps.at(-1)"
BANDS = "rnnviz.hub.scene.pictures.flatMap(picture => picture.bands).length"


@dataclasses.dataclass(frozen=True)
class Measured:
    """What a browser saw.

    rate:   refreshes per second.
    median: milliseconds that one takes.
    same:   whether every picture was the same node of the page from beginning to end.
    steps:  training steps per second meanwhile.
    """

    rate: float
    median: float
    same: bool
    steps: float


def main(seconds: float = 12.0) -> int:
    """Measure and print; returns 1 if heatmaps refresh too rarely or were replaced."""
    with server() as (url, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser() or None, args=FLAGS)
        found = measure(browser.new_page(viewport={"width": 1400, "height": 900}), f"{url}/gates?{QUERY}", seconds)
        browser.close()
    nodes = "same nodes" if found.same else "REPLACED"
    print(f"{HEATMAPS} heatmaps: {found.rate:.1f} refreshes/s of {found.median:.1f} ms, {nodes}; asked for: {ASKED:g}")
    print(f"meanwhile it trained at {found.steps:.0f} steps/s")
    return int(found.rate < ASKED or not found.same)


def measure(page: Page, url: str, seconds: float) -> Measured:
    """Open the page, train until there are moments to turn to, and count for so many seconds."""
    page.goto(url)
    page.get_by_role("button", name="Train", exact=True).click(timeout=120_000)
    page.wait_for_function(BEGUN, timeout=300_000)
    if (bands := page.evaluate(BANDS)) != HEATMAPS:
        raise RuntimeError(f"the page must show {HEATMAPS} heatmaps; got {bands}")
    page.evaluate(WATCH)
    first, begin = page.evaluate(STEP), time.perf_counter()
    page.wait_for_timeout(seconds * 1e3)
    found, last, took = page.evaluate(REPORT), page.evaluate(STEP), time.perf_counter() - begin
    return Measured(found["refreshes"] / took, found["median"], found["same"], (last - first) / took)


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:2])))
