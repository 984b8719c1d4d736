"""A visitor's own pairs in the sidebar: what was read is told, and read in another way when they choose one."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import rnnviz as rv
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import StateOf, visit, words
from tests.support.tasks import task

SMALL = {"task": "pairs", "models": "gru:hidden=4", "steps": "4"}
ROWS = [f"{n},sentence number {n},Satz Nummer {n},CC-BY #{n}\n" for n in range(30)]
FILE = "id,english,german,licence\n" + "".join(ROWS)
CLEAN = "".join(f"sentence number {n},Satz Nummer {n}\n" for n in range(30))


def upload(app: AppTest, data: bytes, name: str = "pairs.csv") -> AppTest:
    app.sidebar.file_uploader(key="experiment.upload.0").set_value((name, data, "text/csv"))
    return app.run()


def learned(state_of: StateOf, app: AppTest) -> Any:
    return state_of(app).experiment.task


def box(app: AppTest, label: str) -> Any:
    return next(one for one in (*app.sidebar.selectbox, *app.sidebar.checkbox) if one.label == label)


def test_what_was_read_is_told_with_the_first_rows(engine: FakeEngine, state_of: StateOf) -> None:
    app = upload(visit(SMALL), FILE.encode())
    assert not app.exception and not app.sidebar.error
    assert state_of(app).experiment.task == rv.task("pairs", text=CLEAN)
    for part in (
        "Learning 30 of 30 rows.", "Columns read: “english” and “german”.", "Left out: “id”, which counts the rows.",
        "Left out: “licence”, which names sources.", "The first row names the columns.",
        "First rows, as they are learned:",
    ):  # fmt: skip
        assert part in words(app)
    shown = next(one.value for one in app.sidebar.code)
    assert shown.splitlines()[:2] == ["sentence number 0 → Satz Nummer 0", "sentence number 1 → Satz Nummer 1"]


def test_other_columns_are_chosen(engine: FakeEngine, state_of: StateOf) -> None:
    app = upload(visit(SMALL), FILE.encode())
    read, written = (box(app, label) for label in ("Column that is read", "Column that is written"))
    assert (read.value, written.value) == ("english", "german")
    read.set_value("german").run()  # both change places
    assert learned(state_of, app).text.startswith("Satz Nummer 0,sentence number 0\n")
    box(app, "Column that is written").set_value("licence").run()
    assert learned(state_of, app).text.startswith("Satz Nummer 0,CC-BY #0\n")
    box(app, "The first row names the columns").uncheck().run()
    assert "german,licence\n" in learned(state_of, app).text and not app.exception
    assert box(app, "The first row names the columns").value is False


def test_a_pasted_table_is_read_in_the_same_way(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit(SMALL)
    app.sidebar.text_area(key="experiment.text").set_value(FILE.replace(",", "\t")).run()
    assert state_of(app).experiment.task == rv.task("pairs", text=CLEAN)
    assert "Left out: “licence”, which names sources." in words(app)
    app.sidebar.text_area(key="experiment.text").set_value("one column").run()
    assert "got one column." in words(app) and "Left out" not in words(app) and not app.exception
    app.sidebar.text_area(key="experiment.text").set_value("").run()
    assert state_of(app).experiment.task == rv.task("pairs") and not app.sidebar.error


@pytest.mark.parametrize(("encoding", "named"), [("gb18030", "GBK"), ("cp932", "Shift-JIS"), ("cp1252", "Latin-1")])
def test_an_encoding_that_is_a_guess_is_asked(engine: FakeEngine, state_of: StateOf, encoding: str, named: str) -> None:
    sign = {"gb18030": "你好世界", "cp932": "こんにちは", "cp1252": "grün und süß"}[encoding]
    app = upload(visit(SMALL), "".join(f"{sign} {n}\thello {n}\n" for n in range(25)).encode(encoding))
    assert learned(state_of, app).text.startswith(f"{sign} 0,hello 0\n")
    assert f"The encoding is a guess: {named}. Are letters wrong? Then choose another one." in words(app)
    other = "cp1252" if encoding != "cp1252" else "cp932"
    chosen = box(app, "Encoding of the file")
    assert chosen.value == encoding
    chosen.set_value(other).run()
    assert not app.exception and sign not in learned(state_of, app).text
    box(app, "Encoding of the file").set_value(encoding).run()
    assert learned(state_of, app).text.startswith(f"{sign} 0,hello 0\n")


def test_what_is_too_long_is_cut_and_that_is_said(engine: FakeEngine, state_of: StateOf) -> None:
    text = {"task": "text", "corpus": "own", "text": "ab", "length": "8", "models": "gru:hidden=4"}
    app = upload(visit(text), b"to be or not\n" * 800_000)
    assert len(learned(state_of, app).text) == 13 * (2_000_000 // 13)
    assert "Too long: its first 1,999,998 characters are used." in words(app) and not app.sidebar.error


def test_a_link_to_a_table_that_was_read_before_names_were_found_opens(engine: FakeEngine, state_of: StateOf) -> None:
    old = task("pairs", text="english,german\n" + CLEAN)  # as it was learned: with the names
    for digest, file in (
        (old.digest, "english;german\n" + CLEAN.replace(",", ";")),
        (task("pairs", text=CLEAN).digest, FILE),
    ):
        app = visit(SMALL | {"text_hash": digest})
        app.main.file_uploader(key="wanted.upload.0").set_value(("a.csv", file.encode(), "")).run()
        assert learned(state_of, app).digest == digest and not app.exception
