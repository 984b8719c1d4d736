"""What the models of a run do with one probe: states, gates, answers, and the steps that belong to it."""

from typing import TYPE_CHECKING

import numpy as np

from rnnviz import cells
from rnnviz.analysis.tables import table
from rnnviz.core.names import ASKED
from rnnviz.runs.datasets import place_of
from rnnviz.runs.view import RunView
from rnnviz.specs.experiment import Experiment

if TYPE_CHECKING:
    import pandas as pd


def trace(
    at: RunView, label: str, probe: int = 0, layer: int = -1, direction: str = "forward"
) -> dict[str, np.ndarray]:
    """States and gates of one model on one probe: name → (time, unit) float32; the steps are those of `tokens`.

    Raises:
        LookupError: there is no such model, layer, direction or probe, or the model was not measured.
    """
    place = place_of(at.experiment, label, layer, direction)
    found = at.model(label).trace
    samples = next(iter(found.values())).shape[3]
    if not 0 <= probe < samples:
        raise LookupError(f"probe must be from 0 to {samples - 1}; got {probe}.")
    real = at.experiment.task.steps_of(probe)
    return {name: values[place][real, probe].astype(np.float32) for name, values in found.items()}


def tokens(experiment: Experiment, probe: int = 0) -> tuple[str, ...]:
    """What stands under the time axis of a probe: one text for each time step.

    Of an encoder–decoder only the steps at which this probe has a symbol, those of the encoder first.
    """
    return tuple(str(token) for token in experiment.task.probes().tokens[experiment.task.steps_of(probe), probe])


def probe_read_steps(experiment: Experiment, probe: int = 0) -> int:
    """Of the time steps of a probe, how many an encoder reads; 0 for any other model."""
    return analysed_steps(experiment, probe) if experiment.task.encoder_steps else 0


def analysed_steps(experiment: Experiment, probe: int = 0) -> int:
    """Time steps of a probe that the gradient laboratory analyses: all, of an encoder–decoder the symbols it reads."""
    return int(experiment.task.probes().batch.lengths[probe])


def is_bounded(experiment: Experiment, label: str) -> bool:
    """Whether a model's hidden states lie between −1 and 1; of an encoder–decoder those of both halves."""
    spec = experiment.model(label)
    return all(cell.is_bounded(spec) for cell in spec.kinds)


def gate_names(experiment: Experiment, label: str) -> tuple[str, ...]:
    """The gates of a model, of either half of an encoder–decoder, without its candidate; none for a simple RNN."""
    return cells.gate_names(experiment.model(label).cells)


def block_names(experiment: Experiment, label: str) -> tuple[str, ...]:
    """What the blocks of a model's W_hh stand for, in their order; ("hidden",) for a simple RNN.

    Of an encoder–decoder, those of the encoder.
    """
    return experiment.model(label).kind.block_names


def gate_means(traced: dict[str, np.ndarray]) -> "pd.DataFrame":
    """Mean of every gate over units: time (from 1), gate, value. `traced` as `trace` gives it.

    NaN at the steps at which there is no such gate: of an encoder–decoder, where a half has none.
    """
    gates = {name: values.mean(axis=1) for name, values in traced.items() if cells.gate(name)}
    rows = [(time, name, float(mean)) for name, means in gates.items() for time, mean in enumerate(means, 1)]
    return table(rows, "time", "gate", "value")


def answers(at: RunView, probe: int = 0) -> "pd.DataFrame":
    """What is asked of the models on a probe, and what they answer: time (from 1), label, value.

    The label of what is asked is `names.ASKED`; its rows come last, so that its line lies on top.

    Raises:
        LookupError: there is no such probe.
        ValueError: the answers are no numbers.
    """
    task = at.experiment.task
    if not task.answers.of.is_number:
        raise ValueError(f"answers must be numbers; those of {task.name} are not")
    probes = task.probes()
    if not 0 <= probe < len(probes.names):
        raise LookupError(f"probe must be from 0 to {len(probes.names) - 1}; got {probe}.")
    shown = task.answers.of.shown
    found = {label: shown(model.outputs[:, probe]) for label, model in at.measured.items()}
    found[ASKED] = shown(probes.batch.targets[..., probe, :]).reshape(-1)
    rows = [
        (time, label, float(value))
        for label, values in found.items()
        for time, value in enumerate(values, task.steps + 1 - len(values))
    ]
    return table(rows, "time", "label", "value")
