"""Whatever stands beside what is learned, and however it is written: what is learned of a table stays the same."""

import csv
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnnviz.core.contents import incoming
from rnnviz.tables.matrix import matrix
from rnnviz.tasks.forecast import brought as series
from rnnviz.tasks.forecast.reading import read_series
from rnnviz.tasks.pairs import csv_table
from rnnviz.tasks.sentiment import reviews
from rnnviz.tasks.sentiment.reading import read_reviews
from tests.tables.columns import BESIDE, beside, written

WORDS = [
    *("the", "old", "cat", "sees", "a", "small", "red", "house,", "where", "two", "dogs", "sleep;", "they", "eat"),
    *('"fresh"', "bread", "and", "it's", "good.", "why", "not?"),
]
DELIMITERS = st.sampled_from("\t;,")
QUOTING = st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
SEEDS = st.integers(0, 2**32 - 1).map(random.Random)
slow = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def sentence(draw: random.Random) -> str:
    return " ".join(draw.choices(WORDS, k=draw.randint(2, 9)))


def pairs_of(text: str) -> list[tuple[str, str]]:
    return [(row.read, row.written) for row in csv_table.parsed(csv_table.brought(text).text)]


@settings(max_examples=300, deadline=None)
@given(draw=SEEDS, count=st.integers(8, 40), delimiter=DELIMITERS, quoting=QUOTING, named=st.booleans(), data=st.data())
def test_pairs_stay_the_same(
    draw: random.Random, count: int, delimiter: str, quoting: int, named: bool, data: st.DataObject
) -> None:
    """Two columns of sentences, with commas, semicolons and quotation marks, and one to three columns beside them."""
    rows = [[sentence(draw), sentence(draw)] for _ in range(count)]
    wide: list[list[str]] = [*map(list, rows)]
    header = ["english", "german"] if named else None
    for kind in data.draw(st.lists(st.sampled_from(sorted(BESIDE)), min_size=1, max_size=3, unique=True)):
        at = 0 if kind == "index" else data.draw(st.integers(0, len(wide[0])))
        table = beside(wide, header, kind, at, draw)
        header, wide = (table[0], table[1:]) if header is not None else (None, table)
    table = wide if header is None else [header, *wide]
    assert pairs_of(written(table, delimiter, quoting)) == [tuple(row) for row in rows]


@settings(max_examples=200, deadline=None)
@given(draw=SEEDS, count=st.integers(5, 30), marks=st.lists(st.integers(0, 10**6), min_size=1, max_size=5))
def test_quotation_marks_between_tabs_merge_nothing(draw: random.Random, count: int, marks: list[int]) -> None:
    rows = [[sentence(draw), sentence(draw)] for _ in range(count)]
    for mark in marks:
        row, side, end = rows[mark % count], mark // count % 2, mark % 3
        row[side] = (f'"{row[side]}', f'{row[side]}"', f'{row[side]} " here')[end]
    text = written(rows, "\t")
    whole = [all(not (cell.startswith('"') and cell.endswith('"')) for cell in row) for row in rows]
    found = pairs_of(text)
    assert len(found) == count
    assert [one for one, kept in zip(found, whole, strict=True) if kept] == [
        tuple(row) for row, kept in zip(rows, whole, strict=True) if kept
    ]


def arrays_of(kind: Any, read: Any, text: str) -> dict[str, np.ndarray]:
    with incoming() as path:
        Path(path).write_text(text, encoding="utf-8", newline="")
        _, arrays = kind.unpacked(read(path).view())
    return {name: array.copy() for name, array in arrays.items()}


def same(first: dict[str, np.ndarray], second: dict[str, np.ndarray]) -> None:
    assert first.keys() == second.keys()
    for name in first:
        np.testing.assert_array_equal(first[name], second[name], name)


@slow
@given(draw=SEEDS, delimiter=DELIMITERS, quoting=QUOTING, named=st.booleans(), data=st.data())
def test_reviews_stay_the_same(
    draw: random.Random, delimiter: str, quoting: int, named: bool, data: st.DataObject
) -> None:
    rows = [[f"{sentence(draw)} {place}", draw.choice(("good", "bad"))] for place in range(50)]
    header = data.draw(st.sampled_from((["review", "sentiment"], ["what they said", "verdict"]))) if named else None
    kind = data.draw(st.sampled_from(sorted(BESIDE)))
    at = 0 if kind == "index" else data.draw(st.integers(0, 2))
    plain = written(rows if header is None else [header, *rows], ",")
    more = written(beside(rows, header, kind, at, draw), delimiter, quoting)
    same(arrays_of(reviews, read_reviews, plain), arrays_of(reviews, read_reviews, more))


@slow
@given(draw=SEEDS, delimiter=DELIMITERS, comma=st.booleans(), named=st.booleans(), data=st.data())
def test_series_stay_the_same(
    draw: random.Random, delimiter: str, comma: bool, named: bool, data: st.DataObject
) -> None:
    """Days with two columns of numbers."""
    days = [str(np.datetime64("2012-01-01") + place) for place in range(80)]
    rows = [[day, f"{draw.gauss(10, 4):.2f}", f"{draw.gauss(-3, 1):.3f}"] for day in days]
    header = ["date", "value", "other"] if named else None
    kind = data.draw(st.sampled_from([name for name in sorted(BESIDE) if name not in ("date", "id")]))
    at = 0 if kind == "index" else data.draw(st.integers(0, 3))
    plain = written(rows if header is None else [header, *rows], ",")
    wide = beside(rows, header, kind, at, draw)
    if comma and delimiter != ",":
        wide = [
            [cell.replace(".", ",") if cell[-1:].isdigit() and len(cell) < 9 else cell for cell in row] for row in wide
        ]
    same(arrays_of(series, read_series, plain), arrays_of(series, read_series, written(wide, delimiter)))


@settings(max_examples=200, deadline=None)
@given(draw=SEEDS, count=st.integers(4, 60), width=st.integers(1, 5), delimiter=st.sampled_from("\t;,| "),
       comma=st.booleans(), named=st.booleans(), data=st.data())  # fmt: skip
def test_numbers_stay_the_same(
    draw: random.Random, count: int, width: int, delimiter: str, comma: bool, named: bool, data: st.DataObject
) -> None:
    rows = [[f"{draw.gauss(0, 3):.4f}" for _ in range(width)] for _ in range(count)]
    wanted = np.array(rows, float)
    if comma and delimiter != ",":
        rows = [[cell.replace(".", ",") for cell in row] for row in rows]
    header = (
        data.draw(st.sampled_from(([str(place) for place in range(width)], list("abcde")[:width]))) if named else None
    )
    kinds = ("index", "date") if delimiter != " " else ("index",)
    kind = data.draw(st.sampled_from(kinds))
    if delimiter == " ":
        wide = beside(rows, None, kind, 0, draw)
        text = "".join(" ".join(row) + "\n" for row in wide)
    else:
        text = written(
            beside(rows, header, kind, 0 if kind == "index" else data.draw(st.integers(0, width)), draw), delimiter
        )
    found = matrix(text)
    np.testing.assert_array_equal(found.values, wanted)
    assert len(found.report.left_out) == 1


@pytest.mark.parametrize("kind", sorted(BESIDE))
def test_what_is_left_out_is_said(kind: str) -> None:
    draw = random.Random(1)
    rows = [[sentence(draw), sentence(draw)] for _ in range(20)]
    report = csv_table.brought(written(beside(rows, ["english", "german"], kind, 0, draw), ",")).report
    assert report.read == ("english", "german") and len(report.left_out) == 1
    assert f"Left out: “{next(iter(report.left_out))}”, which {next(iter(report.left_out.values()))}." in report.said
