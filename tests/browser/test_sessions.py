"""A class of thirty on one experiment: one job, and no torch in the server's process."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.benchmarks.sessions import Session, open_all, watching
from tests.browser.conftest import NewServer, OpenTab, Server
from tests.browser.helpers import LONG, SHORT, drawn, part, press, status
from tests.engine.helpers import until

CLASS = 30


@pytest.fixture
def sessions() -> Iterator[list[Session]]:
    opened: list[Session] = []
    yield opened
    for session in opened:
        session.close()


def test_thirty_sessions_that_train_one_experiment_share_one_job(server: Server, sessions: list[Session]) -> None:
    query = f"{LONG}&seed=501"
    sessions += open_all(server.url, query, CLASS)
    assert len(sessions) == CLASS
    for session in sessions:
        session.press("Train")
    assert watching(sessions[-1]) == CLASS


def test_who_closes_the_tab_watches_no_longer(server: Server, sessions: list[Session]) -> None:
    query = f"{LONG}&seed=502"
    sessions += open_all(server.url, query, 3)
    for session in sessions:
        session.press("Train")
    first, *others = sessions
    assert watching(first) == 3
    for session in others:
        session.close()
    until(lambda: alone(first), every=0.5, what="a bar that names no other watcher")


def alone(session: Session) -> bool:
    """Whether the run goes on and the bar says of nobody else that they watch."""
    said = session.standing()["text"]
    return "watching" not in said and "of 20,000" in said


def test_no_visit_imports_torch_into_the_server(new_server: NewServer, tab: OpenTab) -> None:
    server = new_server()
    page = tab(f"{server.url}/?{SHORT}&seed=503")
    press(page, "Train")
    status(page, "finished")
    for name in ("States", "Gates", "Gradients"):
        part(page, "menu").get_by_role("link", name=name).click()
        status(page, "finished")
        expect(page).to_have_url(re.compile(f"/{name.lower()}"))
        drawn(page)
    loaded = Path(f"/proc/{server.process.pid}/maps").read_text()
    assert "numpy" in loaded
    assert "libtorch" not in loaded and "/torch/" not in loaded
