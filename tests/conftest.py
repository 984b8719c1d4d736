"""What all tests share."""

from hypothesis import HealthCheck, settings

# The same examples every time, and no complaint about a slow machine.
settings.register_profile(
    "rnnviz", derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("rnnviz")
