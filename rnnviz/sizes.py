"""How large a model and what is measured on it are, known before anything is built."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rnnviz.experiment import Experiment, ModelSpec

GATES = {"rnn": 1, "lstm": 4, "gru": 3}  # blocks of H rows in a weight matrix
VARIABLES = {  # what a trace holds of each cell, in the order in which it is read
    "rnn": ("hidden",),
    "lstm": ("hidden", "cell", "input_gate", "forget_gate", "cell_candidate", "output_gate"),
    "gru": ("hidden", "reset_gate", "update_gate", "candidate"),
}
_HALF, _SINGLE = 2, 4  # bytes of a float16 and a float32


def layer_inputs(model: "ModelSpec", inputs: int) -> list[int]:
    """What each layer reads at one time step: the features, then the states of the layer below."""
    return [inputs] + [model.hidden * model.directions] * (model.layers - 1)


def recurrent_weights(model: "ModelSpec", inputs: int) -> int:
    """Weights in the matrices of the recurrent layers."""
    rows = model.directions * GATES[model.cell] * model.hidden
    return sum(rows * (width + model.hidden) for width in layer_inputs(model, inputs))


def all_weights(model: "ModelSpec", inputs: int, outputs: int) -> int:
    """Weights of a model: matrices, two biases per gate as in torch, and the linear readout."""
    biases = 2 * model.layers * model.directions * GATES[model.cell] * model.hidden
    readout = outputs * (model.hidden * model.directions + 1)
    return recurrent_weights(model, inputs) + biases + readout


def bytes_per_frame(experiment: "Experiment") -> int:
    """Bytes of one frame of an experiment, without the losses of the single steps (see `bytes_of_losses`)."""
    return sum(_model_bytes(experiment, model) for model in experiment.models)


def bytes_of_losses(experiment: "Experiment") -> int:
    """Bytes that the loss and the gradient norm of every single step take, over all frames of a run."""
    return 2 * _SINGLE * (experiment.training.steps + 1) * len(experiment.models)


def _model_bytes(experiment: "Experiment", model: "ModelSpec") -> int:
    task = experiment.task
    samples = task.probes().batch.inputs.shape[1]
    answers = task.steps if task.answers == "every" else 1
    stacks = model.layers * model.directions
    trace = len(VARIABLES[model.cell]) * stacks * task.steps * samples * model.hidden
    norms = (2 if model.cell == "lstm" else 1) * stacks * task.steps
    singular = stacks * GATES[model.cell] * model.hidden
    weights = all_weights(model, task.input_size, task.output_size)
    return _HALF * (trace + answers * samples * task.output_size) + _SINGLE * (norms + singular + weights)
