"""Below the stage of States: one symbol changed, and answers against the truth."""

import pytest
from streamlit.testing.v1 import AppTest

from rnnviz.engine import questions
from rnnviz.tasks import TASKS
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import press, tell, visit, words

CHANGE, TRUTH = "### Change one symbol", "### Answers against truth"
BEFORE = "Train the models; then it is measured here."
ASKED = questions.DIFFERENCE.function
SMALL = {"task": "recall", "lag": "5", "steps": "3", "batch": "4", "models": "rnn:hidden=6,lstm:hidden=6"}


def trained(engine: FakeEngine, query: dict[str, str]) -> AppTest:
    app = press(visit(query, "states"), "Train")
    engine.all[-1].train()
    return app.run()


def choose(app: AppTest, task: str, what: str) -> AppTest:
    return app.button_group(key=f"change.way.{task}").set_value(what).run()


def test_the_shipped_run_says_who_still_sees_a_marked_number(engine: FakeEngine) -> None:
    app = visit(page="states")
    said = words(app)
    assert not app.exception and CHANGE in said and TRUTH in said
    assert "Time step 1, number: 0.90 → 0.40. Right: 1.50 → 1.00." in said
    assert "**RNN**: the change is gone after" in said
    for name in ("LSTM", "GRU"):
        assert f"**{name}**: the change is still there at the end, " in said
    assert said.count("The answer changes from") >= 2 and engine.asked.count(ASKED) == 3
    assert "The answers follow the truth. Off by" in said
    assert "128 answers to 128 held-out sequences, all that are scored." in said


def test_a_number_without_a_mark_changes_no_right_answer(engine: FakeEngine) -> None:
    app = choose(visit(page="states"), "adding", "a number without a mark")
    said = words(app)
    assert "as before." in said
    for name in ("RNN", "LSTM", "GRU"):
        assert f"**{name}**: the change " in said
    assert engine.asked.count(ASKED) == 6


def test_any_time_step_and_symbol_can_be_chosen(engine: FakeEngine) -> None:
    app = choose(trained(engine, SMALL), "recall", "a time step of my choice")
    next(one for one in app.slider if one.label == "Time step").set_value(3)
    app = app.run()
    next(one for one in app.selectbox if one.label == "Read instead").select("D")
    assert "Time step 3: " in words(app.run()) and "→ D." in words(app)
    assert not app.exception


def test_before_training_it_says_what_will_be_measured(engine: FakeEngine) -> None:
    said = words(visit(SMALL, "states"))
    assert CHANGE in said and TRUTH in said and said.count(BEFORE) == 3
    assert ASKED not in engine.asked


def test_while_it_trains_the_moment_is_measured(engine: FakeEngine) -> None:
    app = press(visit(SMALL, "states"), "Train")
    engine.all[-1].train(2)
    said = words(app.run())
    assert "Measured at training step 1, on the sequence on the stage." in said
    assert "Measured at training step 1. Pause, or move along the time line, to measure another moment." in said


def test_the_step_that_is_looked_at_is_measured(engine: FakeEngine) -> None:
    said = words(tell(visit(page="states"), step=0))
    assert "Measured at training step 0, on the sequence on the stage." in said
    assert "The answers follow the truth. Off by" not in said


@pytest.mark.parametrize("name", TASKS)
def test_every_task_has_both_or_says_why_not(engine: FakeEngine, name: str) -> None:
    query = {"task": name, "steps": "2", "batch": "4", "models": "lstm:hidden=4"}
    app = trained(engine, query)
    said = words(app)
    assert not app.exception and CHANGE in said and TRUTH in said
    assert "**LSTM" in said or "at once: there is no one symbol to change." in said
    assert "No model has been measured yet." not in said
