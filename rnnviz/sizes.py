"""How large a model and what is measured on it are, known before anything is built."""

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rnnviz.experiment import Experiment, ModelSpec
    from rnnviz.tasks import Task

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


def weight_shapes(model: "ModelSpec", inputs: int, outputs: int) -> dict[str, tuple[int, ...]]:
    """Name → shape of every weight, as in the model's `state_dict`: torch's layers, then the linear readout."""
    rows, shapes = GATES[model.cell] * model.hidden, dict[str, tuple[int, ...]]()
    for layer, width in enumerate(layer_inputs(model, inputs)):
        for suffix in ("", "_reverse")[: model.directions]:
            of = f"l{layer}{suffix}"
            shapes[f"recurrent.weight_ih_{of}"] = (rows, width)
            shapes[f"recurrent.weight_hh_{of}"] = (rows, model.hidden)
            shapes[f"recurrent.bias_ih_{of}"] = shapes[f"recurrent.bias_hh_{of}"] = (rows,)
    return shapes | {"readout.weight": (outputs, model.hidden * model.directions), "readout.bias": (outputs,)}


def parameter_count(model: "ModelSpec", inputs: int, outputs: int) -> int:
    """All numbers that training changes: recurrent layers and readout, biases included."""
    return sum(math.prod(shape) for shape in weight_shapes(model, inputs, outputs).values())


def parameter_formula(model: "ModelSpec", inputs: int, outputs: int) -> str:
    """The same count with its numbers filled in: "4 × (32×2 + 32×32 + 2×32) + (1×32 + 1) = 4,641".

    For every layer: layers alike × directions × gates × (H×I + H×H + 2×H, the two biases); then the readout, O×H + O.
    A factor of 1 is left out.
    """
    widths, hidden, terms = layer_inputs(model, inputs), model.hidden, []
    for width, alike in {width: widths.count(width) for width in widths}.items():
        factors = [str(n) for n in (alike, model.directions, GATES[model.cell]) if n > 1]
        terms.append(" × ".join([*factors, f"({hidden}×{width} + {hidden}×{hidden} + 2×{hidden})"]))
    terms.append(f"({outputs}×{hidden * model.directions} + {outputs})")
    return " + ".join(terms) + f" = {parameter_count(model, inputs, outputs):,}"


def bytes_per_frame(experiment: "Experiment") -> int:
    """Bytes of one frame of an experiment, without the losses of the single steps (see `bytes_of_losses`)."""
    samples = experiment.task.probes().batch.inputs.shape[1]
    return sum(_model_bytes(experiment.task, model, samples) for model in experiment.models)


def bytes_of_losses(experiment: "Experiment") -> int:
    """Bytes that the loss and the gradient norm of every single step take, over all frames of a run."""
    return 2 * _SINGLE * (experiment.training.steps + 1) * len(experiment.models)


def _model_bytes(task: "Task", model: "ModelSpec", samples: int) -> int:
    answers = task.steps if task.answers == "every" else 1
    stacks = model.layers * model.directions
    trace = len(VARIABLES[model.cell]) * stacks * task.steps * samples * model.hidden
    norms = (2 if model.cell == "lstm" else 1) * stacks * task.steps
    singular = stacks * GATES[model.cell] * model.hidden
    weights = parameter_count(model, task.input_size, task.output_size)
    return _HALF * (trace + answers * samples * task.output_size) + _SINGLE * (norms + singular + weights)
