"""All tests, those in the browser last: `python -m tests`. What follows goes to pytest, for these tests alone.

`python -m tests fast` is the loop while writing code: no browser, no server, nothing marked `slow`.

A browser is found or installed first, so that no test is skipped for want of one.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHARED = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]  # whole files: their tests share servers
BROWSER = "tests/browser"  # these after all others: a server, a worker and a browser are much for two cores
FAST = ["core", "cells", "tasks", "specs", "runs", "analysis", "findings", "byhand", "charts", "live"]
FAST += ["test_contracts.py"]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_browser() -> str | None:
    """The path of a Chromium: named by RNNVIZ_BROWSER, on PATH, or Playwright's own."""
    named = os.environ.get("RNNVIZ_BROWSER")
    if named:
        return named
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    return _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install_browser() -> str | None:
    """Install a Chromium: Debian's own where that is possible, else Playwright's."""
    for commands in (_with_apt(), _with_playwright()):
        if commands and all(_succeeds(command) for command in commands):
            return find_browser()
    return None


def _with_apt() -> list[list[str]]:
    if not shutil.which("apt-get"):
        return []
    if os.geteuid() == 0:
        rights = []
    elif shutil.which("sudo") and _succeeds(["sudo", "-n", "true"]):
        rights = ["sudo", "-n"]
    else:
        return []
    install = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "--no-install-recommends"]
    fonts = "fonts-dejavu-core"  # a bare machine has none, and text without a font has no width
    return [[*rights, "apt-get", "update", "-q"], [*rights, *install, "chromium", fonts]]


def _with_playwright() -> list[list[str]]:
    return [[sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]]


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, stdin=subprocess.DEVNULL).returncode == 0


def main() -> int:
    """Find or install a browser, then run pytest; its exit status is ours, the first that is not 0."""
    os.chdir(ROOT)
    if sys.argv[1:2] == ["fast"]:
        return _pytest(*(f"tests/{name}" for name in FAST), "-m", "not slow", *sys.argv[2:])
    browser = find_browser() or install_browser()
    if not browser:
        print("No Chromium was found, nor could one be installed. Put one on PATH or name it in RNNVIZ_BROWSER.")
        return 1
    os.environ["RNNVIZ_BROWSER"] = browser
    if sys.argv[1:]:
        return _pytest(*sys.argv[1:])
    found = _pytest("--ignore", BROWSER), _pytest(BROWSER)
    return next(filter(None, found), 0)


def _pytest(*arguments: str) -> int:
    command = [sys.executable, "-m", "pytest", *SHARED, *arguments]
    return subprocess.run(command, stdin=subprocess.DEVNULL).returncode


if __name__ == "__main__":
    sys.exit(main())
