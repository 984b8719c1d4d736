"""Below the stage of Compare: by class, and word by word."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from rnnviz.engine import questions
from tests.pages.fakes import FakeEngine
from tests.pages.visiting import parts, press, tell, visit, words

SMALL = {"steps": "3", "batch": "4", "models": "rnn:hidden=4,gru:hidden=4:bidirectional=true"}
NOT_ASKED = ("adding", "dates")


def trained(engine: FakeEngine, task: str, **more: str) -> AppTest:
    app = press(visit({"task": task} | (SMALL if task != "dates" else {"steps": "3"}) | more), "Train")
    engine.all[0].train()
    return app.run()


def bodies(app: AppTest) -> str:
    return " ".join(one.proto.body for one in app.get("html"))


@pytest.mark.parametrize("task", ["sentiment", "tagging"])
def test_both_sections_stand_below_the_stage_for_tasks_of_words(engine: FakeEngine, task: str) -> None:
    app = trained(engine, task)
    assert not app.exception and not app.main.error
    assert "### By class" in words(app) and "### Word by word" in words(app)
    asked = [questions.BY_CLASS.function, questions.WORD_BY_WORD.function]
    assert [name for name in engine.asked if name in asked] == [name for name in asked for _ in range(2)]
    assert "macro average" in bodies(app) and "by leaving it out" in bodies(app)
    assert "+0.7 doubles the odds" in words(app)


def test_names_told_later_are_counted_by_the_directions_in_which_is_read(engine: FakeEngine) -> None:
    said = words(trained(engine, "tagging"))
    pattern = r"Of 168 held-out names whose kind is told later are right: read from left to right, the RNN .* %; "
    assert re.search(pattern + r"read in both directions, the GRU .* %\.", said)


@pytest.mark.parametrize("task", ["recall", "brackets"])
def test_other_tasks_of_few_classes_have_the_first_section_alone(engine: FakeEngine, task: str) -> None:
    app = trained(engine, task)
    assert "### By class" in words(app) and "### Word by word" not in words(app)


@pytest.mark.parametrize("task", NOT_ASKED)
def test_tasks_without_such_classes_have_neither(engine: FakeEngine, task: str) -> None:
    app = trained(engine, task)
    assert "### By class" not in words(app) and questions.BY_CLASS.function not in engine.asked


@pytest.mark.parametrize(("task", "told"), [("adding", False), ("recall", True), ("sentiment", True)])
def test_compare_hears_what_is_looked_at_where_something_below_the_stage_depends_on_it(
    engine: FakeEngine, task: str, told: bool
) -> None:
    assert parts(visit({"task": task} | SMALL))["bar"]["report"] == told


def test_nothing_is_asked_before_there_is_a_run(engine: FakeEngine) -> None:
    app = visit({"task": "sentiment"} | SMALL)
    assert "### By class" not in words(app) and not engine.asked


def test_a_sentence_of_ones_own_is_looked_at_and_its_unknown_words_are_named(engine: FakeEngine) -> None:
    app = trained(engine, "sentiment")
    box = next(one for one in app.text_input if one.label.startswith("A sentence of your own"))
    app = box.set_value("Not a GOOD kazoo <b>").run()
    assert not app.exception and not app.main.error
    assert "read as one word for all of these: kazoo and <b>" in words(app)
    assert "⟨kazoo⟩" in bodies(app) and "<b>" not in bodies(app)
    box = next(one for one in app.text_input if one.label.startswith("A sentence of your own"))
    app = box.set_value("...").run()
    assert "1 to 400 words; got none" in words(app) and "⟨kazoo⟩" in bodies(app)


def test_the_tag_of_another_word_can_be_chosen_and_wrong_tags_are_marked(engine: FakeEngine) -> None:
    app = trained(engine, "tagging")
    assert 'class="tagged wrong"' in bodies(app), "three steps of training do not tag everything right"
    box = next(one for one in app.selectbox if one.label == "Influence on the answer to")
    app = box.set_value(3).run()
    assert not app.exception and "keeps" in bodies(app)
    app = tell(app, probe=1)
    assert not app.exception and "produces" in bodies(app)


@pytest.mark.parametrize("task", ["sentiment", "tagging"])
def test_a_typed_sentence_is_taken_apart_on_anatomy_and_its_unknown_words_are_named(
    engine: FakeEngine, task: str
) -> None:
    app = press(visit({"task": task} | SMALL, "anatomy"), "Train")
    engine.all[0].train()
    app = app.run()
    box = next(one for one in app.text_input if one.label == "A sequence of your own")
    app = box.set_value("apple , a kazoo").run()
    assert not app.exception and not app.main.error
    assert "kazoo" in words(app) and "Time step 2 of 4" in words(app)


def test_many_classes_stand_turned_above_their_columns(engine: FakeEngine) -> None:
    assert '<span class="turned">anticlockwise</span>' in bodies(trained(engine, "motion", models="rnn:hidden=4"))


def test_few_classes_need_not_be_turned(engine: FakeEngine) -> None:
    assert 'class="turned"' not in bodies(trained(engine, "sentiment"))


def test_a_second_model_of_a_cell_has_a_hollow_square_at_its_title(engine: FakeEngine) -> None:
    said = bodies(trained(engine, "sentiment", models="gru:hidden=4,gru:hidden=5"))
    assert "background:#009E73" in said and "box-shadow:inset 0 0 0 3px #009E73" in said
