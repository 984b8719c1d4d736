"""What tests of branching begin with."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.fakes import FakeEngine, FakeJob
from tests.pages.visiting import SMALL, press, visit


@pytest.fixture
def trained(engine: FakeEngine) -> tuple[AppTest, FakeJob]:
    """A visit whose run is finished, and its job."""
    app = press(visit(SMALL), "Train")
    return app.run(), engine.all[0].train()
