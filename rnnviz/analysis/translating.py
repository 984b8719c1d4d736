"""From a run of encoder–decoders to the tables that charts draw, and from a search to what is said of it.

Numpy and pandas only. Models are named by their labels. A model that has ended is shown at its last frame; one that has
none is left out.
"""

import dataclasses
import functools
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnviz.runs.run import Run
from rnnviz.runs.translation import Hypothesis
from rnnviz.runs.view import RunView
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.translating import END, Translating

if TYPE_CHECKING:
    import pandas as pd

FED, FREE = "fed with the right answer", "running free"
MODES = (FED, FREE)  # in the order in which they are measured
ENTROPY, PEAK = "entropy", "peak"
_ALIGNMENT = (ENTROPY, PEAK)
Arrays = Mapping[str, np.ndarray]


@dataclasses.dataclass(frozen=True)
class Group:
    """Exact match in percent of one model on the `count` test inputs of `low` to `high` symbols."""

    low: int
    high: int
    count: int
    score: float


@dataclasses.dataclass(frozen=True)
class Halves:
    """Percent of right symbols in the first and the second half of the output, fed and free: the mean over its places.

    fed, free: each (first half, second half).
    """

    fed: tuple[float, float]
    free: tuple[float, float]

    @property
    def behind(self) -> tuple[float, float]:
        """By how many percentage points running free is behind, in both halves."""
        return self.fed[0] - self.free[0], self.fed[1] - self.free[1]


@dataclasses.dataclass(frozen=True)
class Searched:
    """What a beam search found.

    outputs: those it ended with, the likeliest first.
    ended:   which of them the model itself had ended.
    winner:  nodes on the path of the likeliest.
    greedy:  nodes on the greedy path, as far as the search has them.
    differs: the first output step, from 0, at which the likeliest is not the greedy output; None if they are equal.
    """

    outputs: tuple[Hypothesis, ...]
    ended: tuple[bool, ...]
    winner: tuple[int, ...]
    greedy: tuple[int, ...]
    differs: int | None


def task_of(run: Run | RunView) -> Translating:
    """The task of a run of encoder–decoders."""
    task = run.experiment.task
    if not isinstance(task, Translating):
        raise ValueError(f"the task must be one from sequences to sequences; got {task.name}")
    return task


def exposure(run: Run) -> "pd.DataFrame":
    """Cross-entropy per symbol on held-out sequences over training: step, label, mode, value."""
    rows = [
        (frame.step, label, mode, float(value))
        for frame in run.frames
        for label, model in frame.models.items()
        for mode, value in zip(MODES, model.translated["held_out_loss"], strict=True)
    ]
    return _table(rows, "step", "label", "mode", "value")


def positions(at: RunView) -> "pd.DataFrame":
    """Percent of right symbols at every place of the held-out outputs: position (from 1), label, mode, value."""
    rows = [
        (place, label, mode, float(value))
        for label, model in at.measured.items()
        for mode, values in zip(MODES, model.translated["by_position"], strict=True)
        for place, value in enumerate(values, 1)
        if np.isfinite(value)
    ]
    return _table(rows, "position", "label", "mode", "value")


def sharpness(run: Run, kind: str) -> "pd.DataFrame":
    """How sharp attention is over training: step, label, value.

    kind: `ENTROPY`, mean entropy of the attention weights in bits, or `PEAK`, mean of the largest weight. Models
        without attention are left out.
    """
    place = _ALIGNMENT.index(kind)
    rows = [
        (frame.step, label, float(model.translated["alignment"][place]))
        for frame in run.frames
        for label, model in frame.models.items()
        if "alignment" in model.translated
    ]
    return _table(rows, "step", "label", "value")


def by_length(at: RunView) -> "pd.DataFrame":
    """Exact match against the length of the input: length (the middle of a group), label, value."""
    rows = [((group.low + group.high) / 2, label, group.score) for label in at.measured for group in groups(at, label)]
    return _table(rows, "length", "label", "value")


def groups(at: RunView, label: str) -> tuple[Group, ...]:
    """Exact match of one model on each group of lengths that is tested."""
    task = task_of(at)
    found = at.model(label).translated["by_length"]
    parts = zip(task.lengths, _counts(task), found, strict=True)
    return tuple(Group(*ends, n, float(score)) for ends, n, score in parts if n and np.isfinite(score))


def joined(found: tuple[Group, ...], low: int, high: float = math.inf) -> Group | None:
    """All groups of at least `low` and at most `high` symbols as one; None if there is none."""
    within = [group for group in found if group.low >= low and group.high <= high]
    if not within:
        return None
    count = sum(group.count for group in within)
    score = sum(group.count * group.score for group in within) / count
    return Group(within[0].low, within[-1].high, count, score)


def halves(at: RunView, label: str) -> Halves:
    """How well the places of the first and the second half of the output are written, each place counting alike."""
    middle = first_half(task_of(at))
    found = at.model(label).translated["by_position"].astype(np.float64)
    places = np.isfinite(found)
    values = np.nan_to_num(found)
    fed, free = (
        (_mean(one[:middle], seen[:middle]), _mean(one[middle:], seen[middle:]))
        for one, seen in zip(values, places, strict=True)
    )
    return Halves(fed, free)


def first_half(task: Translating) -> int:
    """How many places the first half of the output has."""
    return task.output_steps // 2


def uniform_entropy(task: Translating) -> float:
    """The entropy in bits that the same weight everywhere would give, mean over all held-out output steps."""
    return _uniform(task)[0]


def uniform_peak(task: Translating) -> float:
    """The largest weight that the same weight everywhere would give, likewise."""
    return _uniform(task)[1]


def attending(run: Run) -> list[str]:
    """Labels of the models with attention."""
    return [label for label in run.experiment.labels if run.experiment.model(label).attention is not None]


def logarithm(found: Arrays) -> float:
    """The logarithm of the probability, under the model itself, of the output that `translate` found."""
    places = found["classes"]
    chances = found["answers"][np.arange(len(places)), places].astype(np.float64)
    return float(np.log(np.maximum(chances, np.finfo(np.float64).tiny)).sum())


def searched(task: Translating, found: Arrays, greedy: np.ndarray) -> Searched:
    """What a beam search found (`nn.beam.search`), beside the `greedy` classes (output_time,)."""
    ends = [int(node) for node in found["ended"]]
    outputs = tuple(Hypothesis(_text(task, found, node), float(found["logp"][node])) for node in ends)
    best, other = found["classes"], np.asarray(greedy)
    return Searched(
        outputs,
        tuple(int(found["place"][node]) == END for node in ends),
        tuple(_path(found, ends[0])),
        tuple(_along(found, other)),
        _first_difference(best, other),
    )


def probability_of(found: Arrays, node: int) -> float:
    """The probability of a node's symbol after those before it."""
    parent = int(found["parent"][node])
    return math.exp(float(found["logp"][node]) - (float(found["logp"][parent]) if parent >= 0 else 0.0))


def _text(task: Translating, found: Arrays, node: int) -> str:
    return task.write([int(found["place"][one]) for one in _path(found, node)])


def _path(found: Arrays, last: int) -> list[int]:
    way = [last]
    while (parent := int(found["parent"][way[0]])) >= 0:
        way.insert(0, parent)
    return way


def _along(found: Arrays, classes: np.ndarray) -> list[int]:
    """The nodes of an output, as far as the search has them."""
    way: list[int] = []
    for place in classes:
        before = way[-1] if way else -1
        here = np.flatnonzero((found["parent"] == before) & (found["place"] == place))
        if not here.size:
            break
        way.append(int(here[0]))
    return way


def _first_difference(one: np.ndarray, other: np.ndarray) -> int | None:
    if np.array_equal(one, other):
        return None
    shared = min(len(one), len(other))
    return int(next((at for at in range(shared) if one[at] != other[at]), shared))


@functools.lru_cache(maxsize=12)
def _counts(task: Translating) -> tuple[int, ...]:
    """How many test inputs there are of each of the task's `lengths`."""
    found = task.length_test().lengths
    return tuple(int(((found >= low) & (found <= high)).sum()) for low, high in task.lengths)


@functools.lru_cache(maxsize=12)
def _uniform(task: Translating) -> tuple[float, float]:
    batch = task.held_out()
    lengths, weights = batch.lengths.astype(np.float64), (batch.targets != PAD).sum(axis=0)
    return _mean(np.log2(lengths), weights), _mean(1 / lengths, weights)


def _mean(values: np.ndarray, weights: np.ndarray) -> float:
    return float((values * weights).sum() / max(1, weights.sum()))


def _table(rows: list[Any], *columns: str) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns))
