"""What a model writes to one input, and how it came about."""

import dataclasses
import numbers
from typing import Any

import numpy as np

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.core.fields import is_whole

MOST_BEAMS = 12
LARGEST_TEMPERATURE = 5.0
LARGEST_SEED = limits.LARGEST_SEED


@dataclasses.dataclass(frozen=True)
class Decoding:
    """How an output is to be written.

    forced:      (output step from 0, weights of all input symbols) pairs, one for a step: looked at there in place
                 of what the attention finds. The weights are at least 0 and sum to 1.
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
        object.__setattr__(self, "forced", _forced(self.forced))
        if not isinstance(self.take_away, (bool, np.bool_)):
            raise ExperimentError("take_away", "true or false", self.take_away)
        if self.temperature is not None and not _within(self.temperature, 0.01, LARGEST_TEMPERATURE):
            allowed = f"from 0.01 to {LARGEST_TEMPERATURE:g}, or none"
            raise ExperimentError("temperature", allowed, self.temperature)
        if not is_whole(self.seed, 0, LARGEST_SEED):
            raise ExperimentError("seed", f"a whole number from 0 to {LARGEST_SEED:,}", self.seed)

    def check(self, length: int) -> None:
        """Refuse weights that do not fit an input of `length` symbols, whether their step is reached or not.

        Raises:
            ExperimentError: they are more or fewer.
        """
        for _, weights in self.forced:
            if len(weights) != length:
                raise ExperimentError("forced", f"one weight for each of the {length} input symbols", weights)

    def at(self, step: int, length: int) -> np.ndarray | None:
        """The weights (input_time,) float32 that are forced at an output step; None where the attention finds them."""
        if self.take_away:
            return np.zeros(length, np.float32)
        weights = dict(self.forced).get(step)
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
    written.inputs = task.symbols_of(codes)
    written.tokens = tuple(task.classes[place] for place in classes)
    written.answers = found["answers"]
    written.probabilities = found["answers"][np.arange(len(classes)), classes]
    written.logp, written.ended = float(found["logps"].sum()), bool(len(classes) and classes[-1] == 0)
    written.attention = None
    if "weights" in found:
        coords = {"input": ("input_time", list(written.inputs)), "output": ("output_time", list(written.tokens))}
        written.attention = xr.DataArray(found["weights"], coords, ("output_time", "input_time"), name="attention")
    written.beams = (Hypothesis(str(written), written.logp),)
    return written


def _within(value: object, low: float, high: float) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool) and bool(low <= value <= high)  # type: ignore[operator]


def _forced(pairs: Any) -> tuple[tuple[int, tuple[float, ...]], ...]:
    """Pairs of output steps and weights as `Decoding` keeps them.

    Raises:
        ExperimentError: says what is none.
    """
    try:
        found = tuple((step, tuple(weights)) for step, weights in pairs)
    except (TypeError, ValueError):
        raise ExperimentError("forced", "pairs of an output step from 0 and its weights", pairs) from None
    seen = set[int]()
    for step, weights in found:
        if not is_whole(step, 0, LARGEST_SEED):
            raise ExperimentError("forced", "pairs of an output step from 0 and its weights", step)
        if not all(_within(weight, 0, 2) for weight in weights) or not abs(sum(weights) - 1) < 1e-4:
            raise ExperimentError("forced", "weights of at least 0 that sum to 1", weights)
        if step in seen:
            raise ExperimentError("forced", "pairs of different output steps", Words(f"step {step} twice"))
        seen.add(step)
    return tuple((int(step), tuple(map(float, weights))) for step, weights in found)
