"""The Architectures page below and behind its stage: shared weights, the five shapes, writing from a beginning."""

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages._ui.architectures import sharing, writing
from pages._ui.architectures.shapes import SHAPES
from rnnviz.runs.continuation import USUAL_LENGTH, writes
from rnnviz.specs import architectures
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks import task
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import SMALL, parts, press, tell, visit, words

TEXT = {"task": "text", "corpus": "hello", "steps": "4", "length": "6", "models": "rnn:hidden=4,lstm:hidden=4:layers=2"}
MUSIC = {"task": "music", "steps": "4", "models": "rnn:hidden=4,gru:hidden=4"}
REVERSE = {"task": "reverse", "steps": "4", "models": "gru:hidden=4:attention=additive:bidirectional=true,gru:hidden=4"}


def trained(engine: FakeEngine, query: dict[str, str]) -> AppTest:
    app = press(visit(query, "architectures"), "Train")
    engine.all[0].train()
    return app.run()


def given(app: AppTest, name: str) -> Any:
    """What the stage was given under a name; None for nothing."""
    found = parts(app).get(name)
    return found and found["given"]


@pytest.mark.parametrize("query", [SMALL, TEXT, REVERSE])
def test_what_each_use_adds_is_asked_only_where_it_is_looked_at(engine: FakeEngine, query: dict[str, str]) -> None:
    app = trained(engine, query)
    assert given(app, sharing.NAME) is None
    app = tell(app, flow="sharing", probe=1)
    told, experiment = given(app, sharing.NAME), engine.all[0].experiment
    assert told["probe"] == 1 and list(told["models"]) == list(experiment.labels)
    for label, model in told["models"].items():
        spec = experiment.model(label)
        recurrent = architectures.of(experiment.task).parts(spec)
        assert len(model["uses"]) == 2 * len(recurrent), "W_hh and W_xh of every part"
        for name, use in model["uses"].items():
            assert name.endswith(use["matrix"]) and use["step"] == 4
            assert len(use["share"]) == len(use["norm"]) == len(use["cosine"])
            np.testing.assert_allclose(sum(use["share"]), 1, atol=1e-3)
            assert f"∂L/∂{use['matrix']}" in use["text"] and f"All {len(use['share'])} sum to it" in use["text"]


def test_a_model_without_the_chosen_layer_is_left_out(engine: FakeEngine) -> None:
    app = tell(trained(engine, TEXT), flow="sharing", layer=1)
    told = given(app, sharing.NAME)["models"]
    assert list(told) == ["lstm"] and {use["layer"] for use in told["lstm"]["uses"].values()} == {1}


def test_an_answer_that_does_not_come_is_told_where_the_bars_would_be(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = trained(engine, SMALL)
    monkeypatch.setattr(engine, "ask", lambda *_, **__: (_ for _ in ()).throw(ValueError("no such thing.")))
    app = tell(app, flow="sharing", probe=2)
    assert {model["trouble"] for model in given(app, sharing.NAME)["models"].values()} == {"no such thing."}


def test_models_write_on_from_one_character(engine: FakeEngine) -> None:
    app = trained(engine, TEXT)
    told, chosen = given(app, writing.NAME), engine.all[0].experiment.task
    for label in engine.all[0].experiment.labels:
        model = told["models"][label]
        assert model["prefix"] == ["h"] and len(model["written"]) == len(model["sure"]) == USUAL_LENGTH
        assert set(model["written"]) <= set(chosen.classes) and all(0 < sure <= 1 for sure in model["sure"])
    assert "likeliest symbol at every position" in words(app)
    greedy = told["models"]
    app.slider(key=writing.TEMPERATURE).set_value(1.5).run()
    drawn = given(app, writing.NAME)["models"]
    assert drawn != greedy and "temperature 1.5" in words(app)
    press(app, "Write again")
    assert given(app, writing.NAME)["models"] != drawn


def test_a_beginning_that_the_text_does_not_have_is_refused(engine: FakeEngine) -> None:
    app = trained(engine, TEXT)
    app.text_input[0].set_value("hex").run()
    said = app.main.error[0].value.replace("\\", "")
    assert said == "Beginning must be made of characters of the text that is learned; got 'x'."
    assert given(app, writing.NAME) is None


def test_a_beginning_that_is_too_long_is_refused_in_one_sentence(engine: FakeEngine) -> None:
    app = trained(engine, TEXT)
    app.text_input[0].set_value("hello " * 20).run()
    said = app.main.error[0].value.replace("\\", "")
    assert said == "Beginning must be at most 100 characters; got 120 characters." and given(app, writing.NAME) is None
    app.text_input[0].set_value("hello").run()
    assert not app.main.error and given(app, writing.NAME)["models"]["rnn"]["prefix"] == list("hello")


def test_melodies_are_written_from_a_first_bar_and_can_be_listened_to(engine: FakeEngine) -> None:
    app = trained(engine, MUSIC)
    chosen = engine.all[0].experiment.task
    app.text_input[0].set_value("blues C4e Eb4e").run()
    model = given(app, writing.NAME)["models"]["gru"]
    assert model["prefix"] == ["blues", "C4e", "Eb4e"] and len(model["written"]) == chosen.steps
    assert len(app.get("audio")) == 2 and all(player.proto.url.endswith(".wav") for player in app.get("audio"))
    app.text_input[0].set_value("waltz").run()
    assert "a style" in app.main.error[0].value and not app.get("audio")


def test_only_a_task_whose_answer_is_the_next_symbol_writes(engine: FakeEngine) -> None:
    assert given(trained(engine, SMALL), writing.NAME) is None
    assert [name for name in ("text", "waves", "recall") if writes(task(name))] == ["text"]


def test_every_shape_has_a_task_that_can_be_trained() -> None:
    for shape in SHAPES:
        experiment = Experiment(task=task(shape.task, **shape.params))
        assert experiment.models
        assert shape.caveat or experiment.task.answers.shape == shape.name


def test_the_shapes_are_offered_before_anything_was_trained(engine: FakeEngine) -> None:
    app = visit(SMALL, "architectures")
    assert not engine.all and "Five shapes" in words(app)
    assert "Nothing is lost" not in words(app) and "kept while the server has room" in words(app)
    assert [f"sign-{shape.name}" for shape in SHAPES] == [parts(app)[f"shape-{at}"]["main"][0] for at in range(5)]
