"""A cell of which there is nothing but a description: what its pages show, and in which sentence what they do not."""

import urllib.parse
from typing import Any, Never

import pytest
from streamlit.testing.v1 import AppTest

from pages._ui.frame import registry
from rnnviz.cells import CELLS
from rnnviz.engine import questions
from rnnviz.specs.models import ModelSpec
from tests.pages.fakes import FakeEngine, FakeJob
from tests.pages.visiting import StateOf, parts, shown_run, tell, visit, words
from tests.support import toy

FIELDS = {"hidden", "layers", "bidirectional", "init"}


@pytest.fixture
def app(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """A visit to a run of it that is over."""
    toy.known(monkeypatch, toy.TOY)
    run = toy.run_of(toy.TOY)
    job = FakeJob(run.experiment)
    job.run, job.status = run, "finished"
    engine.all.append(job)
    spec = run.experiment.models[0]
    engine.answers[questions.ANATOMY_STEP.function] = lambda *_: toy.taken_apart(spec, run)
    engine.answers[questions.GRADIENTS.function] = _unknown
    engine.answers[questions.HORIZONS.function] = _unknown
    engine.answers[questions.CLAMPED.function] = _unknown
    engine.answers[questions.REMEMBERING.function] = _unknown
    engine.answers[questions.AGAINST_TRUTH.function] = _unknown
    engine.answers[questions.DIFFERENCE.function] = _unknown
    return visit(dict(urllib.parse.parse_qsl(run.experiment.to_query())))


def _unknown(*_: Any) -> Never:
    raise ValueError("nothing is known of the derivatives of this cell.")


def test_the_sidebar_offers_what_says_anything(app: AppTest, state_of: StateOf) -> None:
    assert not app.exception and not app.sidebar.error
    assert [spec.cell for spec in state_of(app).slots] == [*CELLS]
    at = [spec.cell for spec in state_of(app).slots].index("toy")
    assert app.sidebar.checkbox(key=f"experiment.on.{at}").label == "Toy"
    controls = (*app.sidebar.selectbox, *app.sidebar.slider, *app.sidebar.number_input, *app.sidebar.checkbox)
    begin = f"experiment.{at}."
    assert {one.key.removeprefix(begin) for one in controls if one.key.startswith(begin)} == FIELDS
    assert state_of(app).experiment.models == (ModelSpec("toy", 4),)


@pytest.mark.parametrize("page", registry.pages())
def test_every_page_shows_what_is_known_of_it(app: AppTest, page: str) -> None:
    app.switch_page(f"{page}.py").run()
    assert not app.exception and not app.main.error, (page, [one.value for one in app.main.error])
    if "bar" in parts(app):
        assert {*shown_run(app)["models"]} <= {"toy"}


def test_the_anatomy_page_says_what_it_cannot_show(app: AppTest) -> None:
    app.switch_page("anatomy.py").run()
    app = tell(app, step=None, probe=0, layer=-1, direction="forward", model="toy", unit=1, time=2)
    assert not app.exception and not app.error
    assert "The equations of the toy are not told yet." in words(app) and "time step 3 · unit 2 of the toy" in words(
        app
    )
    assert next(one for one in app.selectbox if one.label == "Sums of").options == ["Leak gate", "Fresh candidate"]
    app.text_input(key="anatomy.input.adding").set_value("0.5* 0.1 0.2*").run()
    assert not app.exception and "There is no diagram of the toy yet." in words(app)


def test_the_laboratory_says_why_nothing_was_measured(app: AppTest) -> None:
    app.switch_page("gradients.py").run()
    assert not app.exception and "nothing is known of the derivatives of this cell." in words(app)


def test_the_gates_page_says_why_no_gate_can_be_held(app: AppTest) -> None:
    app.switch_page("gates.py").run()
    assert not app.exception and not app.main.error
    assert "nothing is known of the derivatives of this cell." in words(app) and "Hands on the gates" in words(app)
