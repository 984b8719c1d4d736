"""A real server and a real browser."""

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.__main__ import find_browser
from tests.engine.helpers import until

ROOT = Path(__file__).parents[2]
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 30_000  # milliseconds; a busy machine is slow, not wrong

OpenTab = Callable[..., Page]  # what the fixture `tab` is
NewServer = Callable[..., "Server"]  # what the fixture `new_server` is

expect.set_options(timeout=PATIENCE)


class Server:
    """The app in a process of its own, on a free port if none is given, perhaps under a base path such as "lab/rnn"."""

    def __init__(self, script: str = "app.py", port: int = 0, base: str = "") -> None:
        self.port = port or _free_port()
        self.url = f"http://127.0.0.1:{self.port}/{base}".rstrip("/")
        options = ["--server.headless=true", f"--server.port={self.port}", "--server.address=127.0.0.1"]
        options += [f"--server.baseUrlPath={base}"] if base else []
        command = [sys.executable, "-m", "streamlit", "run", script, *options]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True)

    def wait(self, seconds: float = 60.0) -> "Server":
        """Wait until it answers."""
        until(self._answers, seconds, every=0.1, what="the server's first answer")
        return self

    def _answers(self) -> bool:
        assert self.process.poll() is None, "the server ended before it answered"
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2):
                return True
        except (OSError, urllib.error.URLError):
            return False

    def stop(self) -> None:
        """Ask it to end, as Ctrl+C does, so that it ends its workers."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server for most tests: give each experiment a seed of its own."""
    running = Server().wait()
    yield running
    running.stop()


@pytest.fixture
def new_server() -> Iterator[NewServer]:
    """Servers that nobody has visited yet."""
    started: list[Server] = []

    def start(script: str = "app.py", **where: Any) -> Server:
        started.append(Server(script, **where))
        return started[-1].wait()

    yield start
    for one in started:
        one.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser that `python -m tests` found or installed."""
    path = os.environ.get("RNNVIZ_BROWSER") or find_browser()
    if not path:
        pytest.fail("no Chromium on this machine: run `python -m tests`, which installs one")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember which tests failed, so that their pages can be shown."""
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


@pytest.fixture
def tab(browser: Browser, request: pytest.FixtureRequest) -> Iterator[OpenTab]:
    """Opens tabs, each of a visitor of its own; `before` is done to a tab that is still empty.

    They do not ask for a guess unless `guesses` is "first".

    When the test has failed, what the tabs show is printed: a failure that comes once in fifty runs explains itself.
    """
    contexts = []

    def open_tab(
        url: str,
        width: int = 1400,
        height: int = 900,
        before: Callable[[Page], object] = lambda page: None,
        guesses: str = "never",
        **options: Any,
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        context.add_init_script(
            f"localStorage.getItem('rnnviz-guess') ?? localStorage.setItem('rnnviz-guess', '{guesses}')"
        )
        page = context.new_page()
        before(page)
        page.goto(url)
        return page

    yield open_tab
    for context in contexts:
        if request.node.stash.get(_FAILED, False):
            print(*(f"{page.url}\n{page.locator('body').inner_text()}" for page in context.pages), sep="\n---\n")
        context.close()
