"""What all tests share."""

import gc
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# One thread each, here and in every process that a test starts: with more, models this small wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# What is trained without a device named is trained on the CPU, where it is compared with, also beside a GPU.
os.environ["RNNVIZ_DEVICE"] = "cpu"

# What tests bring lies in a folder of their own, which their processes share.
_contents = tempfile.TemporaryDirectory(prefix="rnnviz-contents-")
os.environ["RNNVIZ_CONTENTS"] = _contents.name

# The same examples every time, and no complaint about a slow machine.
settings.register_profile(
    "rnnviz", derandomize=True, deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("rnnviz")

_BROWSER = "tests/browser/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test of the browser's that fails is run once more, and the summary says so.

    Two cores carry a server, a worker and a browser: a press or an address can come too late there.
    """
    for item in items:
        if item.nodeid.startswith(_BROWSER):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Go to a machine on which nothing has been stored."""
    from rnnviz.core import contents
    from rnnviz.tasks.sentiment import reviews
    from tests.support.review_files import table

    def go() -> None:
        for cache in (reviews.opened, table):
            cache.cache_clear()
        contents._known.clear()
        gc.collect()
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.setenv(contents.FOLDER, str(tmp_path / "elsewhere"))

    yield go
    table.cache_clear()
