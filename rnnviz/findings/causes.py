"""What makes a gradient change from step to step: measured beside it, and called a cause only where it explains it."""

from collections.abc import Mapping

import numpy as np

from rnnviz import diagnoses
from rnnviz.diagnoses import STEEPEST, Fate
from rnnviz.names import ACTIVATIONS

EXPLAINS = 0.05  # a gate explains a factor if it differs from it by no more than this part of it
SMALL = 0.9  # W_hh explains why a gradient vanishes if its largest singular value, times the steepest slope, is less
_KEEPS = {"forget_gate": "forget gate", "update_gate": "update gate"}  # 1 keeps the old state


def of(
    fate: Fate, traced: Mapping[str, np.ndarray], activation: str, sigma: float | None
) -> tuple[str, dict[str, float]]:
    """What follows "×0.62 with every step back" in a sentence, and its numbers by name.

    traced: states and gates of one layer and direction: name → (time, sample, unit).
    sigma:  the largest singular value of W_hh of a simple RNN; None for a gated cell.
    """
    if sigma is not None:
        return _of_matrix(fate, float(diagnoses.slope(traced["hidden"], activation).mean()), activation, sigma)
    gate = next(name for name in _KEEPS if name in traced)
    mean, most = float(traced[gate].mean()), float(traced[gate].mean((0, 1)).max())
    numbers = {f"mean {_KEEPS[gate]}": mean, f"{_KEEPS[gate]} of the most open unit": most}
    if fate.kind in ("vanishing", "shrinking") and abs(mean - fate.factor) <= EXPLAINS * fate.factor:
        which = ", which keeps the state," if gate == "update_gate" else ""
        return f", because its mean {_KEEPS[gate]}{which} is {mean:.2f}", numbers
    return f" (mean {_KEEPS[gate]} {mean:.2f}, of its most open unit {most:.2f})", numbers


def _of_matrix(fate: Fate, slope: float, activation: str, sigma: float) -> tuple[str, dict[str, float]]:
    """Of a simple RNN: W_hh and the slope of its activation are all there is (Pascanu, Mikolov, Bengio 2013)."""
    numbers = {"largest singular value": sigma, "mean slope": slope}
    largest, steep = "the largest singular value of W_hh", f"the mean slope of {ACTIVATIONS[activation]}"
    if fate.factor < 1 and sigma * STEEPEST[activation] <= SMALL:
        return f", because {largest} is only {sigma:.2f} and {steep} {slope:.2f}", numbers
    if fate.kind == "exploding":
        return f": {largest} is {sigma:.2f}, above 1, and {steep} {slope:.2f}", numbers
    return (
        f" (largest singular value of W_hh {sigma:.2f}, mean slope of {ACTIVATIONS[activation]} {slope:.2f})",
        numbers,
    )
