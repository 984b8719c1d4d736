"""What a visitor sees and changes in the sidebar and in the address, without a browser."""

import dataclasses
import math
from typing import Never

import pytest

import rnnviz as rv
from pages._ui.session import link
from pages._ui.widgets.keys import Key
from rnnviz.core import fields
from rnnviz.specs import query
from rnnviz.specs.models import TrainingSpec
from rnnviz.tasks import TASKS
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import PAGES, SMALL, StateOf, buttons, press, visit, words  # noqa: F401


def test_what_every_control_stands_at_is_also_its_default(engine: FakeEngine) -> None:
    """A browser that has to make a widget anew falls back to the default that it was told last."""
    models = (
        "rnn:hidden=4:init=scaled:sigma_max=2,lstm:hidden=4:layers=2:skip=true:dropout=0.5,gru:hidden=4:reset=before"
    )
    app = visit(SMALL | {"task": "text", "corpus": "own", "text": "to be", "lr": "0.003", "models": models})
    app.sidebar.checkbox(key="experiment.on.0").uncheck()
    app.sidebar.slider(key="experiment.1.hidden").set_value(9)
    app.sidebar.number_input(key="experiment.training.seed").set_value(5)
    app.run()
    for one in (*app.checkbox, *app.text_area):
        assert one.proto.default == one.value, one.label
    for one in app.number_input:
        assert (one.proto.default if one.proto.HasField("default") else None) == one.value, one.label
    for one in app.slider:
        assert list(one.proto.default) == [one.value], one.label
    for one in app.select_slider:
        named = "endless" if one.value == math.inf else f"{one.value:g}"
        assert one.options[int(one.proto.default[0])] == named, one.label
    for one in app.selectbox:
        assert one.proto.default == one.index, one.label


def test_before_the_first_run_the_card_says_what_this_is_and_keeps_the_answer_for_later(engine: FakeEngine) -> None:
    app = visit()
    card = [element.value for element in app.markdown]
    intro = next(index for index, text in enumerate(card) if "models learn the same task" in text)
    guess = next(index for index, text in enumerate(card) if "Make a guess" in text)
    assert intro < guess
    (measured,) = [box for box in app.expander if box.label.startswith("What we measured")]
    assert measured.markdown[0].value.startswith("Measured with the default settings") and not measured.proto.expanded


def test_beside_a_run_the_task_is_one_click_away(engine: FakeEngine) -> None:
    app = press(visit(SMALL), "Train")
    (card,) = [box for box in app.expander if box.label.startswith("Task: add two marked numbers")]
    assert "their sum is asked" in card.markdown[0].value and "An **RNN** rewrites" in card.markdown[1].value
    assert "What we measured" in card.markdown[2].value
    assert "models learn the same task" not in words(app)


def test_a_control_changes_the_experiment_and_the_address(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit()
    app.sidebar.slider(key="experiment.task.length").set_value(30).run()
    assert state_of(app).experiment.task.length == 30  # type: ignore[attr-defined]
    assert app.query_params["length"] == "30"
    app.sidebar.checkbox(key="experiment.on.0").uncheck().run()
    assert state_of(app).experiment.labels == ("lstm", "gru")
    app.sidebar.slider(key="experiment.width").set_value(16).run()
    assert {model.hidden for model in state_of(app).experiment.models} == {16}
    assert rv.Experiment.from_query(dict(app.query_params)) == state_of(app).experiment


def test_another_task_comes_with_its_own_defaults(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit()
    app.sidebar.selectbox(key="experiment.task").select("recall").run()
    assert state_of(app).experiment == rv.Experiment(rv.task("recall"))
    assert app.query_params["task"] == "recall"


def test_no_cell_at_all_is_refused_with_a_sentence_and_nothing_is_lost(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit({"models": "gru"})
    before = state_of(app).experiment
    app.sidebar.checkbox(key="experiment.on.2").uncheck().run()
    assert "Switch on at least one cell." in words(app)
    assert state_of(app).experiment == before
    assert press(app, "Train").toast[0].value.startswith("Switch on at least one cell") and not engine.jobs


def test_an_experiment_too_large_for_the_server_is_refused_in_the_sidebar(
    engine: FakeEngine, state_of: StateOf
) -> None:
    app = visit()
    app.sidebar.slider(key="experiment.task.length").set_value(400).run()
    app.sidebar.slider(key="experiment.width").set_value(256).run()
    app.sidebar.slider(key="experiment.training.batch").set_value(256).run()
    assert "must be" in app.sidebar.error[0].value


@pytest.mark.parametrize("query, named", [
    ({"steps": "many"}, "steps"),
    ({"task": "<b>x</b>"}, "task"),
    ({"models": "rnn:hidden=0"}, "hidden"),
    ({"lr": "inf"}, "lr"),
    ({"nonsense": "1"}, "nonsense"),
    ({"task": "text", "models": "lstm:bidirectional=true"}, "bidirectional"),
])  # fmt: skip
def test_a_bad_link_is_one_sentence(engine: FakeEngine, state_of: StateOf, query: dict[str, str], named: str) -> None:
    app = visit(query)
    assert not app.exception
    (said,) = app.warning
    assert named in said.value and said.value.count("cannot be run") == 1
    usual = rv.Experiment(rv.task("text")) if query.get("task") == "text" else rv.Experiment()
    assert state_of(app).experiment == usual, "the task that was named, as it usually is"


def test_what_a_link_says_is_never_read_as_markdown(engine: FakeEngine) -> None:
    (said,) = visit({"task": "![](http://example.invalid/x.png)"}).warning
    assert "![](" not in said.value and r"\!\[\]\(" in said.value


def test_what_mail_programs_add_to_a_link_is_passed_over(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit({"task": "recall", "utm_source": "mail", "fbclid": "1"})
    assert not app.warning and state_of(app).experiment == rv.Experiment(rv.task("recall"))


def test_what_is_looked_at_and_what_is_trained_have_no_name_in_common_in_the_address() -> None:
    """The browser writes the first, Python the second; neither reads the other's."""
    looked = {*link.MOMENT, *link.SCREEN}
    kinds = (TrainingSpec, *TASKS.values())
    assert not looked & {"task", "models", "text_hash", *(one.name for kind in kinds for one in fields.describe(kind))}


def test_a_link_brings_the_whole_experiment(engine: FakeEngine, state_of: StateOf) -> None:
    wanted = rv.Experiment(
        rv.task("recall", lag=12),
        (rv.ModelSpec("gru", 8), rv.ModelSpec("lstm", 8, layers=2), rv.ModelSpec("lstm", 9)),
        rv.TrainingSpec(steps=7, lr=0.02, clip=None, seed=3),
    )
    app = visit(query.to_params(wanted))
    assert state_of(app).experiment == wanted
    assert not app.error and not app.warning


def test_a_link_with_a_long_text_asks_for_it(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit({"task": "text", "corpus": "own", "text_hash": "0" * 16})
    assert "too long to travel in it" in words(app)
    assert state_of(app).wanted == "0" * 16


def test_a_learning_rate_and_a_clip_from_a_link_are_offered_beside_the_usual_ones(
    engine: FakeEngine, state_of: StateOf
) -> None:
    app = visit({"lr": "0.0123", "clip": "none"})
    rate, clip = (app.sidebar.select_slider(key=f"experiment.training.{name}") for name in ("lr", "clip"))
    assert state_of(app).experiment.training.lr == 0.0123 and state_of(app).experiment.training.clip is None
    assert "0.0123" in rate.options and "none" in clip.options
    rate.set_value(0.003).run()
    app.sidebar.select_slider(key="experiment.training.clip").set_value(3.0).run()
    training = state_of(app).experiment.training
    assert (training.lr, training.clip) == (0.003, 3.0)
    assert "0.0123" in app.sidebar.select_slider(key="experiment.training.lr").options


def test_the_sidebar_offers_what_a_model_can_use_and_the_rest_falls_back(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit(SMALL)

    def offered(name: str) -> bool:
        return name in [one.key for one in (*app.sidebar.select_slider, *app.sidebar.checkbox)]

    app.sidebar.selectbox(key="experiment.0.init").select("scaled").run()
    app.sidebar.select_slider(key="experiment.0.sigma_max").set_value(2.0).run()
    model = state_of(app).experiment.models[0]
    assert (model.init, model.sigma_max) == ("scaled", 2.0)
    app.sidebar.selectbox(key="experiment.0.init").select("identity").run()
    model = state_of(app).experiment.models[0]
    assert (model.init, model.sigma_max) == ("identity", None) and not offered("experiment.0.sigma_max")
    assert not offered("experiment.1.skip")
    app.sidebar.number_input(key="experiment.1.layers").set_value(2).run()
    app.sidebar.checkbox(key="experiment.1.skip").check()
    app.sidebar.number_input(key="experiment.1.dropout").set_value(0.5).run()
    model = state_of(app).experiment.models[1]
    assert (model.layers, model.skip, model.dropout) == (2, True, 0.5)
    app.sidebar.number_input(key="experiment.1.layers").set_value(1).run()
    model = state_of(app).experiment.models[1]
    assert (model.layers, model.skip, model.dropout) == (1, False, 0.0)
    assert not app.error and not app.exception and not state_of(app).refusal
    app.sidebar.selectbox(key="experiment.2.reset").select("before").run()
    assert state_of(app).experiment.models[2].reset == "before"
    assert rv.Experiment.from_query(dict(app.query_params)) == state_of(app).experiment


def test_a_link_with_every_convention_stands_in_the_sidebar(engine: FakeEngine, state_of: StateOf) -> None:
    models = "rnn:activation=sigmoid:init=scaled:sigma_max=1.7,lstm:layers=2:skip=true:dropout=0.25,gru:reset=before"
    app = visit({"models": models})
    assert not app.warning and not app.error
    rnn, lstm, gru = state_of(app).experiment.models
    assert (rnn.activation, rnn.init, rnn.sigma_max) == ("sigmoid", "scaled", 1.7)
    assert (lstm.skip, lstm.dropout, gru.reset) == (True, 0.25, "before")
    assert "1.7" in app.sidebar.select_slider(key="experiment.0.sigma_max").options
    assert app.query_params["models"] == models


def test_parameters_are_counted_under_every_model(engine: FakeEngine) -> None:
    app = visit(SMALL)
    assert "Parameters: 4 × (4×2 + 4×4 + 2×4) + (1×4 + 1) = 133" in words(app)
    app.sidebar.slider(key="experiment.2.hidden").set_value(10).run()
    assert "Parameters: 3 × (10×2 + 10×10 + 2×10) + (1×10 + 1) = 431" in words(app)


def test_an_unexpected_error_is_an_apology_with_a_number_that_stands_in_the_log(
    engine: FakeEngine, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(key: str) -> Never:
        raise KeyError("a secret")

    engine.find = broken  # type: ignore[method-assign]
    app = visit()
    number = app.error[0].value.split("number ")[1].split(".")[0]
    assert "a secret" not in words(app)
    assert any(number in record.getMessage() and record.exc_info for record in caplog.records)


def test_closed_drawers_hold_what_a_link_or_an_open_drawer_said(engine: FakeEngine, state_of: StateOf) -> None:
    query = {"lr": "0.0123", "clip": "none", "seed": "77", "models": "gru:hidden=5:layers=2:dropout=0.25,rnn:hidden=5"}
    app = visit(query, drawers=False)
    linked = state_of(app).experiment
    assert linked == rv.Experiment.from_query(query) and not app.sidebar.number_input
    app.session_state[Key.LEARNING] = app.session_state[Key.CELLS] = True
    app.run()
    assert state_of(app).experiment == linked
    app.sidebar.number_input(key="experiment.training.seed").set_value(78).run()
    app.session_state[Key.LEARNING] = app.session_state[Key.CELLS] = False
    for _ in range(3):
        app.run()
    closed = state_of(app).experiment
    assert closed.training == dataclasses.replace(linked.training, seed=78) and closed.models == linked.models
    app.sidebar.slider(key=Key.WIDTH).set_value(9).run()
    assert {model.hidden for model in state_of(app).experiment.models} == {9}
    assert state_of(app).experiment.training.seed == 78 and not app.exception


def test_widths_that_differ_are_said_to_also_where_some_are_not_moved(engine: FakeEngine, state_of: StateOf) -> None:
    models = "lstm:hidden=40:reach=3,rnn:hidden=20:reach=1,window:hidden=16,gru:hidden=12"
    app = visit({"task": "traffic", "steps": "15", "batch": "4", "models": models})
    slider = app.sidebar.slider(key=Key.WIDTH)
    assert slider.label == "Width (they differ; moving this leaves cells with shared weights as they are)"
    slider.set_value(9).run()
    assert [model.hidden for model in state_of(app).experiment.models] == [40, 20, 9, 9] and not app.exception
    plain = visit(SMALL | {"models": "rnn:hidden=4,gru:hidden=5"})
    assert plain.sidebar.slider(key=Key.WIDTH).label == "Width (they differ; moving this makes them equal)"
