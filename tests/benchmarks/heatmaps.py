"""How often twelve live heatmaps refresh: `python -m tests.benchmarks.heatmaps [SECONDS]`.

A real server, a headless Chromium, three LSTMs that train meanwhile. A refresh counts when all twelve heatmaps show
new data; the pictures must stay the same nodes of the page. Prints the rate of rasters, that of one mark per cell, and
their ratio; returns 1 if rasters are too slow, flicker or are re-created.
"""

import contextlib
import dataclasses
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.__main__ import find_browser

PAGE = Path(__file__).with_name("heatmaps_page.py")
ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ASKED = 5.0  # refreshes per second
# Counts how often each heatmap shows other colours than at the animation frame before, and the frames that show none.
# A chart of rasters holds the four pictures seen last, then the four new ones: see `charts.drawing.Pictures`.
WATCH = """() => {
  const charts = [...document.querySelectorAll('svg.marks')];
  const looks = charts.flatMap(svg => {
    const pictures = svg.querySelector('.mark-image');
    const fill = cell => cell.getAttribute('fill');
    if (!pictures) return [() => [...svg.querySelectorAll('.mark-rect path')].map(fill).join()];
    const band = i => [...pictures.children].filter((_, j) => j % 4 === i).map(picture => picture.getAttribute('href'));
    return [0, 1, 2, 3].map(i => () => band(i).filter(Boolean).at(-1));
  });
  const watch = {charts, last: looks.map(look => look()), counts: looks.map(() => 0), blank: 0};
  const frame = () => {
    looks.forEach((look, i) => {
      const now = look();
      if (!now) watch.blank++;
      else if (now !== watch.last[i]) { watch.last[i] = now; watch.counts[i]++; }
    });
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  window.watch = watch;
}"""
REPORT = """() => {
  const {charts, counts, blank} = window.watch;
  const now = [...document.querySelectorAll('svg.marks')];
  const same = now.length === charts.length && now.every((svg, i) => svg === charts[i]);
  return {same, blank, heatmaps: counts.length, refreshes: Math.min(...counts)};
}"""


@dataclasses.dataclass(frozen=True)
class Measured:
    """What a browser saw.

    rate:  refreshes per second.
    same:  whether every chart was the same node of the page from beginning to end.
    blank: animation frames at which one of the heatmaps was empty.
    steps: training steps per second meanwhile.
    """

    rate: float
    same: bool
    blank: int
    steps: float


def main(seconds: float = 12.0) -> int:
    """Measure and print; returns 1 if rasters refresh too rarely or were re-created."""
    with server() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser() or None, args=FLAGS)
        rasters = measure(browser.new_page(viewport={"width": 1400, "height": 900}), f"{url}?as=rasters", 3, seconds)
        print(f"three charts of four rasters:        {described(rasters)}")
        cells = measure(browser.new_page(viewport={"width": 1400, "height": 900}), f"{url}?as=rectangles", 12, seconds)
        print(f"twelve charts of one mark per cell:  {described(cells)}")
        print(
            f"rasters refresh {rasters.rate / max(cells.rate, 1e-9):.1f} times as often; asked for: {ASKED:g} a second"
        )
        browser.close()
    return int(rasters.rate < ASKED or not rasters.same or rasters.blank > 0)


def measure(page: Page, url: str, charts: int, seconds: float) -> Measured:
    """Open the page, let it settle, and count for so many seconds; the page is closed afterwards."""
    page.goto(url)
    page.wait_for_function(f"document.querySelectorAll('svg.marks').length === {charts}", timeout=120_000)
    page.wait_for_timeout(3_000)
    page.evaluate(WATCH)
    first, begin = training_step(page), time.perf_counter()
    page.wait_for_timeout(seconds * 1e3)
    found, last, took = page.evaluate(REPORT), training_step(page), time.perf_counter() - begin
    if found["heatmaps"] != 12:
        raise RuntimeError(f"the page must show 12 heatmaps; got {found['heatmaps']}")
    page.close()
    return Measured(found["refreshes"] / took, found["same"], found["blank"], (last - first) / took)


def training_step(page: Page) -> int:
    """The step that the page shows."""
    return int(re.findall(r"training step (\d+)", page.locator("body").inner_text())[0])


def described(measured: Measured) -> str:
    """The measurement in a line."""
    nodes = "same nodes" if measured.same else "RE-CREATED"
    nodes += f", {measured.blank} blank frames"
    return f"{measured.rate:5.1f} refreshes/s, {nodes}, while training at {measured.steps:.0f} steps/s"


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The address of a server of the page, which ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1"]
    command = [sys.executable, "-m", "streamlit", "run", str(PAGE), *options]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(15)


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:2])))
