"""The things of which a branch changes one: what each is now, what it may become, and a value to begin with."""

import contextlib
import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from rnnviz.core import fields
from rnnviz.core.errors import ExperimentError
from rnnviz.core.fields import Meaning
from rnnviz.specs.branch import Branch
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec

TRAINING, MODELS, TASK = "training", "models", "task"


@dataclasses.dataclass(frozen=True)
class Choice:
    """One thing that a branch may change.

    owner:     part of the experiment: `TRAINING`, `TASK`, or `MODELS`, where all models that have the field get it.
    meaning:   the field; optional only where a branch may set it to none.
    now:       its value in the original: of the models, of the first that has it.
    suggested: another one that is allowed.
    """

    owner: str
    meaning: Meaning
    now: Any
    suggested: Any

    def applied(self, experiment: Experiment, value: Any) -> Experiment:
        """The experiment with this value.

        Raises:
            ExperimentError: it is not allowed.
        """
        return _applied(experiment, self.owner, self.meaning, value)


def choices(start: Branch) -> list[Choice]:
    """What a branch from there may change: learning rate, clipping, forget bias, length of the sequences, steps.

    At the parent's last training step the number of steps alone: of all else nothing would be seen.
    """
    parent, training = start.parent, start.parent.training
    found = []
    if start.step < training.steps:
        clip = [1.0] if training.clip is None else [training.clip / 10, training.clip * 10]
        found += [(TRAINING, "lr", [training.lr / 10, training.lr * 10]), (TRAINING, "clip", clip)]
        found += [(MODELS, "forget_bias", _biases(spec)) for spec in _having(parent, "forget_bias")[:1]]
        found += [(TASK, name, [2 * now, 3 * now // 2, now // 2]) for name, now in _lengths(parent)]
    found += [(TRAINING, "steps", [2 * training.steps, fields.meaning(training, "steps").high])]
    offered = (_choice(start, owner, name, values) for owner, name, values in found)
    return [
        _after(start, choice) if choice.meaning.name == "steps" else choice for choice in offered if choice is not None
    ]


def _after(start: Branch, choice: Choice) -> Choice:
    """The number of steps, which must reach beyond the start."""
    return dataclasses.replace(choice, meaning=dataclasses.replace(choice.meaning, low=start.step + 1))


def _biases(spec: ModelSpec) -> list[float]:
    return [1.0] if spec.forget_bias is None else [spec.forget_bias + 2, spec.forget_bias - 2]


def _choice(start: Branch, owner: str, name: str, values: Sequence[Any]) -> Choice | None:
    """None where a branch from there may not have any of these values."""
    spec: Any = _having(start.parent, name)[0] if owner == MODELS else getattr(start.parent, owner)
    meaning, now = fields.meaning(spec, name), getattr(spec, name)
    allowed = [value for value in values if value != now and _allows(start, owner, meaning, value)]
    if not allowed:
        return None
    optional = meaning.optional and (now is None or _allows(start, owner, meaning, None))
    return Choice(owner, dataclasses.replace(meaning, optional=optional), now, allowed[0])


def _allows(start: Branch, owner: str, meaning: Meaning, value: Any) -> bool:
    with contextlib.suppress(ExperimentError):
        start.check(_applied(start.parent, owner, meaning, value))
        return True
    return False


def _applied(experiment: Experiment, owner: str, meaning: Meaning, value: Any) -> Experiment:
    changed = {meaning.name: value}
    if owner == MODELS:
        having = _having(experiment, meaning.name)
        models = [
            _with(one, changed, f"models[{place}]") if one in having else one
            for place, one in enumerate(experiment.models)
        ]
        return dataclasses.replace(experiment, models=tuple(models))
    try:
        return dataclasses.replace(experiment, **{owner: dataclasses.replace(getattr(experiment, owner), **changed)})
    except ExperimentError as error:
        raise error if "." in error.field else error.inside(owner) from None


def _with(spec: ModelSpec, changed: dict[str, Any], owner: str) -> ModelSpec:
    try:
        return dataclasses.replace(spec, **changed)
    except ExperimentError as error:
        raise error.inside(owner) from None


def _having(experiment: Experiment, name: str) -> list[ModelSpec]:
    """The models for which a field says something."""
    return [one for one in experiment.models if fields.says(fields.meaning(one, name), one, experiment.task)]


def _lengths(experiment: Experiment) -> Iterator[tuple[str, int]]:
    """The whole numbers of the task on which it depends how many time steps a sequence has, and what they are."""
    task = experiment.task
    for meaning in fields.describe(task):
        now = getattr(task, meaning.name)
        with contextlib.suppress(ExperimentError):
            if meaning.kind != "whole":
                continue
            longer = dataclasses.replace(task, **{meaning.name: now + 1})  # type: ignore[type-var]
            if longer.steps != task.steps:
                yield meaning.name, now
