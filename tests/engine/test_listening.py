"""Who listens is told of all that changes about a job, once for each event, and hurts nobody."""

import logging
from collections.abc import Callable

import pytest

from rnnviz.core import limits
from rnnviz.engine import Engine, Job, protocol
from rnnviz.runs.frames import Glimpse
from tests.engine.helpers import small, until
from tests.engine.office import Office, heavy


class Ear:
    """Notes what it is told."""

    def __init__(self, office: Office) -> None:
        self.heard: list[str] = []
        self.end = office.desk.listeners.add(self.heard.append)

    def news(self) -> list[str]:
        """What it was told since it was asked last."""
        heard = list(self.heard)
        self.heard.clear()
        return heard


def stepped(office: Office, job: Job) -> None:
    office.desk.report(protocol.Stepped(office.number(job), 3, 0.1, at=1.0))


def glimpsed(office: Office, job: Job) -> None:
    office.desk.report(protocol.Glimpsed(office.number(job), Glimpse(7, {})))


def failed(office: Office, job: Job) -> None:
    office.desk.report(protocol.Failed(office.number(job), "no", ""))


def forgotten_visitor(office: Office, job: Job) -> None:
    job.leave("a")
    office.wait(10)


EVENTS: list[Callable[[Office, Job], object]] = [
    lambda office, job: office.begin(job, 5),
    glimpsed,
    stepped,
    failed,
    forgotten_visitor,
    lambda office, job: office.finish(job),
    lambda office, job: office.desk.lost(office.runners[0], None),
    lambda office, job: office.desk.give_up(office.runners[0], "It cannot start."),
    lambda office, job: office.desk.close(),
    lambda office, job: job.watch("b"),
    lambda office, job: job.pause("a"),
    lambda office, job: job.stop("a"),
]


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_is_told_of(office: Office, event: Callable[[Office, Job], object]) -> None:
    ear = Ear(office)
    job = office.submit(0)
    office.begin(job)
    assert set(ear.news()) == {job.key}
    event(office, job)
    assert job.key in ear.news()


def test_an_event_is_told_of_once_when_all_of_it_is_done(office: Office) -> None:
    seen: list[tuple[str, str, bool]] = []

    def look(key: str) -> None:
        job = office.desk.shelf.find(key)
        seen.append((key, job.status if job else "", bool(job and job.place)))

    first = office.submit(0)
    office.desk.listeners.add(look)
    second = office.submit(1)
    office.finish(first)
    assert seen == [(second.key, "queued", True), (first.key, "finished", False)]


def test_turns_which_change_nothing_are_not_told_of(office: Office) -> None:
    job = office.submit(0)
    ear = Ear(office)
    for _ in range(5):
        office.desk.report(protocol.Turn(office.number(job)))
    assert ear.news() == [job.key]  # the first made it train


def test_who_moves_up_in_the_queue_is_told_of(office: Office) -> None:
    jobs = [office.submit(seed) for seed in range(limits.MOST_JOBS + 3)]
    ear = Ear(office)
    office.finish(jobs[0])
    assert set(ear.news()) == {jobs[0].key, *(job.key for job in jobs[-3:])}


def test_what_is_forgotten_is_told_of(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = office.submit(0), office.submit(1)
    office.desk.report(protocol.FrameMade(office.number(old), heavy(0, 1_000_000)))
    office.finish(old)
    old.stop("a")
    monkeypatch.setattr(limits, "BYTES_KEPT", office.desk.shelf.nbytes)
    ear = Ear(office)
    office.desk.report(protocol.FrameMade(office.number(new), heavy(0, 1_000)))
    assert set(ear.news()) == {old.key, new.key} and office.desk.shelf.get(old.id) is None


def test_one_that_raises_hurts_neither_the_desk_nor_the_others(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(key: str) -> None:
        raise RuntimeError("the listener's own")

    office.desk.listeners.add(broken)
    ear = Ear(office)
    with caplog.at_level(logging.ERROR):
        job = office.submit(0)
        office.begin(job)
    assert job.status == "training" and ear.news() and "the listener's own" in caplog.text


def test_it_may_act_on_what_it_is_told_of(office: Office) -> None:
    def pause(key: str) -> None:
        job = office.desk.shelf.find(key)
        if job and job.wants("a") == "run":
            job.pause("a")

    office.desk.listeners.add(pause)
    assert office.submit(0).status == "paused"


def test_after_the_end_nothing_is_told(office: Office) -> None:
    first, second = Ear(office), Ear(office)
    first.end()
    first.end()
    office.submit(0)
    assert not first.news() and second.news()


def test_it_hears_a_real_worker_from_the_first_frame_to_the_end(engine: Engine) -> None:
    heard: list[tuple[str, int, str]] = []
    experiment = small(seed=71)

    def listen(key: str) -> None:
        job = engine.find(key)
        if job:
            heard.append((key, len(job.run.frames), job.status))

    end = engine.listen(listen)
    job = engine.submit(experiment, "a")
    until(lambda: heard and heard[-1][2] == "finished")
    end()
    mine = [frames for key, frames, _ in heard if key == job.key]
    assert set(mine) == set(range(len(job.run.frames) + 1)) and mine == sorted(mine)
    silent = len(heard)
    job.leave("a")
    assert len(heard) == silent
