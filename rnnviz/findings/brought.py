"""What is to be said of a model that somebody brought, on one input: there is no run, no loss and no score."""

from collections.abc import Mapping

import numpy as np

from rnnviz.analysis import diagnoses
from rnnviz.checkpoints.brought import Layer
from rnnviz.core.names import counted
from rnnviz.findings import causes
from rnnviz.findings.finding import Finding, article
from rnnviz.findings.gradients import fares
from rnnviz.findings.units import of_states
from rnnviz.specs.labels import name_within

FEWEST = 8  # time steps of an input on which units are judged
READ = "this input"


def of_brought(
    layer: Layer, traced: Mapping[str, np.ndarray], analysed: Mapping[str, np.ndarray] | None
) -> tuple[Finding, ...]:
    """All there is to say about one layer in one direction, what matters most first.

    traced:   name → (time, unit).
    analysed: "lag_norm" and, of a cell state, "cell_lag_norm" (time,) over the lag, "horizon" () and "sigma_max"
              (gate,) as the laboratory finds them; None where they were not measured.
    """
    found = [] if analysed is None else [reach(layer, traced, analysed)]
    if len(traced["hidden"]) >= FEWEST:
        whole = {name: values[None, None, :, None] for name, values in traced.items()}
        found += of_states(article(layer.cell), layer.cell, layer.activation, whole, READ)
    return tuple(finding for finding in found if finding is not None)


def reach(layer: Layer, traced: Mapping[str, np.ndarray], analysed: Mapping[str, np.ndarray]) -> Finding | None:
    """How the last state's dependence on earlier ones changes from step to step, and where the memory ends."""
    felt = np.fmax(
        analysed["lag_norm"], analysed.get("cell_lag_norm", analysed["lag_norm"])
    )  # whichever state is felt more
    norms, far = _filled(felt), int(analysed["horizon"])
    fate = diagnoses.fate(norms[::-1])
    if fate is None or far < 0:
        return None
    one = {name: values[:, None] for name, values in traced.items()}
    cause, numbers = causes.of(fate, layer.kind, one, layer.activation, float(analysed["sigma_max"][0]))
    letters = " or ".join(state.letter for state in layer.kind.states)
    noun = f"derivative of the last state by an earlier {letters}"
    larger = " Of the two the larger one counts." if layer.kind.has_cell_state else ""
    inside = far < len(norms) - 1
    ends = f"Its memory horizon is {counted(far, 'time step')}." if inside else "Its memory reaches beyond this input."
    text = f"{name_within(layer.cell)}: {fares(fate, noun=noun)}{larger}{cause} {ends}"
    return Finding(text, numbers | {"factor": fate.factor, "horizon": far}, fate.kind, "inspect")


def _filled(norms: np.ndarray) -> np.ndarray:
    """Norms with missing lags interpolated.

    For long inputs only some lags are measured, the last among them. Straight lines of the logarithm between those
    leave the slope as it was measured.
    """
    known = np.isfinite(norms)
    if known.all() or not known[-1]:
        return norms
    lags, logs = np.arange(len(norms)), np.log(np.maximum(norms[known], np.finfo(np.float64).tiny))
    return np.where(known, norms, np.exp(np.interp(lags, lags[known], logs)))
