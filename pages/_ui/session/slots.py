"""The models that the sidebar offers to switch on: those of the experiment, and what is missing beside them."""

import dataclasses
from collections.abc import Sequence

from rnnviz.specs import architectures
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.labels import labels, model_name
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task


@dataclasses.dataclass(frozen=True)
class Slot:
    """What a model's name depends on."""

    cell: str
    attention: str | None
    reach: int | None


def usual(task: Task) -> tuple[ModelSpec, ...]:
    """One of every kind of model that the task's architecture offers."""
    return architectures.of(task).offered_models(task)


def usual_like(spec: ModelSpec, task: Task) -> ModelSpec:
    """What the task brings along of a model's cell, with or without attention as it has."""
    form = architectures.of(task).form
    alike = {(model.cell, form(model, task)): model for model in usual(task)}
    return alike.get((spec.cell, form(spec, task))) or _as_given(spec, alike[spec.cell, ""])


def _as_given(spec: ModelSpec, like: ModelSpec) -> ModelSpec:
    """What is usual of a cell, in the form of a model that is not usual."""
    hidden = like.hidden if spec.reach is None else spec.hidden
    return dataclasses.replace(like, attention=spec.attention, reach=spec.reach, hidden=hidden)


def slots_of(experiment: Experiment) -> tuple[ModelSpec, ...]:
    """The experiment's models and what is missing of the usual ones."""
    task, form = experiment.task, architectures.of(experiment.task).form
    present = {(model.cell, form(model, task)) for model in experiment.models}
    missing = [model for model in usual(task) if (model.cell, form(model, task)) not in present]
    return in_order((*experiment.models, *missing), experiment.models)


def in_order(slots: tuple[ModelSpec, ...], given: tuple[ModelSpec, ...]) -> tuple[ModelSpec, ...]:
    """In the order of the cells where that keeps the order of the models that were given; else those first."""
    usual_order = tuple(sorted(slots, key=lambda spec: spec.kind.place))
    return usual_order if tuple(spec for spec in usual_order if spec in given) == given else slots


def names(slots: Sequence[Slot], task: Task) -> list[str]:
    """What the models are called: as those of an experiment that holds them all."""
    network = architectures.of(task)
    return [*map(model_name, labels((slot.cell, network.form(slot, task)) for slot in slots))]
