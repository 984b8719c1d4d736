"""The experiment that shows what attention is for: three cells, with it and without, on strings that grow longer."""

from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import task

COMPARED = ("rnn", "lstm", "gru")  # cells
LENGTH, LETTERS, HIDDEN = 11, 10, 32
STEPS, BATCH, RATE = 600, 32, 5e-3
SECONDS = 67  # measured, on one core


def length_experiment() -> Experiment:
    """Letters written backwards, by each cell with additive attention and with the last state alone.

    With attention all states of the encoder can be looked at; without, the whole string has to fit into one state,
    however long it is. All else is equal: width, both directions, batches, steps.
    """
    models = [
        ModelSpec(cell, HIDDEN, bidirectional=True, attention=attention)
        for cell in COMPARED
        for attention in ("additive", None)
    ]
    training = TrainingSpec(steps=STEPS, batch=BATCH, lr=RATE, clip=1.0)
    return Experiment(task("reverse", length=LENGTH, letters=LETTERS), tuple(models), training)
