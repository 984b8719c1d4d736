"""What the tests of the engine share: small experiments, patience, equality to the last bit."""

import dataclasses
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import task


def small(seed: int = 0, steps: int = 120) -> Experiment:
    """A real experiment that takes a fraction of a second."""
    return Experiment(
        task=task("adding", length=12),
        models=(ModelSpec("rnn", 8), ModelSpec("lstm", 8), ModelSpec("gru", 8)),
        training=TrainingSpec(steps=steps, batch=8, seed=seed),
    )


def until(condition: Callable[[], Any], seconds: float = 30.0, every: float = 0.005, what: str = "it") -> Any:
    """Wait for a condition and return its value; the time is generous, as machines are slow."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"waited {seconds:g} s in vain for {what}"
        time.sleep(every)
    return found


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal to the last bit, arrays and NaN included."""
    if dataclasses.is_dataclass(one):
        names = [field.name for field in dataclasses.fields(one)]
        return type(one) is type(other) and all(same(getattr(one, n), getattr(other, n)) for n in names)
    if isinstance(one, Mapping):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    return repr(one) == repr(other)


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended but was not yet collected does not."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return Path("/proc").exists() is False
    return state != "Z"
