"""How large a model and what is measured on it are, known before anything is built."""

import math

from rnnviz.specs import architectures
from rnnviz.specs.layer_sizes import GATES, variables_of
from rnnviz.specs.models import ModelSpec
from rnnviz.specs.parts import Specs
from rnnviz.tasks import Task

HALVED = ("attention", "written")  # of what only encoder–decoders have, what takes two bytes a number
_HALF, _SINGLE = 2, 4  # bytes of a float16 and a float32


def translated_shapes(model: ModelSpec, task: Task) -> dict[str, tuple[int, ...]]:
    """Name → shape of what a frame holds under `translated`; empty where the task is not answered by sequences."""
    if not architectures.of(task).writes:
        return {}
    samples, written = task.probes().batch.size, task.answer_steps
    found: dict[str, tuple[int, ...]] = {
        "written": (written, samples),
        "held_out_loss": (2,),
        "by_position": (2, written),
        "by_length": (len(task.lengths),),  # type: ignore[attr-defined]
    }
    if model.attention is not None:
        found |= {"attention": (samples, written, task.encoder_steps), "alignment": (2,)}
    return found


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
    norms = (2 if "lstm" in model.cells else 1) * stacks * task.steps
    singular = stacks * GATES[model.cell] * model.hidden
    weights = sum(math.prod(shape) for shape in architectures.of(task).weight_shapes(model, task).values())
    more = {name: math.prod(shape) for name, shape in translated_shapes(model, task).items()}
    halves, singles = (sum(n for name, n in more.items() if (name in HALVED) == half) for half in (True, False))
    answers = task.answer_steps * samples * task.output_size
    return _HALF * (trace + answers + halves) + _SINGLE * (norms + singular + weights + singles)
