"""A finished experiment is trained once more beside what is finished, and nobody else notices."""

import pytest

from rnnviz.core import limits
from rnnviz.engine import Engine, protocol
from rnnviz.engine import desk as desks
from tests.engine.helpers import same, small, until
from tests.engine.office import Office, heavy


def test_while_it_lives_again_joins_it(office: Office) -> None:
    job = office.submit(0, "a")
    assert office.submit(0, "b", again=True) is job
    office.begin(job)
    assert office.submit(0, "c", again=True) is job
    job.pause("a")
    assert job.watchers == 3


def test_after_the_end_another_begins_beside_it(office: Office) -> None:
    old = office.submit(0, "a")
    old.watch("b")
    office.begin(old)
    office.finish(old)
    new = office.submit(0, "a", again=True)
    assert new is not old and new.id != old.id and new.key == old.key
    assert (old.status, old.watchers, old.wants("a"), old.wants("b")) == ("finished", 1, None, "run")
    assert (new.status, new.watchers, new.wants("a")) == ("queued", 1, "run")
    shelf = office.desk.shelf
    assert shelf.find(old.key) is new and shelf.get(old.id) is old and shelf.get(new.id) is new
    assert shelf.get("unknown") is shelf.find("unknown") is None
    assert office.submit(0, "c") is office.submit(0, "d", again=True) is new


def test_without_again_what_is_finished_is_shared(office: Office) -> None:
    job = office.submit(0)
    office.finish(job)
    assert office.submit(0, "b") is job


def test_what_is_done_to_one_leaves_the_other_alone(office: Office) -> None:
    old = office.submit(0, "a")
    office.begin(old)
    office.finish(old)
    new = office.submit(0, "b", again=True)
    office.begin(new)
    old.watch("a")
    old.pause("a")
    old.leave("a")
    old.stop("a")
    assert (new.status, new.watchers) == ("training", 1)
    new.pause("b")
    assert (old.status, new.status, old.watchers) == ("finished", "paused", 0)


def test_one_that_came_to_nothing_stands_behind_the_finished_one(office: Office) -> None:
    old = office.submit(0, "a")
    office.finish(old)
    for _ in range(3):
        new = office.submit(0, "b", again=True)
        new.stop("b")
        assert new.status == "stopped" and office.desk.shelf.find(old.key) is old
    assert list(office.desk.shelf) == [old, new]


def test_a_refused_one_hides_nothing_and_many_of_them_fill_nothing(office: Office) -> None:
    done = office.submit(0, "a")
    office.finish(done)
    for seed in range(1, limits.MOST_JOBS + desks.MOST_WAITING + 1):
        office.submit(seed)
    refused = [office.submit(0, f"visitor-{number}", again=True) for number in range(50)]
    assert {(job.status, job.message) for job in refused} == {("failed", desks.FULL)}
    assert office.desk.shelf.find(done.key) is done
    assert [job for job in office.desk.shelf if job.key == done.key] == [done, refused[-1]]


def test_attempts_are_forgotten_oldest_first_but_for_those_that_are_watched(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BYTES_KEPT", 3_500_000)
    jobs = []
    for _ in range(6):
        jobs.append(office.submit(0, "a", again=True))
        office.desk.report(protocol.FrameMade(office.number(jobs[-1]), heavy(0, 1_000_000)))
        office.finish(jobs[-1])
        jobs[0].watch("b")
    remembered = [office.desk.shelf.get(job.id) is job for job in jobs]
    assert remembered == [True, False, False, False, True, True]
    assert jobs[1].run.frames, "who holds one that is forgotten keeps its run"


def test_a_live_one_is_not_begun_twice_however_often_it_is_asked_for(office: Office) -> None:
    office.finish(office.submit(0))
    jobs = {office.submit(0, f"visitor-{number % 7}", again=True).id for number in range(200)}
    assert len(jobs) == 1 and len(list(office.desk.shelf)) == 2


def test_training_again_gives_the_same_numbers_to_the_last_bit(engine: Engine) -> None:
    experiment = small(seed=81)
    old = engine.submit(experiment, "a")
    until(lambda: old.over)
    frames = list(old.run.frames)
    new = engine.submit(experiment, "b", again=True)
    assert engine.find(old.key) is new and engine.job(old.id) is old and engine.job(new.id) is new
    until(lambda: new.over)
    assert new.status == "finished" and same(new.run.frames, frames)
    assert old.run.frames == frames and new.run is not old.run and old.wants("a") == "run"
