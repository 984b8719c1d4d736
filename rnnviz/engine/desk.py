"""The desk: which jobs there are, which of them run, which wait, and which are forgotten."""

import itertools
import threading
import time
from collections.abc import Callable, Iterable, Sequence

from rnnviz.core import limits
from rnnviz.engine import memory, protocol
from rnnviz.engine.errors import explained
from rnnviz.engine.jobs import FRUITLESS, Assignment, Job, Status
from rnnviz.engine.listeners import Listeners
from rnnviz.engine.runner import Runner
from rnnviz.engine.shelf import JobShelf
from rnnviz.engine.visitors import Visitors, Wish
from rnnviz.runs.run import Run
from rnnviz.specs.branch import Branch, key_of
from rnnviz.specs.experiment import Experiment

MOST_WAITING = 4 * limits.MOST_JOBS  # jobs in the queue; one more is refused
MOST_DEATHS = 3  # workers that one job may take with it before it is given up

FULL = (
    f"The server is busy: {limits.MOST_JOBS} experiments are training and {MOST_WAITING} are waiting. "
    "Try again in a minute."
)
DEADLY = f"This experiment was given up: its worker died over it {MOST_DEATHS} times in a row."
UNWATCHED = "It was stopped because nobody watched it any more."


class Desk:
    """Keeps the jobs and moves them as their visitors want. Safe to use from any thread.

    An experiment may have several jobs that are finished, and at most one that lives.

    Two things move a job: `_settle`, when what its visitors want changed, and `report` or `lost`, when its runner
    said something. A job has a place while a generator of its own lives in a runner, active or held. A job that
    lost its place starts again from nothing when it is admitted: training is deterministic, and the run drops
    the frames it has. A finished run that is forgotten is handed to `put_away`.
    """

    def __init__(
        self,
        runners: Sequence[Runner],
        grace: float,
        keep: float,
        numbers: Iterable[int] | None = None,
        put_away: Callable[[Run, float], object] = lambda _run, _seconds: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.lock = threading.RLock()
        self.stirred = threading.Condition(self.lock)  # something changed that `tend` should look at
        self.shelf = JobShelf()
        self.listeners = Listeners(self.lock)
        self._runners, self._grace, self._keep = runners, grace, keep
        self._numbers = iter(numbers or itertools.count(1))
        self._put_away, self._clock = put_away, clock
        self._queue: list[Job] = []
        self._places: dict[int, Job] = {}  # number → the job it stands for

    # What visitors do

    def submit(self, experiment: Experiment, visitor: str, again: bool = False, start: Branch | None = None) -> Job:
        """The job of this experiment from this start, which the visitor now watches and wants to run."""
        with self.listeners.event():
            job = self.shelf.find(key_of(experiment, start))
            if job is None or job.status in FRUITLESS or (again and job.over):
                if job is not None:
                    job.visitors.remove(visitor, self._clock())
                job = self._begin(experiment, start)
            self.join(job, visitor, "run")
            return job

    def put_back(self, run: Run, seconds: float) -> Job:
        """A finished run that was forgotten is remembered again; nobody watches it yet."""
        with self.listeners.event():
            if (job := self.shelf.find(run.key)) is None:
                job = Job.finished(run, seconds, self, Visitors(self._grace, self._clock()))
                self.shelf.add(job)
                self.listeners.note(job.key)
            return job

    def join(self, job: Job, visitor: str, wish: Wish | None = None) -> None:
        """A visitor comes, comes back, or wants it to run or to pause."""
        with self.listeners.event():
            job.visitors.join(visitor, wish)
            self._settle(job)

    def leave(self, job: Job, visitor: str) -> None:
        """A visitor vanishes."""
        with self.listeners.event():
            job.visitors.leave(visitor, self._clock())
            self._settle(job)

    def stop(self, job: Job, visitor: str) -> None:
        """A visitor leaves for good."""
        with self.listeners.event():
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

    # What runners say

    def report(self, said: protocol.Report) -> None:
        """A runner said something about a job; ignored if the job is no longer there."""
        with self.listeners.event():
            job = self._places.get(said.number) if not isinstance(said, protocol.Ready) else None
            if job is None:
                return
            if job.status == "queued" and job not in self._queue:
                self._set(job, "training")
            match said:
                case protocol.FrameMade():
                    job.add(said.frame)
                case protocol.Glimpsed():
                    job.see(said.glimpse)
                case protocol.Stepped():
                    job.advance(said.step, said.seconds, said.at, said.replay)
                case protocol.Finished():
                    job.seconds = said.seconds
                    self._end(job, "finished")
                case protocol.Failed():
                    self._end(job, "failed", explained(said, job.experiment.to_json()))
                case _:  # a turn: there are many a second, and they change nothing more
                    return
            self.listeners.note(job.key)
            self._forget()

    def lost(self, runner: Runner, guilty: int | None, verdict: str = "") -> None:
        """A runner died with all it had; it will take new work when it is back.

        guilty:  the number it was busy with.
        verdict: why the guilty job must fail now; "" gives it another chance.
        """
        with self.listeners.event():
            for job, place in self._placed_at(runner):
                self._vacate(job)
                self.listeners.note(job.key)
                if place.active and place.number == guilty:
                    job.deaths += 1
                    if verdict or job.deaths >= MOST_DEATHS:
                        self._end(job, "failed", verdict or DEADLY)
                if place.active and not job.over:
                    self._start(job, self._least_busy())

    def give_up(self, runner: Runner, why: str) -> None:
        """A runner cannot start: the active jobs that wait for it fail."""
        with self.listeners.event():
            for job, place in self._placed_at(runner):
                if place.active:
                    self._end(job, "failed", why)

    # What time does

    def tend(self) -> float | None:
        """Forget who left, drop what nobody watches; returns seconds until there may be more to do."""
        with self.listeners.event():
            now = self._clock()
            due = [self._tend(job, now) for job in self.shelf]
            self._admit()
            self._forget()
            return min((max(0.0, when - now) for when in due if when is not None), default=None)

    def _tend(self, job: Job, now: float) -> float | None:
        """Returns when this job may need it again."""
        if job.visitors.forget(now):
            self.listeners.note(job.key)
        self._obey(job)
        alone = self.shelf.rests_from(job) if job.over else job.visitors.alone_since
        if alone is None:
            return job.visitors.next_change
        if not job.over and alone + self._keep <= now:
            self._end(job, "stopped", UNWATCHED)
            return None
        return alone + self._keep

    def close(self) -> None:
        """Stop every job."""
        with self.listeners.event():
            self._queue.clear()
            for job in self.shelf:
                if not job.over:
                    self._end(job, "stopped", "The server was stopped.")

    # How a job moves; all under the lock

    def _begin(self, experiment: Experiment, start: Branch | None) -> Job:
        """A new job, at the end of the queue or refused."""
        job = Job(experiment, self, Visitors(self._grace, self._clock()), start)
        self.shelf.add(job)
        self.listeners.note(job.key)
        if len(self._queue) >= MOST_WAITING:
            self._end(job, "failed", FULL)
        else:
            self._queue.append(job)
        return job

    def _settle(self, job: Job) -> None:
        """Draw the consequences of what a visitor did."""
        self.listeners.note(job.key)
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
            self._unqueue(job)
            if job.place is None:
                self._start(job, self._least_busy())
            else:
                job.place.active = True
                job.place.runner.resume(job.place.number)
                job.pace.rest()
                self._set(job, "training")

    def _unqueue(self, job: Job) -> None:
        """Take a job out of the queue; those behind it move up."""
        if job in self._queue:
            place = self._queue.index(job)
            del self._queue[place]
            for moved in (job, *self._queue[place:]):
                self.listeners.note(moved.key)

    def _start(self, job: Job, runner: Runner) -> None:
        job.begin()
        job.place = Assignment(runner, next(self._numbers))
        self._places[job.place.number] = job
        runner.train(job.place.number, job.experiment, job.start)

    def _rest(self, job: Job) -> None:
        """Pause a job. Generators of the longest paused are dropped, as each takes memory: they can replay."""
        self._unqueue(job)
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
        self._unqueue(job)
        self._vacate(job)
        job.message = message
        self._set(job, status)
        self.shelf.put_last(job)
        self._admit()
        self._forget()

    def _placed_at(self, runner: Runner) -> list[tuple[Job, Assignment]]:
        return [(job, job.place) for job in self._places.values() if job.place and job.place.runner is runner]

    def _vacate(self, job: Job) -> None:
        """Take a job's place, and the glimpse of a generator that is no more."""
        job.glimpse = None
        if job.place:
            del self._places[job.place.number]
            job.place.runner.drop(job.place.number)
            job.place = None

    def _forget(self) -> None:
        """Forget what nobody has watched for long, and what does not fit into the budget."""
        if forgotten := self.shelf.forget(self._clock() - self._keep):
            for job in forgotten:
                self.listeners.note(job.key)
                if job.status == "finished":
                    self._put_away(job.run, job.seconds)
            memory.give_back()

    def _least_busy(self) -> Runner:
        return min(self._runners, key=lambda runner: (runner.broken, self.active_at(runner)))

    def _set(self, job: Job, status: Status) -> None:
        job.status = status
        job.version += 1
        self.listeners.note(job.key)
