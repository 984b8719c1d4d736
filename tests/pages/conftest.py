"""Pages without a browser: Streamlit's own test harness, and an engine that trains nothing by itself."""

import pytest

from pages._ui.session import server
from pages._ui.session.state import AppState
from tests.pages.fakes import FakeEngine


@pytest.fixture
def engine(monkeypatch):
    """A fake engine, in place of the server's."""
    fake = FakeEngine()
    monkeypatch.setattr(server, "_engine", fake)
    return fake


@pytest.fixture
def state_of():
    """The state behind an AppTest."""

    def read(app) -> AppState:
        return app.session_state["rnnviz"]

    return read
