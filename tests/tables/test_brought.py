"""Tables as people bring them: each example with what is right, and others of its kind."""

import csv
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rnnviz.core.errors import ExperimentError
from rnnviz.tables.paired import Chosen
from rnnviz.tables.report import Report
from rnnviz.tasks.pairs import csv_table
from rnnviz.tasks.sentiment.reading import read_reviews
from tests.support.tasks import task
from tests.tables.columns import written

ENGLISH = [
    *("Good morning.", "Good night.", "How are you?", "I am fine.", "See you soon.", "Where is it?", "It rains."),
    *("I like tea.", "He reads.", "She sings.", "We run."),
]
GERMAN = [
    *("Guten Morgen.", "Gute Nacht.", "Wie geht es dir?", "Mir geht es gut.", "Bis bald.", "Wo ist es?", "Es regnet."),
    *("Ich mag Tee.", "Er liest.", "Sie singt.", "Wir laufen."),
]
PAIRS = list(zip(ENGLISH, GERMAN, strict=True))
FRAME = pd.DataFrame(PAIRS, columns=["english", "german"])
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
X = np.random.default_rng(3).standard_normal((6, 3)).astype(np.float32)
NUMBERS = pd.DataFrame(X)


def learned(text: str, chosen: Chosen = Chosen()) -> tuple[list[tuple[str, str]], Report]:  # noqa: B008
    found = csv_table.brought(text, chosen)
    assert found.report is not None
    return [(row.read, row.written) for row in csv_table.parsed(found.text)], found.report


def attributed(place: int, comma: bool) -> str:
    return f"CC-BY 2.0 (France) Attribution: tatoeba.org #{place * 37}{',' * comma} (CM)"


TABLES = {
    "attribution, a comma in one row": written(
        [(*pair, attributed(place, place == 7)) for place, pair in enumerate(PAIRS)], "\t"
    ),
    "attribution, a comma in every row": written(
        [(*pair, attributed(place, True)) for place, pair in enumerate(PAIRS)], "\t"
    ),
    "attribution first": written([(attributed(place, True), *pair) for place, pair in enumerate(PAIRS)], ";"),
    "to_csv": FRAME.to_csv(),
    "to_csv with semicolons": FRAME.to_csv(sep=";"),
    "to_csv of a part of the rows, shuffled": pd.DataFrame(
        PAIRS, columns=["english", "german"], index=[41, 7, 90, 3, 11, 62, 5, 77, 8, 20, 1]
    ).to_csv(),
    "R's write.table": '"english"\t"german"\n'
    + "".join(f'"{n}"\t"{one}"\t"{two}"\n' for n, (one, two) in enumerate(PAIRS, 1)),
    "split,source,target": written([("split", "source", "target"), *[("train", *pair) for pair in PAIRS]], ","),
    "split behind": written([("source", "target", "fold"), *[(*pair, "dev") for pair in PAIRS]], ";"),
    "split without a name": written([(("train", "test")[place % 2], *pair) for place, pair in enumerate(PAIRS)], "\t"),
    "id,translation,sentence": written(
        [("id", "translation", "sentence"), *[(str(n), two, one) for n, (one, two) in enumerate(PAIRS)]], ","
    ),
    "numbers for names": pd.DataFrame(PAIRS).to_csv(index=False),
    "an index and numbers for names": pd.DataFrame(PAIRS).to_csv(),
    "numbers of sentences": written(
        [(str(1_276 + 31 * n), one, str(9_400 - 7 * n), two) for n, (one, two) in enumerate(PAIRS)], "\t"
    ),
    "languages beside": written([("eng", one, "deu", two) for one, two in PAIRS], "\t"),
    "a title and a remark": "My pairs\n\nenglish;german\n" + written(PAIRS, ";") + "# eleven of them\n",
    "all quoted": FRAME.to_csv(quoting=csv.QUOTE_ALL),
    "dates": written([(f"{n + 1}.3.2020", *pair) for n, pair in enumerate(PAIRS)], ","),
    "bars": written(PAIRS, "|"),
    "Markdown": "| en | de |\n|----|:---|\n" + "".join(f"| {one} | {two} |\n" for one, two in PAIRS),
    "scores first": written([(f"{1 - n * n % 7 / 9:.3f}", *pair) for n, pair in enumerate(PAIRS)], "\t"),
    "authors first": written([(("anna", "ben")[n % 2], *pair) for n, pair in enumerate(PAIRS)], ";"),
}


@pytest.mark.parametrize("kind", TABLES)
def test_the_same_pairs_are_learned(kind: str) -> None:
    found, report = learned(TABLES[kind])
    assert found == PAIRS
    assert len(report.columns) == len(report.left_out) + 2
    for name in report.left_out:
        assert re.search(f"Left out: [^.]*“{re.escape(name)}”[^.]*, which ", report.said)
    if csv_table.learned(TABLES[kind]).report is not None:  # else it is in canonical form, as links hold it
        assert task("pairs", text=TABLES[kind]).summary.endswith(report.said)


def test_a_quotation_mark_that_is_never_closed_merges_nothing() -> None:
    rows = [list(pair) for pair in PAIRS]
    rows[4][0] = '"See you soon.'
    found, _ = learned(written(rows, "\t"))
    assert found == [tuple(row) for row in rows] and len(found) == 11
    rows[8][0] = 'He reads."'  # and one that would close it, four rows below
    assert learned(written(rows, "\t"))[0] == [tuple(row) for row in rows]
    rows[6][1] = 'Es "regnet'
    assert learned(written(rows, "\t"))[0] == [tuple(row) for row in rows]


def test_a_cell_between_tabs_that_is_quoted_as_a_whole_may_hold_anything() -> None:
    text = '"a ""b"" c"\tx\n"two\nlines"\ty\n"a\ttab"\tz\nplain\tw\n'
    assert learned(text)[0] == [('a "b" c', "x"), ("two lines", "y"), ("a tab", "z"), ("plain", "w")]


def test_names_of_columns_are_said_and_may_be_none() -> None:
    text = FRAME.to_csv(index=False)
    found, report = learned(text)
    assert found == PAIRS and report.header and report.said == "The first row names the columns."
    found, report = learned(text, Chosen(header=False))
    assert found == [("english", "german"), *PAIRS] and not report.header
    assert learned("es,it\ner,he\nsie,she\n")[0][0] == ("es", "it")  # German and English pronouns, no languages
    assert learned("English,Englisch\nGerman,Deutsch\nFrench,Französisch\n")[0][0] == ("English", "Englisch")
    assert learned("1,one\n2,two\n3,three\n4,four\n")[0][0] == ("1", "one")


def test_other_columns_may_be_chosen() -> None:
    text = TABLES["id,translation,sentence"]
    found, report = learned(text, Chosen("translation", "id"))
    assert found[0] == ("Guten Morgen.", "0") and report.found == ("chosen", "chosen")
    assert report.left_out == {"sentence": "is not among the two columns"}
    with pytest.raises(ExperimentError, match="a table with a column “x”; got the columns id, translation, sentence"):
        learned(text, Chosen("x"))
    with pytest.raises(ExperimentError, match="two different columns"):
        learned(text, Chosen("id", "id"))


@pytest.mark.parametrize(
    ("notes", "why"),
    [
        (["same"] * 11, "is the same in every row"),
        (["important"] * 4 + [""] * 7, "is empty in most rows"),
        (["important"] * 7 + [""] * 4, "holds one value or nothing"),
        ([""] * 11, "is empty"),
    ],
)
def test_why_a_column_is_left_out_is_true_of_it(notes: list[str], why: str) -> None:
    rows = [("english", "german", "Notiz"), *[(*pair, note) for pair, note in zip(PAIRS, notes, strict=True)]]
    found, report = learned(written(rows, ","))
    assert found == PAIRS and report.left_out == {"Notiz": why} and f"Left out: “Notiz”, which {why}." in report.said


DOUBTED = "These may be sentences with commas, not columns."


@pytest.mark.parametrize(
    "text",
    [
        "Hello there, this is short.\n",
        "I came, saw and won.\nWell, that was it!\nHe slept, she read.\n",
        "Two roads diverged in a wood, and I took it\nThat was all, and that was that\n",
        "Of course, my friend, it is.\nNo, dear, it is not.\n",
    ],
)
def test_sentences_with_commas_are_doubted(text: str) -> None:
    assert learned(text)[1].said.startswith(DOUBTED) and DOUBTED in task("pairs", text=text).summary


@pytest.mark.parametrize(
    "text",
    [
        "one, uno\ntwo, dos\n",
        "one, uno",
        "good morning, guten Morgen\nhow are you, wie geht es dir\n",
        "Good morning, Guten Morgen\nSee you soon, Bis bald\n",
        "\n".join(f"{one}, {two}" for one, two in PAIRS),
        "Hello there,this is short.\n",
        'Hello there, "this is short."\n',
        "english, german\nHello there, this is short.\nHello you, this is it.\n",
        "Hello there\tthis, or that, is short.\n",
        "Hello, ciao!\nGood day, Buongiorno!\nyes, sì\nno, no\nred, rosso\n",
    ],
)
def test_short_lines_with_commas_are_not(text: str) -> None:
    assert DOUBTED not in learned(text)[1].said


def test_why_a_column_is_left_out_is_true_of_rows_far_below() -> None:
    rows = [(f"word {n}", f"Wort {n}", "a" if n < 2_400 else "b") for n in range(2_500)]
    _, report = learned(written([("english", "german", "part"), *rows], ","))
    assert report.left_out == {"part": "is not among the two columns"}


def test_columns_that_are_left_out_for_one_reason_share_a_sentence() -> None:
    rows = [(f"k{n}x{n * 7919 % 97:02d}", f"{n:08x}", *pair, "A1", "Basic") for n, pair in enumerate(PAIRS)]
    _, report = learned(written([("guid", "key", "english", "german", "level", "kind"), *rows], ","))
    assert "Left out: “guid” and “key”, which name each row." in report.said
    assert "Left out: “level” and “kind”, which are the same in every row." in report.said
    assert report.said.count("Left out") == 2 and all(len(one.split()) <= 20 for one in report.said.split(". "))


def test_texts_with_commas_that_nobody_quoted_are_refused_or_counted() -> None:
    lines = [f"{one},{two}" for one, two in PAIRS]
    found, report = learned("\n".join([*lines, "Well, yes,Ja"]))
    assert found == PAIRS and report.unmatched == 1 and "1 row with more cells than columns left out" in report.said
    with pytest.raises(ExperimentError, match="a comma inside a text needs quotes"):
        learned("\n".join(f"Hello, you {n},Hallo" if n % 2 else f"Hello {n},Hallo" for n in range(10)))


@pytest.mark.parametrize("header", ["review,sentiment\n", "text,label\n", "what,mood\n"])
def test_reviews_too_long_for_pairs_are_refused_and_the_header_never_learned_alone(header: str) -> None:
    text = header + "".join(f'"{"a review, " * 20}{n}",{("bad", "good")[n % 2]}\n' for n in range(30))
    for given in (text, csv_table.brought(text).text, text.replace('"', "").replace(", ", " ")):
        with pytest.raises(ExperimentError, match=r"1 to 60 characters; got (none|only the first) among 3\d rows"):
            task("pairs", text=given)


def test_reviews_too_long_for_the_task_are_cut_with_a_word(tmp_path: Path) -> None:
    rows = [(f"{'very long ' * 300}review {n}", ("bad", "good")[n % 2]) for n in range(60)]
    path = tmp_path / "reviews.csv"
    path.write_text(
        written([("review", "sentiment"), *[(f"{n} {text}", label) for n, (text, label) in enumerate(rows)]], ",")
    )
    chosen = task("sentiment", table=read_reviews(path))
    assert "60 reviews longer than 100 words: only their beginning is read." in chosen.summary
    assert chosen.first_rows[0] == "0 very long very long very long very long very long very lo… → bad"
