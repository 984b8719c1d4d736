"""What a frame holds of a model: one line for each measured value.

Byte planning, frames, files and datasets are loops over `SCHEMA`. A value is added by a line here and by the function
that measures it, which hands it over under the same name.
"""

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from rnnviz.specs import architectures
from rnnviz.specs.architectures import Architecture
from rnnviz.specs.layer_sizes import variables_of
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task

Shape = tuple[int, ...]
Lengths = dict[str, int]  # name of a dim → how long it is

F16, F32, F64, I16, BOOL = np.float16, np.float32, np.float64, np.int16, np.bool_


def _always(_model: ModelSpec, _network: Architecture) -> bool:
    return True


def _has_cell(model: ModelSpec, _network: Architecture) -> bool:
    return "cell" in variables_of(model)


def _writes(_model: ModelSpec, network: Architecture) -> bool:
    return network.writes


def _reads(_model: ModelSpec, network: Architecture) -> bool:
    return not network.writes


def _attends(model: ModelSpec, network: Architecture) -> bool:
    return network.writes and model.attention is not None


def _variables(model: ModelSpec, _task: Task) -> Mapping[str, Shape | None]:
    return dict.fromkeys(variables_of(model))


def _weights(model: ModelSpec, task: Task) -> Mapping[str, Shape | None]:
    return architectures.of(task).weight_shapes(model, task)


def _errors(_model: ModelSpec, task: Task) -> Mapping[str, Shape | None]:
    return dict.fromkeys(("error", "low", "high")) if task.answers.of.apart else {}


def _marked(_model: ModelSpec, task: Task) -> Mapping[str, Shape | None]:
    return {"score": None} if task.marks else {}


def _by_ahead(_model: ModelSpec, task: Task) -> Mapping[str, Shape | None]:
    return dict.fromkeys(task.answers.of.measures)


@dataclasses.dataclass(frozen=True)
class Value:
    """A measured value, or a group of values whose members depend on the model.

    name:      in frames and files; that of a group ends with "/*", for which its members' names stand.
    dims:      names of its dims with spaces between (see `lengths_of`); "" for a single number.
    kind:      type of its numbers.
    meaning:   what it is, within a sentence.
    unit:      "1" where it has none, "" where the task or `meaning` says it.
    since:     the first file format that has it: for a new value the next one, if `FORMAT` has been released.
    each_step: whether there is one for every training step since the frame before, and not one for the frame.
    when:      whether a model of an architecture has it.
    members:   of a group: name → shape of each member, None where it is that of `dims`.
    most:      the largest number that a file may hold, where 0 is the smallest; of places along a dim its name.
    """

    name: str
    dims: str
    kind: type[Any]
    meaning: str
    unit: str = "1"
    since: int = 1
    each_step: bool = False
    when: Callable[[ModelSpec, Architecture], bool] = _always
    members: Callable[[ModelSpec, Task], Mapping[str, Shape | None]] | None = None
    most: int | str | None = None


class Held(NamedTuple):
    """A measured value as a frame of one model holds it.

    shape: of the array in a frame; (0,) for one number for each step, of which each frame has its own count.
    most:  the largest number that a file may hold; None where there is no such limit.
    """

    value: Value
    shape: Shape
    most: int | None

    @property
    def nbytes(self) -> int:
        """Bytes of the array in a frame: none for a single number, nor for those of single steps."""
        return math.prod(self.shape) * np.dtype(self.value.kind).itemsize if self.shape else 0


SCHEMA = (
    Value("loss", "", F64, "training loss of the batch that comes next, under `weights`", unit=""),
    Value("score", "", F64, "score on the held-out sequences, in the task's unit", unit=""),
    Value("grad_norm", "", F64, "norm of the gradient by all weights before clipping"),
    Value("clipped", "", BOOL, "whether `grad_norm` exceeds the threshold"),
    Value(
        "losses", "step", F32, "training loss of each training step, that of this frame included", "", each_step=True
    ),
    Value("grad_norms", "step", F32, "norm of the gradient at each training step, before clipping", each_step=True),
    Value("hidden_grad_norm", "layer direction time", F32, "norm of ∂L/∂h_t over samples and units"),
    Value("cell_grad_norm", "layer direction time", F32, "norm of ∂L/∂c_t over samples and units", when=_has_cell),
    Value("singular_values", "layer direction gate rank", F32, "singular values of every gate's own block of W_hh"),
    Value("trace/*", "layer direction time sample unit", F16, "states and gates on the probes", members=_variables),
    Value("outputs", "answer sample output", F16, "what the readout gives on the probes", ""),
    Value("weights/*", "row column", F32, "weights, by their names in the `state_dict`", members=_weights),
    Value("translated/written", "output_time sample", I16, "classes written by itself", when=_writes, most="output"),
    Value("translated/held_out_loss", "mode", F32, "cross-entropy on held-out sequences", "nats", when=_writes),
    Value("translated/by_position", "mode output_time", F32, "right symbols at each place", "%", when=_writes),
    Value("translated/by_length", "length", F32, "exact match by length of the input", "%", when=_writes),
    Value("translated/attention", "sample output_time input_time", F16, "attention weights", when=_attends, most=1),
    Value("translated/alignment", "statistic", F32, "mean entropy in bits, mean largest weight", "", when=_attends),
    Value("update_ratio", "weight", F32, "norm of the update that follows over that of each weight", since=2),
    Value("held_out_loss", "", F64, "loss on the held-out sequences", "", since=3, when=_reads),
    Value("apart/*", "output", F32, "held-out errors of each number that is answered", "", since=3, members=_errors),
    Value("by_ahead/*", "ahead", F32, "held-out errors by how far ahead", "", since=3, members=_by_ahead),
    Value("marked/*", "", F64, "held-out answers right of those that the task marks", "%", 4, members=_marked),
)
FORMAT = max(value.since for value in SCHEMA)  # in which files are written
_LINES = {value.name: value for value in SCHEMA}


def lines_of(model: ModelSpec, task: Task, file_format: int = FORMAT) -> list[Value]:
    """What is measured on a model for a task, as far as a file format has it."""
    network = architectures.of(task)
    return [value for value in SCHEMA if value.since <= file_format and value.when(model, network)]


def lengths_of(model: ModelSpec, task: Task) -> Lengths:
    """Name of a dim → how long it is, for the values of a model for a task; 0 for "step", which differs by frame."""
    answers = task.answer_steps
    found = {
        "step": 0,
        "layer": model.layers,
        "direction": model.directions,
        "time": task.steps,
        "sample": task.probe_count,
        "unit": model.hidden,
        "gate": len(model.kind.blocks) if model.kind.recurrent else 0,
        "rank": model.hidden,
        "answer": answers,
        "output": task.output_size,
        "ahead": task.answers.of.aheads,
        "weight": len(_weights(model, task)),
    }
    if architectures.of(task).writes:
        found |= {"output_time": answers, "input_time": task.encoder_steps, "mode": 2, "statistic": 2}
        found["length"] = len(task.lengths)  # type: ignore[attr-defined]
    return found


def held_by(model: ModelSpec, task: Task, file_format: int = FORMAT) -> dict[str, Held]:
    """Name → what a frame of a model for a task holds, members of groups one by one, as far as a file format has it.

    A member that has a line of its own belongs there, so that a group may get one that is newer than itself.
    """
    lengths, found = lengths_of(model, task), dict[str, Held]()
    for value in lines_of(model, task, file_format):
        most = lengths[value.most] - 1 if isinstance(value.most, str) else value.most
        for name, shape in _members(value, model, task).items():
            if shape is None:
                shape = tuple(lengths[dim] for dim in value.dims.split())
            found[name] = Held(value, shape, most)
    return found


def _members(value: Value, model: ModelSpec, task: Task) -> Mapping[str, Shape | None]:
    """Name → shape of what one line stands for; None where its dims say the shape."""
    if value.members is None:
        return {value.name: None}
    named = {value.name.replace("*", name): shape for name, shape in value.members(model, task).items()}
    return {name: shape for name, shape in named.items() if name not in _LINES}


def line_of(name: str) -> Value | None:
    """The line that a name in a frame belongs to; None where no model has such a value."""
    group, slash, _ = name.partition("/")
    return _LINES.get(name) or _LINES.get(f"{group}{slash}*")
