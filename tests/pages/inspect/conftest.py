"""The inspect page before anything is brought."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.fakes import FakeEngine
from tests.pages.visiting import visit


@pytest.fixture
def app(engine: FakeEngine) -> AppTest:
    return visit(page="inspect")
