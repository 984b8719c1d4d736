"""The networks of an experiment unrolled in time: what a browser is told once, so that it can draw them."""

import math
from typing import Any

from rnnviz.charts.scales import GRADIENT
from rnnviz.core.names import counted
from rnnviz.live.attention import KINDS
from rnnviz.specs import architectures
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task
from rnnviz.tasks.shapes import Symbols

START = "start"  # what a decoder is fed first


def told(experiment: Experiment) -> dict[str, Any]:
    """The networks of an experiment, without numbers of a run.

    shape, answers: what the task's sequences are called, and when an answer is asked.
    writes_on: whether an answer can be the next input, so that a model goes on writing.
    same_end:  whether the step that is read last is the same one in all sequences of a batch.
    probes:    for each `said` (how many steps are read and answered), `read` (a list for each part of a network, what
               its lowest layer reads at every step) and `asked` (what is right at every answer, "" for no question).
    models:    label → what is drawn of it.
    most:      the largest norm that a state between −1 and 1 can have in any of the models, √H.
    gradient:  the exponents of 10 between which norms of gradients are drawn.
    """
    task = experiment.task
    return {
        "shape": task.answers.shape,
        "answers": task.answers.name,
        "writes_on": task.predicts_next,
        "same_end": task.equally_long and not architectures.of(task).writes,
        "probes": [_probe(task, probe) for probe in range(len(task.probes().names))],
        "models": {label: _model(experiment.model(label), task) for label in experiment.labels},
        "most": round(math.sqrt(max(model.hidden for model in experiment.models)), 3),
        "gradient": {"low": GRADIENT.low, "high": GRADIENT.high},
    }


def _probe(task: Task, probe: int) -> dict[str, Any]:
    read, asked = list(task.spelled(probe)), list(task.asked(probe))
    if architectures.of(task).writes:
        batch = task.probes().batch
        count = int(batch.lengths[probe])
        read, asked = read[:count], read[count:]
        said = task.answers.in_numbers(count, len(asked))
        return {"said": said, "read": [read, [START, *asked[:-1]]], "asked": asked}
    return {"said": task.answers.in_numbers(len(read), len(asked)), "read": [read], "asked": asked}


def _model(model: ModelSpec, task: Task) -> dict[str, Any]:
    """One model.

    parts:     its recurrent layers in the order in which they work.
    reads, embedded: what one step of the input is, and how long the vector is that it is turned into first, or 0.
    answer:    what one answer is.
    formula:   how many parameters it has, with the sum written out.
    attention: how its decoder looks at the encoder, in words; "" where it does not.
    averages:  whether its decoder starts from the average of all that is read.
    """
    network = architectures.of(task)
    shapes = network.weight_shapes(model, task)
    embeds = isinstance(task.reads, Symbols)
    return {
        "parts": [
            _part(name, part, shapes) | {"cell": network.called(name, part)}
            for name, part in network.parts(model).items()
        ],
        "reads": task.reads.said,
        "embedded": model.hidden if embeds else 0,
        "answer": task.answers.of.said,
        "formula": network.parameter_formula(model, task),
        "attention": KINDS[model.attention] if model.attention else "",
        "averages": network.averages,
    }


def _part(name: str, part: ModelSpec, shapes: architectures.Shapes) -> dict[str, Any]:
    """One stack of recurrent layers.

    states:  the letters of what is handed on from step to step; none of a cell that hands nothing on.
    span:    of how many time steps a step reads the inputs.
    weights: for each layer the sizes of its matrices by how they are called: {"W_hh": "32 × 32"}.
    """
    kind = part.kind
    return {
        "name": name,
        "units": counted(part.hidden, "unit"),
        "hidden": part.hidden,
        "layers": part.layers,
        "directions": part.directions,
        "skip": part.skip,
        "states": [state.letter for state in kind.states] if kind.recurrent else [],
        "span": kind.span_of(part),
        "weights": [_weights(name, layer, shapes) for layer in range(part.layers)],
    }


def _weights(name: str, layer: int, shapes: architectures.Shapes) -> dict[str, str]:
    called = {"W_xh": f"{name}.weight_ih_l{layer}", "W_hh": f"{name}.weight_hh_l{layer}"}
    return {matrix: " × ".join(map(str, shapes[of])) for matrix, of in called.items() if of in shapes}
