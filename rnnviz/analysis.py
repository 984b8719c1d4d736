"""From a run to the tables and arrays that charts draw. Numpy and pandas only, and fast enough for every refresh.

Models are named by their labels. A model that has ended is shown at its last frame; one that has none is left out.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.datasets import GATE_NAMES, place_of
from rnnviz.diagnoses import FEW
from rnnviz.diagnoses import per_step_factor as per_step_factor
from rnnviz.experiment import Experiment
from rnnviz.frames import ModelFrame
from rnnviz.names import ASKED
from rnnviz.runs import Run
from rnnviz.states import DIRECTIONS
from rnnviz.tasks.translating import PAD, length_of

if TYPE_CHECKING:
    import pandas as pd

MOST_POINTS = 200  # of one model's line; more than a chart has pixels for would only cost time
SHARE_POINTS = 24  # of a line of shares, unless a point would count fewer than `FEW` steps
HISTORY_COLUMNS = 120  # of a raster over training
_GATE_ORDER = ("forget_gate", "input_gate", "output_gate", "reset_gate", "update_gate")


def loss_curve(run: Run) -> "pd.DataFrame":
    """Training loss: step, label, value; means over so many steps that a whole training fits into `MOST_POINTS`."""
    return _binned(run, lambda model: model.losses, np.add, mean=True)


def grad_norm_curve(run: Run) -> "pd.DataFrame":
    """Gradient norm before clipping: step, label, value; the largest of the steps that `loss_curve` takes a mean of."""
    return _binned(run, lambda model: model.grad_norms, np.maximum, mean=False)


def clipped_curve(run: Run) -> "pd.DataFrame":
    """How many of some steps in a row were clipped, in percent: step, label, value, at the first of them and at the
    first after them.

    Only whole rows: the last steps may be too few, and the very last gradient changes no weight. Empty where nothing
    is clipped.
    """
    clip, width = run.experiment.training.clip, steps_per_share(run)
    if clip is None:
        return _table([], "step", "label", "value")
    found = _binned(run, lambda model: 100.0 * (model.grad_norms > clip), np.add, mean=True, width=width)
    half = (width - 1) / 2  # a point of `_binned` stands in the middle of its steps
    rows = found[(found["step"] % width == half) & (found["step"] + half < run.experiment.training.steps)]
    ends = [(at, label, share) for step, label, share in rows.to_numpy() for at in (step - half, step + half + 1)]
    return _table(ends, "step", "label", "value")


def score_curve(run: Run) -> "pd.DataFrame":
    """Score on held-out sequences at every frame: step, label, value."""
    measured = [(f.step, label, model.score) for f in run.frames for label, model in f.models.items()]
    return _table(measured, "step", "label", "value")


def singular_curve(run: Run, label: str, layer: int = -1, direction: str = "forward") -> "pd.DataFrame":
    """Largest singular value of each gate's block of W_hh at every frame: step, label (name of the gate), value."""
    place = place_of(run.experiment, label, layer, direction)
    names = GATE_NAMES[run.experiment.model(label).cell]
    kept = [(frame.step, frame.models[label].singular_values[place]) for frame in run.frames if label in frame.models]
    rows = [(step, name, float(block[0])) for step, blocks in kept for name, block in zip(names, blocks, strict=True)]
    return _table(rows, "step", "label", "value")


def largest_singular_value(run: Run) -> float:
    """The largest singular value of any block of any model so far; 0 before the first frame."""
    return max((float(m.singular_values.max()) for frame in run.frames for m in frame.models.values()), default=0.0)


def trace(
    run: Run, label: str, step: int = -1, probe: int = 0, layer: int = -1, direction: str = "forward"
) -> dict[str, np.ndarray]:
    """States and gates of one model on one probe: name → (time, unit) float32; the steps are those of `tokens`.

    Raises:
        LookupError: there is no such model, layer, direction or probe, or no frame yet.
    """
    place = place_of(run.experiment, label, layer, direction)
    found = run.model_frame(label, step).trace
    samples = next(iter(found.values())).shape[3]
    if not 0 <= probe < samples:
        raise LookupError(f"probe must be from 0 to {samples - 1}; got {probe}.")
    real = _real(run.experiment, probe)
    return {name: values[place][real, probe].astype(np.float32) for name, values in found.items()}


def tokens(experiment: Experiment, probe: int = 0) -> tuple[str, ...]:
    """What stands under the time axis of a probe: one text for each time step.

    Of an encoder–decoder only the steps at which this probe has a symbol, those of the encoder first.
    """
    return tuple(str(token) for token in experiment.task.probes().tokens[_real(experiment, probe), probe])


def probe_read_steps(experiment: Experiment, probe: int = 0) -> int:
    """Of the time steps of a probe, how many an encoder reads; 0 for any other model."""
    return analysed_steps(experiment, probe) if experiment.task.answers == "sequence" else 0


def _real(experiment: Experiment, probe: int) -> np.ndarray:
    """At which time steps a probe has a symbol (time,): of an encoder–decoder not where either half is over."""
    task = experiment.task
    if task.answers != "sequence":
        return np.ones(task.steps, bool)
    batch = task.probes().batch
    return np.concatenate([batch.inputs[:, probe], batch.targets[:, probe]]) != PAD


def read_steps(experiment: Experiment) -> int:
    """Of the time steps of an encoder–decoder's longest sequences, how many are its encoder's; 0 for any other model.

    They are those of gradient norms, which are of a whole batch.
    """
    task = experiment.task
    return task.input_steps if task.answers == "sequence" else 0  # type: ignore[attr-defined]


def analysed_steps(experiment: Experiment, probe: int = 0) -> int:
    """Time steps of a probe that the gradient laboratory analyses: all, of an encoder–decoder the symbols it reads."""
    task = experiment.task
    return int(length_of(task.probes().batch.inputs)[probe]) if task.answers == "sequence" else task.steps


def is_bounded(experiment: Experiment, label: str) -> bool:
    """Whether a model's hidden states lie between −1 and 1."""
    return experiment.model(label).activation != "relu"


def gate_names(experiment: Experiment, label: str) -> tuple[str, ...]:
    """The gates of a model, of either half of an encoder–decoder, without its candidate; none for a simple RNN."""
    known = {name for cell in experiment.model(label).cells for name in GATE_NAMES[cell]}
    return tuple(name for name in _GATE_ORDER if name in known)


def block_names(experiment: Experiment, label: str) -> tuple[str, ...]:
    """What the blocks of a model's W_hh stand for, in their order; ("hidden",) for a simple RNN.

    Of an encoder–decoder, those of the encoder.
    """
    return GATE_NAMES[experiment.model(label).cell]


def gate_means(traced: dict[str, np.ndarray]) -> "pd.DataFrame":
    """Mean of every gate over units: time (from 1), gate, value. `traced` as `trace` gives it.

    NaN at the steps at which there is no such gate: of an encoder–decoder, where a half has none.
    """
    gates = {name: values.mean(axis=1) for name, values in traced.items() if name.endswith("gate")}
    rows = [(time, name, float(mean)) for name, means in gates.items() for time, mean in enumerate(means, 1)]
    return _table(rows, "time", "gate", "value")


def answers(run: Run, step: int = -1, probe: int = 0) -> "pd.DataFrame":
    """What is asked of the models on a probe, and what they answer: time (from 1), label, value.

    The label of what is asked is `names.ASKED`; its rows come last, so that its line lies on top.

    Raises:
        LookupError: there is no such probe, or no frame yet.
        ValueError: the answers are no numbers.
    """
    task = run.experiment.task
    if task.kind != "numbers":
        raise ValueError(f"answers must be numbers; those of {task.name} are {task.kind}")
    probes = task.probes()
    if not 0 <= probe < len(probes.names):
        raise LookupError(f"probe must be from 0 to {len(probes.names) - 1}; got {probe}.")
    seen = {label for frame in run.frames for label in frame.models}
    found = {n: run.model_frame(n, step).outputs[:, probe, 0] for n in run.experiment.labels if n in seen}
    found[ASKED] = probes.batch.targets[..., probe, 0].reshape(-1)
    rows = [
        (time, label, float(value))
        for label, values in found.items()
        for time, value in enumerate(values, task.steps + 1 - len(values))
    ]
    return _table(rows, "time", "label", "value")


def gradient_norms(run: Run, step: int = -1, layer: int = -1, direction: str = "forward") -> "pd.DataFrame":
    """‖∂L/∂h_t‖ of every model that has this layer and direction: time (from 1), label, value.

    NaN where the decoder of an encoder–decoder has no such direction, and where no sequence of the batch is that long.
    """
    read = read_steps(run.experiment)
    found = {
        label: within(gradient_norm(run, label, step, layer, direction), read)
        for label in _having(run, layer, direction)
    }
    rows = [(time, label, float(norm)) for label, norms in found.items() for time, norm in enumerate(norms, 1)]
    return _table(rows, "time", "label", "value")


def cell_gradient_norms(run: Run, step: int = -1, layer: int = -1, direction: str = "forward") -> "pd.DataFrame":
    """‖∂L/∂c_t‖ of every LSTM that has this layer and direction: time (from 1), label, value.

    NaN where a half of an encoder–decoder is no LSTM, and where no sequence of the batch is that long.
    """
    rows: list[tuple[int, str, float]] = []
    for label in _having(run, layer, direction):
        norms = run.model_frame(label, step).cell_grad_norm
        if norms is not None:
            found = within(norms[place_of(run.experiment, label, layer, direction)], read_steps(run.experiment))
            rows += [(time, label, float(norm)) for time, norm in enumerate(found, 1)]
    return _table(rows, "time", "label", "value")


def gradient_norm(run: Run, label: str, step: int = -1, layer: int = -1, direction: str = "forward") -> np.ndarray:
    """‖∂L/∂h_t‖ of one model: (time,) float32."""
    return run.model_frame(label, step).hidden_grad_norm[place_of(run.experiment, label, layer, direction)]


def gradient_histories(run: Run, layer: int = -1, direction: str = "forward") -> dict[str, np.ndarray]:
    """‖∂L/∂h_t‖ over training: label → (time, column) float32.

    The columns are evenly spaced from training step 0 to the last of the plan; each shows the frame nearest to its
    middle, and NaN where training has not come yet or had ended, or no sequence of the batch is that long.
    """
    return {label: _history(run, label, layer, direction) for label in _having(run, layer, direction)}


def _history(run: Run, label: str, layer: int, direction: str) -> np.ndarray:
    place = place_of(run.experiment, label, layer, direction)
    kept = [(frame.step, frame.models[label].hidden_grad_norm[place]) for frame in run.frames if label in frame.models]
    steps = np.array([step for step, _ in kept])
    norms = within(np.stack([norms for _, norms in kept], axis=1), read_steps(run.experiment))
    middles = (np.arange(HISTORY_COLUMNS) + 0.5) / HISTORY_COLUMNS * run.experiment.training.steps
    columns = norms[:, np.abs(middles[:, None] - steps).argmin(axis=1)]
    return np.where(middles <= steps[-1], columns, np.float32("nan"))


def within(norms: np.ndarray, read: int) -> np.ndarray:
    """Norms (time, …) with NaN for the zeros at the end of a half, where all sequences of a batch are over.

    A half of nothing but zeros keeps them: there the gradient itself is gone.

    read: time steps of the encoder; 0 for a model of one piece, whose sequences are all equally long.
    """
    if not read:
        return norms
    reached = [np.maximum.accumulate(half[::-1] != 0)[::-1] for half in np.split(norms, [read])]
    return np.where(np.concatenate([half | ~half[:1] for half in reached]), norms, np.float32("nan"))


def steps_per_point(run: Run) -> int:
    """How many training steps a point of `loss_curve` and of `grad_norm_curve` stands for."""
    return -(-(run.experiment.training.steps + 1) // MOST_POINTS)


def steps_per_share(run: Run) -> int:
    """Of how many training steps `clipped_curve` tells a share: enough for one."""
    return max(FEW, -(-run.experiment.training.steps // SHARE_POINTS))


def _binned(
    run: Run, read: Callable[[ModelFrame], np.ndarray], join: np.ufunc, mean: bool, width: int = 0
) -> "pd.DataFrame":
    """Values of every training step, joined over `width` steps, or few enough points: step, label, value."""
    width = width or steps_per_point(run)
    rows: list[tuple[float, str, float]] = []
    for label in run.experiment.labels:
        parts = [read(frame.models[label]) for frame in run.frames if label in frame.models]
        values = np.concatenate(parts).astype(np.float64) if parts else np.empty(0)
        starts = np.arange(0, len(values), width)
        if not starts.size:
            continue
        counts = np.diff(np.append(starts, len(values)))
        joined = join.reduceat(values, starts) / (counts if mean else 1)
        rows += zip(starts + (counts - 1) / 2, [label] * len(starts), joined, strict=True)
    return _table(rows, "step", "label", "value")


def _table(rows: list, *columns: str) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns))


def _having(run: Run, layer: int, direction: str) -> list[str]:
    """Labels of the models with that layer and direction that have been measured."""
    seen = {label for frame in run.frames for label in frame.models}
    specs = {label: run.experiment.model(label) for label in run.experiment.labels if label in seen}
    at = DIRECTIONS.index(direction)
    return [label for label, spec in specs.items() if -spec.layers <= layer < spec.layers and at < spec.directions]
