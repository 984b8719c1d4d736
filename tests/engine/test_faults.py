"""What happens when a job raises, hangs or kills its worker, and when a worker cannot start."""

import os
import signal
from collections.abc import Iterator

import pytest

from rnnviz.engine import Engine, EngineError, Job, client, desk
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import TrainingSpec
from tests.engine.helpers import until
from tests.support import faulty_trainer


def submit(engine: Engine, kind: int) -> Job:
    return engine.submit(Experiment(training=TrainingSpec(seed=kind, steps=5)), "a")


@pytest.fixture
def bystander(faulty: Engine) -> Iterator[Job]:
    """A job that does nothing wrong and must survive whatever the others do."""
    job = submit(faulty, faulty_trainer.ENDLESS)
    until(lambda: job.status == "training")
    yield job
    assert job.status == "training"
    job.stop("a")


def test_a_question_waits_for_the_worker_to_come_back(faulty: Engine) -> None:
    until(lambda: faulty.stats().ready)
    os.kill(faulty.stats().worker_pids[0], signal.SIGKILL)
    until(lambda: not faulty.stats().ready)
    with pytest.raises(EngineError, match="still starting"):
        faulty.ask("rnnviz.nn.questions:versions", timeout=0.05)
    assert faulty.ask("rnnviz.nn.questions:versions", timeout=60)


def test_an_error_fails_one_job_with_a_number(faulty: Engine, bystander: Job) -> None:
    starts = faulty.stats().starts
    job = submit(faulty, faulty_trainer.RAISES)
    until(lambda: job.over)
    assert job.status == "failed" and "unexpected error, number" in job.message and "secret" not in job.message
    assert submit(faulty, faulty_trainer.RAISES) is not job
    assert faulty.stats().starts == starts


def test_an_experiment_error_fails_a_job_in_its_own_words(faulty: Engine) -> None:
    job = submit(faulty, faulty_trainer.REFUSES)
    until(lambda: job.over)
    assert job.message == "training.device must be a device that is there; got 'cuda'."


def test_a_job_that_kills_its_worker_is_given_up(faulty: Engine, bystander: Job) -> None:
    job = submit(faulty, faulty_trainer.DIES)
    until(lambda: job.over, seconds=60)
    assert (job.status, job.message) == ("failed", desk.DEADLY)


def test_a_job_that_hangs_is_given_up(faulty: Engine, bystander: Job) -> None:
    until(lambda: faulty.stats().ready)
    job = submit(faulty, faulty_trainer.HANGS)
    until(lambda: job.over)
    assert (job.status, job.message) == ("failed", client.HUNG.format(patience=2.0))
    fine = submit(faulty, faulty_trainer.FINE)
    until(lambda: fine.status == "finished")


def test_a_worker_that_cannot_start_is_said_so(capfd: pytest.CaptureFixture[str]) -> None:
    engine = Engine(trainer="rnnviz.nothing:ticks")
    engine.start()
    job = engine.submit(Experiment(), "a")
    until(lambda: job.over, seconds=60)
    engine.stop()
    assert (job.status, job.message) == ("failed", client.BROKEN)
    assert "No module named 'rnnviz.nothing'" in capfd.readouterr().err
