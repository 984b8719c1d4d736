"""Tables of reviews as anyone may have written them: what is read, what is refused, and in what words."""

import codecs
import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rnnviz.core import limits
from rnnviz.tables.labelled import ColumnsNeeded
from rnnviz.tasks.sentiment import reading
from rnnviz.tasks.sentiment.reading import read_reviews
from tests.support.review_files import rows, write
from tests.support.tasks import task
from tests.tasks.sentiment.tables import COUNT, REVIEWS, words, written

ROOT = Path(__file__).parents[3]
ODD = {
    "commas": written(REVIEWS),
    "semicolons": written(REVIEWS, delimiter=";"),
    "tabs": written(REVIEWS, delimiter="\t"),
    "bars": written(REVIEWS, delimiter="|"),
    "byte order mark": b"\xef\xbb\xbf" + written(REVIEWS),
    "utf-16": written(REVIEWS, encoding="utf-16"),
    "windows line ends": written(REVIEWS).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
    "old mac line ends": written(REVIEWS).replace(b"\r\n", b"\r"),
    "all quoted": written(REVIEWS, quoting=csv.QUOTE_ALL),
    "empty rows": written(REVIEWS).replace(b"\r\n", b"\r\n\r\n"),
    "no header": written(REVIEWS, header=None),
    "other names": written(REVIEWS, header=("what they wrote", "what it is")),
    "capitals": written(REVIEWS, header=("Review Text", "SENTIMENT")),
    "label first": written([row[::-1] for row in REVIEWS], header=("label", "text")),
    "more columns": written(
        [(n, *row, "2020-01-01") for n, row in enumerate(REVIEWS)], ("id", "text", "label", "date")
    ),
    "no end": written(REVIEWS).rstrip(),
}


@pytest.mark.parametrize("kind", ODD)
def test_however_it_is_written_it_is_the_same(read: Callable[..., Any], kind: str) -> None:
    told, arrays = read(ODD[kind])
    assert told["rows"] == COUNT and told["labels"] == ["neg", "pos"] and not told["left_out"]
    assert arrays["labels"].tolist() == [0, 1] * (COUNT // 2)
    assert words(arrays, 1) == ["review", "1", ",", "it", "was", "great", "indeed"]
    assert arrays["lengths"].tolist() == [7] * COUNT
    assert told["header"] == (kind != "no header")


@pytest.mark.parametrize(
    ("header", "found", "text", "label"),
    [
        (("review", "sentiment"), ["name", "name"], "review", "sentiment"),
        (("id_text", "stars"), ["name", "name"], "id_text", "stars"),
        (("a", "b"), ["content", "content"], "a", "b"),
        (("a", "class"), ["content", "name"], "a", "class"),
        (None, ["content", "content"], "column 1", "column 2"),
    ],
)
def test_columns_are_found_by_name_or_by_content_and_it_is_told_which(
    read: Callable[..., Any], header: tuple[str, ...] | None, found: list[str], text: str, label: str
) -> None:
    told, _ = read(written(REVIEWS, header=header))
    assert (told["found"], told["text"], told["label"]) == (found, text, label)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 with a byte order mark"), ("utf-16", "UTF-16"), ("latin-1", "Latin-1")],
)
def test_letters_beyond_ascii_are_read_and_the_encoding_is_named(
    read: Callable[..., Any], encoding: str, said: str
) -> None:
    told, arrays = read(written([(f"très déçu {n}", label) for n, (_, label) in enumerate(REVIEWS)], encoding=encoding))
    assert told["encoding"] == said
    assert words(arrays, 3) == ["très", "déçu", "3"]


ACCENTS = written([(f"très déçu {n}", label) for n, (_, label) in enumerate(REVIEWS)])
DAMAGED = {
    "one byte": (ACCENTS.replace("é".encode(), b"\xe9", 1), "UTF-8", 1),
    "a byte order mark": (codecs.BOM_UTF8 + ACCENTS + b"\xff", "UTF-8 with a byte order mark", 1),
    "a letter that ends the file": (ACCENTS + b"\xc3", "UTF-8", 1),
    "one letter of Latin-1": (written(REVIEWS).replace(b"great", b"gr\xe9at", 1), "Latin-1", None),
    "no letter of Latin-1": (ACCENTS.decode().encode("latin-1").replace(b"\xe9", b"\x81", 1), "Latin-1", 1),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_letter_changes_no_other(read: Callable[..., Any], kind: str) -> None:
    data, encoding, unread = DAMAGED[kind]
    told, arrays = read(data)
    assert (told["encoding"], told.get("unread")) == (encoding, unread)
    if unread is not None:
        assert words(arrays, 3) == ["très", "déçu", "3"]


def test_labels_that_begin_alike_stay_apart(read: Callable[..., Any]) -> None:
    told, arrays = read(written([(text, "very " * 20 + "abc"[n % 3]) for n, (text, _) in enumerate(REVIEWS)]))
    begin = "very very very very very very very "
    assert told["labels"] == [f"{begin}very…", f"{begin[:-1]}… (2)", f"{begin[:-1]}… (3)"]
    assert arrays["labels"][:4].tolist() == [0, 1, 2, 0]


def test_quoted_commas_quotes_newlines_and_html(read: Callable[..., Any]) -> None:
    text = 'It is <br /><br />"great", he said.\nI <b>agree</b> &amp; so don\'t you &lt;br/&gt; a < b'
    told, arrays = read(written([(f"{n} {text}", label) for n, (_, label) in enumerate(REVIEWS)]))
    said = '7 it is " great " , he said . i agree & so don\'t you a < b'
    assert words(arrays, 7) == said.split() and told["rows"] == COUNT


def test_what_cannot_be_used_is_counted(read: Callable[..., Any]) -> None:
    odd = [("", "pos"), ("no label", ""), ("<br />", "neg"), ("alone",), ("", ""), REVIEWS[0], (REVIEWS[1][0], "neg")]
    told, arrays = read(written([*REVIEWS, *odd]))
    assert told["left_out"] == {"no_text": 2, "no_label": 1, "cells": 1, "again": 1, "contradicting": 1}
    assert len(arrays["labels"]) == COUNT and told["rows"] == COUNT + 6  # one row is empty


@pytest.mark.parametrize(
    ("given", "in_order"),
    [
        ("01", ["0", "1"]),
        (("pos", "neg"), ["neg", "pos"]),
        ("54321", list("12345")),
        (("10", "9", "-1"), ["-1", "9", "10"]),
    ],
)
def test_labels_of_every_kind(read: Callable[..., Any], given: str | tuple[str, ...], in_order: list[str]) -> None:
    told, arrays = read(written([(text, given[n % len(given)]) for n, (text, _) in enumerate(REVIEWS)]))
    assert told["labels"] == in_order
    assert told["labels"][arrays["labels"][1]] == given[1]


def test_twenty_labels_are_taken_and_more_or_fewer_refused(
    read: Callable[..., Any], refused: Callable[..., str]
) -> None:
    def labelled(count: int) -> bytes:
        return written([(f"some words {n}", f"kind {n % count}") for n in range(63)])

    assert len(read(labelled(20))[0]["labels"]) == 20
    assert "holds 2 to 20 different labels; got 21 or more: kind 0, kind 1" in refused(labelled(21))
    assert "here “label”, holds 2 to 20 different labels; got 1: kind 0." in refused(labelled(1))


REFUSED = {
    "empty": (b"", "got an empty file"),
    "blank": (b" \n\n ", "got an empty file"),
    "binary": (b"PK\x03\x04\0\0\0", "got a zip archive: unpack it"),
    "one column": (b"text\nhello you\nhello me\n", "got one column, which begins “text hello you hello me”."),
    "one long column": (
        b"word\n" + b"Ich kenne das Brot. Er nehme das Brot.\n" * 3,
        "got one column, which begins “word Ich kenne das Brot. Er nehm…”.",
    ),
    "header alone": (b"text,label\n", "2 to 20 different labels; got 0"),
    "few": (written(REVIEWS[:10]), "at least 30 different texts with a label; got 10 among 10 rows"),
    "long cell": (
        written(REVIEWS) + b'"' + b"x" * 200_000,
        "cells have at most 131,072 characters; got a longer one in row 42.",
    ),
    "open quote": (
        written(REVIEWS[:5]) + b'"open,pos\n' + b"plain words,neg\n" * COUNT,
        "got a quote that opens in row 7 and is never closed.",
    ),
    "open quote at the end": (written(REVIEWS) + b'"', "got a quote that opens in row 42 and is never closed."),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_such_table_is_refused_in_a_sentence(refused: Callable[..., str], kind: str) -> None:
    data, said = REFUSED[kind]
    assert said in refused(data)


def test_a_column_that_cannot_be_told_is_asked_for(tmp_path: Path, read: Callable[..., Any]) -> None:
    table = [(text, label, ("first", "last")[n % 3 == 0]) for n, (text, label) in enumerate(REVIEWS)]
    data = written(table, ("what", "mood", "part"))
    with pytest.raises(
        ColumnsNeeded, match=r"whose label column can be told .* got the columns what, mood, part\."
    ) as it:
        read(data)
    assert (it.value.columns, it.value.text, it.value.label) == (("what", "mood", "part"), 0, None)
    told, _ = read(data, "what", "part")
    assert told["labels"] == ["first", "last"] and told["found"] == ["chosen", "chosen"]
    numbers = written([(n, 3 * n) for n in range(COUNT)], ("a", "b"))
    with pytest.raises(ColumnsNeeded, match="whose text and label column"):
        read(numbers)


def test_a_column_that_is_not_there_or_is_taken_twice_is_refused(refused: Callable[..., str]) -> None:
    assert "one with a column “mood”; got the columns text, label." in refused(written(REVIEWS), "text", "mood")
    assert "a label column other than its text column" in refused(written(REVIEWS), "label", "label")


def test_a_column_that_is_chosen_leaves_the_other_to_be_found(read: Callable[..., Any]) -> None:
    told, _ = read(written(REVIEWS, ("review", "text", "label")[:2]), "review", None)
    assert told["label"] == "text"


def test_of_a_file_that_is_too_large_the_beginning_is_read_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.csv"
    path.write_bytes(written([(f"a review of several words {n}", ("neg", "pos")[n % 2]) for n in range(100_000)]))
    monkeypatch.setattr(limits, "LARGEST_TABLE", 1_000_000)
    chosen = task("sentiment", table=read_reviews(path))
    assert 20_000 < len(chosen.sentences.targets) < 50_000
    assert "The file is too large: its first 1 MB are read." in chosen.summary


def test_rows_beyond_the_limit_are_counted(read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_TABLE_ROWS", 30)
    told, arrays = read(written(REVIEWS))
    assert told["left_out"] == {"beyond": 10} and len(arrays["labels"]) == 30


def test_a_file_of_nothing_but_new_words_does_not_fill_the_memory(
    read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_MOST_DIFFERENT", 50)
    found = [(f"new{n} other{n} {'x' * 70} {n}", label) for n, (_, label) in enumerate(REVIEWS)]
    told, arrays = read(written(found))
    assert len(arrays["labels"]) == COUNT
    assert told["different"] == 50 and arrays["codes"].max() <= 50 and (arrays["codes"] == 0).any()


def test_long_reviews_are_kept_to_the_longest_sequence_and_counted_whole(read: Callable[..., Any]) -> None:
    told, arrays = read(written([("word " * 500 + str(n), label) for n, (_, label) in enumerate(REVIEWS)]))
    assert set(arrays["kept"]) == {limits.LONGEST_SEQUENCE} and set(arrays["lengths"]) == {501}
    assert arrays["counts"].sum() == told["words"] == 501 * COUNT


@pytest.mark.slow
def test_equal_tables_are_stored_once(tmp_path: Path) -> None:
    one, same = (write(tmp_path / name, rows(50, 30, seed=4)) for name in ("a.csv", "b.csv"))
    code = f"from rnnviz.tasks.sentiment.reading import read_reviews as r; print(r({str(same)!r}).digest)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == read_reviews(one).digest


@pytest.mark.slow
def test_as_a_program_it_tells_how_it_goes_and_what_came_of_it(tmp_path: Path) -> None:
    def said(path: Path, *columns: str) -> list[Any]:
        command = [sys.executable, "-m", "rnnviz.tasks.sentiment.reading", str(path), *columns]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    path = write(tmp_path / "a.csv", rows(1_200, 20))
    *shares, last = said(path)
    assert len(shares) == 3 and all(0 <= one["share"] <= 1 for one in shares)
    assert last == {"digest": read_reviews(path).digest}
    assert said(path, "review", "sentiment")[-1]["digest"] != last["digest"]  # how the columns were found is told
    (asked,) = said(write(tmp_path / "b.csv", iter([(str(n), str(n)) for n in range(9)]), ("u", "v")))
    assert asked == {"columns": ["u", "v"], "text": None, "label": None}
    (tmp_path / "c.csv").write_bytes(b"")
    assert said(tmp_path / "c.csv")[-1]["received"] == "an empty file"
