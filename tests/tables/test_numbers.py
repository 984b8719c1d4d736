"""Tables of numbers as people bring them to a model of their own, and as series: one value, however it is written."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rnnviz.checkpoints.own_input import read_vectors, vectors
from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError
from rnnviz.tasks.forecast import Forecast
from rnnviz.tasks.forecast.reading import read_series
from tests.support.series_files import days

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
X = np.random.default_rng(3).standard_normal((6, 3)).astype(np.float32)
NUMBERS = pd.DataFrame(X)


# Numbers for Inspect

SHEETS = {
    "names 0,1,2": NUMBERS.to_csv(index=False),
    "an index and names 0,1,2": NUMBERS.to_csv(),
    "names": NUMBERS.set_axis(list("abc"), axis=1).to_csv(index=False),
    "months": NUMBERS.set_axis(["1949-01", "1949-02", "1949-03", "1949-04", "1949-05", "1949-06"]).to_csv(
        index_label="Month"
    ),
    "short months": NUMBERS.set_axis([f"{month}-49" for month in MONTHS[:6]]).to_csv(header=False),
    "German dates": NUMBERS.set_axis([f"{day}.02.2021" for day in range(1, 7)]).to_csv(sep=";"),
    "semicolons and decimal commas": NUMBERS.to_csv(sep=";", decimal=",", header=False, index=False),
    "tabs and decimal commas": NUMBERS.to_csv(sep="\t", decimal=",", index=False),
    "quoted decimal commas": NUMBERS.to_csv(decimal=",", index=False, header=False, quoting=csv.QUOTE_ALL),
    "a sum": NUMBERS.to_csv(index_label="id") + "Total,1,2,3\n",
    "a title and a remark": "Measured\n" + NUMBERS.to_csv(index=False) + "# in the lab\n",
    "names of places": NUMBERS.set_axis(["Oslo", "Rome", "Bonn", "Oslo", "Rome", "Bonn"]).to_csv(index_label="city"),
}


@pytest.mark.parametrize("kind", SHEETS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_the_same_numbers_are_read(kind: str, encoding: str) -> None:
    found = read_vectors(SHEETS[kind].encode(encoding))
    np.testing.assert_allclose(found.x, X, rtol=1e-6)
    assert found.report is not None
    for name, why in found.report.left_out.items():
        assert f"Left out: “{name}”, which {why}." in found.note


def test_whole_numbers_below_names_are_none_of_the_names() -> None:
    whole = (10 * X).astype(int)
    np.testing.assert_array_equal(vectors(pd.DataFrame(whole).to_csv(index=False).encode()), whole)
    np.testing.assert_array_equal(vectors(b"0,1,2\n3,4,5\n6,7,8"), np.arange(9).reshape(3, 3))
    np.testing.assert_array_equal(vectors(b"0,1\n1,0\n1,1"), [[0, 1], [1, 0], [1, 1]])


def test_what_counts_the_rows_is_read_where_the_model_needs_it() -> None:
    data = b"0,1.5,2\n1,3,4\n2,3,4\n"
    np.testing.assert_array_equal(read_vectors(data, 2).x, [[1.5, 2], [3, 4], [3, 4]])
    np.testing.assert_array_equal(read_vectors(data, 3).x, [[0, 1.5, 2], [1, 3, 4], [2, 3, 4]])


def test_columns_of_numbers_may_be_chosen() -> None:
    data = NUMBERS.set_axis(list("abc"), axis=1).to_csv().encode()
    found = read_vectors(data, columns=("a", "c"))
    np.testing.assert_allclose(found.x, X[:, [0, 2]], rtol=1e-6)
    assert found.report is not None and found.report.left_out["b"] == "is not chosen"
    with pytest.raises(ExperimentError, match="a table with a column “z”"):
        read_vectors(data, columns=("z",))


@pytest.mark.parametrize("rows", [401, 500, 5_000])
def test_of_numbers_that_are_too_many_the_beginning_is_read(rows: int) -> None:
    x = np.random.default_rng(0).standard_normal((rows, 2)).astype(np.float32)
    for text in (pd.DataFrame(x).to_csv(index=False), pd.DataFrame(x).to_csv(index=False, header=False)):
        found = read_vectors(text.encode())
        np.testing.assert_allclose(found.x, x[: limits.LONGEST_SEQUENCE], rtol=1e-6)
        assert "Too long: its first 400 rows are used." in found.note


# Series

DAYS, VALUES = days(100)


def series(tmp_path: Path, text: str, encoding: str = "utf-8") -> Forecast:
    path = tmp_path / "series.csv"
    path.write_bytes(text.encode(encoding))
    return Forecast(table=read_series(path), length=10)


def german(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def sheet(header: str, line: str) -> str:
    """A table of the series: `n` counts its rows, `v` and `c` are a value with a point and with a comma."""
    rows = zip(DAYS, VALUES, strict=True)
    return header + "".join(line.format(n=n, day=day, v=f"{v:.2f}", c=german(v)) for n, (day, v) in enumerate(rows, 1))


SERIES = {
    "index": sheet(",date,value\n", "{n},{day},{v}\n"),
    "id": sheet("date,value,uuid\n", "{day},{v},{n}\n"),
    "constant": sheet("station,date,value\n", "17,{day},{v}\n"),
    "decimal commas": sheet("Datum;Wert\n", "{day};{c}\n"),
    "tabs and decimal commas": sheet("Datum\tWert\n", "{day}\t{c}\n"),
    "a title": sheet("From the station\ndate,value\n", "{day},{v}\n"),
    "R's write.table": sheet("date\tvalue\n", "{n}\t{day}\t{v}\n"),
    "numbers for names": sheet("0,1\n", "{day},{v}\n"),
}


@pytest.mark.parametrize("kind", SERIES)
def test_the_same_series_is_learned(tmp_path: Path, kind: str) -> None:
    found = series(tmp_path, SERIES[kind]).series
    assert found.values.shape == (100, 1) and found.every == "day"
    np.testing.assert_allclose(found.values[:, 0], VALUES.round(2), rtol=1e-6)
    assert (found.names[0], found.names[-1]) == ("2014-01-01", "2014-04-10")


@pytest.mark.parametrize("kind", ["Jan-49", "1949-01", "1/1949", "Jan 1949", "1949M01", "Jan '49"])
def test_months_as_people_write_them(tmp_path: Path, kind: str) -> None:
    ways = {
        "Jan-49": lambda year, month: f"{MONTHS[month]}-{year % 100}",
        "1949-01": lambda year, month: f"{year}-{month + 1:02}",
        "1/1949": lambda year, month: f"1/{month + 1}/{year}",
        "Jan 1949": lambda year, month: f"{MONTHS[month]} {year}",
        "1949M01": lambda year, month: f"{year}M{month + 1:02}",
        "Jan '49": lambda year, month: f"{MONTHS[month]} '{year % 100}",
    }
    rows = [f"{ways[kind](1949 + n // 12, n % 12)},{112 + n * n % 7}\n" for n in range(144)]
    if kind == "1/1949":
        rows = [f"{n // 12 + 1949}/{n % 12 + 1},{112 + n * n % 7}\n" for n in range(144)]
    found = series(tmp_path, "Month,#Passengers\n" + "".join(rows))
    assert found.series.every == "month" and found.series.season == 12
    assert (found.series.names[0], found.series.names[-1]) == ("1949-01", "1960-12")
    assert "Dates are in the column “Month” (found by name)." in found.summary
    assert found.first_rows == ("1949-01: 112", "1949-02: 113", "1949-03: 116")


def test_a_sum_below_a_series_is_none_of_it(tmp_path: Path) -> None:
    text = "place,value\n" + "".join(f"x{n % 3},{v:.2f}\n" for n, v in enumerate(VALUES)) + "Total,9999\n"
    found = series(tmp_path, text)
    assert len(found.series.values) == 100 and found.series.values.max() < 100
    assert "Left out: 1 row with a sum or a remark." in found.summary
    assert "Left out: “place”, which holds no numbers." in found.summary


@pytest.mark.parametrize(
    ("encoding", "names"), [("cp932", "日付,気温"), ("gb18030", "日期,温度"), ("cp1252", "Tag,Wärme")]
)
def test_names_in_other_encodings(tmp_path: Path, encoding: str, names: str) -> None:
    text = names + "\n" + "".join(f"{day},{v:.2f}\n" for day, v in zip(DAYS, VALUES, strict=True))
    assert series(tmp_path, text, encoding).series.columns == (names.split(",")[1],)
