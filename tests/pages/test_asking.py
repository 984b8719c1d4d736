"""Questions that many share are asked once, and the answers kept within bounds."""

import threading

import numpy as np
import pytest

from pages._ui.session.asking import Asked
from rnnviz.engine import EngineError


def _answer(size=1):
    return {"x": np.zeros(size)}


def test_thirty_who_ask_the_same_ask_once():
    asked, begun, go = Asked(), [], threading.Event()

    def slow():
        begun.append(1)
        go.wait(10)
        return _answer()

    waiting = [asked.ask("key", slow) for _ in range(30)]
    go.set()
    assert all(one.result(10) is waiting[0].result() for one in waiting)
    assert len(begun) == 1 and len(asked) == 1


def test_asking_does_not_wait():
    asked, go = Asked(), threading.Event()
    waiting = asked.ask("key", lambda: go.wait(10) and _answer())
    assert not waiting.done() and asked.find("key") is waiting and asked.find("other") is None
    go.set()


def test_what_was_refused_stays_refused_and_trouble_does_not():
    asked = Asked(rest=0.0, at_once=1)
    for error in (ValueError("no"), EngineError("late")):

        def fail(error=error):
            raise error

        with pytest.raises(type(error)):
            asked.ask(str(error), fail).result(10)
        asked.ask("after", _answer).result(10)
    with pytest.raises(ValueError, match="no"):
        asked.ask("no", _answer).result(10)
    assert asked.ask("late", _answer).result(10)


def test_trouble_is_told_for_a_while_before_it_is_asked_again():
    asked = Asked(rest=60.0)

    def fail():
        raise EngineError("late")

    for question in (fail, _answer):
        with pytest.raises(EngineError, match="late"):
            asked.ask("key", question).result(10)


def test_old_answers_make_room():
    asked = Asked(most=3, most_bytes=1_000, at_once=1)
    for key in range(5):
        asked.ask(key, _answer).result(10)
    asked.ask("large", lambda: _answer(100)).result(10)
    asked.ask("last", lambda: _answer(100)).result(10)
    assert asked.find(0) is None and asked.find("large") is None
    assert asked.nbytes <= 1_000


def test_what_can_wait_does_not_keep_others_waiting():
    asked, go = Asked(at_once=1), threading.Event()
    patient = [asked.ask(key, lambda: go.wait(10) and _answer(), later=True) for key in range(5)]
    assert asked.ask("now", _answer).result(10)
    assert not any(one.done() for one in patient)
    go.set()
    assert all(one.result(10) for one in patient)
