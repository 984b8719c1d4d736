"""Pages without a browser: Streamlit's own test harness, and an engine that trains nothing by itself."""

import pytest

from pages._ui.session import server
from pages._ui.session.state import AppState
from rnnviz.engine import Engine
from tests.pages.fakes import FakeEngine
from tests.pages.watching import ByHand, Server


@pytest.fixture
def engine(monkeypatch):
    """A fake engine, in place of the server's."""
    fake = FakeEngine()
    monkeypatch.setattr(server, "_engine", fake)
    return fake


@pytest.fixture
def desk(monkeypatch):
    """A real engine that is moved by hand, in place of the server's."""
    by_hand = ByHand(workers=1)
    monkeypatch.setattr(server, "_engine", by_hand)
    return by_hand


@pytest.fixture(scope="module")
def worker():
    """A real engine that trains, in place of the server's."""
    engine = Engine(workers=1)
    engine.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "_engine", engine)
        yield engine
    engine.stop()


@pytest.fixture
def served():
    """The routes of the live channel, on a port."""
    with Server() as running:
        yield running


@pytest.fixture
def state_of():
    """The state behind an AppTest."""

    def read(app) -> AppState:
        return app.session_state["rnnviz"]

    return read
