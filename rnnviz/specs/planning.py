"""At which training steps an experiment is measured."""

import itertools
import math

from rnnviz.core import limits
from rnnviz.specs.parts import Specs
from rnnviz.specs.sizes import bytes_of_losses, bytes_per_frame


def planned_steps(experiment: Specs) -> tuple[int, ...]:
    """The training steps at which an experiment's frames are taken: fewer where one frame is large.

    A frame costs about as much as 1.3 training steps, so that a short training has fewer of them too.
    """
    steps = experiment.training.steps
    affordable = max(limits.ANYHOW_FRAMES, 1 + steps // limits.STEPS_PER_FRAME)
    return schedule(steps, max(2, min(limits.MOST_FRAMES, affordable, frames_that_fit(experiment))))


def frames_that_fit(experiment: Specs) -> int:
    """Frames of this experiment that fit into one run's budget of bytes."""
    return (limits.LARGEST_RUN - bytes_of_losses(experiment)) // bytes_per_frame(experiment)


def schedule(steps: int, most: int = limits.MOST_FRAMES) -> tuple[int, ...]:
    """The training steps at which frames are taken: 0, `steps`, and `most` in all where there are so many.

    They depend on nothing but the two numbers. The first third of the gaps grows from 1 by a constant factor, as things
    change most at the start; the others are alike, so that a live view moves at an even pace. None is smaller than
    the one before it.

    steps: at least 1.
    most:  at least 2.
    """
    gaps = min(steps, most - 1)
    ideal = _growing(gaps, _largest_gap(steps, gaps))
    places = [0, *(math.floor(place + 0.5) for place in itertools.accumulate(ideal[:-1])), steps]
    return (0, *itertools.accumulate(sorted(after - before for before, after in itertools.pairwise(places))))


def _growing(gaps: int, largest: float) -> list[float]:
    """So many gaps: a third of them grows from 1, the others have the largest size."""
    early = gaps // 3
    return [largest ** (place / early) for place in range(early)] + [largest] * (gaps - early)


def _largest_gap(steps: int, gaps: int) -> float:
    """The size with which the gaps sum up to `steps`; their sum grows with it, so that it can be halved in on."""
    low, high = 1.0, float(steps)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(_growing(gaps, middle)) < steps else (low, middle)
    return low
