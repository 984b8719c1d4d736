"""The worker's side of running jobs: turns for the active ones, answers in between. Knows no torch and no pipe."""

import collections
import dataclasses
import gc
import math
import pickle
import time
from collections.abc import Callable, Iterator

from rnnviz.engine import memory, protocol
from rnnviz.engine.answering import reply
from rnnviz.engine.errors import traceback_of
from rnnviz.engine.protocol import Ask, Command, Drop, Hold, Report, Resume, Train
from rnnviz.runs.frames import Frame, GlimpsePoint, Replayed
from rnnviz.specs.branch import Branch
from rnnviz.specs.experiment import Experiment

LARGE = 4_000_000  # bytes of a question: what it took is freed in large pieces, which go back to the system
SLICE = 0.015  # seconds of one turn: short, because a question waits for its end
REPORT_EVERY = 0.25  # seconds between two reports of how far a job is
GLIMPSE_EVERY = 0.15  # seconds between two pictures of a job that yields moments: a page shows four a second

Tick = Frame | GlimpsePoint | Replayed | None
Trainer = Callable[[Experiment, Branch | None], Iterator[Tick]]


@dataclasses.dataclass
class Training:
    """A job in this worker.

    ticks:   yields None after every step of every model, the frames as they come, and perhaps moments between them.
    replay:  how far the way to its start is, while it has yet to get there.
    last:    the newest frame.
    since:   steps of single models since that frame.
    seconds: spent inside `ticks`.
    debt:    seconds it has had, on a scale that all active jobs share; the smallest goes next.
    shown:   when its last frame or glimpse was sent; no glimpse is taken before the first frame.
    """

    number: int
    ticks: Iterator[Tick]
    active: bool = True
    replay: Replayed | None = None
    last: Frame | None = None
    since: int = 0
    seconds: float = 0.0
    debt: float = 0.0
    reported: float = 0.0
    shown: float = math.inf

    @property
    def step(self) -> int:
        """Updates that all its models have done; between two frames counted from the ticks."""
        return self.last.step + self.since // max(1, len(self.last.models)) if self.last else 0

    def count(self, tick: object) -> None:
        """Note how far a tick brings the job. A moment says so itself, whether it comes besides a None or in its place.

        A frame comes when the update that follows it is done, so that one update of a moment's is counted already.
        """
        self.replay = tick if isinstance(tick, Replayed) else None
        if self.replay:
            return
        if isinstance(tick, Frame):
            self.last, self.since = tick, 0
        elif isinstance(tick, GlimpsePoint) and self.last:
            self.since = max(0, tick.step - 1 - self.last.step) * max(1, len(self.last.models))
        else:
            self.since += 1


class Scheduler:
    """Gives every active job the same share of time, in slices, and answers questions between two of them.

    trainer: makes the generator of an experiment and of where it starts.
    send:    takes the reports.
    """

    def __init__(
        self, trainer: Trainer, send: Callable[[Report], object], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._trainer = trainer
        self._send = send
        self._clock = clock
        self._jobs: dict[int, Training] = {}
        self._asks: collections.deque[Ask] = collections.deque()
        self._holder: int | None = None

    @property
    def busy(self) -> bool:
        """Whether there is anything to do without a new command."""
        return bool(self._asks) or any(job.active for job in self._jobs.values())

    def obey(self, command: Command) -> None:
        """Take note of a command. Commands about a job that is gone are ignored: it ended meanwhile."""
        job = self._jobs.get(command.number)
        match command:
            case Ask():
                self._asks.append(command)
            case Train():
                self._begin(command)
            case Hold() if job:
                job.active = False
            case Resume() if job:
                job.debt = max(job.debt, self._least_debt())
                job.active = True
            case Drop():
                self._drop(command.number)

    def answer(self) -> None:
        """Answer questions for at most about one slice, so that many questions don't stop the training."""
        until = self._clock() + SLICE
        while self._asks and self._clock() < until:
            ask = self._asks.popleft()
            self._hold_turn(ask.number)
            large = len(ask.payload) > LARGE
            self._send(reply(ask))
            del ask
            if large:
                gc.collect()
                memory.give_back()

    def turn(self) -> None:
        """One slice of the active job that has had the least time."""
        job = min((j for j in self._jobs.values() if j.active), key=lambda j: j.debt, default=None)
        if job is None:
            return
        self._hold_turn(job.number)
        try:
            over = self._advance(job)
        except Exception as error:
            self._drop(job.number)
            self._send(failure(job.number, error))
            return
        if over:
            self._drop(job.number)
            self._send(protocol.Finished(job.number, job.seconds))
        elif self._clock() - job.reported >= REPORT_EVERY:
            self._report(job)

    def _advance(self, job: Training) -> bool:
        """Work on a job for one slice; whether it has come to its end.

        A glimpse is charged to the job, as its frames are: it is taken at once, as the next step changes the weights.
        Sending is not charged.
        """
        used = 0.0
        while used < SLICE:
            begin = self._clock()
            try:
                made = next(job.ticks, job)
                glimpse = made.glimpse() if isinstance(made, GlimpsePoint) and self._wants_glimpse(job) else None
            finally:
                spent = self._clock() - begin
                used += spent
                job.seconds += spent
                job.debt += spent
            if made is job:
                return True
            job.count(made)
            if isinstance(made, Frame):
                self._show(job, protocol.FrameMade(job.number, made))
            elif glimpse is not None:
                self._show(job, protocol.Glimpsed(job.number, glimpse))
        return False

    def _wants_glimpse(self, job: Training) -> bool:
        """Whether nothing of this job has been shown for a while."""
        return self._clock() - job.shown >= GLIMPSE_EVERY

    def _show(self, job: Training, picture: protocol.FrameMade | protocol.Glimpsed) -> None:
        """Send a picture. The wait for the next glimpse begins when it is sent: a server slow to read gets fewer."""
        self._send(picture)
        job.shown = self._clock()

    def _report(self, job: Training) -> None:
        job.reported = self._clock()
        self._send(protocol.Stepped(job.number, job.step, job.seconds, job.reported, job.replay))

    def _begin(self, command: Train) -> None:
        try:
            ticks = self._trainer(*pickle.loads(command.payload))
        except Exception as error:
            self._send(failure(command.number, error))
            return
        job = Training(command.number, iter(ticks), debt=self._least_debt())
        self._jobs[command.number] = job
        self._report(job)

    def _least_debt(self) -> float:
        return min((job.debt for job in self._jobs.values() if job.active), default=0.0)

    def _hold_turn(self, number: int) -> None:
        if self._holder != number:
            self._holder = number
            self._send(protocol.Turn(number))

    def _drop(self, number: int) -> None:
        self._jobs.pop(number, None)
        self._asks = collections.deque(ask for ask in self._asks if ask.number != number)


def failure(number: int, error: Exception) -> protocol.Failed:
    """What is said of a job that raised."""
    trouble = "" if isinstance(error, ValueError) else traceback_of(error)
    return protocol.Failed(number, str(error), trouble)
