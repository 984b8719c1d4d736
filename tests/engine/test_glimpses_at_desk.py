"""The weights between two frames at the desk: which of them a job shows, and when they go."""

from collections.abc import Callable

import numpy as np
import pytest

from rnnviz.core import limits
from rnnviz.engine import Job, protocol
from rnnviz.runs.frames import Glimpse
from tests.engine.office import Office, heavy


def glimpse(office: Office, job: Job, step: int, nbytes: int = 4) -> None:
    """A worker says what the weights of a job are."""
    weights = {"rnn": {"weight": np.zeros(nbytes, np.uint8)}}
    office.desk.report(protocol.Glimpsed(office.number(job), Glimpse(step, weights)))


def step_of(job: Job) -> int | None:
    return job.glimpse.step if job.glimpse else None


@pytest.fixture
def job(office: Office) -> Job:
    """A job with a frame at step 10 and a glimpse of step 14."""
    job = office.submit(0)
    office.begin(job, 10)
    glimpse(office, job, 14)
    return job


def test_the_newest_is_shown_and_never_kept_in_the_run(office: Office, job: Job) -> None:
    assert step_of(job) == 14
    glimpse(office, job, 17)
    assert step_of(job) == 17 and job.run.steps == (10,) and job.progress().step == 17


def test_it_is_no_new_version(office: Office, job: Job) -> None:
    before = job.version
    glimpse(office, job, 17)
    assert job.version == before


def test_one_not_newer_than_the_last_frame_is_dropped(office: Office) -> None:
    job = office.submit(0)
    glimpse(office, job, 3)
    assert job.glimpse is None  # there is no frame yet
    office.begin(job, 10)
    for step in (9, 10):
        glimpse(office, job, step)
        assert job.glimpse is None


def test_a_frame_clears_what_it_overtakes(office: Office, job: Job) -> None:
    office.begin(job, 13)
    assert step_of(job) == 14
    office.begin(job, 14)
    assert job.glimpse is None


def test_it_weighs_as_long_as_it_is_there(office: Office, job: Job) -> None:
    before = job.nbytes
    glimpse(office, job, 15, nbytes=1_004)
    assert job.nbytes == before + 1_000
    office.begin(job, 20)
    assert job.nbytes == before - 4


def test_an_old_run_makes_room_for_it(office: Office, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    old = office.submit(1, "b")
    office.desk.report(protocol.FrameMade(office.number(old), heavy(0, 1_000_000)))
    office.finish(old)
    old.stop("b")
    monkeypatch.setattr(limits, "BYTES_KEPT", office.desk.shelf.nbytes + 1_000)
    glimpse(office, job, 15)
    assert office.desk.shelf.get(old.id)
    glimpse(office, job, 16, nbytes=2_000)
    assert office.desk.shelf.get(old.id) is None and step_of(job) == 16


def end(office: Office, job: Job) -> None:
    office.finish(job)


def fail(office: Office, job: Job) -> None:
    office.desk.report(protocol.Failed(office.number(job), "no", ""))


def stop(office: Office, job: Job) -> None:
    job.stop("a")


def close(office: Office, job: Job) -> None:
    office.desk.close()


def lose_place(office: Office, job: Job) -> None:
    """So many others pause after it that its generator is dropped."""
    job.pause("a")
    assert step_of(job) == 14
    for seed in range(1, limits.MOST_JOBS + 1):
        office.submit(seed).pause("a")
    assert job.place is None


def lose_worker(office: Office, job: Job) -> None:
    office.desk.lost(office.runners[0], guilty=None)


@pytest.mark.parametrize("happens", [end, fail, stop, close, lose_place, lose_worker])
def test_it_goes_with_the_generator(office: Office, job: Job, happens: Callable[[Office, Job], None]) -> None:
    happens(office, job)
    assert job.glimpse is None


def test_a_replay_shows_nothing_older_than_what_was_seen(office: Office, job: Job) -> None:
    office.desk.lost(office.runners[0], guilty=None)
    for step in (5, 11, 14):
        glimpse(office, job, step)
        assert job.glimpse is None
    glimpse(office, job, 15)
    assert step_of(job) == 15


def test_a_frame_of_a_replay_clears_nothing(office: Office, job: Job) -> None:
    office.desk.lost(office.runners[0], guilty=None)
    glimpse(office, job, 15)
    office.begin(job, 10)
    assert step_of(job) == 15


def test_one_of_a_job_that_is_gone_is_ignored(office: Office, job: Job) -> None:
    old = office.number(job)
    job.stop("a")
    again = office.submit(0)
    office.begin(again, 10)
    for number in (old, 999):
        office.desk.report(protocol.Glimpsed(number, Glimpse(12, {})))
    assert job.glimpse is None and again.glimpse is None
