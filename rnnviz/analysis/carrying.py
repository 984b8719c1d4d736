"""Which units carry what was read to the end of a sequence: how much of their state is left, and how much it varies."""

import numpy as np

from rnnviz.runs.datasets import place_of
from rnnviz.runs.view import RunView
from rnnviz.specs.models import ModelSpec

CARRIERS = 3  # units that are shown, or changed, as those that carry most


def carriers(at: RunView, label: str, layer: int = -1, direction: str = "forward") -> tuple[int, ...]:
    """The units, from 0, of one model that carry most at a moment, the first before all others: see `carried`.

    They are the same for every sequence of the page. () of a cell without a gate that keeps.

    Raises:
        LookupError: there is no such model, layer or direction, or the model was not measured.
    """
    place, found = place_of(at.experiment, label, layer, direction), at.model(label).trace
    kept = kept_state(at.experiment.model(label))
    if kept is None:
        return ()
    gate, state = (np.array(found[name][place], np.float64) for name in kept)
    for probe in range(gate.shape[1]):
        over = ~at.experiment.task.steps_of(probe)
        gate[over, probe] = state[over, probe] = np.nan
    return most(carried(gate, state, direction != "forward"))


def kept_state(spec: ModelSpec) -> tuple[str, str] | None:
    """The gate that keeps, and the state that it keeps; None where a model has no such gate."""
    return next(((cell.keeps.name, cell.states[-1].name) for cell in spec.kinds if cell.keeps), None)


def carried(gate: np.ndarray, state: np.ndarray, backward: bool = False) -> np.ndarray:
    """How much each unit carries, (unit,): what is left of its state at the end, times how much that varies.

    Of the state at a time step there is left what the gate keeps at every later one, the product of its values. It
    tells something as far as it varies over sequences, by its standard deviation. The product of both is averaged over
    sequences and time steps.

    gate, state: (time, sequence, unit), NaN where there is none. Where all sequences have the same states, or there is
                 one alone, only what is left counts.
    """
    if backward:
        gate, state = gate[::-1], state[::-1]
    there = np.isfinite(gate) & np.isfinite(state)
    with np.errstate(divide="ignore"):
        logs = np.where(there, np.log(np.maximum(np.where(there, gate, 1.0), 0)), 0.0)
    left = np.exp(np.concatenate([np.cumsum(logs[:0:-1], axis=0)[::-1], np.zeros_like(logs[:1])]))
    varies = _deviation(state, there)
    varies = varies if varies.any() else np.ones_like(varies)
    counted = there.sum((0, 1))
    found: np.ndarray = (left * varies[:, None]).sum((0, 1), where=there) / np.maximum(counted, 1)
    return found


def most(scores: np.ndarray, many: int = CARRIERS) -> tuple[int, ...]:
    """The units, from 0, with the highest of the scores, the highest first."""
    return tuple(int(unit) for unit in np.argsort(-scores, kind="stable")[:many])


def _deviation(state: np.ndarray, there: np.ndarray) -> np.ndarray:
    """The standard deviation over the sequences that are there: (time, sequence, unit) → (time, unit)."""
    counted = np.maximum(there.sum(1), 1)
    mean = state.sum(1, where=there) / counted
    away = np.where(there, state - mean[:, None], 0.0)
    found: np.ndarray = np.sqrt((away**2).sum(1) / counted)
    return found
