"""What all tests share."""

import os

from hypothesis import HealthCheck, settings

# One thread each, here and in every process that a test starts: with more, models this small wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# The same examples every time, and no complaint about a slow machine.
settings.register_profile(
    "rnnviz", derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("rnnviz")
