"""Sequences with what is to be answered, of equal or of different lengths; those of a task that are always the same."""

import dataclasses
import functools
import math
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from rnnviz.core import limits
from rnnviz.core.cache import Cache, kept_in

HELD_OUT_SEED = 7_919  # the held-out sequences are the same for every experiment on a task
PAD = -1  # in whole numbers: here a sequence is over; as a target: nothing is asked here


@dataclasses.dataclass(frozen=True)
class Batch:
    """Sequences with what is to be answered.

    inputs:  (time, sample, feature) float32 where a task reads `Features`; (time, sample) int64, places in the names,
             where it reads `Symbols`, each sequence followed by `PAD` up to the longest.
    targets: of `Once` (sample, output) float32 or classes (sample,) int64; of `EveryStep` (time, sample, output) or
             (time, sample), `PAD` where nothing is asked; of `Sequence` (output_time, sample), each followed by `PAD`.
    """

    inputs: np.ndarray
    targets: np.ndarray

    @property
    def size(self) -> int:
        """Sequences in it."""
        return int(self.inputs.shape[1])

    @property
    def lengths(self) -> np.ndarray:
        """Time steps of each input (sample,) int64."""
        if self.inputs.ndim == 3:
            return np.full(self.size, len(self.inputs), np.int64)
        return length_of(self.inputs)


@dataclasses.dataclass(frozen=True)
class Remembered:
    """What a model has to remember of each sequence of a batch.

    values:  (sample,) float64 numbers, or int64 classes.
    since:   (sample,) int64, the time step at which it is read; the state after that step can hold it.
    classes: the classes by name, in the order of `values`; empty for numbers.
    """

    values: np.ndarray
    since: np.ndarray
    classes: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Probes:
    """A few fixed sequences that are traced in every frame.

    batch:  the sequences.
    tokens: (time, sample) str, what stands under the time axis; "" where nothing needs to be read.
    names:  one per sample, what makes it worth a look.
    """

    batch: Batch
    tokens: np.ndarray
    names: tuple[str, ...]


def padded(sequences: Sequence[Sequence[int] | np.ndarray], steps: int) -> np.ndarray:
    """Sequences of different lengths as (steps, sample) int64, `PAD` behind each."""
    found = np.full((steps, len(sequences)), PAD, np.int64)
    for sample, sequence in enumerate(sequences):
        found[: len(sequence), sample] = sequence
    return found


def length_of(places: np.ndarray) -> np.ndarray:
    """Symbols of each sequence (time, sample), without its padding: (sample,)."""
    lengths: np.ndarray = (places != PAD).sum(axis=0)
    return lengths


@functools.lru_cache(maxsize=64)
def _identity(size: int) -> np.ndarray:
    return np.eye(size, dtype=np.float32)


def one_hot(symbols: np.ndarray, size: int) -> np.ndarray:
    """Symbols (…) int as (…, size) float32."""
    return np.take(_identity(size), symbols, axis=0)


class Given(Protocol):
    """A task, as far as its held-out sequences go."""

    def make_held_out(self, rng: np.random.Generator) -> Batch: ...
    def held_out(self) -> Batch: ...
    def guess(self, batch: Batch) -> np.ndarray: ...
    def score(self, outputs: np.ndarray, targets: np.ndarray) -> float: ...
    def marked(self, batch: Batch) -> np.ndarray | None: ...
    def probes(self) -> Probes: ...


_kept: Cache[Any, Any] = Cache("held-out sequences", limits.HELD_OUT_BYTES_KEPT, most=36)  # of a dozen tasks


@kept_in(_kept)
def held_out(task: Given) -> Batch:
    """`Task.make_held_out`, made once."""
    return task.make_held_out(np.random.default_rng(HELD_OUT_SEED))


@kept_in(_kept)
def baseline(task: Given) -> float:
    """The score of `Task.guessing`, measured once."""
    batch = task.held_out()
    return task.score(task.guess(batch), batch.targets)


@kept_in(_kept)
def marked(task: Given) -> np.ndarray:
    """`Task.marked` of the held-out sequences, made once: bool, of the shape of their targets."""
    batch = task.held_out()
    found = task.marked(batch)
    return np.zeros(batch.targets.shape, bool) if found is None else found


@kept_in(_kept)
def marked_baseline(task: Given) -> float:
    """What share of the held-out answers that it marks `Task.guessing` has right, in percent, measured once."""
    return marked_score(task, task.guess(task.held_out()))


def marked_score(task: Given, outputs: np.ndarray) -> float:
    """What share of these answers to the held-out sequences is right, in percent, of those that a task marks.

    NaN where it marks none.
    """
    right = (outputs.argmax(-1) == task.held_out().targets)[marked(task)]
    return 100.0 * float(right.mean()) if right.size else math.nan


@kept_in(_kept)
def probes(task: Given) -> Probes:
    """`Task.probes`, made once."""
    return task.probes()
