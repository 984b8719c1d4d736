"""The jobs that are remembered, by their id and by what they run."""

from collections.abc import Iterator

from rnnviz.core import limits
from rnnviz.engine import attic
from rnnviz.engine.jobs import FRUITLESS, Job


class JobShelf:
    """The jobs, several of one experiment among them: those that were over longest come first."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}  # by id
        self._attempts: dict[str, list[Job]] = {}  # by the experiment's key, the newest last

    def __iter__(self) -> Iterator[Job]:
        return iter([*self._jobs.values()])

    def get(self, identity: str) -> Job | None:
        """The job with this id."""
        return self._jobs.get(identity)

    def find(self, key: str) -> Job | None:
        """The newest job of an experiment. One that was stopped or failed stands behind those that came to more."""
        attempts = self._attempts.get(key, [])
        return max(reversed(attempts), key=lambda job: job.status not in FRUITLESS, default=None)

    def add(self, job: Job) -> None:
        """Put a job that begins on the shelf, in the place of those of its experiment that came to nothing."""
        for other in [*self._attempts.get(job.key, [])]:
            if other.status in FRUITLESS:
                self._remove(other)
        self._jobs[job.id] = job
        self._attempts.setdefault(job.key, []).append(job)

    def put_last(self, job: Job) -> None:
        """A job is over, and will be forgotten after all that were over before."""
        if job.id in self._jobs:
            self._jobs[job.id] = self._jobs.pop(job.id)

    @property
    def nbytes(self) -> int:
        """Bytes that remembering all jobs takes."""
        return sum(job.nbytes for job in self._jobs.values())

    def forget(self, alone_before: float) -> list[Job]:
        """Forget jobs that are over and unwatched; returns them.

        Those that nobody has watched since `alone_before` go if the attic keeps them; then the oldest, until the rest
        fits its budget.
        """
        forgotten = [job for job in self if (alone := self.rests_from(job)) is not None and alone <= alone_before]
        excess = self.nbytes - sum(job.nbytes for job in forgotten) - limits.BYTES_KEPT
        for job in self if excess > 0 else []:
            if excess > 0 and job.over and job.visitors.verdict is None and job not in forgotten:
                excess -= job.nbytes
                forgotten.append(job)
        for job in forgotten:
            self._remove(job)
        return forgotten

    @staticmethod
    def rests_from(job: Job) -> float | None:
        """Since when nobody watches a finished job whose run the attic keeps; None for any other."""
        return job.visitors.alone_since if job.status == "finished" and attic.takes(job.run) else None

    def _remove(self, job: Job) -> None:
        del self._jobs[job.id]
        self._attempts[job.key].remove(job)
        if not self._attempts[job.key]:
            del self._attempts[job.key]
