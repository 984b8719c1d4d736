"""What a server lets go of: forty trainings in a browser, thirty uploads on Inspect, then rest.

python -m tests.benchmarks.let_go [--query "steps=60&length=12"]

The server is its own; the first trainings and uploads load modules and are not counted. Printed for each stage: the
memory of Streamlit's process and of the worker, and how far the server is from the start. Every training is that of
another seed on a page that was opened anew. `RNNVIZ_BROWSER` names the browser.
"""

import argparse
import os
import time
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.__main__ import find_browser
from tests.benchmarks.uploads import checkpoint
from tests.benchmarks.watchers import rss_of, server
from tests.browser.helpers import press, rests, trained

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 120_000  # milliseconds
WARM = 2  # trainings and uploads before the start
SEEDS, EVERY = 7_000, 10


class Scales:
    """The memory of a server and of its workers, beside that at the start."""

    def __init__(self, pid: int) -> None:
        self.pid, self.start = pid, 0

    def tell(self, when: str) -> None:
        """Print what both take now."""
        threads = Path(f"/proc/{self.pid}/task").glob("*/children")
        workers = [rss_of(int(child)) for thread in threads for child in thread.read_text().split()]
        own = rss_of(self.pid)
        self.start = self.start or own
        told = f"{when:<32} server {own / 1e6:5.0f} MB ({(own - self.start) / 1e6:+5.0f})"
        print(f"{told}, workers {sum(workers) / 1e6:5.0f} MB", flush=True)


def train(page: Page, url: str, query: str, seed: int) -> None:
    """One short training on a page that is opened anew."""
    page.goto(f"{url}/?{query}&seed={seed}")
    trained(page)


def upload(page: Page, number: int) -> None:
    """One model on Inspect, looked at until all of the page is there."""
    name = f"model-{number}.pt"
    page.get_by_test_id("stFileUploader").locator("input").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": checkpoint(number)}
    )
    opened = page.get_by_test_id("stPopoverButton").filter(has_text=name)
    expect(opened).to_be_visible()
    expect(page.locator(".rv-question")).to_contain_text("LSTM, 1 layer, 488 inputs, 512 units")
    expect(page.get_by_text("Take it away")).to_be_visible()
    rests(page)
    if not page.get_by_role("button", name="Put away").is_visible():
        opened.click()  # behind the name is the box for the next one


def bring(page: Page, url: str, numbers: range) -> None:
    """Models one after the other, of which the last is put away."""
    page.goto(f"{url}/inspect")
    for number in numbers:
        upload(page, number)
    press(page, "Put away")
    expect(page.get_by_role("button", name="Try it with a sample model")).to_be_visible()


def main() -> None:
    """Train, upload, rest, and say what is held after each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trainings", type=int, default=40)
    parser.add_argument("--uploads", type=int, default=30)
    parser.add_argument("--rest", type=float, default=120.0, help="seconds after the browser was closed")
    parser.add_argument("--query", default="steps=60", help="the experiment, but for its seed")
    options = parser.parse_args()
    expect.set_options(timeout=PATIENCE)
    with server() as (url, pid), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("RNNVIZ_BROWSER") or find_browser(), args=FLAGS
        )
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        page.add_init_script("localStorage.setItem('rnnviz-guess', 'never')")
        scales = Scales(pid)
        for number in range(WARM):
            train(page, url, options.query, number)
        bring(page, url, range(WARM))
        scales.tell("start")
        for number in range(options.trainings):
            train(page, url, options.query, SEEDS + number)
            if (number + 1) % EVERY == 0:
                scales.tell(f"{number + 1} trainings")
        bring(page, url, range(SEEDS, SEEDS + options.uploads))
        scales.tell(f"{options.uploads} uploads, put away")
        browser.close()
        time.sleep(options.rest)
        scales.tell(f"{options.rest:.0f} s of rest")


if __name__ == "__main__":
    main()
