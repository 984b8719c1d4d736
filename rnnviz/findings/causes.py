"""What makes a gradient change from step to step: measured beside it, and called a cause only where it explains it."""

from collections.abc import Mapping

import numpy as np

from rnnviz.analysis import diagnoses
from rnnviz.analysis.diagnoses import STEEPEST, Fate
from rnnviz.cells import Cell
from rnnviz.core.names import ACTIVATIONS, percent

EXPLAINS = 0.05  # a gate explains a factor if it differs from it by no more than this part of it,
NEARLY = 0.1  # and the product of a plain cell's W_hh and slope if by no more than this: it is an estimate
SMALL = 0.9  # W_hh explains why a gradient vanishes if its largest singular value, times the steepest slope, is less


def of(
    fate: Fate, cell: Cell, traced: Mapping[str, np.ndarray], activation: str, sigma: float
) -> tuple[str, dict[str, float]]:
    """The sentence that follows "Each time step back multiplies it by …", after a space, and its numbers by name.

    "" where no measured cause explains the factor.


    traced: states and gates of one layer and direction: name → (time, sample, unit).
    sigma:  the largest singular value of W_hh, of the first block.
    """
    if cell.is_plain:
        phi = cell.phi(activation)
        return _of_matrix(fate, diagnoses.slope(traced["hidden"], phi), phi, sigma)
    gate = cell.keeps
    if gate is None:
        return "", {}
    values = traced[gate.name]
    mean, most = float(values.mean()), float(values.mean((0, 1)).max())
    name, which = gate.title, f", {gate.aside}," if gate.aside else ""
    numbers = {f"mean {name}": mean, f"{name} of the most open unit": most}
    state = np.tanh(traced[cell.squashed]) if cell.squashed else None
    squashed = 0.0 if state is None else float(diagnoses.saturated(state, "tanh").mean())
    if squashed >= diagnoses.MANY:  # whatever reaches h passes the slope of tanh(c), then near 0: no gate alone is why
        return "", numbers | {"share of saturated units": squashed}
    if fate.kind in ("vanishing", "shrinking") and _near(mean, fate, EXPLAINS):
        return f" Reason: its mean {name}{which} is {mean:.2f}.", numbers
    if fate.kind == "carrying" and _near(most, fate, EXPLAINS):
        return f" The {name}{which} is {most:.2f} on average in its most open unit.", numbers
    return "", numbers


def _of_matrix(fate: Fate, slopes: np.ndarray, activation: str, sigma: float) -> tuple[str, dict[str, float]]:
    """Of a plain cell: W_hh and the slope of its activation are all there is (Pascanu, Mikolov, Bengio 2013).

    A vector that points anywhere is shortened by the root mean square of the slopes, not by their mean.
    """
    slope, most = float(np.sqrt(np.mean(np.square(slopes, dtype=np.float64)))), sigma * STEEPEST[activation]
    numbers = {"largest singular value": sigma, "typical slope": slope}
    phi, largest = ACTIVATIONS[activation], "the largest singular value of W_hh"
    if _near(sigma * slope, fate, NEARLY):
        at_most = " (1/4 at most)" if activation == "sigmoid" else ""
        only = "only " if sigma <= SMALL and fate.factor < 1 else ""
        times = f"the typical slope of {phi} {slope:.2f}{at_most}"
        return f" Reason: {largest} is {only}{sigma:.2f} and {times}.", numbers
    if fate.factor < 1 and most <= SMALL:
        most_of = f" Reason: one time step back multiplies it by at most {most:.2f}"
        if activation == "sigmoid":
            return f"{most_of}. That is {largest} ({sigma:.2f}) times 1/4, the largest slope of {phi}.", numbers
        return f"{most_of}, {largest}.", numbers
    if activation == "relu":
        still = 1 - float(slopes.mean())
        return f" Its units are 0 at {percent(100 * still)} of the time steps.", numbers | {"units at 0": still}
    return "", numbers


def _near(explained: float, fate: Fate, part: float) -> bool:
    return abs(explained - fate.factor) <= part * fate.factor
