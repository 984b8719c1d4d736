"""What the table of all tasks says is what the files of measured figures hold."""

import dataclasses

import pytest

from pages._ui.tasks.rows import Row, measured, missing
from rnnviz.tasks import TASKS
from rnnviz.tasks.adding import Adding
from rnnviz.tasks.recall import Recall

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
