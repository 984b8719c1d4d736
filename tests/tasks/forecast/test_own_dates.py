"""Series whose dates come again, or can be read in two orders."""

import pytest

from rnnviz.core.errors import ExperimentError
from rnnviz.tasks.forecast import Forecast
from tests.support.series_files import days, stored

DAYS, VALUES = days(400)


def task_of(header: str, lines: list[str]) -> Forecast:
    return Forecast(table=stored("\n".join([header, *lines])), length=10)


@pytest.mark.parametrize("often", [2, 3])
def test_dates_that_come_again_are_days(often: int) -> None:
    found = task_of("date,v", [f"{DAYS[at // often]},{VALUES[at]:.2f}" for at in range(400)])
    count = -(-400 // often)
    assert found.series.every == "day" and found.series.season == 7
    assert f"of {count} days" in found.summary and "no equal distances" not in found.summary
    assert f"{400 - count} rows with the date of another: the first counts." in found.summary


def test_gaps_between_dates_that_come_again_are_gaps() -> None:
    lines = [f"{DAYS[at // 2]},{VALUES[at // 2]:.2f}" for at in range(400) if at // 2 % 10]
    found = task_of("date,v", lines)
    assert found.series.every == "day" and "19 of them without a row" in found.summary


@pytest.mark.parametrize("by_city", [False, True])
def test_a_long_table_says_what_tells_its_rows_apart(by_city: bool) -> None:
    lines = [f"{day},{city},{value + ord(city):.2f}" for day, value in zip(DAYS, VALUES, strict=True) for city in "ABC"]
    found = task_of("date,city,v", sorted(lines, key=lambda line: line.split(",")[1]) if by_city else lines)
    assert found.series.every == "day" and "800 rows with the date of another" in found.summary
    assert "“city” tells rows of the same date apart" in found.summary


def test_a_text_that_comes_again_at_the_same_date_tells_nothing_apart() -> None:
    lines = [f"{day},{city},{value:.2f}" for day, value in zip(DAYS, VALUES, strict=True) for city in "AA"]
    assert "apart" not in task_of("date,city,v", lines).summary


def test_rows_that_share_one_date_are_refused_as_such() -> None:
    lines = [f"{DAYS[0 if at < 399 else 1]},{VALUES[at]:.2f}" for at in range(400)]
    with pytest.raises(ExperimentError, match="at least 60 different dates; got 2 different among 400 rows"):
        task_of("date,v", lines)


def test_columns_that_are_not_looked_at_are_counted() -> None:
    names = ",".join(["date", *(f"c{at}" for at in range(300))])
    lines = [",".join([str(day), *(f"{value * (1 + at):.2f}" for at in range(300))])
             for day, value in zip(DAYS[:90], VALUES[:90], strict=True)]  # fmt: skip
    said = task_of(names, lines).summary
    assert "191 more columns of numbers not read" in said
    assert "101 columns behind the first 200 are not looked at." in said


def _ambiguous(month_first: bool) -> list[str]:
    """Lines of the first twelve days of all months, in order of time: as many dates in either order of their parts."""
    kept = [day.item() for day in days(700)[0] if day.item().day <= 12]
    return [f"{day.month}/{day.day}/{day.year}" if month_first else f"{day.day}/{day.month}/{day.year}" for day in kept]


@pytest.mark.parametrize(("month_first", "first"), [(True, "month"), (False, "day")])
@pytest.mark.parametrize("backwards", [False, True])
def test_rows_are_in_order_of_time_where_two_orders_of_dates_are_possible(
    month_first: bool, first: str, backwards: bool
) -> None:
    cells = _ambiguous(month_first)
    cells = cells[::-1] if backwards else cells
    found = task_of("date,v", [f"{cell},{value:.2f}" for cell, value in zip(cells, VALUES, strict=False)])
    assert f"Day and month of them could be swapped: the {first} is read first." in found.summary
    assert found.series.names[:13].tolist() == [*(f"2014-01-{day:02}" for day in range(1, 13)), "2014-02-01"]
    assert ("are sorted" in found.summary) == backwards


def test_dates_of_one_order_are_not_said_to_have_two() -> None:
    lines = [
        f"{day.item().month}/{day.item().day}/{day.item().year},{v:.2f}" for day, v in zip(DAYS, VALUES, strict=True)
    ]
    assert "swapped" not in task_of("date,v", lines).summary
