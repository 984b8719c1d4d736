"""Sequences with what is to be answered, of equal or of different lengths."""

import dataclasses
import functools
from collections.abc import Sequence

import numpy as np

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
