"""Which jobs run, wait, pause and are forgotten: with a runner that only takes notes and a clock set by hand."""

import re

import pytest

from rnnviz.core import limits
from rnnviz.engine import desk as desks
from rnnviz.engine import protocol
from rnnviz.runs.frames import Frame
from tests.engine.office import Office, heavy


def test_thirty_submissions_are_one_job(office: Office) -> None:
    jobs = {id(office.submit(0, f"visitor-{i}")) for i in range(30)}
    assert len(jobs) == 1
    assert office.submit(0).watchers == 31
    assert sum(told.count("train") for told in office.runners[0].told.values()) == 1


def test_from_queued_to_finished(office: Office) -> None:
    job = office.submit(0)
    assert job.status == "queued"
    office.begin(job)
    assert (job.status, job.progress().queue_position) == ("training", None)
    office.finish(job)
    assert (job.status, job.progress().seconds) == ("finished", 1.0)
    assert office.submit(0, "b") is job


def test_every_change_is_a_new_version(office: Office) -> None:
    job = office.submit(0)
    seen = [job.version]
    for step in range(3):
        office.begin(job, step)
        seen.append(job.version)
    job.pause("a")
    seen.append(job.version)
    assert seen == sorted(set(seen))


def test_one_of_many_cannot_pause_or_stop_it(office: Office) -> None:
    job = office.submit(0, "a")
    office.submit(0, "b")
    office.begin(job)
    job.pause("a")
    assert (job.status, job.wants("a"), job.wants("b")) == ("training", "pause", "run")
    job.stop("a")
    assert (job.status, job.wants("a"), job.watchers) == ("training", None, 1)
    job.stop("b")
    assert job.status == "stopped"


def test_pause_keeps_the_generator_and_resume_goes_on(office: Office) -> None:
    job = office.submit(0)
    office.begin(job)
    job.pause("a")
    assert job.status == "paused"
    job.resume("a")
    assert job.status == "training"
    assert office.told(job) == ["train", "hold", "resume"]


def test_a_stopped_job_starts_afresh(office: Office) -> None:
    job = office.submit(0)
    office.begin(job)
    old = office.number(job)
    job.stop("a")
    again = office.submit(0)
    assert again is not job
    office.desk.report(protocol.FrameMade(old, Frame(7, {}, {})))  # on its way when the first was stopped
    assert again.run.frames == []


def test_who_still_holds_the_old_job_acts_on_that_alone(office: Office) -> None:
    job = office.submit(0)
    job.stop("a")
    afresh = office.submit(0)
    office.begin(afresh)
    for act in (job.pause, job.resume, job.leave, job.stop):
        act("a")
        assert (job.status, afresh.status, afresh.wants("a"), afresh.watchers) == ("stopped", "training", "run", 1)


def test_a_left_job_pauses_after_the_grace_period_and_is_dropped_later(office: Office) -> None:
    job = office.submit(0)
    office.begin(job)
    number = office.number(job)
    job.leave("a")
    office.wait(9.9)
    assert job.status == "training"
    office.wait(0.1)
    assert job.status == "paused"
    office.wait(59.9)
    assert job.status == "paused"
    office.wait(0.1)
    assert (job.status, job.message) == ("stopped", desks.UNWATCHED)
    assert office.runners[0].told[number] == ["train", "hold", "drop"]


def test_one_who_comes_back_in_time_saves_the_job(office: Office) -> None:
    job = office.submit(0)
    office.begin(job)
    job.leave("a")
    office.wait(9)
    job.watch("a")
    office.wait(100)
    assert job.status == "training"
    job.leave("a")
    office.wait(10)
    job.watch("b")
    assert job.status == "training"


def test_tend_says_when_to_come_again(office: Office) -> None:
    assert office.desk.tend() is None
    job = office.submit(0)
    assert office.desk.tend() is None
    job.leave("a")
    office.now = 4.0
    assert office.desk.tend() == 6.0
    office.now = 10.0
    assert office.desk.tend() == 60.0


def test_beyond_the_limit_jobs_wait_in_order(office: Office) -> None:
    first = [office.submit(seed) for seed in range(limits.MOST_JOBS)]
    waiting = [office.submit(100 + seed) for seed in range(3)]
    assert [job.progress().queue_position for job in waiting] == [1, 2, 3]
    office.finish(first[3])
    assert [job.progress().queue_position for job in waiting] == [None, 1, 2]
    waiting[1].pause("a")
    assert [job.progress().queue_position for job in waiting] == [None, None, 1]


def test_a_paused_job_gives_up_its_room_and_waits_for_it_again(office: Office) -> None:
    first = [office.submit(seed) for seed in range(limits.MOST_JOBS)]
    waiting = office.submit(100)
    first[0].pause("a")
    assert waiting.place is not None
    first[0].resume("a")
    assert (first[0].status, first[0].progress().queue_position) == ("queued", 1)
    office.begin(first[0], 5)  # a late report does not make it active
    assert first[0].status == "queued"
    office.finish(waiting)
    assert first[0].status == "training"


def test_too_many_are_refused_in_one_sentence(office: Office) -> None:
    for seed in range(limits.MOST_JOBS + desks.MOST_WAITING):
        assert office.submit(seed).status == "queued"
    refused = office.submit(9_999)
    assert (refused.status, refused.message) == ("failed", desks.FULL)
    office.finish(office.submit(0))
    assert office.submit(9_999).status == "queued"


def test_the_longest_paused_generators_are_dropped_and_replayed(office: Office) -> None:
    jobs = [office.submit(seed) for seed in range(limits.MOST_JOBS)]
    for job in jobs:
        job.pause("a")
    one_more = office.submit(100)
    one_more.pause("a")
    assert jobs[0].place is None and one_more.place is not None
    jobs[0].resume("a")
    assert office.told(jobs[0]) == ["train"]


def test_a_new_job_goes_to_the_worker_with_fewest() -> None:
    office = Office(runners=3)
    jobs = [office.submit(seed) for seed in range(6)]
    assert [office.desk.active_at(runner) for runner in office.runners] == [2, 2, 2]
    office.finish(jobs[1])
    job = office.submit(100)
    assert job.place and job.place.runner is office.runners[1]


def test_a_dead_runner_gets_its_jobs_again_and_frames_are_not_doubled(office: Office) -> None:
    job, held = office.submit(0), office.submit(1)
    for step in (0, 5, 10):
        office.begin(job, step)
    held.pause("a")
    old = office.number(job)
    office.desk.lost(office.runners[0], guilty=old)
    assert office.number(job) != old and office.told(job) == ["train"]
    for step in (0, 5, 10, 15):
        office.begin(job, step)
    assert job.run.steps == (0, 5, 10, 15)
    assert held.status == "paused" and held.place is None


def test_a_replay_does_not_move_the_count_back(office: Office) -> None:
    job = office.submit(0)
    office.begin(job, 50)
    office.desk.lost(office.runners[0], guilty=None)
    office.desk.report(protocol.Stepped(office.number(job), 3, 0.1, at=1.0))
    office.desk.report(protocol.Stepped(office.number(job), 13, 0.2, at=2.0))
    progress = job.progress()
    assert (progress.step, progress.steps_per_second, progress.seconds_left) == (50, 10.0, 8.7)


def test_what_a_new_worker_does_again_is_counted_up_to_where_the_run_was(office: Office) -> None:
    job = office.submit(0)
    office.begin(job)
    assert job.progress().again is None
    office.begin(job, 50)
    office.desk.report(protocol.Stepped(office.number(job), 54, 0.1, at=1.0))
    for _ in range(2):  # the second dies before it came as far
        office.desk.lost(office.runners[0], guilty=None)
        assert (job.progress().step, job.progress().again) == (54, 0)
        office.desk.report(protocol.Stepped(office.number(job), 40, 0.1, at=1.0))
        assert (job.progress().step, job.progress().again) == (54, 40)
    office.begin(job, 50)
    assert job.progress().again == 50
    office.desk.report(protocol.Stepped(office.number(job), 55, 0.1, at=1.0))
    assert (job.progress().step, job.progress().again) == (55, None)


def test_a_job_that_kills_its_worker_three_times_is_given_up(office: Office) -> None:
    guilty, innocent = office.submit(0), office.submit(1)
    for _ in range(3):
        office.begin(guilty)
        office.desk.lost(office.runners[0], office.number(guilty))
    assert (guilty.status, guilty.message) == ("failed", desks.DEADLY)
    assert innocent.status == "queued" and office.told(innocent) == ["train"]


def test_a_job_that_gets_further_each_time_is_not_given_up(office: Office) -> None:
    job = office.submit(0)
    for step in range(5):
        office.begin(job, step)
        office.desk.lost(office.runners[0], office.number(job))
    assert not job.over


def test_jobs_of_a_broken_runner_go_to_another_or_fail() -> None:
    office = Office(runners=2)
    first, second = office.submit(0), office.submit(1)
    office.runners[0].broken = True
    office.desk.lost(office.runners[0], guilty=None)
    assert office.desk.active_at(office.runners[1]) == 2
    office.desk.give_up(office.runners[1], "It cannot start.")
    assert {job.message for job in (first, second)} == {"It cannot start."}


def test_an_unexpected_error_has_a_number_that_stands_in_the_log(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    job = office.submit(0)
    office.desk.report(protocol.Failed(office.number(job), "secret", "Traceback: secret"))
    assert job.status == "failed" and "secret" not in job.message
    number = re.search(r"number ([0-9a-f]{8}) in", job.message)
    assert number and number[1] in caplog.text and "Traceback: secret" in caplog.text


def test_unwatched_runs_are_forgotten_oldest_first_and_watched_ones_never(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [office.submit(seed, f"visitor-{seed}") for seed in range(4)]
    for job in jobs:
        office.desk.report(protocol.FrameMade(office.number(job), heavy(0, 1_000_000)))
        office.finish(job)
    for job in jobs[1:]:
        job.stop(f"visitor-{job.experiment.training.seed}")
    monkeypatch.setattr(limits, "BYTES_KEPT", 2_500_000)
    office.submit(100).stop("a")
    remembered = [office.desk.shelf.get(job.id) is job for job in jobs]
    assert remembered == [True, False, False, True]


def test_closing_stops_everything(office: Office) -> None:
    jobs = [office.submit(seed) for seed in range(limits.MOST_JOBS + 2)]
    office.desk.close()
    assert {job.status for job in jobs} == {"stopped"}
