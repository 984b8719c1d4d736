"""How many bytes what is measured takes, known before anything is built."""

import numpy as np

from rnnviz.specs.parts import Specs
from rnnviz.specs.schema import held_by, lines_of


def bytes_per_frame(experiment: Specs) -> int:
    """Bytes of one frame of an experiment, without the numbers of the single steps (see `bytes_of_losses`)."""
    return sum(held.nbytes for model in experiment.models for held in held_by(model, experiment.task).values())


def bytes_of_losses(experiment: Specs) -> int:
    """Bytes that what is measured at every single step, such as the loss, takes over all frames of a run."""
    lines = [value for model in experiment.models for value in lines_of(model, experiment.task)]
    one_step = sum(np.dtype(value.kind).itemsize for value in lines if value.each_step)
    return one_step * (experiment.training.steps + 1)
