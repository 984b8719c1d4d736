"""Every page for tasks that are answered by sequences: encoder and decoder, with attention and without."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

import rnnviz as rv
from pages._ui.session import shipped
from rnnviz.tasks import TASKS
from rnnviz.tasks.translating import Translating
from tests.pages.fakes import FakeEngine, FakeJob
from tests.pages.test_every_page import HALVES as MODELS
from tests.pages.test_every_page import TINY, through
from tests.pages.test_laboratory import choose
from tests.pages.visiting import PAGES, StateOf, press, shown_run, visit, words

NAMES = [name for name, kind in TASKS.items() if issubclass(kind, Translating)]


def finished(engine: FakeEngine, query: dict[str, str], page: str) -> tuple[AppTest, FakeJob]:
    app = press(visit(query | TINY, page), "Train")
    job = engine.all[-1].train()
    return app.run(), job


def box(app: AppTest, index: int, name: str) -> Selectbox[Any]:
    return app.sidebar.selectbox(key=f"experiment.{index}.{name}")


def keys(app: AppTest) -> set[str | None]:
    return {one.key for one in (*app.sidebar.selectbox, *app.sidebar.number_input, *app.sidebar.checkbox)}


def test_the_sidebar_offers_every_cell_with_attention_and_what_goes_without(
    engine: FakeEngine, state_of: StateOf
) -> None:
    app = visit({"task": "dates"})
    names = [one.label for one in app.sidebar.checkbox if one.key.startswith("experiment.on.")]
    assert names == ["RNN", "LSTM", "GRU", "GRU without attention"]
    assert "task" in app.query_params and "models" not in app.query_params
    app.sidebar.checkbox(key="experiment.on.1").check().run()
    experiment = state_of(app).experiment
    assert experiment.labels == ("lstm", "gru", "gru-without")
    assert experiment.models[0].attention == "additive" and experiment.models[0].bidirectional
    assert rv.Experiment.from_query(dict(app.query_params)) == experiment


def test_a_model_is_called_what_its_attention_makes_it(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit({"task": "sort", "models": "gru:hidden=4:attention=dot"})
    assert box(app, 2, "attention").options[0] == "none: one context vector"
    box(app, 2, "attention").select("none").run()
    assert app.sidebar.checkbox(key="experiment.on.2").label == "GRU without attention"
    assert state_of(app).experiment.models == (rv.ModelSpec("gru", 4),)


def test_dot_is_not_offered_to_an_encoder_in_both_directions_and_refused_with_a_sentence_where_it_stands(
    engine: FakeEngine, state_of: StateOf
) -> None:
    app = visit({"task": "sort", "models": "gru:hidden=4:attention=dot"})
    before = state_of(app).experiment
    both = app.sidebar.checkbox(key="experiment.2.bidirectional")
    assert both.label == "Encoder in both directions"
    both.check().run()
    (refused,) = app.sidebar.error
    assert "additive or general for an encoder in two directions" in refused.value
    assert state_of(app).experiment == before and not app.exception
    box(app, 2, "attention").select("general").run()
    assert not app.sidebar.error and state_of(app).experiment.models[0].bidirectional
    assert [one[:3] for one in box(app, 2, "attention").options] == ["non", "add", "gen"]


def test_settings_of_a_cell_are_offered_where_either_half_is_one(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit({"task": "sort", "models": "gru:hidden=4:attention=dot"})
    assert box(app, 2, "decoder").options == ["same as the encoder", "RNN", "LSTM"]
    assert not {"experiment.2.forget_bias", "experiment.2.activation"} & keys(app)
    box(app, 2, "decoder").select("lstm").run()
    assert {"experiment.2.forget_bias", "experiment.2.reset"} <= keys(app)
    app.sidebar.number_input(key="experiment.2.forget_bias").set_value(1.0).run()
    box(app, 2, "decoder").select("rnn").run()
    assert "experiment.2.activation" in keys(app) and not app.sidebar.error
    assert state_of(app).experiment.models == (rv.ModelSpec("gru", 4, attention="dot", decoder="rnn"),)


def test_what_the_decoder_is_fed_goes_into_the_address(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit({"task": "sort"})
    assert app.sidebar.selectbox(key="experiment.training.schedule").label == "Teacher forcing schedule"
    app.sidebar.selectbox(key="experiment.training.schedule").select("linear")
    app.sidebar.number_input(key="experiment.training.teacher_forcing").set_value(0.5).run()
    assert app.query_params["schedule"] == "linear" and app.query_params["teacher_forcing"] == "0.5"
    again = visit({"task": "sort", "schedule": "linear", "teacher_forcing": "0.5"})
    assert state_of(again).experiment == state_of(app).experiment


@pytest.mark.parametrize("name", NAMES)
def test_no_way_from_task_to_task_leaves_what_cannot_be_run(engine: FakeEngine, state_of: StateOf, name: str) -> None:
    app = visit({"task": name, "schedule": "linear", "models": "gru:attention=additive:decoder=lstm"})
    for other in ("adding", name, "text", NAMES[0], "waves"):
        app.sidebar.selectbox(key="experiment.task").select(other).run()
        assert not app.exception and not app.sidebar.error
        assert state_of(app).experiment == rv.Experiment(rv.task(other))
    assert not [key for key in keys(app) if key and key.endswith(("attention", "decoder", "schedule"))]


@pytest.mark.parametrize("content", [None, b"no run"])
def test_a_shipped_run_that_cannot_be_read_is_not_there(
    engine: FakeEngine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    content: bytes | None,
) -> None:
    if content:
        (tmp_path / "dates.safetensors").write_bytes(content)
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    shipped._loaded.clear()
    try:
        app = visit({"task": "dates"}, "attention")
        for _ in through(app, PAGES):
            assert not shown_run(app)
    finally:
        shipped._loaded.clear()
    assert caplog.text.count("A shipped run is not there") == 1


def test_the_laboratory_is_about_the_encoder_and_offers_nothing_else(engine: FakeEngine) -> None:
    app, _ = finished(engine, {"task": "sort", "models": MODELS["mixed cells"]}, "gradients")
    assert "Of the encoder alone" in words(app) and "Here it is that of the encoder." in words(app)
    group = next(one for one in app.button_group if one.key == "view.closer")
    assert group.options == ["How far it reaches", "Step by step"]
    app = choose(app, "view.closer", "Step by step")
    assert not app.exception and not app.main.error and "singular value" in words(app)
