"""The engine as the pages see it: submit an experiment, find a job, ask a question."""

import collections
import concurrent.futures
import dataclasses
import itertools
import os
import pickle
import threading
from collections.abc import Callable
from typing import Any, TypeVar, overload

from rnnviz.core import cache, limits
from rnnviz.core.cache import Statistics
from rnnviz.engine import asks, protocol
from rnnviz.engine.asks import Asks
from rnnviz.engine.attic import Attic
from rnnviz.engine.desk import Desk
from rnnviz.engine.errors import EngineError
from rnnviz.engine.jobs import Job
from rnnviz.engine.link import Link
from rnnviz.engine.listeners import Callback
from rnnviz.engine.questions import Call
from rnnviz.specs.branch import Branch, key_of
from rnnviz.specs.experiment import Experiment

R = TypeVar("R")

TRAINER = "rnnviz.nn.train.training:ticks"
MOST_WORKERS = 64
PATIENCE = 60.0  # seconds of silence after which a busy worker counts as hung
UNSTIRRING = protocol.FrameMade | protocol.Glimpsed | protocol.Stepped | protocol.Turn  # the link is busy as before

HUNG = "The computation was given up: it said nothing for {patience:g} seconds."
BROKEN = "The worker that trains cannot start; the server's log says why."


@dataclasses.dataclass(frozen=True)
class Stats:
    """What the engine holds.

    jobs:        status → number of jobs.
    bytes_kept:  bytes of all runs that are remembered.
    worker_pids: process ids of the workers that live.
    ready:       whether every worker is warm.
    starts:      worker processes started so far.
    caches:      the frames of runs, and what each cache of this process keeps.
    """

    jobs: dict[str, int]
    bytes_kept: int
    worker_pids: tuple[int, ...]
    ready: bool
    starts: int
    caches: tuple[Statistics, ...]

    @property
    def nbytes(self) -> int:
        """Bytes that all caches hold."""
        return sum(one.nbytes for one in self.caches)

    @property
    def budget(self) -> int:
        """Bytes that all caches may hold."""
        return sum(one.budget for one in self.caches)


class Engine:
    """Runs experiments in worker processes. One for the whole server; safe to use from any thread.

    workers:  processes; None takes the environment variable RNNVIZ_WORKERS, else 1.
    grace:    seconds after which a visitor who left is forgotten; a job nobody watches then pauses.
    keep:     seconds for which a job that nobody watches is kept in memory; a finished one then waits on disk.
    patience: seconds of silence after which a busy worker counts as hung.
    trainer:  the generator function that trains, as "module:name".
    """

    def __init__(
        self,
        workers: int | None = None,
        grace: float = 10.0,
        keep: float = 60.0,
        *,
        patience: float = PATIENCE,
        trainer: str = TRAINER,
    ) -> None:
        count = workers_wanted() if workers is None else workers
        if not 1 <= count <= MOST_WORKERS:
            raise ValueError(f"workers must be 1 to {MOST_WORKERS}; got {count}.")
        self._patience = patience
        self._links = [Link(self, trainer) for _ in range(count)]
        self._numbers = itertools.count(1)  # one sequence for jobs and questions: Drop and Turn name either
        self._attic = Attic()
        self._desk = Desk(self._links, grace, keep, self._numbers, self._attic.put)
        self._lock = self._desk.lock
        self._asks = Asks(self._links)
        self._state = "new"
        self._keeper = threading.Thread(target=self._keep, name="rnnviz-keeper", daemon=True)

    # What the server does

    def start(self) -> None:
        """Start the workers, in the background. Starting twice is no error."""
        with self._lock:
            if self._state == "stopped":
                raise EngineError(asks.STOPPED)
            if self._state == "running":
                return
            self._state = "running"
        for link in self._links:
            link.start()
        self._keeper.start()

    def stop(self) -> None:
        """End the workers and every job, at once and for good."""
        with self._lock:
            self._state = "stopped"
            self._desk.close()
            self._asks.close()
            self._desk.stirred.notify_all()
        for link in self._links:
            link.stop()
        for link in self._links:
            link.join()
        self._attic.close()

    # What pages do

    def submit(self, experiment: Experiment, visitor: str, again: bool = False, *, start: Branch | None = None) -> Job:
        """The job of this experiment, which `visitor` watches and wants to run. Returns at once.

        A job that lives or is finished is shared; one that was stopped or failed starts afresh. If the server
        has too much to do, the job is "failed" with a message that says so.

        again: where the job is finished, train once more beside it, to the same numbers. Who watches the finished one
               goes on doing so; this visitor leaves it.
        start: the step of another training from which this one goes on. The worker finds the state there by training
               up to it, so that frames take a while to come; a branch is another job than the experiment by itself.

        Raises:
            EngineError: the engine was stopped.
            ExperimentError: the experiment is too large for its data, or cannot go on from `start`.
        """
        experiment.checked()
        if start is not None:
            start.check(experiment)
        if not again:
            self.find(key_of(experiment, start))  # what is finished may be on disk
        with self._lock:
            if self._state == "stopped":
                raise EngineError(asks.STOPPED)
            return self._desk.submit(experiment, visitor, again, start)

    def find(self, key: str) -> Job | None:
        """The newest job of the experiment, or branch (`specs.branch.key_of`), with this key, if any is remembered.

        One that was stopped or failed is returned only where no other lives or is finished. A finished run for which
        there was no room is read from disk.
        """
        found = self.at_hand(key)
        if found is not None or (put := self._attic.get(key)) is None:
            return found
        return self._desk.put_back(*put)

    def at_hand(self, key: str) -> Job | None:
        """The same without reading any from disk: what a listener may ask, also of a run that was just forgotten."""
        with self._lock:
            return self._desk.shelf.find(key)

    def job(self, identity: str) -> Job | None:
        """The job with this id, if it is remembered."""
        with self._lock:
            return self._desk.shelf.get(identity)

    def listen(self, callback: Callback) -> Callable[[], None]:
        """Call `callback(key)` whenever something changed about the jobs of the experiment with this key.

        A job begins, has a new frame or glimpse, gets further (four times a second), moves in the queue, has another
        status, message, watcher or wish, or is forgotten.

        It is called once for each experiment that an event changed, when all of it is done, by the thread that brought
        it and under the engine's lock: it must be quick and wait for nothing, as `loop.call_soon_threadsafe` does. It
        may read what it is told of. What it raises goes to the log.

        Returns:
            A function that ends it: no call begins after that has returned.
        """
        return self._desk.listeners.add(callback)

    @overload
    def ask(self, question: Call[R], *, timeout: float = 10.0) -> R: ...
    @overload
    def ask(self, question: str, *args: Any, timeout: float = 10.0) -> Any: ...
    def ask(self, question: "Call[Any] | str", *args: Any, timeout: float = 10.0) -> Any:
        """Have a worker answer a question (see `questions`); what it takes and returns is plain or numpy.

        question: such as `questions.DAMAGE(spec, task, weights)`, or "rnnviz.nn.module:name" followed by its arguments.

        Raises:
            ValueError: as the function raised it.
            EngineError: no answer within `timeout` seconds, or an unexpected error, with its number in the log.
        """
        call = Call(question, args) if isinstance(question, str) else question
        payload = pickle.dumps((call.args, call.named))
        with self._lock:
            if self._state != "running":
                raise EngineError(asks.STOPPED)
            number = next(self._numbers)
            sent = self._asks.put(number, call.function, payload)
            self._desk.stirred.notify_all()
        try:
            return pickle.loads(sent.answer.result(timeout))
        except concurrent.futures.TimeoutError:
            with self._lock:
                self._asks.withdraw(number)
                ready = any(link.ready for link in self._links)
            raise EngineError(asks.LATE.format(timeout=timeout) if ready else asks.STARTING) from None

    def stats(self) -> Stats:
        """What the engine holds now."""
        with self._lock:
            jobs = collections.Counter[str](job.status for job in self._desk.shelf)
            frames = Statistics("frames", self._desk.shelf.nbytes, limits.BYTES_KEPT, jobs.total())
            return Stats(
                jobs=dict(jobs),
                bytes_kept=frames.nbytes,
                worker_pids=tuple(link.pid for link in self._links if link.pid is not None),
                ready=all(link.ready for link in self._links),
                starts=sum(link.starts for link in self._links),
                caches=(frames, *cache.statistics()),
            )

    # What links say, from their threads

    def heard(self, link: Link, said: protocol.Report) -> None:
        """Pass a worker's report to whom it concerns."""
        with self._lock:
            if isinstance(said, protocol.Answered | protocol.Refused):
                self._asks.report(said)
            else:
                self._desk.report(said)
            if not isinstance(said, UNSTIRRING):
                self._desk.stirred.notify_all()  # the link may be idle now, or ready

    def lost(self, link: Link) -> None:
        """A worker died: its jobs and questions are given out again, unless they are what it died of."""
        with self._lock:
            if self._state != "running":
                return
            guilty, verdict = link.busy_with, HUNG.format(patience=self._patience) if link.hung else ""
            link.renew()
            self._desk.lost(link, guilty, verdict)
            self._asks.lost(link, guilty, verdict)
            if link.broken:
                self._desk.give_up(link, BROKEN)

    # What time does

    def _keep(self) -> None:
        """Sleep until something is due: a visitor to forget, a job to drop, a silent worker to end."""
        with self._lock:
            while self._state == "running":
                waits = [self._desk.tend(), *(link.check(self._busy(link), self._patience) for link in self._links)]
                self._desk.stirred.wait(min((wait for wait in waits if wait is not None), default=None))

    def _busy(self, link: Link) -> bool:
        """Whether something should be heard of this worker."""
        return self._desk.active_at(link) + self._asks.at(link) > 0


def workers_wanted() -> int:
    """The number of workers that the environment asks for; 1 if it doesn't.

    Raises:
        ValueError: RNNVIZ_WORKERS is no number.
    """
    wanted = os.environ.get("RNNVIZ_WORKERS", "").strip() or "1"
    if not wanted.isdecimal():
        raise ValueError(f"RNNVIZ_WORKERS must be a whole number from 1 to {MOST_WORKERS}; got {wanted!r}.")
    return int(wanted)
