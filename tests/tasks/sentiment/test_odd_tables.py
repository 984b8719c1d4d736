"""Tables that are written wrongly, or oddly: what of them is not read is left out, never cut, and said."""

import csv
from collections.abc import Callable
from typing import Any

import pytest

from tests.tasks.sentiment.tables import REVIEWS, words, written

COMMA = "good film, but dull and long w{}"


def unquoted(odd: int, sound: int, header: str = "text,label\n") -> bytes:
    rows = [f"{COMMA.format(n)},pos\n" for n in range(odd)]
    rows += [f"plain words {n},{('neg', 'pos')[n % 2]}\n" for n in range(sound)]
    return (header + "".join(rows)).encode()


@pytest.mark.parametrize("header", ["text,label\n", "a,b\n", "text,label,\n", ""])
def test_rows_whose_cells_do_not_match_the_columns_are_left_out(read: Callable[..., Any], header: str) -> None:
    told, arrays = read(unquoted(11, 40, header))
    assert told["left_out"] == {"cells": 11} and told["rows"] == 51
    assert told["labels"] == ["neg", "pos"] and len(arrays["labels"]) == 40
    assert words(arrays, 0) == ["plain", "words", "0"]


def test_where_most_rows_are_so_this_is_said(refused: Callable[..., str]) -> None:
    said = refused(unquoted(40, 30))
    assert "rows have 2 cells each (a comma inside a text needs quotes); got 40 of 70 rows with more or fewer." in said


@pytest.mark.parametrize("end", [",", ",,,", ", ,"])
def test_empty_cells_at_the_end_of_a_row_are_none(read: Callable[..., Any], end: str) -> None:
    rows = written(REVIEWS).replace(b"\r\n", end.encode() + b"\r\n").replace(end.encode(), b"", 1)
    told, arrays = read(rows)
    assert not told["left_out"] and len(arrays["labels"]) == len(REVIEWS)
    told, _ = read(rows.split(b"\n", 1)[1])
    assert not told["left_out"] and not told["header"]


def test_rows_with_a_cell_too_few_are_left_out(read: Callable[..., Any]) -> None:
    told, _ = read(written([*REVIEWS, ("a line end", ""), ("no cell",)], quoting=csv.QUOTE_ALL))
    assert told["left_out"] == {"no_label": 1, "cells": 1}


def test_a_row_may_end_before_columns_that_are_not_read(read: Callable[..., Any]) -> None:
    notes = [(text, label, "a note") for text, label in REVIEWS]
    told, _ = read(written([*notes, ("one without a note", "pos")], ("text", "label", "notes")))
    assert not told["left_out"] and told["rows"] == len(REVIEWS) + 1


def test_empty_rows_before_the_names_are_none(read: Callable[..., Any]) -> None:
    told, _ = read(b"\r\n , \r\n" + written(REVIEWS))
    assert told["header"] and told["rows"] == len(REVIEWS) and told["labels"] == ["neg", "pos"]


@pytest.mark.parametrize("line", ["sep=;\r\n", "SEP=;\n", '"sep=;"\r\n', "\ufeffsep=;\n", "sep=;\r"])
@pytest.mark.parametrize("header", [("text", "label"), None])
def test_the_line_that_names_the_delimiter_is_none_of_the_table(
    read: Callable[..., Any], line: str, header: tuple[str, ...] | None
) -> None:
    found = [(f"{text}, {text}, or so", label) for text, label in REVIEWS]  # more commas than semicolons
    told, arrays = read(line.encode() + written(found, header, delimiter=";"))
    assert (told["delimiter"], told["header"], told["rows"]) == (";", header is not None, len(REVIEWS))
    assert not told["left_out"] and told["labels"] == ["neg", "pos"]
    assert words(arrays, 0)[:2] == ["review", "0"]


@pytest.mark.parametrize("mark", ["le", "be"])
def test_utf_32_is_read(read: Callable[..., Any], mark: str) -> None:
    text = "\ufeff" + written([(f"très déçu {n}", label) for n, (_, label) in enumerate(REVIEWS)]).decode()
    told, arrays = read(text.encode(f"utf-32-{mark}"))
    assert (told["encoding"], told["rows"], told.get("unread")) == ("UTF-32", len(REVIEWS), None)
    assert words(arrays, 3) == ["très", "déçu", "3"]


ONE = REVIEWS[1][0]  # is "pos"
LEFT: dict[str, tuple[Any, str]] = {
    "equal": (
        [(ONE, "pos")] * 40,
        "2 to 20 different labels (left out: 39 with the text of an earlier row); got 1: pos.",
    ),
    "contradicting": (
        [(ONE, "pos"), *[(ONE, "neg")] * 39],
        "2 to 20 different labels (left out: 39 with the text of an earlier row and another label); got 1: pos.",
    ),
    "wordless": (
        [*REVIEWS[:20], *[("", "pos"), ("<br />", "neg")] * 10],
        "at least 30 different texts with a label (left out: 20 without a text); got 20 among 40 rows.",
    ),
    "several": (
        [*[(text, "pos") for text, _ in REVIEWS], ("x", ""), REVIEWS[1], ("a", "neg", "b")],
        "(left out: 1 without a label, 1 with the text of an earlier row, 1 whose cells do not match the columns",
    ),
}


@pytest.mark.parametrize("kind", LEFT)
def test_where_too_little_is_left_it_is_said_what_was_left_out(refused: Callable[..., str], kind: str) -> None:
    found, said = LEFT[kind]
    assert said in refused(written(found))


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (("a (3)", "a", "a", "b"), ["a (3)", "a", "a (4)", "b"]),
        (("a", "a", "a", "a (3)"), ["a", "a (2)", "a (4)", "a (3)"]),
        (("", "b", "c", "column 1"), ["column 2", "b", "c", "column 1"]),
    ],
)
def test_no_two_columns_have_the_same_name(
    read: Callable[..., Any], header: tuple[str, ...], columns: list[str]
) -> None:
    told, _ = read(written([(n, *row, "x") for n, row in enumerate(REVIEWS)], header), *columns[1:3])
    assert told["columns"] == columns and (told["text"], told["label"]) == (columns[1], columns[2])


LONG = b"long " * 30_000


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (written(REVIEWS) + LONG + b",pos\n", "got a longer one in row 42."),
        (LONG + b",pos\n" + written(REVIEWS), "got a longer one in row 1."),
        (b"text;label\n" + LONG + b";pos\n", "got a longer one in row 2."),
        (
            written(REVIEWS) + b'"open,pos\n' + b"plain words,neg\n" * 70_000,
            "got a longer one, or a quote never closed, in row 42.",
        ),
    ],
)
def test_a_cell_that_is_too_long_is_refused_as_such(refused: Callable[..., str], data: bytes, said: str) -> None:
    reason = refused(data)
    assert "a file whose cells have at most 131,072 characters; " in reason and said in reason
