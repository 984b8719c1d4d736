"""The desk: which jobs there are, which of them run, which wait, and which are forgotten."""

import itertools
import threading
import time
from collections.abc import Callable, Iterable, Sequence

from rnnviz import limits
from rnnviz.engine import memory, protocol
from rnnviz.engine.errors import log, numbered
from rnnviz.engine.jobs import Job, Place, Status
from rnnviz.engine.runner import Runner
from rnnviz.engine.visitors import Visitors, Wish
from rnnviz.experiment import Experiment
from rnnviz.frames import Frame, Glimpse

MOST_WAITING = 4 * limits.MOST_JOBS  # jobs in the queue; one more is refused
MOST_DEATHS = 3  # workers that one job may take with it before it is given up

FULL = (
    f"The server is busy: {limits.MOST_JOBS} experiments are training and {MOST_WAITING} are waiting. "
    "Try again in a minute."
)
DEADLY = f"This experiment was given up: its worker died over it {MOST_DEATHS} times in a row."
UNWATCHED = "It was stopped because nobody watched it any more."


class Desk:
    """Keeps the jobs, one per experiment, and moves them as their visitors want. Safe to use from any thread.

    Two things move a job: `_settle`, when what its visitors want changed, and `report` or `lost`, when its runner
    said something. A job has a place while a generator of its own lives in a runner, active or held. A job that
    lost its place starts again from nothing when it is admitted: training is deterministic, and the run drops
    the frames it has.
    """

    def __init__(
        self,
        runners: Sequence[Runner],
        grace: float,
        keep: float,
        numbers: Iterable[int] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.lock = threading.RLock()
        self.stirred = threading.Condition(self.lock)  # something changed that `tend` should look at
        self.jobs: dict[str, Job] = {}  # by key; those that were over longest come first
        self._runners = runners
        self._grace = grace
        self._keep = keep
        self._numbers = iter(numbers or itertools.count(1))
        self._clock = clock
        self._queue: list[Job] = []
        self._places: dict[int, Job] = {}  # number → the job it stands for

    # What visitors do

    def submit(self, experiment: Experiment, visitor: str) -> Job:
        """The job of this experiment, which the visitor now watches and wants to run."""
        with self.lock:
            job = self.jobs.get(experiment.key)
            if job is None or job.status in ("stopped", "failed"):
                others = job.visitors if job else Visitors(self._grace, self._clock())
                job = self.jobs[experiment.key] = Job(experiment, self, others)
                if len(self._queue) >= MOST_WAITING:
                    self._end(job, "failed", FULL)
                else:
                    self._queue.append(job)
            self.join(job, visitor, "run")
            return job

    def join(self, job: Job, visitor: str, wish: Wish | None = None) -> None:
        """A visitor comes, comes back, or wants it to run or to pause."""
        with self.lock:
            job = self._current(job)
            job.visitors.join(visitor, wish)
            self._settle(job)

    def leave(self, job: Job, visitor: str) -> None:
        """A visitor vanishes."""
        with self.lock:
            job = self._current(job)
            job.visitors.leave(visitor, self._clock())
            self._settle(job)

    def stop(self, job: Job, visitor: str) -> None:
        """A visitor leaves for good."""
        with self.lock:
            job = self._current(job)
            job.visitors.remove(visitor, self._clock())
            if not job.over and not len(job.visitors):
                self._end(job, "stopped")
            self._settle(job)

    def position(self, job: Job) -> int | None:
        """1 for the first in the queue; None for a job that does not wait there."""
        with self.lock:
            return self._queue.index(job) + 1 if job in self._queue else None

    def active_at(self, runner: Runner) -> int:
        """How many jobs take turns at a runner."""
        return sum(place.active for _, place in self._placed_at(runner))

    @property
    def nbytes(self) -> int:
        """Bytes that remembering all jobs takes."""
        return sum(job.nbytes for job in self.jobs.values())

    # What runners say

    def report(self, said: protocol.Report) -> None:
        """A runner said something about a job; ignored if the job is no longer there."""
        with self.lock:
            job = self._places.get(said.number) if not isinstance(said, protocol.Ready) else None
            if job is None:
                return
            if job.status == "queued" and job not in self._queue:
                self._set(job, "training")
            match said:
                case protocol.FrameMade():
                    self._add(job, said.frame)
                case protocol.Glimpsed():
                    self._glimpse(job, said.glimpse)
                case protocol.Stepped():
                    self._advance(job, said)
                case protocol.Finished():
                    job.seconds = said.seconds
                    self._end(job, "finished")
                case protocol.Failed():
                    self._end(job, "failed", explained(said, job))

    def lost(self, runner: Runner, guilty: int | None, verdict: str = "") -> None:
        """A runner died with all it had; it will take new work when it is back.

        guilty:  the number it was busy with.
        verdict: why the guilty job must fail now; "" gives it another chance.
        """
        with self.lock:
            for job, place in self._placed_at(runner):
                self._vacate(job)
                if place.active and place.number == guilty:
                    job.deaths += 1
                    if verdict or job.deaths >= MOST_DEATHS:
                        self._end(job, "failed", verdict or DEADLY)
                if place.active and not job.over:
                    self._start(job, self._least_busy())

    def give_up(self, runner: Runner, why: str) -> None:
        """A runner cannot start: the active jobs that wait for it fail."""
        with self.lock:
            for job, place in self._placed_at(runner):
                if place.active:
                    self._end(job, "failed", why)

    # What time does

    def tend(self) -> float | None:
        """Forget who left, drop what nobody watches; returns seconds until there may be more to do."""
        with self.lock:
            now = self._clock()
            due = [self._tend(job, now) for job in list(self.jobs.values())]
            self._admit()
            self._forget()
            return min((max(0.0, when - now) for when in due if when is not None), default=None)

    def _tend(self, job: Job, now: float) -> float | None:
        """Returns when this job may need it again."""
        job.visitors.forget(now)
        self._obey(job)
        if job.over or job.visitors.alone_since is None:
            return job.visitors.next_change
        until = job.visitors.alone_since + self._keep
        if until <= now:
            self._end(job, "stopped", UNWATCHED)
            return None
        return until

    def close(self) -> None:
        """Stop every job."""
        with self.lock:
            self._queue.clear()
            for job in list(self.jobs.values()):
                if not job.over:
                    self._end(job, "stopped", "The server was stopped.")

    # How a job moves; all under the lock

    def _settle(self, job: Job) -> None:
        """Draw the consequences of what a visitor did."""
        self._obey(job)
        self._admit()
        self._forget()
        self.stirred.notify_all()

    def _obey(self, job: Job) -> None:
        """Let a job do what its visitors want."""
        verdict = job.visitors.verdict
        if job.status == "paused" and verdict == "run":
            self._queue.append(job)
            self._set(job, "queued")
        elif job.status in ("queued", "training") and verdict != "run":
            self._rest(job)

    def _admit(self) -> None:
        """Start the first in the queue while there is room."""
        active = sum(self.active_at(runner) for runner in self._runners)
        for job in self._queue[: max(0, limits.MOST_JOBS - active)]:
            self._queue.remove(job)
            if job.place is None:
                self._start(job, self._least_busy())
            else:
                job.place.active = True
                job.place.runner.resume(job.place.number)
                job.pace.rest()
                self._set(job, "training")

    def _start(self, job: Job, runner: Runner) -> None:
        job.place = Place(runner, next(self._numbers))
        self._places[job.place.number] = job
        job.pace.rest()
        runner.train(job.place.number, job.experiment)

    def _rest(self, job: Job) -> None:
        """Pause a job. Generators of the longest paused are dropped, as each takes memory: they can replay."""
        if job in self._queue:
            self._queue.remove(job)
        if job.place and job.place.active:
            job.place.active = False
            job.place.runner.hold(job.place.number)
        job.pace.rest()
        self._set(job, "paused")
        held = [other for other in self._places.values() if other.status == "paused"]
        for other in held[: -limits.MOST_JOBS]:
            self._vacate(other)

    def _end(self, job: Job, status: Status, message: str = "") -> None:
        """A job is over; it takes the last place among those that are remembered."""
        if job in self._queue:
            self._queue.remove(job)
        self._vacate(job)
        job.message = message
        self._set(job, status)
        if self.jobs.get(job.key) is job:
            self.jobs[job.key] = self.jobs.pop(job.key)
        self._admit()
        self._forget()

    def _current(self, job: Job) -> Job:
        """The job that stands for this one now: a page may still hold one that was stopped and begun afresh."""
        return self.jobs.get(job.key, job)

    def _placed_at(self, runner: Runner) -> list[tuple[Job, Place]]:
        return [(job, job.place) for job in self._places.values() if job.place and job.place.runner is runner]

    def _vacate(self, job: Job) -> None:
        """Take a job's place, and the glimpse of a generator that is no more."""
        job.glimpse = None
        if job.place:
            del self._places[job.place.number]
            job.place.runner.drop(job.place.number)
            job.place = None

    def _add(self, job: Job, frame: Frame) -> None:
        had = len(job.run.frames)
        job.run.append(frame)
        if len(job.run.frames) > had:
            job.deaths = 0
            job.furthest = max(job.furthest, frame.step)
            job.version += 1
            if job.glimpse and job.glimpse.step <= frame.step:
                job.glimpse = None
            self._forget()

    def _glimpse(self, job: Job, glimpse: Glimpse) -> None:
        """Keep the newest glimpse. One that shows nothing new is dropped: a replay has yet to get that far."""
        if job.run.frames and glimpse.step > max(job.run.frames[-1].step, job.glimpsed):
            job.glimpse, job.glimpsed = glimpse, glimpse.step
            job.furthest = max(job.furthest, glimpse.step)
            self._forget()

    def _advance(self, job: Job, said: protocol.Stepped) -> None:
        step = min(said.step, job.experiment.training.steps)
        job.pace.add(said.at, step)
        job.furthest = max(job.furthest, step)
        job.seconds = said.seconds

    def _forget(self) -> None:
        """Forget jobs that are over and unwatched, oldest first, until the rest fits into its budget."""
        excess, forgotten = self.nbytes - limits.BYTES_KEPT, False
        for job in list(self.jobs.values()) if excess > 0 else []:
            if excess > 0 and job.over and job.visitors.verdict is None:
                excess, forgotten = excess - job.nbytes, True
                del self.jobs[job.key]
        if forgotten:
            memory.give_back()

    def _least_busy(self) -> Runner:
        return min(self._runners, key=lambda runner: (runner.broken, self.active_at(runner)))

    def _set(self, job: Job, status: Status) -> None:
        job.status = status
        job.version += 1


def explained(said: protocol.Failed, job: Job) -> str:
    """Why a job failed, in a sentence; what was not expected goes to the log under a number."""
    if not said.trouble:
        return said.message
    number = numbered()
    log.error("Error %s in the experiment %s:\n%s", number, job.experiment.to_json()[:2000], said.trouble)
    return f"The training met an unexpected error, number {number} in the server's log."
