"""A visitor's own series in the sidebar: uploaded, read by the process that reads all tables, learned, put away."""

from streamlit.testing.v1 import AppTest

import rnnviz as rv
from pages._ui.sidebar.own_table import OwnTable
from rnnviz.tasks.forecast import Forecast
from tests.pages.fakes import FakeEngine
from tests.pages.sidebar.test_own_table import upload
from tests.pages.visiting import StateOf, visit, words
from tests.support.series_files import rows, series

SMALL = {"task": "forecast", "length": "10", "models": "gru:hidden=4", "steps": "4"}
FILE = "\n".join(["date,value,square", *rows(200)]).encode()


def test_a_series_is_learned_its_column_changed_and_put_away(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit(SMALL)
    assert Forecast.tables.hint in words(app) and not app.exception
    app = upload(app, state_of, FILE, "series.csv")
    assert not app.exception and not app.sidebar.error
    assert state_of(app).experiment.task == rv.task("forecast", table=series(200), length=10)
    assert "Learning “value” of 200 days" in words(app)
    assert "experiment.task.column" not in [box.key for box in app.sidebar.selectbox]
    boxes = [box for box in app.sidebar.selectbox if box.key.startswith("table.")]
    assert [(box.label, box.value) for box in boxes] == [
        ("Column of the dates", "date"),
        ("Column to forecast", "value"),
    ]
    boxes[1].set_value("square").run()
    app = settled(app, state_of)
    assert "Learning “square” of 200 days" in words(app) and not app.exception
    app.sidebar.button(key="table.away").click().run()
    assert state_of(app).experiment.task == rv.task("forecast", length=10) and not app.exception


def settled(app: AppTest, state_of: StateOf) -> AppTest:
    """The page when the reading that it began is over."""
    if (reading := state_of(app).own(OwnTable).reading) is not None:
        reading._thread.join()
    return app.run()


def test_a_series_of_one_value_is_refused_in_a_sentence(engine: FakeEngine, state_of: StateOf) -> None:
    lines = [line.split(",")[0] + ",5" for line in rows(200)]
    app = upload(visit(SMALL), state_of, "\n".join(["date,value", *lines]).encode(), "same.csv")
    assert "table must be a table whose column “value” changes, or there is nothing to forecast" in words(app)
    assert state_of(app).experiment.task == rv.task("forecast", length=10)


def test_reviews_are_not_offered_to_another_task(engine: FakeEngine, state_of: StateOf) -> None:
    app = upload(visit(SMALL), state_of, FILE, "series.csv")
    app.sidebar.selectbox(key="experiment.task").set_value("sentiment").run()
    assert state_of(app).experiment.task == rv.task("sentiment") and not app.exception
    assert not [box for box in app.sidebar.selectbox if box.key.startswith("table.")]
