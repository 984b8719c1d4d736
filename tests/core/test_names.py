"""Numbers as they are written on screen."""

import pytest

from rnnviz.core.names import counted, number, percent


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0 %"), (12.5, "12.5 %"), (85.4, "85 %"), (99.0, "99 %"), (99.6, "99.6 %"), (99.9, "99.9 %"), (100, "100 %")],
)
def test_only_all_of_it_is_100_percent(value: float, written: str) -> None:
    assert percent(value) == written


@pytest.mark.parametrize("value", [99.91, 99.99, 100 - 1e-9])
def test_nearly_all_of_it_is_more_than_can_be_written(value: float) -> None:
    assert percent(value) == "> 99.9 %"


@pytest.mark.parametrize("value", [1e-9, 0.04, 0.09])
def test_nearly_nothing_is_less_than_can_be_written(value: float) -> None:
    assert percent(value) == "< 0.1 %" and percent(0.1) == "0.1 %"


@pytest.mark.parametrize(("count", "said"), [(0, "0 steps"), (1, "1 step"), (2, "2 steps"), (1200, "1,200 steps")])
def test_one_of_them_is_no_plural(count: int, said: str) -> None:
    assert counted(count, "step") == said


@pytest.mark.parametrize(("value", "written"), [(0.904, "0.90"), (-0.25, "−0.25"), (-0.001, "0.00")])
def test_a_minus_is_a_minus_and_zero_has_none(value: float, written: str) -> None:
    assert number(value) == written
