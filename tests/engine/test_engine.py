"""The engine with real training in a real worker process."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import rnnviz
from rnnviz.core.errors import ExperimentError
from rnnviz.engine import Engine, EngineError, Job
from rnnviz.runs.run import Run
from rnnviz.specs.experiment import Experiment
from tests.engine.helpers import alive, same, small, until

ROOT = Path(rnnviz.__file__).parents[1]


def trained(job: Job) -> Job:
    until(lambda: job.over)
    assert job.status == "finished", job.message
    return job


def test_a_job_trains_to_its_end(engine: Engine) -> None:
    job = engine.submit(small(seed=1), "a")
    assert engine.find(job.key) is job
    trained(job)
    progress = job.progress()
    assert job.run.complete and (progress.step, progress.steps) == (120, 120)
    assert progress.seconds > 0 and engine.stats().bytes_kept > job.run.nbytes
    assert engine.submit(small(seed=1), "b") is job


def test_frames_are_the_same_alone_and_interleaved(engine: Engine) -> None:
    experiments = [small(seed) for seed in (11, 12, 13)]
    alone: list[Run] = [engine.ask("rnnviz.nn.train.training:run", experiment) for experiment in experiments]
    jobs = [engine.submit(experiment, "a") for experiment in experiments]
    for run, job in zip(alone, jobs, strict=True):
        assert same(run.frames, trained(job).run.frames)


def test_frames_are_the_same_when_the_worker_is_killed_half_way(engine: Engine) -> None:
    jobs = [engine.submit(small(seed, steps=150), "a") for seed in (21, 22)]
    until(lambda: all(len(job.run.frames) > 10 for job in jobs))
    starts = engine.stats().starts
    os.kill(engine.stats().worker_pids[0], signal.SIGKILL)
    until(lambda: engine.stats().starts > starts)
    assert not any(job.over for job in jobs)
    for job in jobs:
        assert same(trained(job).run.frames, engine.ask("rnnviz.nn.train.training:run", job.experiment).frames)


def test_thirty_threads_share_one_job(engine: Engine) -> None:
    jobs: list[Job] = []
    barrier = threading.Barrier(30)

    def visit(number: int) -> None:
        barrier.wait()
        jobs.append(engine.submit(small(seed=2), f"visitor-{number}"))

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(job) for job in jobs}) == 1 and jobs[0].watchers == 30
    trained(jobs[0])


def test_pause_holds_it_and_resume_goes_on(engine: Engine) -> None:
    job = engine.submit(small(seed=3, steps=2_000), "a")
    until(lambda: len(job.run.frames) > 5)
    job.pause("a")
    assert job.status == "paused"
    engine.ask("rnnviz.nn.questions:versions")  # what was on its way has come
    frames = len(job.run.frames)
    for _ in range(10):  # a job that trains has a turn after each answer
        engine.ask("rnnviz.nn.questions:versions")
    assert len(job.run.frames) == frames
    job.resume("a")
    until(lambda: len(job.run.frames) > frames)
    job.stop("a")
    assert job.status == "stopped" and job.run.frames


def test_a_closed_tab_frees_its_job(engine: Engine) -> None:
    job = engine.submit(small(seed=4, steps=20_000), "a")
    until(lambda: job.status == "training")
    seen: list[str] = []
    no_longer = engine.listen(lambda key: key == job.key and seen.append(job.status))
    job.leave("a")
    until(lambda: job.over)
    no_longer()
    assert list(dict.fromkeys(seen)) == ["training", "paused", "stopped"]


def test_a_questions_answer_and_its_error_come_back(engine: Engine) -> None:
    assert set(engine.ask("rnnviz.nn.questions:versions")) == {"torch", "device"}
    assert engine.ask("rnnviz.nn.questions:single_threaded") == 1
    with pytest.raises(ValueError, match="function must be a public function"):
        engine.ask("os:getcwd")
    with pytest.raises(EngineError, match=r"number [0-9a-f]{8} in the server's log"):
        engine.ask("rnnviz.nn.questions:versions", "one too many")


def test_an_experiment_error_comes_back_as_itself(engine: Engine) -> None:
    if engine.ask("rnnviz.nn.questions:versions")["device"] != "cpu":
        pytest.skip("there is a GPU")
    with pytest.raises(ExperimentError) as caught:
        engine.ask("rnnviz.nn.models.model:pick_device", "cuda")
    assert caught.value.field == "training.device"


def test_an_answer_that_takes_too_long_is_not_waited_for(engine: Engine) -> None:
    with pytest.raises(EngineError, match=r"longer than 0\.01 seconds"):
        engine.ask("rnnviz.nn.train.training:run", small(), timeout=0.01)
    assert engine.ask("rnnviz.nn.questions:versions")


def test_questions_are_answered_while_jobs_train(engine: Engine) -> None:
    jobs = [engine.submit(small(seed, steps=20_000), "a") for seed in (31, 32, 33)]
    until(lambda: all(job.run.frames for job in jobs))
    for _ in range(5):
        engine.ask("rnnviz.nn.questions:versions")
    assert {job.status for job in jobs} == {"training"}
    for job in jobs:
        job.stop("a")


def test_pace_and_time_left_are_measured(engine: Engine) -> None:
    job = engine.submit(small(seed=5, steps=20_000), "a")
    until(lambda: job.progress().seconds_left)
    progress = job.progress()
    assert progress.steps_per_second and progress.step <= progress.steps
    job.stop("a")


def test_at_idle_the_server_sleeps_until_something_stirs_it(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names no time at which it would look again, so nothing is computed meanwhile."""
    stirred, waits = engine._desk.stirred, []
    wait = stirred.wait
    monkeypatch.setattr(stirred, "wait", lambda timeout: (waits.append(timeout), wait(timeout)))
    engine.ask("rnnviz.nn.questions:versions")
    until(lambda: waits and waits[-1] is None, what="a sleep without end")
    assert not engine.stats().jobs.get("training")


def test_the_server_never_imports_torch(tmp_path: Path) -> None:
    code = """
import sys
from rnnviz.engine import Engine
from tests.engine.helpers import small, until
engine = Engine()
engine.start()
assert engine.submit(small(), "a").status == "queued"
until(lambda: engine.find(small().key).over)
assert engine.ask("rnnviz.nn.questions:versions")
assert engine.find(small().key).run.complete
print(engine.stats().worker_pids[0])
assert not {"torch", "rnnviz.nn", "streamlit"} & set(sys.modules)
"""  # and it ends without engine.stop(): the worker must not outlive it
    done = run_server(code)
    until(lambda: not alive(int(done.stdout)))


def run_server(code: str) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)


def test_workers_end_with_a_server_that_is_killed() -> None:
    code = """
import os, signal
from rnnviz.engine import Engine
from tests.engine.helpers import small, until
engine = Engine()
engine.start()
until(lambda: engine.stats().ready)
engine.submit(small(steps=20_000), "a")
until(lambda: engine.find(small(steps=20_000).key).run.frames)
print(engine.stats().worker_pids[0], flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    with pytest.raises(subprocess.CalledProcessError) as caught:
        run_server(code)
    until(lambda: not alive(int(caught.value.stdout)))


def test_stop_is_prompt_and_for_good() -> None:
    engine = Engine()
    engine.start()
    until(lambda: engine.stats().worker_pids)
    job = engine.submit(Experiment(), "a")
    pids = engine.stats().worker_pids
    engine.stop()
    engine.stop()
    assert job.status == "stopped" and not any(alive(pid) for pid in pids)
    for call in (lambda: engine.submit(Experiment(), "a"), lambda: engine.ask("f"), engine.start):
        with pytest.raises(EngineError, match="not running"):
            call()


def test_the_number_of_workers_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RNNVIZ_WORKERS", "two")
    with pytest.raises(ValueError, match="RNNVIZ_WORKERS must be a whole number from 1 to 64; got 'two'"):
        Engine()
    with pytest.raises(ValueError, match="workers must be 1 to 64; got 0"):
        Engine(workers=0)
    monkeypatch.setenv("RNNVIZ_WORKERS", "2")
    engine = Engine()
    engine.start()
    until(lambda: len(engine.stats().worker_pids) == 2)
    engine.stop()
