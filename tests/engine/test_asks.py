"""Who waits for which answer, when answerers die: with answerers that only take notes."""

import pickle

import pytest

from rnnviz.engine import asks, protocol
from rnnviz.engine.asks import Asks
from rnnviz.engine.errors import EngineError


class Notes:
    """An answerer that notes what it is asked."""

    def __init__(self, ready: bool = True) -> None:
        self.ready = ready
        self.asked: list[int] = []
        self.dropped: list[int] = []

    def ask(self, number: int, function: str, payload: bytes) -> None:
        self.asked.append(number)

    def drop(self, number: int) -> None:
        self.dropped.append(number)


def test_a_ready_one_with_fewest_questions_is_asked() -> None:
    one, other, starting = Notes(), Notes(), Notes(ready=False)
    desk = Asks([starting, one, other])
    for number in range(4):
        desk.put(number, "f", b"")
    assert (one.asked, other.asked, starting.asked) == ([0, 2], [1, 3], [])


def test_an_error_comes_back_as_itself() -> None:
    desk = Asks([Notes()])
    question = desk.put(1, "f", b"")
    desk.report(protocol.Refused(1, pickle.dumps(KeyError("a")), ""))
    with pytest.raises(KeyError):
        question.answer.result(0)


def test_an_unexpected_error_hides_its_words_and_logs_them(caplog: pytest.LogCaptureFixture) -> None:
    desk = Asks([Notes()])
    question = desk.put(1, "f", b"")
    desk.report(protocol.Refused(1, b"", "Traceback: secret"))
    with pytest.raises(EngineError, match=r"number [0-9a-f]{8} in the server's log"):
        question.answer.result(0)
    assert "Traceback: secret" in caplog.text


def test_a_withdrawn_question_is_dropped_and_its_answer_ignored() -> None:
    one = Notes()
    desk = Asks([one])
    question = desk.put(1, "f", b"")
    desk.withdraw(1)
    desk.withdraw(1)
    desk.report(protocol.Answered(1, b""))
    assert one.dropped == [1] and not question.answer.done()


def test_questions_of_a_dead_one_go_to_another() -> None:
    one, other = Notes(), Notes(ready=False)
    desk = Asks([one, other])
    desk.put(1, "f", b"")
    one.ready, other.ready = False, True
    desk.lost(one, guilty=None)
    assert other.asked == [1]


def test_a_deadly_question_is_given_up() -> None:
    one = Notes()
    desk = Asks([one])
    deadly, innocent = desk.put(1, "f", b""), desk.put(2, "f", b"")
    for _ in range(asks.MOST_TRIES):
        desk.lost(one, guilty=1)
    with pytest.raises(EngineError, match="given up"):
        deadly.answer.result(0)
    assert not innocent.answer.done()


def test_a_hanging_question_is_given_up_at_once() -> None:
    one = Notes()
    desk = Asks([one])
    question = desk.put(1, "f", b"")
    desk.lost(one, guilty=1, verdict="It said nothing for long.")
    with pytest.raises(EngineError, match="It said nothing"):
        question.answer.result(0)
