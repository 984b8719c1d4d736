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


def test_empty_rows_before_the_names_are_none(read: Callable[..., Any]) -> None:
    told, _ = read(b"\r\n , \r\n" + written(REVIEWS))
    assert told["header"] and told["rows"] == len(REVIEWS) and told["labels"] == ["neg", "pos"]
