"""A visitor's own table in the sidebar: uploaded, read, learned; its columns changed; refused; put away."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import rnnviz as rv
from pages._ui.sidebar.own_table import SHARED, OwnTable
from rnnviz.tasks.sentiment.task import Sentiment
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import StateOf, press, visit, words
from tests.support.review_files import rows, table, write

HINT = Sentiment.tables.hint
SMALL = {"task": "sentiment", "models": "gru:hidden=4", "steps": "4"}


@pytest.fixture
def reviews(tmp_path: Path) -> bytes:
    return write(tmp_path / "reviews.csv", rows(60)).read_bytes()


def upload(app: AppTest, state_of: StateOf, data: bytes, name: str = "reviews.csv") -> AppTest:
    """Upload a file and wait for what comes of it."""
    number = state_of(app).own(OwnTable).number
    app.sidebar.file_uploader(key=f"table.upload.{number}").set_value((name, data, "text/csv")).run()
    own = state_of(app).own(OwnTable)
    if own.reading is not None:
        own.reading._thread.join()
    return app.run()


def test_without_a_table_the_grammars_reviews_are_learned(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit(SMALL)
    assert HINT in words(app) and SHARED in words(app) and not app.exception
    assert state_of(app).experiment.task == rv.task("sentiment")
    assert "experiment.task.longest" not in [one.key for one in app.sidebar.slider]


def test_a_table_that_is_uploaded_is_learned_and_what_is_used_is_said(
    engine: FakeEngine, state_of: StateOf, reviews: bytes
) -> None:
    app = upload(visit(SMALL), state_of, reviews)
    assert not app.exception and not app.sidebar.error
    assert state_of(app).experiment.task == rv.task("sentiment", table=table(60))
    assert "Learning 60 reviews of 60 rows: texts in the column “review”" in words(app)
    assert SHARED in words(app)
    assert [box.value for box in app.sidebar.selectbox if box.key.startswith("table.")] == ["review", "sentiment"]
    assert dict(app.query_params)["table"] in ([table(60).digest], table(60).digest)
    app.sidebar.slider(key="experiment.task.longest").set_value(20).run()
    assert state_of(app).experiment.task.longest == 20 and not app.exception  # type: ignore[attr-defined]
    assert "film review word by word" not in words(app) and "a text of yours word by word" in words(app)


def test_it_is_put_away(engine: FakeEngine, state_of: StateOf, reviews: bytes) -> None:
    app = upload(visit(SMALL), state_of, reviews)
    app.sidebar.button(key="table.away").click().run()
    assert state_of(app).experiment.task == rv.task("sentiment") and HINT in words(app)
    assert not app.exception and not app.sidebar.error


def test_a_link_with_a_table_that_is_here_opens(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit(SMALL | {"table": table(60).digest, "longest": "30"})
    assert state_of(app).experiment.task == rv.task("sentiment", table=table(60), longest=30)
    assert not app.warning and not app.exception


def test_a_link_with_a_table_that_is_not_here_asks_for_it(
    engine: FakeEngine, state_of: StateOf, reviews: bytes, elsewhere: Callable[[], None]
) -> None:
    digest = table(60).digest
    elsewhere()
    app = visit(SMALL | {"table": digest, "longest": "33"})
    assert "This link names an upload that is not on this server" in words(app)
    assert state_of(app).experiment.task == rv.task("sentiment") and not app.exception
    app = upload(app, state_of, reviews)
    assert not app.exception and not app.warning
    chosen = state_of(app).experiment
    assert (chosen.task.table.digest, chosen.task.longest, chosen.training.steps) == (digest, 33, 4)  # type: ignore[attr-defined]
    assert app.sidebar.slider(key="experiment.task.longest").value == 33


@pytest.mark.parametrize("start", [{}, {"branch": "step=2&lr=0.1"}])
def test_a_link_opens_with_its_table_whatever_was_uploaded_or_trained_before(
    engine: FakeEngine,
    state_of: StateOf,
    reviews: bytes,
    tmp_path: Path,
    elsewhere: Callable[[], None],
    start: dict[str, str],
) -> None:
    digest = table(60).digest
    elsewhere()
    app = press(visit(SMALL | {"table": digest, "seed": "5"} | start), "Train")
    assert not app.warning and not {"table", "branch"} & set(app.query_params)  # it names what is trained
    app = upload(app, state_of, write(tmp_path / "other.csv", rows(80)).read_bytes())
    assert state_of(app).experiment.task.table.digest != digest  # type: ignore[attr-defined]
    app = upload(app, state_of, reviews)
    found = state_of(app)
    assert not app.exception and not app.warning and not app.error
    assert (found.experiment.task.table.digest, found.experiment.training.seed) == (digest, 5)  # type: ignore[attr-defined]
    assert (found.start is not None) == bool(start) and not found.awaited


def test_a_box_of_the_upload_before_changes_nothing(engine: FakeEngine, state_of: StateOf, reviews: bytes) -> None:
    app = upload(visit(SMALL), state_of, reviews)
    text = next(box for box in app.sidebar.selectbox if box.key.startswith("table.text"))
    text.set_value("sentiment")
    app = upload(app, state_of, reviews.replace(b"review,sentiment", b"words,verdict", 1), "new.csv")
    assert not state_of(app).own(OwnTable).refused
    assert state_of(app).own(OwnTable).chosen == ("words", "verdict")


def test_a_file_that_is_refused_costs_nothing(engine: FakeEngine, state_of: StateOf, reviews: bytes) -> None:
    app = upload(visit(SMALL), state_of, reviews)
    before = state_of(app).experiment
    app = upload(app, state_of, b"text,label\n" + b"some words,1\n" * 3)
    assert len(app.sidebar.error) == 1
    assert "2 to 20 different labels (left out: 2 with the text of an earlier row); got 1: 1" in words(app)
    assert state_of(app).experiment == before and not app.exception
    app = upload(app, state_of, reviews)
    assert not app.sidebar.error


def test_columns_that_cannot_be_told_are_chosen(engine: FakeEngine, state_of: StateOf) -> None:
    found = "".join(f"{n} words in a row,{n % 2},kind {n % 3}\n" for n in range(60))
    app = upload(visit(SMALL), state_of, f"what,one,two\n{found}".encode())
    assert "got the columns what, one, two" in words(app)
    text, label = (box for box in app.sidebar.selectbox if box.key.startswith("table."))
    assert (text.value, label.value) == ("what", None)
    label.select("two").run()
    state_of(app).own(OwnTable).reading._thread.join()
    app.run()
    assert state_of(app).experiment.task.classes == ("kind 0", "kind 1", "kind 2")
    assert not app.sidebar.error and "labels in “two” (chosen)" in words(app)


def test_a_table_is_trained_on_and_told_by_class(engine: FakeEngine, state_of: StateOf, reviews: bytes) -> None:
    app = press(upload(visit(SMALL), state_of, reviews), "Train")
    engine.all[0].train()
    app.run()
    assert not app.exception and not app.main.error
    assert "### By class" in words(app) and "### Word by word" in words(app)
    assert "weighted average" in " ".join(one.proto.body for one in app.get("html"))


def test_the_first_rows_are_shown_and_an_encoding_that_is_a_guess_is_asked(
    engine: FakeEngine, state_of: StateOf
) -> None:
    lines = "".join(f"天气很好，我们去公园 {n} 好,{('坏', '好')[n % 2]}\n" for n in range(60))
    app = upload(visit(SMALL), state_of, f"text,label\n{lines}".encode("gb18030"))
    assert not app.exception and not app.sidebar.error
    assert state_of(app).experiment.task.classes == ("坏", "好")
    assert [one.value.splitlines()[0] for one in app.sidebar.code] == ["天气很好 ， 我们去公园 0 好 → 坏"]
    assert "The encoding is a guess. Are letters wrong? Then choose another one." in words(app)
    box = next(one for one in app.sidebar.selectbox if one.label == "Encoding of the file")
    assert box.value == "gb18030"
    box.set_value("cp1252").run()
    state_of(app).own(OwnTable).reading._thread.join()
    app.run()
    assert "The file is Latin-1" in words(app) and state_of(app).experiment.task.classes != ("坏", "好")
    assert not app.exception and not app.sidebar.error
