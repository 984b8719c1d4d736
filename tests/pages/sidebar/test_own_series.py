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
    assert "table must be a file whose column “value” changes, or there is nothing to forecast" in words(app)
    assert state_of(app).experiment.task == rv.task("forecast", length=10)


def test_reviews_are_not_offered_to_another_task(engine: FakeEngine, state_of: StateOf) -> None:
    app = upload(visit(SMALL), state_of, FILE, "series.csv")
    app.sidebar.selectbox(key="experiment.task").set_value("sentiment").run()
    assert state_of(app).experiment.task == rv.task("sentiment") and not app.exception
    assert not [box for box in app.sidebar.selectbox if box.key.startswith("table.")]


PASSENGERS = [112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118]  # of the first year


def months(count: int) -> bytes:
    lines = [f"{1949 + n // 12}-{1 + n % 12:02},{PASSENGERS[n % 12] + n}" for n in range(count)]
    return "\n".join(["Month,Passengers", *lines]).encode()


def test_a_short_series_is_read_in_stretches_that_fit_and_that_is_said(engine: FakeEngine, state_of: StateOf) -> None:
    app = upload(visit({"task": "forecast"}), state_of, months(144), "air.csv")
    assert not app.exception and not app.sidebar.error
    chosen = state_of(app).experiment.task
    assert isinstance(chosen, Forecast) and (chosen.length, chosen.ahead) == (24, 7)
    assert "Length: 24 time steps, as the table is too short for the usual 60." in words(app)
    assert app.sidebar.slider(key="experiment.task.length").value == 24
    app.sidebar.slider(key="experiment.task.length").set_value(60).run()  # what a visitor chooses is refused
    assert "length must be at most 27 for a series of 144 months" in words(app)
    assert "too short for the usual" not in words(app)
    app.sidebar.slider(key="experiment.task.length").set_value(24).run()
    app.sidebar.button(key="table.away").click().run()
    assert state_of(app).experiment.task == rv.task("forecast") and not app.exception


def test_a_very_short_series_is_forecast_less_far_ahead(engine: FakeEngine, state_of: StateOf) -> None:
    app = upload(visit({"task": "forecast"}), state_of, months(60), "air.csv")
    chosen = state_of(app).experiment.task
    assert isinstance(chosen, Forecast) and (chosen.length, chosen.ahead) == (10, 3) and not app.sidebar.error
    assert "Forecast ahead: 3 time steps, as the table is too short for the usual 7." in words(app)
    app = upload(app, state_of, FILE, "series.csv")  # a longer one: as usual as fits
    chosen = state_of(app).experiment.task
    assert isinstance(chosen, Forecast) and (chosen.length, chosen.ahead) == (35, 7)


def test_a_length_that_was_chosen_is_refused(engine: FakeEngine, state_of: StateOf) -> None:
    app = upload(visit({"task": "forecast", "length": "50"}), state_of, months(144), "air.csv")
    assert "length must be at most 27 for a series of 144 months" in words(app)
    assert "too short for the usual" not in words(app)
