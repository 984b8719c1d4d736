"""Below the stage of Compare: a sentence that is typed, and what the models suggest."""

import json

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from rnnviz.engine import questions
from tests.pages import visiting
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import parts, press, visit, words

SMALL = {"task": "autocomplete", "steps": "3", "batch": "4", "models": "rnn:hidden=4,gru:hidden=4"}


def trained(engine: FakeEngine, **more: str) -> AppTest:
    app = press(visit(SMALL | more), "Train")
    engine.all[0].train()
    return app.run()


def typed(app: AppTest, text: str) -> AppTest:
    """What a browser says when its field has changed."""
    states = visiting._standing(app)
    (at,) = (one.proto.id for one in app.get("bidi_component") if json.loads(one.proto.json).get("kind") == "typing")
    states.widgets.append(WidgetState(id=at, json_value=json.dumps({"text": text})))
    return app._run(states)


def test_every_model_suggests_while_a_sentence_is_typed(engine: FakeEngine) -> None:
    app = trained(engine)
    told = parts(app)["typing"]
    assert not app.exception and not app.main.error
    assert [one["name"] for one in told["keyboards"]] == ["RNN", "GRU", "Who knows the grammar"]
    assert told["words"] == ["."] and not told["said"]
    app = typed(app, "I grew up in Spain, so we speak ")
    told = parts(app)["typing"]
    assert told["words"] == [".", *["i", "grew", "up", "in", "spain", ",", "so", "we", "speak"]]
    assert [len(one["ranks"]) for one in told["keyboards"]] == [9, 9, 0]
    assert told["keyboards"][2]["candidates"] == [["spanish", 1.0]]
    told = parts(typed(app, "a <b>kazoo</b> fre"))["typing"]
    assert told["said"] == "Not known, so read as one word for all of these: b and kazoo."
    assert [one[0] for one in told["keyboards"][0]["candidates"]] == ["french"] and len(told["keyboards"]) == 2
    told = parts(typed(app, "a " * 500))["typing"]
    assert not told["keyboards"] and told["said"].startswith("input must be 1 to 400 words")


def test_words_decided_far_back_are_counted_apart_beside_guessing(engine: FakeEngine) -> None:
    said = words(trained(engine))
    assert "### Words decided far back" in said
    assert "Of 256 held-out words decided far back are right: read from left to right, the RNN" in said
    assert "; always naming the word that most often follows the one before, " in said


def test_of_running_text_nobody_knows_which_words_these_are(engine: FakeEngine) -> None:
    app = trained(engine, corpus="manual", vocabulary="50", length="6")
    assert not app.exception and "### Words decided far back" not in words(app)
    assert [one["name"] for one in parts(app)["typing"]["keyboards"]] == ["RNN", "GRU"]


def test_other_tasks_suggest_nothing(engine: FakeEngine) -> None:
    app = press(visit({"task": "tagging", "steps": "3", "batch": "4", "models": "rnn:hidden=4"}), "Train")
    engine.all[0].train()
    app = app.run()
    assert "typing" not in parts(app) and questions.SUGGEST.function not in engine.asked
