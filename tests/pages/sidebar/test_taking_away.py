"""What a visitor brought is named in the sidebar and taken away again; a refused file is told from the learned one."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import rnnviz as rv
from pages._ui.sidebar.own_table import OwnTable
from pages._ui.widgets import boxes
from rnnviz.tasks import corpora
from tests.pages.fakes import FakeEngine
from tests.pages.sidebar.test_own_table import upload as upload_table
from tests.pages.visiting import StateOf, visit, words
from tests.support.review_files import rows, write

PAIRS = {"task": "pairs", "models": "gru:hidden=4", "steps": "4"}
TEXT = {"task": "text", "corpus": "own", "text": "abab", "length": "8", "models": "gru:hidden=4"}
REVIEWS = {"task": "sentiment", "models": "gru:hidden=4", "steps": "4"}
LONG = "To be, or not to be\n" * 2_000
TABLE = "".join(f"word {n},Wort {n}\n" for n in range(30))


def file_box(app: AppTest) -> Any:
    (found,) = [one for one in app.sidebar.file_uploader if one.key.startswith("experiment.upload")]
    return found


def upload(app: AppTest, data: str | bytes, name: str) -> AppTest:
    file_box(app).set_value((name, data.encode() if isinstance(data, str) else data, ""))
    return app.run()


def has_back(app: AppTest) -> bool:
    return any(one.key == "text.away" for one in app.sidebar.button)


def test_a_long_text_is_named_and_shown_and_taken_away(engine: FakeEngine, state_of: StateOf) -> None:
    app = upload(visit(TEXT), LONG, "hamlet.txt")
    assert "File: “hamlet.txt”. Learning a text of 40,000 characters." in words(app) and not app.exception
    assert app.sidebar.text_area(key="experiment.text").value == ""
    assert [one.value for one in app.sidebar.code] == ["\n".join(["To be, or not to be"] * 3)]
    app.sidebar.button(key="text.away").click().run()
    found = state_of(app)
    assert (found.experiment.task, found.own_text) == (rv.task("text", length=8), "")
    assert not app.sidebar.file_uploader and not app.sidebar.error and not app.exception
    app.sidebar.selectbox(key="experiment.task.corpus").set_value(corpora.OWN).run()
    assert file_box(app).value is None and "Paste or upload a text in the sidebar" in words(app)


def test_pairs_of_a_file_are_named_and_taken_away(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit(PAIRS)
    assert not has_back(app)
    app = upload(app, TABLE, "words.csv")
    assert "File: “words.csv”. Learning 30 of 30 rows." in words(app)
    app.sidebar.button(key="text.away").click().run()
    assert state_of(app).experiment.task == rv.task("pairs") and not has_back(app)
    assert app.sidebar.text_area(key="experiment.text").value == "" and not app.exception


@pytest.mark.parametrize(
    ("query", "button", "left"),
    [
        (PAIRS | {"text": TABLE}, "Back to the number words", rv.task("pairs")),
        (TEXT, "Back to the built-in text", rv.task("text", length=8)),
        (
            TEXT | {"task": "autocomplete", "text": "we read and you write . " * 20},
            "Back to the grammar’s sentences",
            None,
        ),
    ],
    ids=["pairs", "text", "autocomplete"],
)
def test_what_a_link_brought_is_taken_away_by_a_button(
    engine: FakeEngine, state_of: StateOf, query: dict[str, str], button: str, left: Any
) -> None:
    app = visit(query)
    assert state_of(app).experiment.task.brought and not app.exception
    (found,) = [one for one in app.sidebar.button if one.label == button]
    found.click().run()
    chosen = state_of(app).experiment.task
    assert not chosen.brought and (left is None or chosen == left)
    assert not has_back(app) and not app.sidebar.error and not app.exception


def test_after_each_file_the_box_is_empty_and_what_is_pasted_is_of_no_file(
    engine: FakeEngine, state_of: StateOf
) -> None:
    app = upload(visit(PAIRS), TABLE, "words.csv")
    assert file_box(app).value is None and "File: “words.csv”." in words(app)
    app = upload(app, TABLE.replace("Wort", "mot"), "mots.csv")
    assert "File: “mots.csv”." in words(app) and "mot 3" in state_of(app).own_text
    app.sidebar.text_area(key="experiment.text").set_value("a,b\nc,d\n").run()
    assert "mots.csv" not in words(app) and has_back(app) and not app.exception
    assert state_of(app).experiment.task == rv.task("pairs", text="a,b\nc,d\n")


def test_a_refused_file_of_pairs_is_named_and_what_is_still_learned(engine: FakeEngine, state_of: StateOf) -> None:
    app = upload(visit(PAIRS), TABLE, "words_*1*.csv")
    app = upload(app, b"one column\nalone\n", "notes.txt")
    assert "“notes.txt” was not read: " in app.sidebar.error[0].value.replace("\\", "")
    assert "Still learning “words_*1*.csv”. Learning 30 of 30 rows." in words(app).replace("\\", "")
    assert any("words\\_\\*1\\*\\.csv" in one.value for one in app.sidebar.caption)
    assert state_of(app).experiment.task == rv.task("pairs", text=TABLE) and file_box(app).value is None
    app.sidebar.text_area(key="experiment.text").set_value("a,b\nc,d\n").run()
    assert "Still learning" not in words(app) and not app.sidebar.error and not app.exception


def test_a_refused_table_is_named_and_what_is_still_learned(
    engine: FakeEngine, state_of: StateOf, tmp_path: Path
) -> None:
    app = upload_table(visit(REVIEWS), state_of, write(tmp_path / "a.csv", rows(60)).read_bytes(), "reviews.csv")
    assert "File: “reviews.csv”. Learning 60 reviews" in words(app)
    app = upload_table(app, state_of, b"text,label\n" + b"some words,1\n" * 3, "other.csv")
    assert "“other.csv” was not read: " in words(app)
    assert "Still learning “reviews.csv”. Learning 60 reviews" in words(app)
    app.sidebar.button(key="table.away").click().run()
    assert "Still" not in words(app) and not app.exception


def test_a_refused_column_leaves_the_one_before_and_says_so(engine: FakeEngine, state_of: StateOf) -> None:
    lines = "".join(f"{n} words in a row,{n % 2 + 1},{n} words\n" for n in range(60))
    app = upload_table(visit(REVIEWS), state_of, f"text,label,remark\n{lines}".encode(), "stars.csv")
    assert not app.sidebar.error and "labels in “label”" in words(app)
    label = next(one for one in app.sidebar.selectbox if one.key.startswith("table.label"))
    label.set_value("remark").run()
    state_of(app).own(OwnTable).reading._thread.join()
    app.run()
    assert len(app.sidebar.error) == 1 and "was not read" not in words(app) and not app.exception
    assert "Still learning “label”. Learning 60 reviews" in words(app)


def test_of_a_link_nobody_knows_the_file_that_is_still_learned() -> None:
    assert boxes.source((), "refused") == boxes.BEFORE and boxes.source((), "") == ""


def test_a_long_name_is_shown_without_its_middle_and_nothing_hidden() -> None:
    shown = boxes.short("a" * 100 + "\u202e\n.csv")
    assert shown == "a" * 27 + "…" + "a" * 8 + ".csv" and len(shown) == 40
