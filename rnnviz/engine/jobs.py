"""A job as the pages see it: an experiment, the run that grows from it, and who wants what of it."""

import collections
import dataclasses
import secrets
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol

from rnnviz.engine.runner import Runner
from rnnviz.engine.visitors import Visitors, Wish
from rnnviz.runs.frames import Frame, Glimpse, Replayed
from rnnviz.runs.run import Run
from rnnviz.specs.branch import Branch, Training, first_step, key_of
from rnnviz.specs.experiment import Experiment

Status = Literal["queued", "training", "paused", "finished", "stopped", "failed"]
FRUITLESS: tuple[Status, ...] = ("stopped", "failed")  # over without an end worth showing
OVER: tuple[Status, ...] = ("finished", *FRUITLESS)

OVERHEAD = 100_000  # bytes that a job takes besides its frames and its experiment, generously
WINDOW = 16  # reports over which the pace is measured: about four seconds


@dataclasses.dataclass(frozen=True)
class Progress:
    """How far a job is.

    step, steps:      updates done, of which the run on screen tells, and to do in all.
    steps_per_second: as the visitor sees it, other jobs' turns included; None until measured.
    seconds_left:     at this pace; None until measured, or while nothing moves.
    queue_position:   1 for the job that starts next; None for a job that does not wait for others.
    seconds:          of work on this job alone, measured in the worker.
    replay:           of a branch, how far the way to its start is; None once it trains on from there.
    again:            updates done anew by a generator that has yet to come to `step`, where the one before it was when
                      its worker died or its place was given away; None for one that is further.
    starting:         its generator has said nothing yet, and has `step` updates to do before anything new comes.
    """

    step: int
    steps: int
    steps_per_second: float | None = None
    seconds_left: float | None = None
    queue_position: int | None = None
    seconds: float = 0.0
    replay: Replayed | None = None
    again: int | None = None
    starting: bool = False


class Pace:
    """Steps per second over the last few seconds, by the worker's clock."""

    def __init__(self) -> None:
        self.step = 0
        self._seen: collections.deque[tuple[float, int]] = collections.deque(maxlen=WINDOW)

    def add(self, at: float, step: int) -> None:
        """The job was at `step` when the worker's clock showed `at`."""
        if step < self.step:  # a new worker replays from the start
            self._seen.clear()
        self.step = step
        self._seen.append((at, step))

    def rest(self) -> None:
        """The job pauses, or moves to a worker with another clock: what was measured no longer holds."""
        self._seen.clear()

    @property
    def steps_per_second(self) -> float | None:
        """None while there is nothing to compare."""
        if len(self._seen) < 2:
            return None
        (begin, first), (end, last) = self._seen[0], self._seen[-1]
        return (last - first) / (end - begin) if end > begin and last > first else None


@dataclasses.dataclass
class Assignment:
    """Where the generator of a job lives. The desk's own notes, of no interest to a page."""

    runner: Runner
    number: int  # on every message about it
    active: bool = True  # takes turns; else it is held


class Keeper(Protocol):
    """Who moves a job as its visitors want: the desk, whose lock guards it."""

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """Held while a job is read or changed."""

    def join(self, job: "Job", visitor: str, wish: Wish | None = None) -> None:
        """A visitor comes, comes back, or wants it to run or to pause."""

    def leave(self, job: "Job", visitor: str) -> None:
        """A visitor vanishes."""

    def stop(self, job: "Job", visitor: str) -> None:
        """A visitor leaves for good."""

    def position(self, job: "Job") -> int | None:
        """Its place in the queue, from 1."""


class Job:
    """One experiment being run, shared by all who watch it. Made by the desk; safe to use from any thread.

    id:      of this job alone, and not to be guessed; other jobs of the same training share its `key`.
    start:   the step of another training at which it starts, a branch; None: with first weights.
    run:     grows while the job trains.
    glimpse: the weights now, if they are newer than the run's last frame and training can go on from them; else None.
    version: grows with every change worth drawing, glimpses apart: those are for who looks more often.
    message: why it failed or was stopped, in a sentence; else "".
    """

    def __init__(self, experiment: Experiment, desk: Keeper, visitors: Visitors, start: Branch | None = None) -> None:
        self.id = secrets.token_urlsafe(12)
        self.experiment = experiment
        self.start = start
        self.key = key_of(experiment, start)
        self.run = Run(experiment, start=start)
        self.glimpse: Glimpse | None = None
        self.status: Status = "queued"
        self.message = ""
        self.version = 0
        self._desk = desk
        # What follows is the desk's, under its lock.
        self.visitors = visitors
        self.pace = Pace()
        self.place: Assignment | None = None
        self.seconds = 0.0
        self.replay: Replayed | None = None
        self.furthest = first_step(start)  # a replay does not move the count back
        self.lost_at = self.at = self.furthest  # where the last generator was when it was lost; where this one is
        self.starting = False  # from its place in a worker to the first word from there
        self.glimpsed = -1  # the furthest step of a glimpse: a replay shows nothing older than what was seen
        self.deaths = 0  # workers that died over it since its last new frame
        self._weight = OVERHEAD + len(experiment.to_json()) + len(start.to_json(experiment) if start else "")

    @classmethod
    def finished(cls, run: Run, seconds: float, desk: Keeper, visitors: Visitors) -> "Job":
        """One that was finished before, of a run that took so many seconds of work."""
        job = cls(run.experiment, desk, visitors, run.start)
        job.run, job.seconds, job.furthest, job.status = run, seconds, run.frames[-1].step, "finished"
        return job

    @property
    def training(self) -> Training:
        """The experiment and where it starts."""
        return Training(self.experiment, self.start)

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.status in OVER

    @property
    def nbytes(self) -> int:
        """Bytes that remembering it takes."""
        return self._weight + self.run.nbytes + bytes_of(self.glimpse)

    @property
    def watchers(self) -> int:
        """How many visitors watch it now."""
        with self._desk.lock:
            return len(self.visitors)

    # What its worker says; called by the desk under its lock

    def begin(self) -> None:
        """A generator starts with the first step, perhaps not the first to do so."""
        self.replay, self.starting = None, True
        self.pace.rest()
        self.lost_at, self.at = self.furthest, first_step(self.start)

    def add(self, frame: Frame) -> None:
        """The next frame; one of a replay that the run has already changes nothing."""
        self.replay, self.starting = None, False
        self.at = max(self.at, frame.step)
        had = len(self.run.frames)
        self.run.append(frame)
        if len(self.run.frames) == had:
            return
        self.deaths = 0
        self.furthest = max(self.furthest, frame.step)
        self.version += 1
        if self.glimpse and self.glimpse.step <= frame.step:
            self.glimpse = None

    def see(self, glimpse: Glimpse) -> None:
        """Keep the newest glimpse. One that shows nothing new is dropped: a replay has yet to get that far."""
        if self.run.frames and glimpse.step > max(self.run.frames[-1].step, self.glimpsed):
            self.glimpse, self.glimpsed = glimpse, glimpse.step
            self.furthest = max(self.furthest, glimpse.step)

    def advance(self, step: int, seconds: float, at: float, replay: Replayed | None = None) -> None:
        """It got this far (see `protocol.Stepped`)."""
        self.seconds, self.replay, self.starting = seconds, replay, False
        if replay:
            return
        step = min(step, self.experiment.training.steps)
        self.pace.add(at, step)
        self.at = max(step, first_step(self.start))  # a branch has not counted on yet
        self.furthest = max(self.furthest, step)

    # What visitors do

    def wants(self, visitor: str) -> Wish | None:
        """What a visitor wants of it; None for one who does not watch."""
        with self._desk.lock:
            return self.visitors.wish(visitor)

    def watch(self, visitor: str) -> None:
        """Come, or come back. A newcomer takes the job as it is; one who comes back keeps their wish."""
        self._desk.join(self, visitor)

    def leave(self, visitor: str) -> None:
        """Vanish, perhaps to come back within the grace period."""
        self._desk.leave(self, visitor)

    def pause(self, visitor: str) -> None:
        """Want it paused; it pauses when everyone present wants that."""
        self._desk.join(self, visitor, "pause")

    def resume(self, visitor: str) -> None:
        """Want it to run."""
        self._desk.join(self, visitor, "run")

    def stop(self, visitor: str) -> None:
        """Leave for good; it stops when nobody else is present."""
        self._desk.stop(self, visitor)

    def progress(self) -> Progress:
        """How far it is."""
        with self._desk.lock:
            pace = self.pace.steps_per_second if self.status == "training" else None
            steps = self.experiment.training.steps
            return Progress(
                step=self.furthest,
                steps=steps,
                steps_per_second=pace,
                seconds_left=(steps - self.pace.step) / pace if pace else None,
                queue_position=self._desk.position(self),
                seconds=self.seconds,
                replay=self.replay,
                again=self.at if self.at < self.lost_at else None,
                starting=self.starting and self.furthest > 0,
            )


def bytes_of(glimpse: Glimpse | None) -> int:
    """Bytes of all its arrays; 0 if there is none."""
    return sum(array.nbytes for weights in glimpse.weights.values() for array in weights.values()) if glimpse else 0
