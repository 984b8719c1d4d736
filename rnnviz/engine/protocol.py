"""What the server's process and a worker say to each other.

Every job and every question carries a number of its own, given once and never again: a report about a job
that has since been dropped is then recognised and ignored. Payloads are pickled by whoever made them and
unpickled by whoever needs them, so that one that cannot be read spoils nothing but itself.
"""

import dataclasses

from rnnviz.runs.frames import Frame, Glimpse, Replayed


@dataclasses.dataclass(frozen=True, slots=True)
class Train:
    """Train the experiment in `payload` from its start: both pickled, None for first weights, else a branch."""

    number: int
    payload: bytes


@dataclasses.dataclass(frozen=True, slots=True)
class Hold:
    """Pause a job; keep its generator."""

    number: int


@dataclasses.dataclass(frozen=True, slots=True)
class Resume:
    """Go on with a held job."""

    number: int


@dataclasses.dataclass(frozen=True, slots=True)
class Drop:
    """Forget a job or a question."""

    number: int


@dataclasses.dataclass(frozen=True, slots=True)
class Ask:
    """Call `function` ("module:name") with the arguments in `payload`: positional and named ones, pickled."""

    number: int
    function: str
    payload: bytes


Command = Train | Hold | Resume | Drop | Ask


@dataclasses.dataclass(frozen=True, slots=True)
class Ready:
    """The worker is warm."""

    pid: int


@dataclasses.dataclass(frozen=True, slots=True)
class Turn:
    """From now on the worker is busy with this job or question: it is to blame if the worker dies."""

    number: int


@dataclasses.dataclass(frozen=True, slots=True)
class FrameMade:
    """The next frame of a job."""

    number: int
    frame: Frame


@dataclasses.dataclass(frozen=True, slots=True)
class Glimpsed:
    """The weights of a job between two frames: each is worth something only until the next one, or a frame, comes."""

    number: int
    glimpse: Glimpse


@dataclasses.dataclass(frozen=True, slots=True)
class Stepped:
    """How far a job is.

    step:    updates done.
    seconds: spent on this job alone, since its start.
    at:      the worker's clock in seconds; only differences mean something.
    replay:  how far the way to its start is, if it has yet to get there.
    """

    number: int
    step: int
    seconds: float
    at: float
    replay: Replayed | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Finished:
    """A job came to its end."""

    number: int
    seconds: float


@dataclasses.dataclass(frozen=True, slots=True)
class Failed:
    """A job raised. `trouble` is "" for a ValueError, which explains itself, else the traceback."""

    number: int
    message: str
    trouble: str


@dataclasses.dataclass(frozen=True, slots=True)
class Answered:
    """The (pickled) result of a question."""

    number: int
    payload: bytes


@dataclasses.dataclass(frozen=True, slots=True)
class Refused:
    """A question raised: the (pickled) ValueError, or the traceback of anything else."""

    number: int
    payload: bytes
    trouble: str


Report = Ready | Turn | FrameMade | Glimpsed | Stepped | Finished | Failed | Answered | Refused
