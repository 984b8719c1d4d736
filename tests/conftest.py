"""What all tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# One thread each, here and in every process that a test starts: with more, models this small wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# The same examples every time, and no complaint about a slow machine.
settings.register_profile(
    "rnnviz", derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("rnnviz")

_BROWSER = Path(__file__).parent / "browser"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Several processes share the files; the browser's tests, the longest, begin first and share one server."""
    items.sort(key=lambda item: _BROWSER not in item.path.parents)
    for item in items:
        group = _BROWSER if _BROWSER in item.path.parents else item.path
        item.add_marker(pytest.mark.xdist_group(str(group.relative_to(_BROWSER.parent))))
