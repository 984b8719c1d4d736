"""Engines with real worker processes, and a desk without any."""

from collections.abc import Iterator

import pytest

from rnnviz.engine import Engine
from tests.engine.office import Office

FAULTY = "tests.support.faulty_trainer:ticks"


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """One engine with real training, for all tests that leave it whole."""
    engine = Engine(workers=1, grace=0.3, keep=0.5)
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture(scope="session")
def faulty() -> Iterator[Engine]:
    """An engine whose jobs go wrong as their seed says; its worker counts as hung after two seconds."""
    engine = Engine(workers=1, patience=2.0, trainer=FAULTY)
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def office() -> Office:
    return Office()
