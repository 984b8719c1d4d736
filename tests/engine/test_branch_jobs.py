"""Jobs that start at a step of another training: the frames of `run`, whatever happens to their worker."""

import dataclasses
import itertools
import os
import pickle
import signal

import pytest

from rnnviz.core.errors import ExperimentError
from rnnviz.engine import Engine, Job, protocol
from rnnviz.engine.scheduler import Scheduler
from rnnviz.nn.train.training import ticks
from rnnviz.runs.frames import Replayed
from rnnviz.runs.run import Run
from rnnviz.specs.branch import Branch, key_of
from rnnviz.specs.experiment import Experiment
from tests.engine.helpers import same, small, until
from tests.engine.test_desk import Office


def slower(experiment: Experiment, lr: float = 1e-4) -> Experiment:
    return dataclasses.replace(experiment, training=dataclasses.replace(experiment.training, lr=lr))


@pytest.fixture
def office() -> Office:
    return Office()


def submitted(office: Office, experiment: Experiment, start: Branch | None) -> Job:
    return office.desk.submit(experiment, "a", start=start)


def trained(engine: Engine, job: Job) -> Run:
    """The run of a job that is over, after a look that it is that of `run`, which a worker calls."""
    until(lambda: job.over)
    assert job.status == "finished", job.message
    expected: Run = engine.ask("rnnviz.nn.train.training:run", job.experiment, job.start, timeout=30)
    assert same(job.run.frames, expected.frames) and job.run.start == expected.start == job.start
    return job.run


# At the desk


def test_a_branch_is_another_job_than_its_experiment_and_than_other_branches(office: Office) -> None:
    parent, after = small(), slower(small())
    starts = [None, Branch(parent, 20), Branch(parent, 21), Branch(small(seed=0, steps=60), 20)]
    jobs = [submitted(office, after, start) for start in starts]
    assert len({job.id for job in jobs}) == len({job.key for job in jobs}) == 4
    assert [submitted(office, after, start) for start in starts] == jobs
    assert [office.desk.shelf.find(key_of(after, start)) for start in starts] == jobs
    assert [job.progress().step for job in jobs] == [0, 20, 21, 20]
    assert [job.run.start for job in jobs] == starts


def test_a_replay_before_its_first_frame_does_not_move_the_count(office: Office) -> None:
    job = submitted(office, slower(small()), Branch(small(), 50))
    office.desk.report(protocol.Stepped(office.number(job), 0, 0.1, at=1.0))
    assert (job.status, job.progress().step, job.progress().seconds_left) == ("training", 50, None)


def test_its_runner_is_told_where_it_starts_each_time(office: Office) -> None:
    told = []
    office.runners[0].train = lambda number, experiment, start=None: told.append((experiment, start))  # type: ignore
    start = Branch(small(), 50)
    job = submitted(office, slower(small()), start)
    office.desk.lost(office.runners[0], guilty=office.number(job))
    assert told == [(slower(small()), start)] * 2


def test_in_the_worker_the_trainer_is_handed_both() -> None:
    told = []
    scheduler = Scheduler(lambda *given: told.append(given) or iter(()), lambda said: None)  # type: ignore
    given = slower(small()), Branch(small(), 50)
    scheduler.obey(protocol.Train(1, pickle.dumps(given)))
    assert told == [given]


def test_what_cannot_go_on_is_refused_when_it_is_submitted(engine: Engine) -> None:
    before = engine.stats().jobs
    with pytest.raises(ExperimentError, match=r"training\.seed must be 0, as in the training it starts from; got 1"):
        engine.submit(small(seed=1), "a", start=Branch(small(), 5))
    assert engine.stats().jobs == before


# With a real worker


def test_a_branch_trains_from_its_step_on(engine: Engine) -> None:
    parent = small(seed=91)
    job = engine.submit(slower(parent), "a", start=Branch(parent, 40))
    assert engine.find(job.key) is job and engine.find(slower(parent).key) is None
    run = trained(engine, job)
    assert run.complete and run.steps[0] >= 40 and engine.submit(slower(parent), "b", start=job.start) is job
    whole = engine.submit(parent, "a")
    same_again = engine.submit(parent, "a", start=Branch(parent, 40))
    assert same_again is not whole
    later = [frame for frame in trained(engine, whole).frames if frame.step >= 40]
    assert same(trained(engine, same_again).frames, later) and not same(run.frames, later)


def test_two_branches_of_one_run_and_the_run_itself_do_not_mix(engine: Engine) -> None:
    parent = small(seed=92)
    starts = [(slower(parent), Branch(parent, 30)), (slower(parent, 0.1), Branch(parent, 30)), (parent, None)]
    deeper = slower(parent, 1e-3), Branch(slower(parent), 60, Branch(parent, 30))
    jobs = [engine.submit(experiment, "a", start=start) for experiment, start in (*starts, deeper)]
    runs = [trained(engine, job) for job in jobs]
    assert all(run.complete for run in runs)
    first = [run.frame(run.steps[0]).models["gru"].weights for run in runs[:2]]
    assert same(*first) and not same(runs[0].frames[-1], runs[1].frames[-1])


@pytest.mark.parametrize("frames", [0, 5])
def test_a_branch_survives_a_killed_worker(engine: Engine, frames: int) -> None:
    """Killed before its first frame, on the way to its step, or after some."""
    parent = small(seed=93 + frames, steps=600)
    job = engine.submit(slower(parent), "a", start=Branch(parent, 400))
    until(lambda: job.status == "training" and len(job.run.frames) >= frames)
    starts = engine.stats().starts
    os.kill(engine.stats().worker_pids[0], signal.SIGKILL)
    until(lambda: engine.stats().starts > starts)
    assert not job.over
    trained(engine, job)


def test_a_state_comes_through_the_pipe(engine: Engine) -> None:
    parent = small(seed=94)
    state = engine.ask("rnnviz.nn.train.resuming:resume", Run(parent), 15)
    run = engine.ask("rnnviz.nn.train.training:run", slower(parent), state)
    expected = engine.ask("rnnviz.nn.train.training:run", slower(parent), Branch(parent, 15))
    assert state.nbytes > 10_000 and run.start == Branch(parent, 15) and same(run.frames, expected.frames)


def test_on_the_way_to_its_step_it_says_how_far_that_is_and_then_no_longer(office: Office) -> None:
    parent, reports = small(), list[protocol.Report]()
    scheduler = Scheduler(ticks, reports.append, clock=iter(itertools.count(0.0, 0.3)).__next__)
    job = submitted(office, slower(parent), Branch(parent, 50))
    number = office.number(job)
    scheduler.obey(protocol.Train(number, pickle.dumps((job.experiment, job.start))))
    while scheduler.busy:
        scheduler.turn()
    told = [report.replay for report in reports if isinstance(report, protocol.Stepped) and report.replay]
    assert told and {one.to for one in told} == {50}
    assert [one.step for one in told] == sorted(one.step for one in told) and told[-1].step <= 50
    for report in reports:
        said = dataclasses.replace(report, number=number) if hasattr(report, "number") else report
        office.desk.report(said)
        replay = job.progress().replay
        assert replay is None or (not job.run.frames and job.progress().step == 50)
    assert job.status == "finished" and job.run.frames and job.progress().replay is None


def test_a_branch_that_is_stopped_on_the_way_to_its_step_leaves_nothing(office: Office) -> None:
    job = submitted(office, slower(small()), Branch(small(), 50))
    office.desk.report(protocol.Stepped(office.number(job), 0, 0.1, 1.0, Replayed(20, 50)))
    office.desk.stop(job, "a")
    assert (job.status, job.run.frames) == ("stopped", [])
    assert submitted(office, slower(small()), Branch(small(), 50)).progress().replay is None
