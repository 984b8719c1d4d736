"""Tables that were read rightly before there was one reader are stored as before: links and files name the bytes."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from rnnviz.specs.experiment import Experiment
from rnnviz.tasks.forecast.reading import read_series
from rnnviz.tasks.pairs import Pairs, csv_table
from rnnviz.tasks.sentiment.reading import read_reviews
from tests.support.series_files import days, rows
from tests.support.tasks import task
from tests.tasks.sentiment.test_reading import ODD

REVIEWS = {
    "commas": "d49e7948a343d085",
    "semicolons": "d4b9a644e22e49ca",
    "tabs": "36bf5e0c3f4078a0",
    "more columns": "f25d5e0b6165c61c",
    "label first": "fafdab091343a83a",
    "utf-16": "685a57cf7f055d45",
    "no header": "09c5864b7d3378b1",
}
DAYS, VALUES = days(100)
SERIES: dict[str, tuple[str, Callable[[int], str]]] = {
    "date,value,square": ("9d5e84ba8ef2bba5", lambda n: rows(200)[n]),
    "Datum;Wert": ("c64c087ded9d4702", lambda n: f"{DAYS[n]};{round(VALUES[n], 2)}".replace(".", ",")),
    "a,b": ("8c2ce62a13e4b481", lambda n: f"{VALUES[n]:.2f},{VALUES[n]:.1f}"),
    "date\tvalue": ("fbd8ee462950f8c0", lambda n: f"{DAYS[n]}\t{VALUES[n]:.3f}"),
    "date,value": ("55d983661dbbcfe7", lambda n: f"{DAYS[n].item():%d.%m.%Y},{VALUES[n]:.3f}"),
    "month,sales": ("33b90d9d860902b7", lambda n: f"{1949 + n // 12}-{n % 12 + 1:02},{100 + n * 3 % 17}"),
}
COUNTS = {"date,value,square": 200, "month,sales": 144}


@pytest.mark.parametrize("kind", REVIEWS)
def test_reviews(kind: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(ODD[kind])
    assert read_reviews(tmp_path / "a.csv").digest.startswith(REVIEWS[kind])


@pytest.mark.parametrize("header", SERIES)
def test_series(header: str, tmp_path: Path) -> None:
    digest, line = SERIES[header]
    (tmp_path / "a.csv").write_text("\n".join([header, *map(line, range(COUNTS.get(header, 100)))]), encoding="utf-8")
    assert read_series(tmp_path / "a.csv").digest.startswith(digest)


@pytest.mark.parametrize(
    "text",
    [
        "english,german\nGood morning.,Guten Morgen.\n",  # the names were learned
        "0,Good morning.\n1,Good night.\n",  # so was an index
        "train,Good morning.\ntrain,Good night.\n",
        'a,"b ""c"", d"\n',
        "review,sentiment\ngood film,pos\n",
        '"a;b",c\nd,\n',
    ],
)
def test_pairs_of_a_link_mean_what_they_meant(text: str) -> None:
    assert csv_table.cleaned(text) == text and csv_table.learned(text).report is None
    experiment = Experiment.from_query({"task": "pairs", "text": text})
    chosen = experiment.task
    assert isinstance(chosen, Pairs) and chosen.text == text
    assert dataclasses.replace(chosen) == chosen == task("pairs", text=chosen.text)
    assert Experiment.from_json(experiment.to_json()) == Experiment.from_query(experiment.to_query()) == experiment


def test_names_of_columns_are_no_pair_to_who_brings_a_table_from_python() -> None:
    """Also where the table is written just as a link has it; a link then holds it without the names."""
    rows = "".join(f"good day {n},guten Tag {n}\n" for n in range(30))
    found = task("pairs", text="english,german\n" + rows)
    assert found == task("pairs", text=rows) and "The first row names the columns." in found.summary
    assert found == Experiment.from_query(Experiment(found).to_query(), {
        found.digest: rows}).task  # fmt: skip
