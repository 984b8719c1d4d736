"""Finished runs that memory has no room for come back from disk, as they were."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from rnnviz.core import limits
from rnnviz.engine import Engine
from rnnviz.engine.attic import Attic
from rnnviz.nn.train.training import run as trained
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from tests.engine.helpers import same, small, until
from tests.runs.helpers import assert_same
from tests.support.tasks import task

SHORT = TrainingSpec(steps=2)


@pytest.fixture
def attic() -> Iterator[Attic]:
    attic = Attic()
    yield attic
    attic.close()


def test_a_run_comes_back_whole_whether_it_is_written_yet_or_not(attic: Attic) -> None:
    run = trained(small(steps=5))
    written = attic.put(run, 1.5)
    at_once = attic.get(run.key)
    assert at_once is not None and same(at_once.run.frames, run.frames)
    written.result(10)
    back = attic.get(run.key)
    assert back is not None and back.run is not run and back.seconds == 1.5
    assert_same(back.run, run)
    assert attic.get("another") is None and attic.nbytes > run.nbytes // 2


def test_what_was_not_used_for_longest_makes_room(attic: Attic, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [trained(small(seed, steps=3)) for seed in range(3)]
    attic.put(runs[0], 1.0).result(10)
    monkeypatch.setattr(limits, "ATTIC_BYTES", int(attic.nbytes * 2.5))
    attic.put(runs[1], 1.0).result(10)
    assert attic.get(runs[0].key) is not None
    attic.put(runs[2], 1.0).result(10)
    assert [attic.get(run.key) is not None for run in runs] == [True, False, True]


def test_what_somebody_brought_is_not_kept_nor_what_is_not_finished(attic: Attic) -> None:
    own = task("text", corpus="own", text="what somebody brought " * 50)
    run = trained(Experiment(own, (ModelSpec("gru", 3),), TrainingSpec(steps=2)))
    half = trained(small(steps=5))
    half.frames.pop()
    for one in (run, half):
        attic.put(one, 1.0).result(10)
        assert attic.get(one.key) is None
    assert attic.nbytes == 0


def test_a_file_that_is_gone_or_damaged_is_as_if_there_were_none(attic: Attic) -> None:
    run = trained(small(steps=3))
    attic.put(run, 1.0).result(10)
    (path,) = (one.path for one in attic._stored.values())
    path.write_bytes(b"no run")
    assert attic.get(run.key) is None
    path.unlink()
    assert attic.get(run.key) is None


def test_a_finished_run_that_was_forgotten_is_found_again(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = [engine.submit(small(seed), "a") for seed in (501, 502)]
    until(lambda: all(job.over for job in jobs))
    frames, seconds = list(jobs[0].run.frames), jobs[0].seconds
    jobs[0].stop("a")
    monkeypatch.setattr(limits, "BYTES_KEPT", 1)
    jobs[1].watch("b")
    assert engine.job(jobs[0].id) is None, "there is no room for it"
    back = engine.find(jobs[0].key)
    assert back is not None
    back.watch("a")  # at once: there is no room for what nobody watches
    assert back is not jobs[0] and back.status == "finished" and same(back.run.frames, frames)
    assert engine.find(jobs[0].key) is back and (back.progress().step, back.seconds) == (120, seconds)
    assert engine.submit(small(501), "a") is back


def test_a_finished_run_that_nobody_watches_waits_on_disk_alone(engine: Engine) -> None:
    text = task("text", corpus="own", text="what somebody brought " * 50)
    theirs, own = (_finished(engine, one) for one in (small(503), Experiment(text, (ModelSpec("gru", 3),), SHORT)))
    job = engine.job(theirs)
    assert job is not None, "it is watched"
    run, gone = job.run, weakref.ref(job)
    job.stop("a")
    job = engine.job(own)
    assert job is not None
    job.stop("a")
    until(lambda: engine.job(theirs) is None and gc.collect() >= 0 and gone() is None)
    assert engine.job(own) is job, "nowhere else is what somebody brought"
    until(lambda: not engine._attic._waiting)
    back = engine.submit(small(503), "b")
    assert back.status == "finished" and back.run is not run
    assert_same(back.run, run)


def _finished(engine: Engine, experiment: Experiment) -> str:
    job = engine.submit(experiment, "a")
    until(lambda: job.over)
    assert job.status == "finished"
    return job.id
