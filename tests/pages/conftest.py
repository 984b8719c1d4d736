"""Pages without a browser: Streamlit's own test harness, and an engine that trains nothing by itself."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from pages._ui.session import server
from pages._ui.session.state import AppState
from rnnviz.engine import Engine
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import StateOf
from tests.pages.watching import ByHand, Server


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """A fake engine, in place of the server's."""
    fake = FakeEngine()
    monkeypatch.setattr(server, "_engine", fake)
    return fake


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> ByHand:
    """A real engine that is moved by hand, in place of the server's."""
    by_hand = ByHand(workers=1)
    monkeypatch.setattr(server, "_engine", by_hand)
    return by_hand


@pytest.fixture(scope="module")
def worker() -> Iterator[Engine]:
    """A real engine that trains, in place of the server's."""
    engine = Engine(workers=1)
    engine.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "_engine", engine)
        yield engine
    engine.stop()


@pytest.fixture
def served() -> Iterator[Server]:
    """The routes of the live channel, on a port."""
    with Server() as running:
        yield running


@pytest.fixture
def state_of() -> StateOf:
    """The state behind an AppTest."""

    def read(app: AppTest) -> AppState:
        return app.session_state["rnnviz"]

    return read
