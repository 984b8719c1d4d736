"""A run at one of its frames."""

import pytest

from rnnviz.runs.run import Run
from rnnviz.runs.view import RunView
from tests.runs.helpers import STEPS, WHY, ended


def test_a_view_holds_all_that_was_measured_until_its_step(with_an_end: Run) -> None:
    at = with_an_end.at(7)
    assert at.step == 7 and at.frame is with_an_end.frames[7] and at.past == tuple(with_an_end.frames[:8])
    assert list(at.measured) == ["rnn", "lstm", "gru"] and dict(at.steps) == {"rnn": 4, "lstm": 7, "gru": 7}
    assert at.model("rnn") is with_an_end.frames[4].models["rnn"] and "rnn" not in at.frame.models
    assert at.model("gru") is at.measured["gru"] is with_an_end.frames[7].models["gru"]
    assert at.ended == {"rnn": WHY} and with_an_end.at(4).ended == {}
    assert list(at.history("rnn")) == [0, 1, 2, 3, 4] and at.history("gru")[7] is at.model("gru")


def test_a_view_is_made_once_and_later_frames_leave_it_as_it_is(run: Run) -> None:
    grown = Run(run.experiment, run.frames[:4])
    last = grown.at()
    assert last is grown.at(3) is grown.at(100) and last is not grown.at(2)
    grown.append(run.frames[4])
    assert grown.at(3) is last and last.step == 3 and grown.at().step == 4
    assert grown.frame() is grown.at().frame and grown.model_frame("lstm", 2) is grown.at(2).model("lstm")
    thin = run.thin(3)
    assert [thin.at(step).step for step in (-1, 0, 5, 6, STEPS + 9)] == [STEPS, 0, 0, 6, STEPS]


def test_a_model_that_ended_before_its_first_frame_is_not_in_a_view(run: Run) -> None:
    at = Run(run.experiment, [ended(frame, "rnn", WHY) for frame in run.frames]).at(2)
    assert list(at.measured) == ["lstm", "gru"] and at.history("rnn") == {}
    with pytest.raises(LookupError, match=f"rnn ended before its first frame: {WHY}"):
        at.model("rnn")
    with pytest.raises(LookupError, match="model must be one of rnn, lstm, gru; got 'elman'"):
        at.model("elman")


def test_before_the_first_frame_nothing_is_measured(run: Run) -> None:
    at = RunView.of(run.experiment)
    assert not at.measured and not at.past and at.history("rnn") == {}
    for ask in (lambda: at.frame, lambda: at.model("rnn"), Run(run.experiment).at):
        with pytest.raises(LookupError, match="no frames yet"):
            ask()
