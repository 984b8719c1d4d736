"""Questions that many share are asked once, and the answers kept within bounds."""

import threading
from typing import Any, Never

import numpy as np
import pytest

from pages._ui.session import asking, server
from pages._ui.session.asking import OVERHEAD, Asked
from rnnviz.engine import EngineError
from tests.engine.helpers import until
from tests.pages.fakes import FakeEngine


def questions(budget: int = 1_000_000, **options: Any) -> Asked:
    return Asked("questions", budget, **options)


def _answer(size: int = 1) -> dict[str, np.ndarray]:
    return {"x": np.zeros(size)}


def test_thirty_who_ask_the_same_ask_once() -> None:
    asked, begun, go = questions(), [], threading.Event()

    def slow() -> dict[str, np.ndarray]:
        begun.append(1)
        go.wait(10)
        return _answer()

    waiting = [asked.ask("key", slow) for _ in range(30)]
    go.set()
    assert all(one.result(10) is waiting[0].result() for one in waiting)
    assert len(begun) == 1 and len(asked) == 1


def test_asking_does_not_wait() -> None:
    asked, go = questions(), threading.Event()
    waiting = asked.ask("key", lambda: go.wait(10) and _answer())
    assert not waiting.done() and asked.find("key") is waiting and asked.find("other") is None
    go.set()


def test_what_was_refused_stays_refused_and_trouble_does_not() -> None:
    asked = questions(rest=0.0, at_once=1)
    for error in (ValueError("no"), EngineError("late")):

        def fail(error: Exception = error) -> Never:
            raise error

        with pytest.raises(type(error)):
            asked.ask(str(error), fail).result(10)
        asked.ask("after", _answer).result(10)
    with pytest.raises(ValueError, match="no"):
        asked.ask("no", _answer).result(10)
    assert asked.ask("late", _answer).result(10)


def test_trouble_is_told_for_a_while_before_it_is_asked_again() -> None:
    asked = questions(rest=60.0)

    def fail() -> Never:
        raise EngineError("late")

    for question in (fail, _answer):
        with pytest.raises(EngineError, match="late"):
            asked.ask("key", question).result(10)


def test_old_answers_make_room() -> None:
    asked = questions(5 * OVERHEAD, most=3, at_once=1)
    for key in range(5):
        asked.ask(key, _answer).result(10)
    asked.ask("large", lambda: _answer(1_000)).result(10)
    asked.ask("last", lambda: _answer(1_000)).result(10)
    assert asked.find(0) is None and asked.find("large") is None
    assert asked.nbytes <= 5 * OVERHEAD


def test_what_can_wait_does_not_keep_others_waiting() -> None:
    asked, go = questions(at_once=1), threading.Event()
    patient = [asked.ask(key, lambda: go.wait(10) and _answer(), later=True) for key in range(5)]
    assert asked.ask("now", _answer).result(10)
    assert not any(one.done() for one in patient)
    go.set()
    assert all(one.result(10) for one in patient)


def test_an_answer_is_weighed_when_it_is_there_and_one_that_went_before_is_not() -> None:
    asked, go = questions(most=1, at_once=2), threading.Event()
    gone = asked.ask("gone", lambda: go.wait(10) and _answer(500))
    asked.ask("kept", lambda: go.wait(10) and _answer(100))
    assert asked.nbytes == OVERHEAD and asked.find("gone") is None
    go.set()
    assert gone.result(10)["x"].size == 500
    after = asked.ask("last", _answer)
    after.result(10)
    until(lambda: asked.nbytes > OVERHEAD)
    assert asked.nbytes < OVERHEAD + 1_000 and len(asked) == 1


def test_questions_under_one_name_to_one_engine_are_shared(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    first = asking.asked("one", 1_000)
    assert asking.asked("one", 1_000) is first and asking.asked("other", 1_000) is not first
    monkeypatch.setattr(server, "_engine", FakeEngine())
    assert asking.asked("one", 1_000) is not first


def test_who_waited_too_long_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PATIENCE", 0.01)
    asked, go = questions(), threading.Event()
    with pytest.raises(EngineError, match=r"longer than 0.01 seconds"):
        asking.answer(asked.ask("key", lambda: go.wait(10) and _answer()))
    go.set()
