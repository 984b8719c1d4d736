"""One time step of a sequence changed by hand: what can be changed, what is worth a look, and how long it is seen."""

import dataclasses

import numpy as np

from rnnviz.tasks import Task

GONE = 0.01  # a difference below this share of a state's mean norm no longer counts
_NEAR = 2  # of the range of a number, one part in so many: by how much it is changed at first


@dataclasses.dataclass(frozen=True)
class Change:
    """At time step `at`, from 0, another symbol by its place in the task's alphabet, or another number in its unit."""

    at: int
    to: float


@dataclasses.dataclass(frozen=True)
class Lasting:
    """How long the difference of the states is seen.

    largest: of its norm, as a share of the state's own mean norm, over all states and time steps;
    at_end:  the same share at the last time step that is read.
    last:    of the last time step at which it is at least `GONE`, how many steps after the change; None for never.
    to_end:  whether that is the last step that is read.
    """

    largest: float
    at_end: float
    last: int | None
    to_end: bool


def fits(task: Task) -> bool:
    """Whether a single symbol or number of a time step can be changed."""
    return bool(task.alphabet) or task.amount is not None


def why_not(task: Task) -> str:
    """Why nothing of a task's sequences can be changed so, in a sentence."""
    return f"At every step this task reads {task.reads.said} at once: there is no one symbol to change."


def read_of(task: Task, inputs: np.ndarray) -> np.ndarray:
    """What each time step of a sequence (time, …) holds, as `Change.to` says it: (time,) float64."""
    if task.amount is not None:
        return task.amount.shown(inputs)
    return np.asarray(task.reads.places(inputs), np.float64)


def said(task: Task, value: float) -> str:
    """Such a symbol or number in words."""
    if task.amount is None:
        return task.alphabet[int(value)]
    unit = f" {task.amount.unit}".rstrip()
    return f"{value:z.{task.amount.digits}f}{unit}".replace("-", "−")


def changed(task: Task, inputs: np.ndarray, change: Change) -> np.ndarray:
    """A sequence (time, …) with that change and no other."""
    found = inputs.copy()
    if task.amount is not None:
        found[change.at, task.amount.feature] = task.amount.read(change.to)
    else:
        found[change.at] = task.reads.given(np.asarray(int(change.to)))
    return found


def span(task: Task) -> tuple[float, float]:
    """Of a task that reads numbers: the least and the largest that is changed, in the held-out sequences."""
    assert task.amount is not None
    values, unit = task.amount.shown(task.held_out().inputs), 10.0**-task.amount.digits
    low, high = (round(float(end) / unit) * unit for end in (values.min(), values.max()))
    return (low, high) if low < high else (low, low + unit)


def another(task: Task, inputs: np.ndarray, at: int) -> float:
    """What a time step is changed to at first: a number half the range away, or another symbol of the same sort."""
    now = float(read_of(task, inputs)[at])
    if task.amount is not None:
        low, high = span(task)
        far = (high - low) / _NEAR
        return round(now + far if now + far <= high else max(low, now - far), task.amount.digits)
    sort, count = task.ignored(inputs), len(task.alphabet)
    for step in range(1, count):
        place = (int(now) + step) % count
        others = task.ignored(changed(task, inputs, Change(at, place)))
        if sort is None or others is None or sort[at] == others[at]:
            return float(place)
    return float((int(now) + 1) % count)


def pair(task: Task, inputs: np.ndarray) -> tuple[int, int] | None:
    """The first time step that counts, and one after it that is to be ignored; None where a task does not say.

    The first is one whose change leaves a sequence to which the right answer is known, if there is one.
    """
    ignored = task.ignored(inputs)
    if ignored is None or ignored.all() or not ignored.any():
        return None
    counting, passing = np.flatnonzero(~ignored).tolist(), np.flatnonzero(ignored)
    known = (at for at in counting if task.solved(changed(task, inputs, Change(at, another(task, inputs, at)))))
    first = next(known, counting[0])
    later = passing[passing > first]
    return first, int(later[0] if later.size else passing[-1])


def lasting(norms: dict[str, np.ndarray], sizes: dict[str, float], at: int, backward: bool = False) -> Lasting:
    """From the norms (time,) of the difference of each state, and the mean norms of the states themselves.

    at:       the time step that was changed.
    backward: whether the states are of a direction that reads from the end.
    """
    shares = np.max([norms[name] / max(sizes[name], 1e-12) for name in norms], axis=0)
    order = shares[at::-1] if backward else shares[at:]
    seen = np.flatnonzero(order >= GONE)
    last = int(seen[-1]) if seen.size else None
    return Lasting(float(shares.max()), float(order[-1]), last, last == len(order) - 1)
