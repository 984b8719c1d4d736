"""The inspect page before anything is brought."""

import pytest

from tests.pages.visiting import visit


@pytest.fixture
def app(engine):
    return visit(page="inspect")
