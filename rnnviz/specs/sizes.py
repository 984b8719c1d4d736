"""How large a model and what is measured on it are, known before anything is built."""

import math

from rnnviz.specs import translator_sizes
from rnnviz.specs.layer_sizes import layer_inputs, recurrent_shapes, recurrent_weights
from rnnviz.specs.models import ModelSpec
from rnnviz.specs.parts import Specs
from rnnviz.tasks import Task

HALVED = ("attention", "written")  # of what only encoder–decoders have, what takes two bytes a number
_HALF, _SINGLE = 2, 4  # bytes of a float16 and a float32


def variables_of(model: ModelSpec) -> tuple[str, ...]:
    """What a trace of a model holds; of an encoder–decoder what either half has."""
    first, second = (cell.variables for cell in model.kinds)
    return (*first, *(name for name in second if name not in first))


def weight_shapes(model: ModelSpec, inputs: int, outputs: int) -> dict[str, tuple[int, ...]]:
    """Name → shape of every weight, as in the model's `state_dict`: torch's layers, then the linear readout."""
    shapes = {f"recurrent.{name}": shape for name, shape in recurrent_shapes(model, inputs).items()}
    return shapes | {"readout.weight": (outputs, model.hidden * model.directions), "readout.bias": (outputs,)}


def shapes_of(model: ModelSpec, task: Task) -> dict[str, tuple[int, ...]]:
    """Name → shape of every weight of a model for a task, an encoder–decoder where that is answered by sequences."""
    shapes = translator_sizes.weight_shapes if task.answers == "sequence" else weight_shapes
    return shapes(model, task.input_size, task.output_size)


def formula_of(model: ModelSpec, task: Task) -> str:
    """How many parameters a model for a task has, with the sum written out."""
    formula = translator_sizes.parameter_formula if task.answers == "sequence" else parameter_formula
    return formula(model, task.input_size, task.output_size)


def work(model: ModelSpec, task: Task) -> int:
    """Multiplications with recurrent weights in one forward pass over one sequence."""
    if task.answers != "sequence":
        return task.steps * recurrent_weights(model, task.input_size)
    decoder = recurrent_weights(translator_sizes.decoder_of(model), translator_sizes.decoder_reads(model))
    looks = task.input_steps * model.hidden if model.attention else 0  # type: ignore[attr-defined]
    encoder = recurrent_weights(model, model.hidden)
    return task.input_steps * encoder + task.output_steps * (decoder + looks)  # type: ignore[attr-defined]


def translated_shapes(model: ModelSpec, task: Task) -> dict[str, tuple[int, ...]]:
    """Name → shape of what a frame holds under `translated`; empty where the task is not answered by sequences."""
    if task.answers != "sequence":
        return {}
    samples, written = task.probes().batch.inputs.shape[1], task.output_steps  # type: ignore[attr-defined]
    found: dict[str, tuple[int, ...]] = {
        "written": (written, samples),
        "held_out_loss": (2,),
        "by_position": (2, written),
        "by_length": (len(task.lengths),),  # type: ignore[attr-defined]
    }
    if model.attention is not None:
        found |= {"attention": (samples, written, task.input_steps), "alignment": (2,)}  # type: ignore[attr-defined]
    return found


def parameter_count(model: ModelSpec, inputs: int, outputs: int) -> int:
    """All numbers that training changes: recurrent layers and readout, biases included."""
    return sum(math.prod(shape) for shape in weight_shapes(model, inputs, outputs).values())


def parameter_formula(model: ModelSpec, inputs: int, outputs: int) -> str:
    """The same count with its numbers filled in: "4 × (32×2 + 32×32 + 2×32) + (1×32 + 1) = 4,641".

    For every layer: layers alike × directions × gates × (H×I + H×H + 2×H, the two biases); then the readout, O×H + O.
    A factor of 1 is left out.
    """
    widths, hidden, terms = layer_inputs(model, inputs), model.hidden, []
    states = f" + {hidden}×{hidden} + 2×{hidden}" if model.kind.recurrent else f" + {hidden}"
    for width, alike in {width: widths.count(width) for width in widths}.items():
        factors = [str(n) for n in (alike, model.directions, len(model.kind.blocks)) if n > 1]
        terms.append(" × ".join([*factors, f"({hidden}×{width}{states})"]))
    terms.append(f"({outputs}×{hidden * model.directions} + {outputs})")
    return " + ".join(terms) + f" = {parameter_count(model, inputs, outputs):,}"


def bytes_per_frame(experiment: Specs) -> int:
    """Bytes of one frame of an experiment, without the losses of the single steps (see `bytes_of_losses`)."""
    samples = experiment.task.probes().batch.inputs.shape[1]
    return sum(_model_bytes(experiment.task, model, samples) for model in experiment.models)


def bytes_of_losses(experiment: Specs) -> int:
    """Bytes that the loss and the gradient norm of every single step take, over all frames of a run."""
    return 2 * _SINGLE * (experiment.training.steps + 1) * len(experiment.models)


def _model_bytes(task: Task, model: ModelSpec, samples: int) -> int:
    stacks = model.layers * model.directions
    trace = len(variables_of(model)) * stacks * task.steps * samples * model.hidden
    norms = (2 if model.has_cell_state else 1) * stacks * task.steps
    singular = stacks * len(model.kind.blocks) * model.hidden if model.kind.recurrent else 0
    weights = sum(math.prod(shape) for shape in shapes_of(model, task).values())
    more = {name: math.prod(shape) for name, shape in translated_shapes(model, task).items()}
    halves, singles = (sum(n for name, n in more.items() if (name in HALVED) == half) for half in (True, False))
    answers = answer_steps(task) * samples * task.output_size
    return _HALF * (trace + answers + halves) + _SINGLE * (norms + singular + weights + singles)


def answer_steps(task: Task) -> int:
    """How often a task asks for an answer."""
    if task.answers == "sequence":
        return task.output_steps  # type: ignore[attr-defined]
    return task.steps if task.answers == "every" else 1
