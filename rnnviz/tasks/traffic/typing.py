"""Measurements that somebody types: "8:00:M6=20,M7=15/900", a time and the sensors that measure other than usual."""

import itertools
import re
from collections.abc import Sequence

import numpy as np

from rnnviz.core.errors import ExperimentError, Words
from rnnviz.core.parsing import parse_real
from rnnviz.tasks.traffic.simulation import BEGINS, CAPACITY, EVERY, STEPS
from rnnviz.tasks.typed import FIELD, check_length, whole

SAID = (
    "times of day and, behind a colon, the sensors that measure other than usual then, in km/h: 8:00:M6=20,M7=15 "
    "8:05:M6=15,M5=40"
)
_FASTEST = 200.0  # km/h
_MOST = 2.0 * CAPACITY  # vehicles per hour and lane
_STEP = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::(.*))?")


def clock(step: int) -> str:
    """The time of day of a step: "8:05"."""
    minutes = BEGINS * 60 + step * EVERY
    return f"{minutes // 60}:{minutes % 60:02d}"


def written(names: Sequence[str], steps: np.ndarray, speed: np.ndarray, flow: np.ndarray) -> str:
    """Measurements (time, sensor) at `steps` (time,) of the day as `read` reads them; numbers rounded."""
    said = []
    for step, fast, many in zip(steps.tolist(), speed, flow, strict=True):
        parts = (f"{name}={v:.2f}/{q:.0f}" for name, v, q in zip(names, fast, many, strict=True))
        said.append(f"{clock(step)}:{','.join(parts)}")
    return " ".join(said)


def read(
    text: str, names: Sequence[str], usual: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Steps of the day (time,) int64, speeds and flows (time, sensor) as they are typed, or as `usual` at that time.

    Raises:
        ExperimentError: there is no step, there are too many, one that is none, or one that is not the next.
    """
    words = whole(text).replace("−", "-").replace(",\n", ",").split()
    words = [word.strip(",;") for word in words if word.strip(",;")]
    check_length(len(words), "time steps")
    steps = _steps(words)
    speed, flow = (one[steps].astype(np.float64) for one in usual)
    for row, word in enumerate(words):
        for at, found in _measured(word, names).items():
            speed[row, at] = found[0]
            flow[row, at : at + len(found) - 1] = found[1:]
    return steps, speed, flow


def _steps(words: Sequence[str]) -> np.ndarray:
    """The step of the day of each word: one after the other."""
    steps = [_step(word) for word in words]
    for before, after in itertools.pairwise(steps):
        if after != before + 1:
            allowed = f"times one after another, {EVERY} minutes apart"
            raise ExperimentError(FIELD, allowed, Words(f"{clock(after)} behind {clock(before)}"))
    return np.array(steps, np.int64)


def _measured(word: str, names: Sequence[str]) -> dict[int, list[float]]:
    """Of each sensor of a step that measures other than usual, its speed and perhaps its flow."""
    found = dict[int, list[float]]()
    for part in filter(None, word.split(":", 2)[2].split(",") if word.count(":") > 1 else ()):
        name, _, numbers = part.partition("=")
        if name not in names:
            raise ExperimentError(FIELD, f"sensors {names[0]} to {names[-1]}, each with = and its speed", part)
        if (at := names.index(name)) in found:
            twice = Words(f"{name} twice at {clock(_step(word))}")
            raise ExperimentError(FIELD, "made of times at which each sensor stands once", twice)
        found[at] = _numbers(numbers, part)
    return found


def _step(word: str) -> int:
    found = _STEP.fullmatch(word)
    minutes = (int(found[1]) * 60 + int(found[2]) if found else -1) - BEGINS * 60
    if minutes < 0 or minutes % EVERY or minutes // EVERY >= STEPS:
        raise ExperimentError(FIELD, f"times from {clock(0)} to {clock(STEPS - 1)} every {EVERY} minutes", word)
    return minutes // EVERY


def _numbers(text: str, part: str) -> list[float]:
    try:
        found = [parse_real(one) for one in text.split("/")]
    except ValueError:
        found = []
    if not 1 <= len(found) <= 2 or not all(
        0 <= one <= most for one, most in zip(found, (_FASTEST, _MOST), strict=False)
    ):
        allowed = f"a speed from 0 to {_FASTEST:g} km/h, perhaps with / and 0 to {_MOST:g} vehicles per hour and lane"
        raise ExperimentError(FIELD, allowed, part)
    return found
