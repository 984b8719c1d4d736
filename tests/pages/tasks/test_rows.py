"""What the table of all tasks says is what the files of measured figures hold."""

import dataclasses
import itertools

import pytest

from pages._ui.tasks.rows import Row, Scores, measured, missing, scored, seen_in
from pages._ui.tasks.tried import tried
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks import TASKS
from rnnviz.tasks.adding import Adding
from rnnviz.tasks.recall import Recall
from tests.benchmarks.settings import TRIED

LESS = Row(Adding(), {"rnn": "RNN", "gru": "GRU"}, {"rnn": (0.3, 0.1), "gru": (0.02, 0.01)}, 0.2, None, "", 12.4)
MORE = Row(Recall(), {"rnn": "RNN", "gru": "GRU"}, {"rnn": (90.0, 40.0), "gru": (80.0, 60.0)}, 10.0, 90.0, "%", None)


def test_every_task_is_measured_or_named_as_missing() -> None:
    rows = measured()
    assert {row.task.name for row in rows} | {kind.name for kind in missing()} == {*TASKS}
    assert all(kind.application for kind in TASKS.values())


def test_a_share_is_the_way_from_guessing_to_the_best() -> None:
    assert [one.shares for one in LESS.contestants][1] == pytest.approx((0.9, 0.95))
    assert [one.shares for one in MORE.contestants] == [pytest.approx((1.0, 0.375)), pytest.approx((0.875, 0.625))]


def test_better_is_who_is_better_with_every_seed() -> None:
    assert LESS.shown == "GRU better than RNN, in all two seeds. RNN no better than always answering 1 in one of two."
    assert MORE.shown == "No model is better than another in all two seeds."
    worse = dataclasses.replace(MORE, scores={"rnn": (90.0, 40.0), "gru": (80.0, 30.0)})
    assert worse.shown == "RNN better than GRU, in all two seeds."


def test_scores_are_written_from_the_worst_to_the_best_seed() -> None:
    assert (MORE.spread("rnn"), LESS.spread("gru")) == ("40 to 90 %", "0.0100 to 0.0200")
    assert (LESS.time, MORE.time) == ("12 s", "")


def test_what_the_textbook_says_is_counted_seed_by_seed() -> None:
    scores: Scores = {"rnn": (0.3, 0.1, 0.2), "lstm": (0.1, 0.2, 0.1), "gru": (0.02, 0.01, 0.3)}
    row = dataclasses.replace(LESS, scores=scores)
    assert row.as_taught == "Textbook: gates help. Seen in one of three seeds."
    none = dataclasses.replace(row, scores={**scores, "rnn": (0.0, 0.0, 0.0)})
    assert none.as_taught == "Textbook: gates help. Seen in none of three seeds."


@pytest.mark.parametrize("row", measured(), ids=lambda row: row.task.name)
def test_the_textbook_parts_the_models_that_are_trained_by_default(row: Row) -> None:
    usual = Experiment(row.task)
    scores = (
        dict(zip(usual.labels, one, strict=True))
        for one in itertools.product(((0.0,), (1.0,)), repeat=len(usual.labels))
    )
    assert [seen_in(usual, one) for one in scores].count(1) == 1, "one way of who does better is as it is taught"


def test_every_setting_that_was_tried_is_a_link_and_the_defaults_are_the_first() -> None:
    names = [one.experiment.task.name for one in tried()]
    assert {*names} == {*TRIED} and len({one.link for one in tried()}) == len(names)
    for name in TRIED:
        settings = [one for one in tried() if one.experiment.task.name == name]
        assert [one.usual for one in settings] == [True] + [False] * (len(settings) - 1)
        assert [one.link for one in settings] == [*TRIED[name].values()]
        assert all(one.seeds == 10 and one.called and one.shown for one in settings)


def test_the_default_rnn_of_adding_vanishes_without_saturation() -> None:
    usual = next(one for one in tried() if one.experiment.task.name == "adding")
    assert sum(share < 0.1 for share in usual.saturated["rnn"]) >= 8
    assert seen_in(usual.experiment, usual.scores) == 10


def test_what_was_changed_is_said_in_words_and_every_score_has_its_name() -> None:
    called = [one.called for one in tried()]
    assert not [one for one in called if "=" in one or "lr" in one.split()]
    assert "why it saturates (training steps 1,200, learning rate 0.01)" in called
    assert "why the forget bias (LSTM: forget bias −1)" in called and "a longer wait (lag 40 letters)" in called
    names = {row.task.name: scored(row.task) for row in measured()}
    assert names["adding"] == "mean squared error, lower is better" and names["recall"] == "letters named right, %"
