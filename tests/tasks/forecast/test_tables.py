"""A series of one's own: what is found in a table, what is said of it, and what is refused."""

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.core.errors import ExperimentError
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tables import dates, numerals
from rnnviz.tasks.forecast import Forecast, brought, times
from rnnviz.tasks.forecast.task import SEASONAL, STAYS
from tests.support.series_files import days, rows, series, stored

HEAD = "date,value,other\n"


def task_of(text: str, **fields: int) -> Forecast:
    return Forecast(table=stored(text), length=10, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cells", "semicolons", "decimal", "unit", "values"),
    [
        (["1,234.5", "2,000", "3"], False, ".", "", [1234.5, 2000, 3]),
        (["12,8", "3,5", "-"], True, ",", "", [12.8, 3.5, np.nan]),
        (["1.234,5", "2.000"], False, ",", "", [1234.5, 2000]),
        (["1,234", "2,345"], False, ".", "", [1234, 2345]),
        (["1,234", "2,345"], True, ",", "", [1.234, 2.345]),
        (["$1,200", "$300"], False, ".", "$", [1200, 300]),
        (["12.8 °C", "−3 °C", "n/a"], False, ".", "°C", [12.8, -3, np.nan]),
        (["1 234,5", "5"], False, ",", "", [1234.5, 5]),
        (["-$5.20", "$3"], False, ".", "$", [-5.2, 3]),
        (["1e-3", ".5", "inf"], False, ".", "", [0.001, 0.5, None]),
        (["5", "1_000", "abc", "1,23,4"], False, ".", "", [5, None, None, None]),
    ],
)
def test_numbers_as_people_write_them(
    cells: list[str], semicolons: bool, decimal: str, unit: str, values: list[float | None]
) -> None:
    way, found, share = numerals.look(cells, semicolons)
    assert (way.decimal, found) == (decimal, unit)
    read = [way.value(cell) for cell in cells]
    assert [one is None for one in read] == [one is None for one in values]
    known = [(one, right) for one, right in zip(read, values, strict=True) if one is not None]
    np.testing.assert_allclose(*np.array(known, float).T)
    assert share == pytest.approx(np.mean([one is not None for one in values if one is None or not np.isnan(one)]))


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (["2012-01-31", "2012/02/01"], "2012-01-31"),
        (["31.01.2012", "1.2.2012"], "2012-01-31"),
        (["01/31/2012", "2/1/12"], "2012-01-31"),
        (["31/01/2012", "1/2/2012"], "2012-01-31"),
        (["31 Jan 2012", "February 1, 2012"], "2012-01-31"),
        (["2012-01", "Feb 2012"], "2012-01-01"),
        (["20120131", "20120201"], "2012-01-31"),
        (["2012-01-31T06:30:00Z"], "2012-01-31T06:30"),
        (["1/31/2012 6:30", "1/2/2012 06:30:00"], "2012-01-31T06:30"),
    ],
)
def test_dates_as_people_write_them(cells: list[str], first: str) -> None:
    way, share = dates.look(cells)
    assert share == 1.0 and way.seconds(cells[0]) == np.datetime64(first, "s").astype(int)
    assert way.seconds("soon") is None and way.seconds("2012-13-01") is None


@pytest.mark.parametrize(
    ("begin", "unit", "count", "every", "season"),
    [("2012-01-01", "D", 1000, "day", 365), ("2012-01-01", "D", 300, "day", 7), ("2012-01-01", "h", 100, "hour", 24),
     ("1990-01", "M", 100, "month", 12), ("1900", "Y", 70, "year", 1), ("2012-01-01", "W", 200, "week", 52)],
)  # fmt: skip
def test_the_step_and_the_season_follow_from_the_dates(
    begin: str, unit: str, count: int, every: str, season: int
) -> None:
    when = (np.datetime64(begin) + np.arange(count).astype(f"timedelta64[{unit}]")).astype("datetime64[s]").astype(int)
    found = times.steps_of(when)
    assert found is not None and found.every == every
    np.testing.assert_array_equal(found.at(when), np.arange(count))
    assert times.season_of(every, count)[0] == season


def test_what_is_found_is_said() -> None:
    chosen = task_of(HEAD + "\n".join(rows(900)))
    assert chosen.brought and chosen.input_size == 4 and chosen.asked_name == "value"
    assert chosen.series.trained == 900 - 225 and chosen.series.season == 365
    for part in (
        "Learning “value” of 900 days, 2014-01-01 to 2016-06-18.", "“date” (found by name)", "Read beside it: “other”.",
        "The last 225 days are held out", "after 365 days (a year)",
    ):  # fmt: skip
        assert part in chosen.summary
    assert "missing" not in chosen.summary and "“value”" in chosen.asks


def test_gaps_and_missing_numbers_are_named_with_counts_and_never_asked() -> None:
    lines = rows(300)
    del lines[100:110]
    lines[5], lines[6] = "2014-01-06,n.a.,1", "2014-01-07,,1"
    lines[50], lines[51] = lines[51], lines[50]
    lines.append(lines[-1])
    chosen = task_of(HEAD + "\n".join(lines))
    assert chosen.series.partial and chosen.answers.of.partial and chosen.input_size == 6
    assert np.isnan(chosen.series.values[:, 0]).nonzero()[0].tolist() == [5, 6, *range(100, 110)]
    for part in ("are sorted", "1 row with the date of another", "1 cell without a number (“n.a.”)",
                 "12 days without a number, 10 of them without a row"):  # fmt: skip
        assert part in chosen.summary


def test_the_seasonal_forecast_knows_no_value_that_came_later() -> None:
    chosen = Forecast(table=series(300), length=10, ahead=14)
    batch, values = chosen.make_held_out(np.random.default_rng(0)), chosen.series.standard[:, 0]
    at = int(batch.starts[0]) + 4
    assert chosen.series.season == 7
    np.testing.assert_array_equal(chosen.reader.season_ago(batch)[4, 0, :7], values[at - 6 : at + 1])
    np.testing.assert_array_equal(chosen.reader.season_ago(batch)[4, 0, 7:], values[at - 6 : at + 1])
    without = task_of("a,b\n" + "\n".join(f"{value:.2f},{value:.1f}" for value in days(100)[1]), ahead=3)
    assert "No column of dates was found" in without.summary
    np.testing.assert_array_equal(without.simple[STAYS], without.simple[SEASONAL])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "table must be a file with a column of numbers and one of dates, .*; got an empty file"),
        ("value\n1\n2\n", "a column of numbers and one of dates, .*; got one column"),
        (HEAD + "\n".join(f"{day},5,x" for day in days(90)[0]), "“value” changes, .*; got 5 in every row"),
        (HEAD + "\n".join(rows(30)), "at least 60 numbers in time; got 30"),
        (HEAD + "\n".join(f"{day},warm,cold" for day in days(90)[0]), "got no column of numbers"),
        (HEAD + "\n".join(f"day {at}th,{at * at},1" for at in range(90)), "dates such as .* in the column “date”; got"),
    ],
)
def test_what_cannot_be_forecast_is_refused_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(ExperimentError, match=said) as refused:
        stored(text)
    assert refused.value.field == "table"


REVIEWS = "\n".join(f"{at},It was {'good' if at % 3 else 'dull'}.,{'yes' if at % 3 else 'no'}" for at in range(90))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (",review,liked\n" + REVIEWS, "got only “column 1”, which counts the rows."),
        ("n,review,liked\n" + REVIEWS, "got only “n”, which counts the rows."),
        ("id,text\n" + "\n".join(f"{at * 37 % 101},some words" for at in range(90)), "“id”, which names each row."),
        ("date,no\n" + "\n".join(f"{day},{at}" for at, day in enumerate(days(90)[0])), "“no”, which counts the rows."),
    ],
    ids=["an index without a name", "an index with a name", "an id", "an index beside dates"],
)
def test_a_column_that_counts_or_names_the_rows_is_no_series_unless_it_is_chosen(text: str, said: str) -> None:
    with pytest.raises(ExperimentError, match=said) as refused:
        stored(text)
    assert refused.value.field == "table"
    name = said.split("”")[0].split("“")[1]
    table = stored(text, None, name)
    assert brought.chosen(table.view("table"))[1][1] == name


def test_a_stretch_too_long_for_a_series_is_refused_with_what_is_possible() -> None:
    short = Forecast(table=series(100), length=30)
    with pytest.raises(ExperimentError, match=r"length must be at most 16 for a series of 100 days, .*; got 30"):
        rv.Experiment(short, (ModelSpec("gru", 4),)).checked()


def test_columns_may_be_chosen() -> None:
    table = stored(HEAD + "\n".join(rows(100)), None, "other")
    assert brought.chosen(table.view("table"))[1] == ("date", "other")
    with pytest.raises(ExperimentError, match="one with a column “x”; got the columns date, value, other"):
        stored(HEAD + "\n".join(rows(100)), None, "x")


def test_a_series_with_gaps_is_trained_on() -> None:
    chosen = Forecast(table=series(200, missing=True), length=10, ahead=2)
    run = rv.run(rv.Experiment(chosen, (ModelSpec("gru", 4),), TrainingSpec(3, batch=4)))
    assert np.isfinite(run.model_frame("gru").score) and np.isfinite(run.model_frame("gru").loss)
    assert np.isfinite(run.model_frame("gru")["apart/error"]).all()


def test_stretches_of_a_long_gap_are_not_held_out() -> None:
    lines = [
        line if at < 1_500 or at in (1_777, 1_778) else f"{line.split(',')[0]},," for at, line in enumerate(rows(2_000))
    ]
    chosen = task_of("\n".join(["date,value,square", *lines]), ahead=1)
    batch = chosen.held_out()
    assert np.isfinite(batch.targets).any(axis=(0, 2)).all() and np.isfinite(
        chosen.score(chosen.guess(batch), batch.targets)
    )
    assert (batch.starts >= chosen.series.trained).all()  # type: ignore[attr-defined]
