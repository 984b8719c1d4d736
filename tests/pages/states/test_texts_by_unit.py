"""Below the stage of States: a whole text, coloured by one unit."""

import numpy as np
from streamlit.testing.v1 import AppTest

from pages._ui.states.painted import scale
from pages._ui.states.texts import _unclear
from rnnviz.analysis.patterns import Follower
from rnnviz.engine import questions
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import press, visit, words

TITLE = "### A whole text, coloured by one unit"
SMALL = {"task": "text", "corpus": "python:bisect", "steps": "3", "batch": "4", "models": "lstm:hidden=6"}


def trained(engine: FakeEngine, **more: str) -> AppTest:
    app = press(visit(SMALL | more, "states"), "Train")
    engine.all[0].train()
    return app.run()


def painted(app: AppTest) -> str:
    return " ".join(one.proto.body for one in app.get("html"))


def test_a_text_has_colours_and_the_unit_that_follows_best_is_chosen(engine: FakeEngine) -> None:
    app = trained(engine)
    assert not app.exception and TITLE in words(app) and 'class="painted"' in painted(app)
    assert engine.asked.count(questions.READ_THROUGH.function) == 1
    app = app.selectbox(key="text.pattern").set_value("space").run()
    assert "**spaces and line ends** (" in words(app) and "correlation r" in painted(app)
    assert "follow it best." in words(app) or "follows it clearly, |r| is" in words(app)
    assert 'class="painted-scale"' in painted(app)
    unit = app.slider(key="text.unit").value
    assert f"unit {unit} of the hidden state" in words(app)
    assert "under" in painted(app)


def test_a_weak_correlation_is_not_called_following() -> None:
    weak, rare = Follower(3, -0.21, 0.6), Follower(3, 0.25, 0.95)
    assert _unclear([weak, weak]) and not _unclear([weak, Follower(4, -0.4, 0.6)]) and not _unclear([rare])
    assert _unclear([Follower(3, 0.1, float("nan"))])


def test_the_colours_have_their_numbers() -> None:
    said = scale(np.array([0.5, -0.25]))
    assert "<span>−0.50</span>" in said and "<span>0.50</span>" in said


def test_a_passage_is_looked_for_or_named_as_missing(engine: FakeEngine) -> None:
    app = trained(engine).selectbox(key="text.pattern").set_value("passage").run()
    app = app.text_input(key="text.passage").input("lo").run()
    assert "The passage comes" in words(app) and "cosine" in painted(app)
    app = app.text_input(key="text.passage").input("nowhere to be found").run()
    assert "passage must be 1 to 200 characters that stand in the text" in app.warning[0].value


def test_a_text_of_ones_own_is_read_and_an_unknown_character_named(engine: FakeEngine) -> None:
    app = trained(engine).selectbox(key="text.way").set_value("own").run()
    assert "Paste a text" in words(app)
    app = app.text_area(key="text.typed").input("return insert").run()
    assert 'class="painted"' in painted(app)
    app = app.text_area(key="text.typed").input("Ω").run()
    assert "text must be made of characters of the text that is learned; got 'Ω'" in app.warning[0].value


def test_other_tasks_have_no_such_section(engine: FakeEngine) -> None:
    app = press(visit({"task": "adding", "steps": "3", "batch": "4", "models": "rnn:hidden=4"}, "states"), "Train")
    engine.all[0].train()
    assert TITLE not in words(app.run())
