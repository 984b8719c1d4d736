"""Turns, answers and failures in the worker, with a clock set by hand."""

import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rnnviz.core.errors import ExperimentError
from rnnviz.engine import protocol
from rnnviz.engine.answering import named, packed, plain
from rnnviz.engine.scheduler import SLICE, Scheduler
from rnnviz.engine.worker import serve
from rnnviz.runs.frames import Frame
from rnnviz.specs.experiment import Experiment


class Bench:
    """A scheduler, the time, and what it reported."""

    def __init__(self, *works: Callable[["Bench"], Iterator[Any]]) -> None:
        self.now = 0.0
        self.said: list[Any] = []
        self._works = iter(works)
        self.scheduler = Scheduler(lambda *_: next(self._works)(self), self.said.append, clock=lambda: self.now)
        for number, _ in enumerate(works, start=1):
            self.scheduler.obey(protocol.Train(number, pickle.dumps((Experiment(), None))))

    def turns(self, count: int) -> list[int]:
        """Whose turns come next, each named when it changes."""
        begin = len(self.said)
        for _ in range(count):
            self.scheduler.turn()
        return [said.number for said in self.said[begin:] if isinstance(said, protocol.Turn)]

    def kinds(self) -> list[type]:
        return [type(said) for said in self.said]


def working(seconds: float) -> Callable[[Bench], Iterator[None]]:
    """Work whose every piece takes so long."""

    def ticks(bench: Bench) -> Iterator[None]:
        while True:
            bench.now += seconds
            yield None

    return ticks


def test_equal_jobs_take_turns() -> None:
    bench = Bench(*[working(SLICE / 3)] * 3)
    assert bench.turns(6) == [1, 2, 3, 1, 2, 3]


def test_a_job_with_long_pieces_gets_no_more_time_than_others() -> None:
    bench = Bench(working(10 * SLICE), working(SLICE))
    bench.turns(40)
    spent = [job.seconds / SLICE for job in bench.scheduler._jobs.values()]
    assert abs(spent[0] - spent[1]) <= 10


def test_a_newcomer_does_not_catch_up_on_the_past() -> None:
    bench = Bench(*[working(SLICE)] * 3)
    bench.scheduler.obey(protocol.Hold(3))
    bench.turns(50)
    bench.scheduler.obey(protocol.Resume(3))
    assert 3 in bench.turns(3)
    assert bench.turns(6).count(3) <= 2


def test_nothing_to_do_is_not_busy() -> None:
    bench = Bench(working(SLICE))
    assert bench.scheduler.busy
    bench.scheduler.obey(protocol.Hold(1))
    assert not bench.scheduler.busy
    bench.scheduler.obey(protocol.Resume(1))
    bench.scheduler.obey(protocol.Drop(1))
    assert not bench.scheduler.busy


class Asleep(Exception):
    """The worker waits for a command, and none will come."""


class NoCommands:
    """An inbox in which there is nothing: who waits for a command sleeps."""

    def __init__(self) -> None:
        self.looks = 0

    def empty(self) -> bool:
        self.looks += 1
        assert self.looks < 100, "it goes on though there is nothing to do"
        return True

    def get(self) -> protocol.Command:
        raise Asleep


@pytest.mark.parametrize("held", [False, True])
def test_with_nothing_to_do_the_worker_sleeps_until_a_command_comes(held: bool) -> None:
    bench, inbox = Bench(working(SLICE) if held else three_steps), NoCommands()
    if held:
        bench.scheduler.obey(protocol.Hold(1))
    with pytest.raises(Asleep):
        serve(bench.scheduler, inbox)  # type: ignore[arg-type]
    assert bench.kinds().count(protocol.Finished) == (not held)
    assert bench.now == pytest.approx(0.0 if held else 0.6), "it does all there is to do before, and no more"


def test_commands_about_what_is_gone_are_ignored() -> None:
    bench = Bench()
    for command in (protocol.Hold(9), protocol.Resume(9), protocol.Drop(9)):
        bench.scheduler.obey(command)
    assert bench.said == []


def three_steps(bench: Bench) -> Iterator[Frame | None]:
    for step in range(3):
        bench.now += 0.2
        yield None
        yield Frame(step, {}, {})


def test_frames_and_progress_and_the_end() -> None:
    bench = Bench(three_steps)
    bench.turns(4)
    frames = [said.frame.step for said in bench.said if isinstance(said, protocol.FrameMade)]
    steps = [said.step for said in bench.said if isinstance(said, protocol.Stepped)]
    assert frames == [0, 1, 2]
    assert steps == sorted(steps) and len(steps) >= 2
    assert bench.said[-1] == protocol.Finished(1, pytest.approx(0.6))  # type: ignore[arg-type]
    assert not bench.scheduler.busy


def test_an_error_ends_its_own_job_only() -> None:
    def raises(bench: Bench) -> Iterator[None]:
        bench.now += SLICE
        yield None
        raise RuntimeError("oh")

    bench = Bench(raises, working(SLICE))
    bench.turns(6)
    failed = [said for said in bench.said if isinstance(said, protocol.Failed)]
    assert [said.number for said in failed] == [1] and "RuntimeError: oh" in failed[0].trouble
    assert bench.turns(3) == []  # the other one has all turns


def test_an_experiment_error_explains_itself() -> None:
    def refuses(bench: Bench) -> Iterator[None]:
        raise ExperimentError("training.device", "there", "cuda")
        yield

    bench = Bench(refuses)
    bench.turns(1)
    assert bench.said[-1] == protocol.Failed(1, "training.device must be there; got 'cuda'.", "")


def test_an_unreadable_experiment_fails_alone() -> None:
    bench = Bench()
    bench.scheduler.obey(protocol.Train(5, b"not a pickle"))
    assert bench.kinds() == [protocol.Failed]


def test_many_questions_do_not_stop_the_training(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(working(SLICE))

    def slow(ask: protocol.Ask) -> protocol.Answered:
        bench.now += SLICE
        return protocol.Answered(ask.number, b"")

    monkeypatch.setattr("rnnviz.engine.scheduler.reply", slow)
    for number in range(10, 15):
        bench.scheduler.obey(protocol.Ask(number, "", b""))
    bench.scheduler.obey(protocol.Drop(14))
    while bench.kinds().count(protocol.Answered) < 4:
        bench.scheduler.answer()
        bench.scheduler.turn()
    turns = [said.number for said in bench.said if isinstance(said, protocol.Turn)]
    assert turns == [10, 1, 11, 1, 12, 1, 13, 1]


@pytest.mark.parametrize(
    "function",
    [
        "os:system",
        "rnnviz.nn.questions:torch",
        "rnnviz.nn.questions:_private",
        "rnnviz.nn.questions:",
        "rnnviz.nn.questions",
        "rnnviz.nnn.questions:versions",
        "rnnviz.engine.worker:main",
        "rnnviz.nn.train.training:np.load",
        "rnnviz.nn.train.training:Run",
        "",
    ],
)
def test_only_public_functions_of_the_models_may_be_called(function: str) -> None:
    with pytest.raises(ValueError, match="function must be a public function under"):
        named(function)


class Stubborn(ValueError):
    """An error that does not survive pickling."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def test_an_error_that_cannot_be_pickled_keeps_its_words() -> None:
    assert repr(pickle.loads(packed(Stubborn(1, 2)))) == "ValueError('1 and 2')"
    assert pickle.loads(packed(ExperimentError("lr", "small", 9))).field == "lr"


def test_an_answer_must_not_bring_torch_along() -> None:
    torch = pytest.importorskip("torch")
    for result in (torch.zeros(2), {"a": [torch.float32]}, torch.device("cpu"), torch.__version__):
        with pytest.raises(TypeError, match="an answer must be plain or numpy; it holds a torch"):
            plain(result)
