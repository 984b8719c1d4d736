"""Teacher forcing, and how its probability falls over training: scheduled sampling (Bengio et al. 2015)."""

import math

from rnnviz.specs.models import TrainingSpec

LEAST = 0.01  # what is left of the exponential decay at the last step


def probability(training: TrainingSpec, step: float) -> float:
    """The probability ε_i that the decoder is fed the right symbol at training step i = `step`, from 0.

    With ε_0 = `teacher_forcing` and n = `steps`:

        none             ε_i = ε_0
        linear           ε_i = ε_0 · max(0, 1 − i/n)
        exponential      ε_i = ε_0 · k^i,                  k = 0.01^(1/n)
        inverse_sigmoid  ε_i = ε_0 · k / (k + exp(i/k)),   k such that ε_{n/2} = ε_0 / 2

    Source: Bengio et al. 2015, "Scheduled Sampling for Sequence Prediction", section 2.4; lecture 000.
    """
    first, steps = training.teacher_forcing, training.steps
    if training.schedule == "linear":
        return first * max(0.0, 1.0 - step / steps)
    if training.schedule == "exponential":
        return float(first * LEAST ** (step / steps))
    if training.schedule == "inverse_sigmoid":
        k = speed(steps)
        return first * k / (k + math.exp(min(step / k, 700.0)))
    return first


def speed(steps: int) -> float:
    """The k of the inverse sigmoid whose half lies in the middle of the training: k · ln k = steps / 2, k ≥ 1."""
    low, high = 1.0, float(steps) + 3.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if middle * math.log(middle) < steps / 2 else (low, middle)
    return high


def curve(training: TrainingSpec, points: int = 121) -> list[tuple[float, float]]:
    """The schedule of a training as (step, probability), evenly spaced from step 0 to the last."""
    steps = [training.steps * i / (points - 1) for i in range(points)]
    return [(step, probability(training, step)) for step in steps]
