"""Whether what a model has to remember can be read from its states, time step by time step: what States asks for."""

import numpy as np
import torch
from torch import Tensor, nn

from rnnviz.analysis import readouts
from rnnviz.core.errors import ExperimentError
from rnnviz.nn.cells.unfolding import unfold
from rnnviz.nn.models.model import restored
from rnnviz.nn.threads import on_one_thread
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task
from rnnviz.tasks.batch import Batch

SEED = 15_485_863  # of the sequences
_MOST, _FEWEST = 4_096, 128  # sequences
_VALUES = 16_000_000  # of states that are kept, and
_WORK = 8_000_000_000  # multiplications on the way: fewer sequences of large models, which would take seconds
_TOGETHER = 500_000  # values of one variable that are computed at a time

Arrays = dict[str, np.ndarray]


@torch.inference_mode()
def remembering(spec: ModelSpec, task: Task, weights: Arrays) -> Arrays:
    """A model with the weights of a frame: how well `task.remembers` is read from each state of its top layer.

    Of an encoder–decoder, from those of its encoder; of a model that reads in both directions, from those that it has
    reading forwards.

    Returns:
        "lags" (lag,) int64, see `readouts`; name of each state, "hidden" and of an LSTM "cell" → scores (lag,) float64,
        see `readouts.scores`; "chance" () float64, what one scores who reads no state; "classes" () int64, how many
        there are, 0 of numbers; "sequences" () int64.

    Raises:
        ExperimentError: the task has nothing to remember, or every state of the top layer knows what comes later.
    """
    if not readouts.causal(spec):
        raise ExperimentError("layers", "1 where a model reads in both directions", spec.layers)
    with on_one_thread():
        model = restored(spec, task, weights)
        batch = task.unseen(np.random.default_rng(SEED), _affordable(spec, task, model))
        found = task.remembered(batch)
        if found is None:
            raise ExperimentError("task", "one that has one thing to remember", task.name)
        lags = readouts.lags_of(found, batch.lengths)
        steps = found.since + lags[:, None]
        there = (steps >= 0) & (steps < batch.lengths)
        states = _states(spec, model, batch, np.clip(steps, 0, len(batch.inputs) - 1))
    return {name: readouts.scores(values, there, found) for name, values in states.items()} | {
        "lags": lags,
        "chance": np.asarray(readouts.chance(found)),
        "classes": np.asarray(len(found.classes)),
        "sequences": np.asarray(batch.size),
    }


def _affordable(spec: ModelSpec, task: Task, model: nn.Module) -> int:
    """How many sequences are read."""
    lags = min(readouts.MOST_LAGS, task.steps + readouts.BEFORE)
    kept = _VALUES // (lags * spec.hidden * len(spec.kind.states))
    read = _WORK // (task.steps * sum(weight.numel() for weight in model.parameters()))
    return max(_FEWEST, min(_MOST, kept, read))


def _states(spec: ModelSpec, model: nn.Module, batch: Batch, steps: np.ndarray) -> Arrays:
    """Name of each state → (lag, sample, unit) of the top layer, after the time steps (lag, sample)."""
    names = [state.name for state in spec.kind.states]
    found = {name: np.empty((*steps.shape, spec.hidden), np.float32) for name in names}
    together = max(1, _TOGETHER // (len(batch.inputs) * spec.hidden * spec.layers))
    for some in np.split(np.arange(batch.size), range(together, batch.size, together)):
        top = _top(model, torch.tensor(batch.inputs[:, some]))
        for name in names:
            found[name][:, some] = top[name].numpy()[steps[:, some], np.arange(len(some))]
    return found


def _top(model: nn.Module, inputs: Tensor) -> dict[str, Tensor]:
    """States of the top layer; what follows the end of a sequence means nothing."""
    module, x, _ = model.reading(inputs)  # type: ignore[operator]
    return unfold(module, x)[-1][0].states()
