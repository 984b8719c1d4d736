"""What must hold of the desk whatever visitors, workers and time do, in any order."""

import collections
import random

import pytest

from rnnviz.core import limits
from rnnviz.engine import protocol
from rnnviz.engine.desk import MOST_WAITING
from rnnviz.engine.jobs import FRUITLESS, Job
from rnnviz.runs.frames import Frame, Glimpse
from tests.engine.office import Office

EXPERIMENTS, VISITORS = 25, ("a", "b", "c", "d")


def one_deed(office: Office, rng: random.Random) -> None:
    """Anything that anyone may do."""
    again = rng.random() < 0.5
    job = office.submit(rng.randrange(EXPERIMENTS), rng.choice(VISITORS), again) if rng.random() < 0.3 else None
    job = job or rng.choice(list(office.desk.shelf) or [office.submit(0)])
    visitor = rng.choice(VISITORS)
    runner = rng.choice(office.runners)
    number = job.place.number if job.place and rng.random() < 0.9 else rng.randrange(50)
    rng.choice(
        (
            lambda: job.watch(visitor),
            lambda: job.leave(visitor),
            lambda: job.pause(visitor),
            lambda: job.resume(visitor),
            lambda: job.stop(visitor),
            lambda: office.wait(rng.choice((1, 11, 61))),
            lambda: office.desk.report(protocol.FrameMade(number, Frame(rng.randrange(100), {}, {}))),
            lambda: office.desk.report(protocol.Glimpsed(number, Glimpse(rng.randrange(100), {}))),
            lambda: office.desk.report(protocol.Stepped(number, rng.randrange(100), 1.0, office.now)),
            lambda: office.desk.report(protocol.Finished(number, 1.0)),
            lambda: office.desk.report(protocol.Failed(number, "no", "")),
            lambda: office.desk.lost(runner, number),
        )
    )()


def check(office: Office, jobs: list[Job]) -> None:
    """The rules."""
    waiting = sorted(job.progress().queue_position or 0 for job in jobs if job.progress().queue_position)
    active = [job for job in jobs if job.place and job.place.active]
    assert waiting == list(range(1, len(waiting) + 1)) and len(waiting) <= MOST_WAITING
    assert len(active) <= limits.MOST_JOBS
    assert not waiting or len(active) == limits.MOST_JOBS
    lives = collections.Counter(job.key for job in jobs if not job.over)
    fruitless = collections.Counter(job.key for job in jobs if job.status in FRUITLESS)
    assert max((lives | fruitless).values(), default=0) <= 1
    for job in jobs:
        in_queue = job.progress().queue_position is not None
        if job.status == "queued":
            assert in_queue != (job in active)
        else:
            assert not in_queue and (job in active) == (job.status == "training")
        assert not (job.over and job.place)
        assert job.glimpse is None or (job.place and job.glimpse.step > job.run.frames[-1].step)
        assert job.over or (job.status == "paused") == (job.visitors.verdict != "run")
        assert 0 <= job.progress().step <= 100
    for runner in office.runners:
        check_told(runner.told, {job.place.number: job.place.active for job in active if job.place})


def check_told(told: dict[int, list[str]], active: dict[int, bool]) -> None:
    """Every job was begun once, and held and resumed in turns; nothing follows its end."""
    for number, words in told.items():
        core = [word for word in words if word != "drop"]
        assert core[:1] in ([], ["train"])
        assert all(word == ("hold", "resume")[place % 2] for place, word in enumerate(core[1:]))
        assert "drop" not in words[:-1]
        assert number not in active or words[-1] in ("train", "resume")


@pytest.mark.parametrize("seed", range(20))
def test_the_rules_hold_whatever_happens(seed: int) -> None:
    rng, office = random.Random(seed), Office(runners=2)
    for _ in range(300):
        one_deed(office, rng)
        check(office, list(office.desk.shelf))
