"""The weights between two frames: how often the worker sends them, and that they come."""

import os
import pickle
import signal
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from rnnviz.engine import Engine, protocol
from rnnviz.engine.scheduler import GLIMPSE_EVERY, SLICE
from rnnviz.runs.frames import Frame, Glimpse, GlimpsePoint
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import TrainingSpec
from tests.engine.helpers import same, until
from tests.engine.test_scheduler import Bench, working
from tests.support.glimpsing_trainer import FRAME_EVERY

# In the worker


def glimpsing(seconds: float, frames: tuple[int, ...] = (0,), cost: float = 0.0) -> Callable[[Bench], Iterator[object]]:
    """Work whose steps take so long and end with a moment, and at some with a frame. A glimpse costs time too."""

    def ticks(bench: Bench) -> Iterator[object]:
        now = np.zeros(1)

        def take() -> dict[str, dict[str, np.ndarray]]:
            bench.now += cost
            return {"rnn": {"step": now.copy()}}

        for step in range(100_000):
            bench.now += seconds
            now[:] = step
            yield Frame(step, {}, {}) if step in frames else GlimpsePoint(step, take)

    return ticks


def pictures(bench: Bench, number: int = 1) -> list[protocol.FrameMade | protocol.Glimpsed]:
    """The frames and glimpses of a job, in their order."""
    kinds = protocol.FrameMade | protocol.Glimpsed
    return [said for said in bench.said if isinstance(said, kinds) and said.number == number]


def glimpses(bench: Bench, number: int = 1) -> list[Glimpse]:
    return [said.glimpse for said in pictures(bench, number) if isinstance(said, protocol.Glimpsed)]


def test_a_glimpse_comes_at_most_so_often_and_soon_after() -> None:
    bench = Bench(glimpsing(0.01))
    while bench.now < 10.0:
        bench.scheduler.turn()
    between = np.diff([glimpse.step for glimpse in glimpses(bench)]) * 0.01
    assert len(between) > 40
    assert between.min() >= GLIMPSE_EVERY - 1e-6 and between.max() <= GLIMPSE_EVERY + 0.02


def test_it_shows_the_weights_of_its_own_step() -> None:
    bench = Bench(glimpsing(0.01))
    bench.turns(200)
    taken = glimpses(bench)
    assert taken and all(glimpse.weights["rnn"]["step"] == glimpse.step for glimpse in taken)


def test_after_a_frame_it_is_waited_again() -> None:
    bench = Bench(glimpsing(0.01, frames=tuple(range(0, 100_000, 10))))
    bench.turns(200)
    assert glimpses(bench) == [] and len(pictures(bench)) > 10


def test_before_the_first_frame_there_is_none() -> None:
    bench = Bench(glimpsing(0.01, frames=(50,)))
    bench.turns(100)
    assert isinstance(pictures(bench)[0], protocol.FrameMade) and glimpses(bench)


def test_a_job_without_moments_has_none() -> None:
    bench = Bench(working(SLICE), glimpsing(SLICE))
    bench.turns(100)
    assert glimpses(bench, 1) == [] and glimpses(bench, 2)


@pytest.mark.parametrize("besides", [True, False])
@pytest.mark.parametrize("models", [1, 2, 3])
def test_steps_are_counted_right_with_moments(models: int, besides: bool) -> None:
    """Whether a moment comes besides the ticks of the models or in place of the last of them."""
    at: list[int] = []

    def ticks(bench: Bench) -> Iterator[object]:
        for step in range(100_000):
            for _ in range(models if besides or step % 40 == 0 else models - 1):
                yield None
            bench.now += SLICE
            at.append(step)
            if step % 40 == 0:
                yield Frame(step, dict.fromkeys("abc"[:models]), {})
            else:
                yield GlimpsePoint(step + 1, dict)

    bench = Bench(ticks)
    for _ in range(100):
        bench.turns(1)
        assert 0 <= at[-1] - bench.scheduler._jobs[1].step <= 1


def test_taking_it_is_charged_to_the_job() -> None:
    bench = Bench(glimpsing(SLICE / 3, cost=SLICE * 4), working(SLICE))
    bench.turns(400)
    spent = [job.seconds / SLICE for job in bench.scheduler._jobs.values()]
    assert len(glimpses(bench)) > 10 and abs(spent[0] - spent[1]) <= 6


def test_one_that_cannot_be_taken_fails_its_own_job_only() -> None:
    def breaks(bench: Bench) -> Iterator[object]:
        yield Frame(0, {}, {})
        while True:
            bench.now += GLIMPSE_EVERY
            yield GlimpsePoint(1, lambda: {}["gone"])

    bench = Bench(breaks, working(SLICE))
    bench.turns(10)
    assert [said.number for said in bench.said if isinstance(said, protocol.Failed)] == [1]
    assert bench.scheduler.busy


def test_it_crosses_the_pipe_as_it_is() -> None:
    said = protocol.Glimpsed(3, Glimpse(7, {"gru": {"weight": np.arange(6, dtype=np.float32).reshape(2, 3)}}))
    assert same(pickle.loads(pickle.dumps(said)), said)


# With a real worker process


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = Engine(workers=1, trainer="tests.support.glimpsing_trainer:ticks")
    engine.start()
    yield engine
    engine.stop()


def test_glimpses_come_from_a_worker_and_go_with_the_end(engine: Engine) -> None:
    job = engine.submit(Experiment(training=TrainingSpec(steps=900)), "a")
    seen: dict[int, Glimpse] = {}

    def look() -> bool:
        if newest := job.glimpse:
            seen[newest.step] = newest
        return job.over

    until(look)
    assert (job.status, job.glimpse, job.run.steps) == ("finished", None, (0, FRAME_EVERY, 2 * FRAME_EVERY, 900))
    assert len(seen) >= 2 and list(seen) == sorted(seen) and not seen.keys() & set(job.run.steps)
    assert all(newest.weights["rnn"]["weight"] == step for step, newest in seen.items())


def test_a_worker_that_dies_takes_its_glimpse_along(engine: Engine) -> None:
    job = engine.submit(Experiment(training=TrainingSpec(steps=20_000)), "a")
    until(lambda: job.glimpse and job.glimpse.step > FRAME_EVERY)
    starts = engine.stats().starts
    os.kill(engine.stats().worker_pids[0], signal.SIGKILL)
    until(lambda: engine.stats().starts > starts)
    before = job.glimpsed
    assert job.glimpse is None and before > FRAME_EVERY
    until(lambda: job.glimpse)
    assert job.glimpse and job.glimpse.step > before
    job.stop("a")
    assert (job.status, job.glimpse) == ("stopped", None)
