"""What may differ between a training and another one that goes on from a step of it.

A branch takes over weights, Adam's moments and the states of all generators. So the models compute the same function of
the same weights, and the batches keep their size. How it is trained from there on may change, in any of these:

    training.lr, .clip, .weight_decay   hold from the first update after the step.
    training.steps                      where it ends, not before the step. The planned frames are those of the new
                                        number from the step on.
    training.teacher_forcing, .schedule the probability at training step i is that of the new schedule at i.
    training.device                     where it runs; bits are kept on one kind of device alone.
    models[i].dropout                   of the next masks, drawn by the same generator.
    models[i].forget_bias               the sum of both biases of every forget gate becomes this number at the step,
                                        whatever was learned there, as it does in first weights: a branch at step 0
                                        equals a training with that bias. Adam's moments stay.
    task                                its parameters, while all weights keep their shapes and symbols and classes
                                        their names. The sequences drawn last are drawn anew by the new parameters from
                                        the same random numbers; those that were trained on are passed over.
"""

import contextlib
import dataclasses
import re
from typing import Any

from rnnviz.core import fields
from rnnviz.core.errors import ExperimentError, Words, shown
from rnnviz.core.names import counted
from rnnviz.specs import architectures
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.specs.parts import Specs
from rnnviz.tasks import Task

TRAINING_MAY = frozenset({"lr", "clip", "steps", "teacher_forcing", "schedule", "device", "weight_decay"})
MODELS_MAY = frozenset({"dropout", "forget_bias"})
AS_BEFORE = "as in the training it starts from"
_NAMES = {"clip": "gradient clipping", "forget_bias": "forget bias"}  # within a sentence; else the field's own
_MODEL = re.compile(r"models\[(\d+)\]\.(\w+)")


def check_branch(parent: Specs, step: int, experiment: Specs) -> None:
    """Whether an experiment can go on from a step of its parent.

    Raises:
        ExperimentError: something differs that may not; names the field.
    """
    before, after = parent.training, experiment.training
    if type(parent.task) is not type(experiment.task):  # first, as the rest follows from it
        raise _other("task", Words(parent.task.name), Words(experiment.task.name))
    for name in differing(before, after):
        if name not in TRAINING_MAY:
            raise _other(f"training.{name}", getattr(before, name), getattr(after, name))
    if after.steps < step:
        raise ExperimentError("training.steps", f"at least {step:,}, the training step it starts from", after.steps)
    _check_models(parent, experiment)
    _check_task(parent, experiment.task)


def _check_models(parent: Specs, experiment: Specs) -> None:
    if len(parent.models) != len(experiment.models):
        counts = (Words(counted(len(one.models), "model")) for one in (parent, experiment))
        raise _other("models", *counts)
    for place, (before, after) in enumerate(zip(parent.models, experiment.models, strict=True)):
        changed = differing(before, after)
        for name in changed:
            if name not in MODELS_MAY:
                raise _other(f"models[{place}].{name}", getattr(before, name), getattr(after, name))
        if "forget_bias" in changed and after.forget_bias is None:
            kept = f"{before.forget_bias:g}, {AS_BEFORE}, or another number"
            raise ExperimentError(f"models[{place}].forget_bias", kept, None)


def _check_task(parent: Specs, after: Task) -> None:
    before = parent.task
    if not _fits(parent, after):
        name = _culprit(parent, after)
        raise _other(f"task.{name}", getattr(before, name), getattr(after, name), ", whose weights would not fit else")


def _fits(parent: Specs, task: Task) -> bool:
    """Whether the weights of all models mean the same for another task of the same kind."""
    named = [(one.answers, one.reads) for one in (parent.task, task)]
    shapes = [[architectures.of(one).weight_shapes(m, one) for m in parent.models] for one in (parent.task, task)]
    return named[0] == named[1] and shapes[0] == shapes[1]


def _culprit(parent: Specs, after: Task) -> str:
    """The first parameter of a task that would not fit by itself alone; else the first that differs."""
    changed = differing(parent.task, after)
    for name in changed:
        with contextlib.suppress(ExperimentError):  # alone it may be no task
            if not _fits(parent, dataclasses.replace(parent.task, **{name: getattr(after, name)})):  # type: ignore[type-var]
                return name
    return changed[0]


def differing(before: Any, after: Any) -> list[str]:
    """The names of the fields in which two specs of one kind differ, in their order."""
    names = [field.name for field in dataclasses.fields(before)]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def _other(field: str, before: object, after: object, why: str = "") -> ExperimentError:
    return ExperimentError(field, f"{shown(before)}, {AS_BEFORE}{why}", after)


def name_of(meaning: fields.Meaning) -> str:
    """A field within a sentence: "learning rate"."""
    label = meaning.label or meaning.name.replace("_", " ")
    return _NAMES.get(meaning.name) or label[:1].lower() + label[1:]


def on_screen(error: ExperimentError, task: Task) -> ExperimentError:
    """The same refusal of a part of an experiment of that task, its field in words: "hidden units of model 2"."""
    return type(error)(_worded(error.field, task), error.allowed, error.received)


def _worded(field: str, task: Task) -> str:
    """A field as the screen calls it; one that no spec has stays as it is."""
    if found := _MODEL.fullmatch(field):
        return f"{_named(ModelSpec, found[2])} of model {int(found[1]) + 1}"
    owner, _, name = field.rpartition(".")
    return _named(task if owner == "task" else TrainingSpec, name) if owner in ("task", "training") else field


def _named(spec: Any, name: str) -> str:
    with contextlib.suppress(KeyError):
        return name_of(fields.meaning(spec, name))
    return name
