"""A visitor's own pairs in the sidebar: pasted, used or refused in a sentence, and found again by their link."""

import sys

import pytest
from streamlit.testing.v1 import AppTest

import rnnviz as rv
from pages._ui.session import texts
from pages._ui.widgets.keys import Key
from rnnviz.core import limits
from rnnviz.core.cache import Cache
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import StateOf, visit, words
from tests.support.tasks import task

TABLE = "".join(f"row {number};zeile {number}\n" for number in range(40))
LONG_ROWS = "".join(f"{number} {'word ' * 20},{number} {'Wort ' * 20}\n" for number in range(40))  # for words alone
SMALL = {"task": "pairs", "models": "gru:hidden=4", "steps": "4"}


def paste(app: AppTest, text: str) -> AppTest:
    app.sidebar.text_area(key=Key.TEXT).set_value(text)
    return app.run()


def test_without_a_table_number_words_are_learned(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit(SMALL)
    assert not app.exception and not app.sidebar.error
    assert state_of(app).experiment.task == task("pairs")
    assert "number words are learned" in words(app)


def test_a_pasted_table_is_learned_and_what_is_used_is_said(engine: FakeEngine, state_of: StateOf) -> None:
    app = paste(visit(SMALL), TABLE + ";empty\n")
    assert state_of(app).experiment.task == task("pairs", text=TABLE + ";empty")
    assert "Learning 40 of 41 rows; left out: 1 because a side is empty." in words(app)
    app.sidebar.selectbox(key="experiment.task.unit").select("words").run()
    assert state_of(app).experiment.task == task("pairs", unit="words", text=TABLE + ";empty")
    assert not app.exception and not app.sidebar.error


def test_a_first_row_that_may_name_the_columns_is_said_as_it_stands(engine: FakeEngine) -> None:
    app = paste(visit(SMALL), "*de*;<en>\n" + TABLE)
    (caption,) = (one.value for one in app.caption if one.value.startswith("Learning "))
    assert r"The first row is “\*de\* → \<en\>”; if it names the columns, remove it\." in caption


def test_a_table_that_is_refused_costs_nothing(engine: FakeEngine, state_of: StateOf) -> None:
    app = paste(visit(SMALL), TABLE)
    before = state_of(app).experiment
    app = paste(app, TABLE + "one column\n")
    assert len(app.sidebar.error) == 1
    assert "task.text must be two columns" in words(app) and "got one column in row 41." in words(app)
    assert state_of(app).experiment == before
    assert app.sidebar.text_area(key=Key.TEXT).value == TABLE + "one column\n"
    app = paste(app, TABLE)
    assert not app.sidebar.error and state_of(app).experiment == before
    app = paste(app, "")
    assert state_of(app).experiment.task == task("pairs")


def test_a_short_table_travels_in_the_link(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit(SMALL | {"text": "a,b\nc,d"})
    assert state_of(app).experiment.task.text == "a,b\nc,d\n"  # type: ignore[attr-defined]
    assert app.sidebar.text_area(key=Key.TEXT).value == "a,b\nc,d\n"


def test_a_long_table_is_named_by_its_hash_and_asked_for(
    engine: FakeEngine, state_of: StateOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "_kept", Cache("texts", limits.TEXT_BYTES_KEPT, sys.getsizeof))
    chosen = task("pairs", text=TABLE)
    query = SMALL | {"text_hash": chosen.digest}
    app = visit(query)
    assert "This link names a text that is too long" in words(app)
    app.text_area(key="wanted.text").set_value("a;b\n").run()
    assert "This is not the text that the link names" in words(app)
    app = visit(query)
    app.text_area(key="wanted.text").set_value(TABLE).run()
    assert state_of(app).experiment.task == chosen and not app.warning
    assert rv.Experiment.from_query(dict(app.query_params), {chosen.digest: chosen.text}).task == chosen


def test_a_table_that_only_words_can_use_is_uploaded(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit(SMALL | {"unit": "words"})
    app.sidebar.file_uploader(key=f"{Key.UPLOAD}.0").set_value(("pairs.csv", LONG_ROWS.encode(), "text/csv")).run()
    assert not app.sidebar.error, [e.value for e in app.sidebar.error]
    assert state_of(app).experiment.task == task("pairs", unit="words", text=LONG_ROWS)


def test_a_table_uploaded_before_words_are_chosen_is_learned_once_they_are(
    engine: FakeEngine, state_of: StateOf
) -> None:
    app = visit(SMALL)
    app.sidebar.file_uploader(key=f"{Key.UPLOAD}.0").set_value(("pairs.csv", LONG_ROWS.encode(), "text/csv")).run()
    assert len(app.sidebar.error) == 1 and "1 to 60 characters; got none among 40 rows" in words(app)
    assert state_of(app).experiment.task == task("pairs")
    app.sidebar.selectbox(key="experiment.task.unit").select("words").run()
    assert not app.sidebar.error, [e.value for e in app.sidebar.error]
    assert state_of(app).experiment.task == task("pairs", unit="words", text=LONG_ROWS)


@pytest.mark.parametrize("unit", ["words", "characters"])
def test_a_link_is_opened_or_refused_with_its_own_unit(
    engine: FakeEngine, state_of: StateOf, monkeypatch: pytest.MonkeyPatch, unit: str
) -> None:
    monkeypatch.setattr(texts, "_kept", Cache("texts", limits.TEXT_BYTES_KEPT, sys.getsizeof))
    chosen = task("pairs", unit="words", text=LONG_ROWS)
    app = visit(SMALL | {"unit": unit, "text_hash": chosen.digest})
    app.text_area(key="wanted.text").set_value(LONG_ROWS).run()
    assert not app.exception
    if unit == "words":
        assert state_of(app).experiment.task == chosen and not app.warning
    else:
        assert "1 to 60 characters; got none among 40 rows" in words(app)
