"""Which device trains an experiment faster, from the work in one of its training steps: the same answer everywhere.

A CPU's time grows with the multiplications. A GPU's hardly does at these sizes: it is what launching some hundred
operations takes, and more where no kernel of cuDNN takes all time steps at once.
"""

from collections.abc import Iterator
from typing import NamedTuple

from rnnviz.nn.cells.lookup import kind_for
from rnnviz.specs import architectures
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec


class Time(NamedTuple):
    """Milliseconds of a training step: for each model, each time step of a layer and direction, each so many of work.

    looped:  for each of those time steps that no kernel takes together with the others.
    million: for each million multiplications of numbers on the way forward.
    """

    model: float
    step: float
    looped: float
    million: float


# One thread of a Xeon server, torch 2.13, on waves: 0.8 to 139 ms over four cells, 20 to 400 time steps, batches of 8
# to 128, 8 to 256 units, 1 to 4 layers. That is 0.5 to 3 times what this says, and 4 times for small GRUs, which are
# left to the CPU all the same. Left out: gradients that vanish into subnormal numbers take a CPU many times as long.
CPU = Time(model=0.5, step=0.015, looped=0.0, million=0.13)
# An H200, where a plain loop over cuDNN's layers took 2.4 ms whatever the size, and training with its frames had 0.67
# to 0.86 of that speed at 50 time steps, half of it at 400. `looped` was not measured: 14 launches at the usual pace.
GPU = Time(model=3.4, step=0.0035, looped=0.2, million=0.0)
CLEARLY = 2.0  # so many times as fast must a GPU be; `python -m rnnviz bench --device cuda` shows where this is right


def faster_on_gpu(experiment: Experiment) -> bool:
    """Whether a GPU is expected to train an experiment clearly faster than a CPU."""
    return predicted(experiment, CPU) > CLEARLY * predicted(experiment, GPU)


def predicted(experiment: Experiment, of: Time) -> float:
    """Milliseconds of a training step of all models, on what takes so long."""
    task, batch, total = experiment.task, experiment.training.batch, 0.0
    for model in experiment.models:
        total += of.model + of.million * batch * architectures.of(task).work(model, task) / 1e6
        for steps, looped in _halves(model, experiment):
            total += steps * (of.step + (of.looped if looped else 0.0))
    return total


def _halves(model: ModelSpec, experiment: Experiment) -> Iterator[tuple[int, bool]]:
    """Of each recurrent part the time steps of all layers and directions, and whether a GPU takes them one by one."""
    task, training = experiment.task, experiment.training
    for name, part in architectures.of(task).parts(model).items():
        writes = name == "decoder"
        steps = task.answer_steps if writes else task.encoder_steps or task.steps
        kind = kind_for(part.cell, vars(part))
        looped = model.reach is not None or (kind.description.recurrent and kind.torchs is None)
        fed_back = training.teacher_forcing < 1 or training.schedule is not None
        looped = looped or (writes and (fed_back or model.attention == "additive"))
        yield steps * part.layers * part.directions, looped
