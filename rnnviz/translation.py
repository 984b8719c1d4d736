"""What a model writes to one input, and how it came about."""

import dataclasses
from typing import Any

import numpy as np

from rnnviz.errors import ExperimentError

MOST_BEAMS = 12
LARGEST_TEMPERATURE = 5.0


@dataclasses.dataclass(frozen=True)
class Decoding:
    """How an output is to be written.

    forced:      (output step from 0, weights of all input symbols) pairs: looked at there in place of what the
                 attention finds. The weights are at least 0 and sum to 1.
    take_away:   whether every context is all zeros, as if there were no attention.
    temperature: None for the likeliest symbol at every step; else symbols are drawn from
                 softmax(answers / temperature).
    seed:        of those draws.
    """

    forced: tuple[tuple[int, tuple[float, ...]], ...] = ()
    take_away: bool = False
    temperature: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if self.temperature is not None and not 0.01 <= self.temperature <= LARGEST_TEMPERATURE:
            allowed = f"from 0.01 to {LARGEST_TEMPERATURE:g}, or none"
            raise ExperimentError("temperature", allowed, self.temperature)
        for _, weights in self.forced:
            if min(weights, default=-1.0) < 0 or not abs(sum(weights) - 1) < 1e-4:
                raise ExperimentError("forced", "weights of at least 0 that sum to 1", weights)

    def at(self, step: int, length: int) -> np.ndarray | None:
        """The weights (input_time,) float32 that are forced at an output step; None where the attention finds them."""
        if self.take_away:
            return np.zeros(length, np.float32)
        weights = dict(self.forced).get(step)
        if weights is not None and len(weights) != length:
            raise ExperimentError("forced", f"one weight for each of the {length} input symbols", weights)
        return None if weights is None else np.array(weights, np.float32)


@dataclasses.dataclass(frozen=True, eq=False)
class Hypothesis:
    """One output that a beam search ended with: its text, and the logarithm of its probability."""

    text: str
    logp: float


class Translation(str):
    """The output as it is written: a text like any other, with what was measured while it was written.

    inputs:        (input_time,) the symbols that were read.
    tokens:        (output_time,) the symbols that were written; the last is the end if there is one.
    probabilities: (output_time,) float32, of each symbol written.
    answers:       (output_time, class) float32, probabilities of all classes.
    attention:     (output_time, input_time) DataArray, rows sum to 1; None for a model without attention.
    logp:          logarithm of the probability of the whole output.
    ended:         whether the model itself ended it.
    beams:         all outputs that a beam search ended with, the likeliest first; this one alone for greedy decoding.
    """

    inputs: tuple[str, ...]
    tokens: tuple[str, ...]
    probabilities: np.ndarray
    answers: np.ndarray
    attention: Any
    logp: float
    ended: bool
    beams: tuple[Hypothesis, ...]


def translation(task: Any, codes: np.ndarray, found: dict[str, np.ndarray]) -> Translation:
    """What `nn.decoding` found for an input (time,), with words in place of numbers."""
    import xarray as xr

    classes = found["classes"]
    written = Translation(task.write(classes))
    written.inputs = tuple(task.symbols[code] for code in codes)
    written.tokens = tuple(task.classes[place] for place in classes)
    written.answers = found["answers"]
    written.probabilities = found["answers"][np.arange(len(classes)), classes]
    written.logp, written.ended = float(np.log(written.probabilities).sum()), bool(len(classes) and classes[-1] == 0)
    written.attention = None
    if "weights" in found:
        coords = {"input": ("input_time", list(written.inputs)), "output": ("output_time", list(written.tokens))}
        written.attention = xr.DataArray(found["weights"], coords, ("output_time", "input_time"), name="attention")
    written.beams = (Hypothesis(str(written), written.logp),)
    return written
