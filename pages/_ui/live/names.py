"""Under which name a browser asks for the run of an experiment, and what stands behind it at the moment."""

import dataclasses
import hashlib
import hmac
import secrets
import sys

from pages._ui.session import shipped
from pages._ui.session.server import engine
from rnnviz.core import limits
from rnnviz.core.cache import Cache
from rnnviz.engine import Job
from rnnviz.runs.run import Run
from rnnviz.specs.branch import Training
from rnnviz.specs.experiment import Experiment

NAMED_BYTES = 2_000  # of an experiment without its text; measured: 1,100 to 4,000
ENDED = ("stopped", "failed")  # before they were finished
ATTEMPT = "~"  # between an experiment's name and the id of one of several runs of it
_secret = secrets.token_bytes(32)
_named: Cache[str, Training] = Cache(
    "named experiments",
    limits.NAMED_BYTES_KEPT,
    size=lambda training: _size(training.experiment) + sum(map(_size, parents(training))),
)


def parents(training: Training) -> list[Experiment]:
    """The experiments from which a branch comes, the nearest first."""
    found, start = list[Experiment](), training.start
    while start is not None:
        found.append(start.parent)
        start = start.start
    return found


def _size(experiment: Experiment) -> int:
    return NAMED_BYTES + sys.getsizeof(getattr(experiment.task, "text", ""))


@dataclasses.dataclass(frozen=True)
class Source:
    """What is shown of a training.

    id:  of the run whose moments they are: another one means that what a browser has is of another run.
    run: the moments, of `job` or, until that has any, of the run that comes with the app; perhaps none.
    job: who trains it; None if nobody does.
    """

    id: str
    run: Run
    job: Job | None

    @property
    def over(self) -> bool:
        """Whether no moment will be added to this run."""
        return self.job is None or self.run is not self.job.run or self.job.over


def holds_own_data(experiment: Experiment) -> bool:
    """Whether somebody's own text or table is part of the experiment."""
    return bool(getattr(experiment.task, "text", ""))


def name_of(training: Training, attempt: str = "") -> str:
    """The name of a training's run, which a page tells its browser.

    It is the training's key; where that holds somebody's own data, what nobody can find who has not opened the page.

    attempt: the id of the job that is meant; "" for whichever there is.
    """
    name = training.key
    if any(map(holds_own_data, (training.experiment, *parents(training)))):
        name = hmac.new(_secret, name.encode(), hashlib.sha256).hexdigest()
    _named.put(name, training)
    return f"{name}{ATTEMPT}{attempt}" if attempt else name


def training_of(name: str) -> Training | None:
    """The training of a name that a page has told; None for any other."""
    base, _, attempt = name.partition(ATTEMPT)
    known = _named.find(base)
    if (
        known is None
        and not attempt
        and (job := engine().find(base)) is not None
        and not holds_own_data(job.experiment)
    ):
        return job.training
    return known


def source(name: str, id: str = "") -> Source | None:
    """What stands behind a name now; None for a name that no page has told.

    id: of the run that the browser has: it keeps that one while it lives or is finished, also if somebody trains anew.
    """
    training = training_of(name)
    return None if training is None else _behind(training, name.partition(ATTEMPT)[2], id)


def _behind(training: Training, attempt: str = "", id: str = "") -> Source:
    job = _job(training, attempt or id)
    run = shipped.of(training)
    if job is not None and run is not None and job.status in ENDED and job.id != id:
        job = None  # a finished run tells a newcomer more than what somebody else has given up
    if job is not None and job.run.frames:
        return Source(job.id, job.run, job)
    if run is not None:
        return Source("shipped", run, job)
    return Source(f"none {training.key[:12]}", Run(training.experiment, start=training.start), job)


def before(source: Source, last: str = "") -> Source | None:
    """What is drawn beside a run: the original of a branch, or the last run; None where there is no moment of it.

    last: the name of a run that differs in nothing but its seed; any other is left out.
    """
    start = source.run.start
    training = _alike(source.run, last) if start is None else Training(start.parent, start.start)
    found = None if training is None else _behind(training)
    return found if found is not None and found.run.frames else None


def _alike(run: Run, last: str) -> Training | None:
    found = training_of(last) if last else None
    if found is None or found.start:
        return None
    return found if found.experiment == run.experiment.seeded(found.experiment.training.seed) else None


def _job(training: Training, id: str) -> Job | None:
    known = engine().job(id) if id else None
    if known is not None and known.key == training.key and known.status not in ENDED:
        return known
    return engine().find(training.key) or known
