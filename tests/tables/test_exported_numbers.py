"""Series, numbers and reviews as programs export them: the same values are learned, or one sentence says why none."""

import datetime
import json
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from rnnviz.checkpoints.own_input import read_vectors
from rnnviz.core.contents import Content, incoming
from rnnviz.core.errors import ExperimentError
from rnnviz.tasks.forecast import Forecast
from rnnviz.tasks.forecast.reading import read_series
from rnnviz.tasks.sentiment.reading import read_reviews
from rnnviz.tasks.sentiment.task import Sentiment
from tests.support.refusals import is_one_clear_sentence

# Series

VALUES = [100 + n * 7 % 31 + n * 0.5 for n in range(96)]
NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
YEARS = [(1949 + n // 12, n % 12 + 1) for n in range(96)]
DAYS = [datetime.date(1990, 1, 1) + datetime.timedelta(n) for n in range(96)]


def stored(text: str | bytes, read: Callable[..., Content] = read_series) -> Content:
    with incoming() as path:
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return read(path)


def series(text: str) -> Forecast:
    return Forecast(table=stored(text), length=10, ahead=1)


def table(
    dates: Sequence[object], values: Sequence[object] = VALUES, by: str = ",", head: str = "Month,Passengers"
) -> str:
    rows = "".join(f"{date}{by}{value}\n" for date, value in zip(dates, values, strict=True))
    return head.replace(",", by) + "\n" + rows


MONTHS = [f"{year}-{month:02}" for year, month in YEARS]
PLAIN = table(MONTHS)
OF_MONTHS = {
    "49-Jan": [f"{year % 100}-{NAMES[month - 1]}" for year, month in YEARS],
    "1949 Jan": [f"{year} {NAMES[month - 1]}" for year, month in YEARS],
    "01/1949": [f"{month:02}/{year}" for year, month in YEARS],
    "1.1949": [f"{month}.{year}" for year, month in YEARS],
    "1949M01": [f"{year}M{month:02}" for year, month in YEARS],
    "194901": [f"{year}{month:02}" for year, month in YEARS],
    "1/1/1949": [f"{month}/1/{year}" for year, month in YEARS],  # twelve rows a year: the month comes first
}


@pytest.mark.parametrize("kind", OF_MONTHS)
def test_months(kind: str) -> None:
    found = series(table(OF_MONTHS[kind])).series
    assert (found.every, found.names[0], found.names[-1]) == ("month", "1949-01", "1956-12")
    np.testing.assert_allclose(found.values[:, 0], VALUES)


OF_DAYS: dict[str, list[object]] = {
    "Monday 01 January 1990": [f"{day:%A %d %B %Y}" for day in DAYS],
    "Mon 01 Jan 1990": [f"{day:%a %d %b %Y}" for day in DAYS],
    "01JAN1990": [f"{day:%d%b%Y}".upper() for day in DAYS],
    "1990-1-1": [f"{day.year}-{day.month}-{day.day}" for day in DAYS],
    "01/01/1990": [f"{day:%d/%m/%Y}" for day in DAYS],
    "1990-01-01 00:00 UTC": [f"{day} 00:00:00 UTC" for day in DAYS],
    "with a zone": [f"{day}T00:00:00+02:00" for day in DAYS],
    "of a spreadsheet": [32874 + n for n in range(96)],
    "seconds": [631152000 + 86400 * n for n in range(96)],
    "milliseconds": [(631152000 + 86400 * n) * 1000 for n in range(96)],
    "12 AM": [f"{day:%m/%d/%Y} 12:00:00 AM" for day in DAYS],
}


@pytest.mark.parametrize("kind", OF_DAYS)
def test_days(kind: str) -> None:
    found = series(table(OF_DAYS[kind], head="Date,Value"))
    assert (found.series.every, found.series.names[0], found.series.names[-1]) == ("day", "1990-01-01", "1990-04-06")
    np.testing.assert_allclose(found.series.values[:, 0], VALUES)
    assert "Dates are in the column “Date” (found by name)." in found.summary


@pytest.mark.parametrize("head", ["Year,Temp", "Jahr,Wert", "x,y", ""])
def test_years_count_and_are_dates(head: str) -> None:
    text = table([1850 + n for n in range(96)], head=head).lstrip("\n")
    found = series(text).series
    assert (found.every, found.names[0], found.names[-1]) == ("year", "1850", "1945")


IN_COLUMNS = {
    "year,month,value": [f"{year},{month}" for year, month in YEARS],
    "Year,Month,Passengers": [f"{year},{NAMES[month - 1]}" for year, month in YEARS],
}


@pytest.mark.parametrize("head", IN_COLUMNS)
def test_several_columns_say_when(head: str) -> None:
    found = series(table(IN_COLUMNS[head], head=head))
    assert found.series.names[-1] == "1956-12" and len(found.series.columns) == 1
    assert f"Dates are in the columns “{head.split(',')[0]}” and “{head.split(',')[1]}”" in found.summary
    daily = series(table([f"{day.year},{day.month},{day.day}" for day in DAYS], head="year,month,day,value"))
    assert daily.series.every == "day" and daily.series.names[-1] == "1990-04-06"
    hours = [f"{DAYS[n // 24]:%d/%m/%Y},{n % 24:02}:00:00" for n in range(96)]
    assert series(table(hours, head="Date,Time,Value")).series.names[-1] == "1990-01-04 23:00"


STRAYS = {
    "units": "Month,Passengers\nYYYY-MM,1000\n" + PLAIN.partition("\n")[2],
    "names again": PLAIN.replace("1950-01", "Month,Passengers\n1950-01"),
    "a remark": "# FRED\n# x,y\n" + PLAIN.replace("1950-01", "# gap\n1950-01"),
    "Markdown": "| Month | Value |\n|---|---:|\n"
    + table([f"| {m} " for m in MONTHS], [f" {v} |" for v in VALUES], "|")[17:],
    "a sum": PLAIN + "Total,20000\n",
    "accountants": table(MONTHS, [f"{v:.1f}" for v in VALUES]),
    "percent": table(MONTHS, [f"{v} %" for v in VALUES]),
    "dollars": table(MONTHS, [f"${v}" for v in VALUES]),
    "old Mac": PLAIN.replace("\n", "\r"),
}


@pytest.mark.parametrize("kind", STRAYS)
def test_what_stands_beside_the_values_changes_none(kind: str) -> None:
    found = series(STRAYS[kind]).series
    assert (found.every, len(found.values)) == ("month", 96)
    np.testing.assert_allclose(found.values[:, 0], VALUES)


@pytest.mark.parametrize("kind", ["({})", "{}-", "(${})", "−{}", "-${}"])
def test_negative_numbers(kind: str) -> None:
    found = series(table(MONTHS, [kind.format(v) if n % 3 else v for n, v in enumerate(VALUES)])).series
    np.testing.assert_allclose(found.values[:, 0], [-v if n % 3 else v for n, v in enumerate(VALUES)])


@pytest.mark.parametrize("cell", ["N/A", "-", "null", "?", "NaN", "", "#N/A", "..", "*", "#DIV/0!", "inf", "1e300"])
def test_cells_without_a_number_are_missing(cell: str) -> None:
    found = series(table(MONTHS, [cell if n % 9 == 4 else v for n, v in enumerate(VALUES)]))
    assert np.isnan(found.series.values[:, 0]).sum() == 11 and "without a number" in found.summary


def test_a_series_in_json_is_named() -> None:
    text = "".join(
        json.dumps({"date": month, "value": value}) + "\n" for month, value in zip(MONTHS, VALUES, strict=True)
    )
    with pytest.raises(ExperimentError, match="got JSON: save it as CSV") as refused:
        stored(text)
    assert is_one_clear_sentence(refused.value)


# Numbers for a model of one's own

X = np.round(np.random.default_rng(3).standard_normal((6, 3)) * 1_000, 2)
ROWS = "".join(",".join(f"{v:.2f}" for v in row) + "\n" for row in X)
SHEETS = {
    "a list": json.dumps(X.tolist()),
    "a list over many lines": json.dumps(X.tolist(), indent=1),
    "as numpy prints": np.array2string(X, separator=" "),
    "as numpy writes": repr(X.astype(np.float32)),
    "savetxt": "# a b c\n" + ROWS.replace(",", " "),
    "a remark": ROWS.replace("\n", "\n# here\n", 1),
    "names again": "a,b,c\n" + ROWS.replace("\n", "\na,b,c\n", 2),
    "units": "a,b,c\n[m],[s],[kg]\n" + ROWS,
    "two rows of names": "A,A,B\nx,y,z\n" + ROWS,
    "Markdown": "|a|b|c|\n|---|---|---|\n" + "".join(f"|{line.replace(',', '|')}|\n" for line in ROWS.splitlines()),
    "accountants": "".join(",".join(f"({-v:.2f})" if v < 0 else f"{v:.2f}" for v in row) + "\n" for row in X),
    "percent": "".join(",".join(f"{v:.2f}%" for v in row) + "\n" for row in X),
    "dollars": "".join(",".join(f"${v:.2f}" for v in row) + "\n" for row in X),
    "a sum": "a,b,c\n" + ROWS + "Total,1,2\n",
    "seconds": "timestamp,a,b,c\n" + "".join(f"{1577836800 + n},{line}\n" for n, line in enumerate(ROWS.splitlines())),
}


@pytest.mark.parametrize("kind", SHEETS)
def test_numbers(kind: str) -> None:
    np.testing.assert_allclose(read_vectors(SHEETS[kind].encode(), 3).x, X, rtol=1e-4)


@pytest.mark.parametrize("cell", ["N/A", "?", "0x1f", "1.5D+03", "inf"])
def test_a_cell_that_is_no_number_is_named(cell: str) -> None:
    with pytest.raises(ExperimentError, match="got ") as refused:
        read_vectors(ROWS.replace(f"{X[2, 1]:.2f}", cell).encode(), 3)
    assert is_one_clear_sentence(refused.value)


# Texts with labels

REVIEWS = [(f"{'really ' * (n % 3 > 0)}this film number {n} was {('bad', 'good')[n % 2]}", n % 2) for n in range(60)]
NAMED = "text,label\n"
LABELLED = {
    "0 and 1": NAMED + "".join(f"{text},{label}\n" for text, label in REVIEWS),
    "names again": "".join(NAMED * (n % 30 == 0) + f"{text},{label}\n" for n, (text, label) in enumerate(REVIEWS)),
    "a sum": NAMED + "".join(f"{text},{label}\n" for text, label in REVIEWS) + "Total,60\n",
    "Markdown": "| text | label |\n|---|---|\n" + "".join(f"| {text} | {label} |\n" for text, label in REVIEWS),
    "backslashes": NAMED + "".join(f'"{text} \\"so, so\\"",{label}\n' for text, label in REVIEWS),
    "blanks before quotes": "text, label\n" + "".join(f'"{text}, yes", "{label}"\n' for text, label in REVIEWS),
}  # fmt: skip


@pytest.mark.parametrize("kind", LABELLED)
def test_reviews(kind: str) -> None:
    found = Sentiment(table=stored(LABELLED[kind], read_reviews))
    assert found.classes == ("0", "1") and "Learning 60 reviews of 60 rows" in found.summary
    assert found.first_rows[0].startswith("this film number 0 was bad") and found.first_rows[0].endswith(" → 0")
