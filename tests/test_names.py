"""Numbers as they are written on screen."""

import pytest

from rnnviz.names import number, percent


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0 %"), (12.5, "12.5 %"), (85.4, "85 %"), (99.0, "99 %"), (99.6, "99.6 %"), (99.99, "99.9 %"), (100, "100 %")],
)
def test_only_all_of_it_is_100_percent(value: float, written: str) -> None:
    assert percent(value) == written


@pytest.mark.parametrize(("value", "written"), [(0.904, "0.90"), (-0.25, "−0.25"), (-0.001, "0.00")])
def test_a_minus_is_a_minus_and_zero_has_none(value: float, written: str) -> None:
    assert number(value) == written
