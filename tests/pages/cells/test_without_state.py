"""Pages of an experiment with a feed-forward window: what they show of it, and in which sentence what they do not."""

import urllib.parse

import pytest
from streamlit.testing.v1 import AppTest

import rnnviz as rv
from pages._ui.frame import registry
from pages._ui.run.place import UNCHAINED
from pages._ui.widgets.keys import Key
from rnnviz import live
from rnnviz.cells import CELLS
from rnnviz.core.names import listed
from rnnviz.findings.finding import sentence
from rnnviz.specs.models import ModelSpec
from tests.pages.fakes import FakeEngine, FakeJob
from tests.pages.visiting import StateOf, parts, shown_run, tell, visit, words

ALONE = (ModelSpec("window", 4, window=3),)
BESIDE = (ModelSpec("rnn", 4), ModelSpec("lstm", 4), ModelSpec("gru", 4), *ALONE, ModelSpec("window", 4, layers=2))


@pytest.fixture(params=[ALONE, BESIDE], ids=["alone", "beside"])
def app(request: pytest.FixtureRequest, engine: FakeEngine) -> AppTest:
    """A visit to a run that is over."""
    experiment = rv.Experiment(rv.task("recall", lag=5), request.param, rv.TrainingSpec(steps=3, batch=4))
    job = FakeJob(experiment)
    job.run, job.status = rv.run(experiment), "finished"
    engine.all.append(job)
    return visit(dict(urllib.parse.parse_qsl(experiment.to_query())))


@pytest.mark.parametrize("page", registry.pages())
def test_every_page_shows_it_or_says_why_not(app: AppTest, state_of: StateOf, page: str) -> None:
    app.switch_page(f"{page}.py").run()
    assert not app.exception and not app.main.error, (page, [one.value for one in app.main.error])
    if "bar" in parts(app):
        assert {*shown_run(app)["models"]} == {*state_of(app).experiment.labels}


@pytest.mark.parametrize("view", ["How far it reaches", "Step by step", "Where it comes from", "All three"])
def test_the_laboratory_says_why_there_is_no_way_back(app: AppTest, view: str) -> None:
    app.switch_page("gradients.py").run()
    app.session_state[Key.CLOSER] = view
    app.run()
    assert not app.exception and not app.main.error and UNCHAINED in words(app)


def test_the_sidebar_offers_its_window(app: AppTest, state_of: StateOf) -> None:
    at = [spec.cell for spec in state_of(app).slots].index("window")
    begin = f"experiment.{at}."
    controls = (*app.sidebar.selectbox, *app.sidebar.slider, *app.sidebar.number_input, *app.sidebar.checkbox)
    assert {one.key.removeprefix(begin) for one in controls if one.key.startswith(begin)} == {
        "hidden",
        "layers",
        "window",
    }
    slider = next(one for one in app.sidebar.slider if one.key == f"{begin}window")
    assert (slider.value, slider.min, slider.max) == (3, 1, 64)
    slider.set_value(20).run()
    assert not app.exception and ModelSpec("window", 4, window=20) in state_of(app).experiment.models


def test_a_time_step_of_it_is_taken_apart(app: AppTest) -> None:
    app.switch_page("anatomy.py").run()
    tell(app, step=None, probe=0, layer=-1, direction="forward", model="window", unit=1, time=4)
    assert not app.exception and not app.main.error
    text = words(app)
    assert "unit 2 of the feed-forward window" in text and "(the last 3 inputs)" in text
    assert any(r"h_t = \tanh(W_{ih} [x_t, …, x_{t-2}] + b_{ih})" in one.value for one in app.markdown)
    assert "[x_t, …] is the sum over all inputs" in text and "from h" not in text
    table = next(one.value for one in app.dataframe if "of" in one.value)
    assert {name.partition(",")[0] for name in table["of"]} == {"x", "x 1 time step before", "x 2 time steps before"}


def test_the_gates_page_says_who_has_none(app: AppTest, state_of: StateOf) -> None:
    experiment = state_of(app).experiment
    note = live.scene(experiment, "gates")["note"]
    if len(experiment.models) == 1:
        gated = [cell.one for cell in CELLS.values() if any(block.is_gate for block in cell.blocks)]
        assert note == f"The feed-forward window has no gates. {sentence(listed(gated, 'or'))} has."
    else:
        assert note == "The RNN, the feed-forward window and feed-forward window 2 have no gates."
    assert live.scene(experiment, "states")["note"] == ""


@pytest.mark.parametrize("page", ["compare", "gradients", "anatomy"])
@pytest.mark.parametrize("task", ["sentiment", "tagging", "text", "waves"])
def test_tasks_that_ask_at_every_step_or_read_words_show_it(engine: FakeEngine, task: str, page: str) -> None:
    experiment = rv.Experiment(rv.task(task), BESIDE[2:], rv.TrainingSpec(steps=2, batch=4))
    job = FakeJob(experiment)
    job.run, job.status = rv.run(experiment), "finished"
    engine.all.append(job)
    app = visit(dict(urllib.parse.parse_qsl(experiment.to_query())), page)
    assert not app.exception and not app.main.error
    assert {*shown_run(app)["models"]} == {"gru", "window", "window-2"}
